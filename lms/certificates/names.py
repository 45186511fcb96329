"""A certificate whose holder was erased: the name goes, and only its holder can still prove that it was theirs."""

import unicodedata
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from lms.certificates.models import Certificate


def normalised(name: str) -> str:
    """A name as it is compared: without case, marks of typing and needless blanks. Nothing is left of an odd sign."""
    composed = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(sign if sign.isalnum() else " " for sign in composed)
    return " ".join(letters.split())


def proof_of_name(certificate: Certificate) -> str:
    """What is kept in place of the name: a salted, slow hash. It answers yes or no and cannot be read back."""
    if certificate.name_proof:
        return certificate.name_proof
    name = normalised(certificate.read.recipient)
    return make_password(name) if name else ""


def facts_without_name(certificate: Certificate) -> dict[str, Any]:
    return {**certificate.facts, "recipient": ""}


def is_name_of(certificate: Certificate, name: str) -> bool:
    """Whether this is the name that stood on a certificate which no longer shows one."""
    return bool(certificate.name_proof) and check_password(normalised(name), certificate.name_proof)
