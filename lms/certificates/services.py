"""Issuing, revoking and printing certificates."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.certificates.facts import read_facts
from lms.certificates.models import Certificate, CertificateFile
from lms.certificates.paper import print_certificate
from lms.certificates.permissions import can_revoke_certificate
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Organisation, User


@transaction.atomic
def issue_certificate(
    *,
    source_key: str,
    kind: str,
    recipient: User,
    organisation: Organisation | None,
    facts: Mapping[str, Any],
    replaces: Certificate | None = None,
) -> Certificate:
    """Issue the certificate of `source_key`, or answer the one that was issued before, unchanged.

    `source_key` names what it is for ("series:17:person:4"), so that every retry and every race gives one.
    `kind` is "completed" or "delivered"; the keys of `facts` are those of lms.certificates.facts.Facts. The names
    of the holder and the organisation are frozen with them. `newly_issued` on the answer says whether this call
    made it: tell the holder then, and only then. Side effect: an entry in the audit.
    Raises ValueError when the facts could not be printed: no name, no course, hours that are no number.
    """
    existing = Certificate.objects.filter(source_key=source_key).first()
    if existing:
        return existing
    frozen = {
        **facts,
        "recipient": recipient.display_name,
        "organisation": organisation.name if organisation else facts.get("organisation", ""),
    }
    _refuse_unprintable(kind, frozen)
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(
                source_key=source_key,
                kind=kind,
                recipient=recipient,
                organisation=organisation,
                facts=frozen,
                replaces=replaces,
            )
    except IntegrityError:
        # Somebody else issued it between our look and our insert: theirs is the certificate.
        return Certificate.objects.get(source_key=source_key)
    certificate.refresh_from_db(fields=["facts"])
    certificate.newly_issued = True
    record_act(actor=None, act="certificate issued", subject=recipient, obj=certificate)
    return certificate


def _refuse_unprintable(kind: str, frozen: Mapping[str, Any]) -> None:
    if kind not in Certificate.Kind.values:
        raise ValueError(f"There is no certificate of the kind {kind!r}.")
    facts = read_facts(frozen)
    missing = [name for name in ("recipient", "course") if not getattr(facts, name)]
    if missing:
        raise ValueError(f"A certificate needs: {', '.join(missing)}.")


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, by: User, reason: str) -> Certificate:
    """Say that a certificate no longer holds, from now on; its facts stay. Revoking twice changes nothing.

    `reason` is one of Certificate.Reason: whoever checks the certificate reads it. Side effect: an audit entry.
    Refuses anybody but a coordinator of the organisation that issued it.
    """
    if not can_revoke_certificate(by, certificate):
        raise RuleBroken(_("Only a coordinator of the organisation that issued it can end a certificate."))
    if reason not in Certificate.Reason.values:
        raise RuleBroken(_("Choose one of the reasons."), field="reason")
    revoked = Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_reason=reason, revoked_by=by
    )
    certificate.refresh_from_db()
    if revoked:
        record_act(
            actor=by,
            act="certificate revoked",
            subject=certificate.recipient,
            obj=certificate,
            purpose=reason,
        )
    return certificate


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate's PDF: made when it is first asked for, and from then on those very bytes."""
    kept = CertificateFile.objects.filter(certificate=certificate).first()
    if kept:
        return bytes(kept.content)
    content = print_certificate(certificate)
    try:
        with transaction.atomic():
            CertificateFile.objects.create(
                certificate=certificate, content=content, sha256=hashlib.sha256(content).hexdigest()
            )
    except IntegrityError:
        # Two asked at the same moment: both get the bytes that were kept.
        return bytes(CertificateFile.objects.get(certificate=certificate).content)
    return content
