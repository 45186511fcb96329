"""A certificate on paper: which template, which words, and the code that leads to its check."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lms.certificates.models import Certificate
from lms.core.links import absolute
from lms.documents import render_pdf
from lms.documents.square_code import square_code


def verify_address(certificate: Certificate) -> str:
    """Where anybody can check the certificate; the same on every copy, whatever language it is read in."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse("certificates:verify", args=[certificate.token]))


def print_certificate(certificate: Certificate) -> bytes:
    """The PDF of the certificate's frozen facts, in the language it was issued in."""
    facts = certificate.read
    language = facts.language if facts.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    address = verify_address(certificate)
    with translation.override(language):
        return render_pdf(
            template="certificates/pdf/certificate.html",
            stylesheet="certificates/pdf/certificate.css",
            language=language,
            title=_("Certificate: %(course)s") % {"course": facts.course},
            author=facts.organisation or settings.SITE_NAME,
            created=certificate.issued_at,
            context={
                "certificate": certificate,
                "facts": facts,
                "issued_on": timezone.localdate(certificate.issued_at, timezone.get_default_timezone()),
                "is_delivery": certificate.kind == Certificate.Kind.DELIVERED,
                "verify_address": address,
                "verify_address_shown": address.partition("://")[2],
                "code": verify_code(address),
                "site_name": settings.SITE_NAME,
            },
        )


def verify_code(address: str) -> SafeString:
    """A QR code of the address, as a drawing in the page itself."""
    return square_code(address, _("Square code. It opens the page that checks this certificate."))
