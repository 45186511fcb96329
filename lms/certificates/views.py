"""A person's own certificates, and the public page that says whether one is real."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.certificates.models import Certificate
from lms.certificates.paper import verify_address
from lms.certificates.queries import certificate_to_verify, certificates_visible_to
from lms.certificates.services import certificate_pdf
from lms.core.policy import PUBLIC, SIGNED_IN, policy


@policy(SIGNED_IN)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My certificates, newest first: get it, show it."""
    certificates = [
        {"certificate": each, "facts": each.read, "address": verify_address(each)}
        for each in certificates_visible_to(request.user)
    ]
    return render(request, "certificates/mine.html", {"certificates": certificates})


@policy(SIGNED_IN)
@require_safe
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The holder's own PDF. To anybody else it is not there."""
    certificate = get_object_or_404(certificates_visible_to(request.user), public_id=public_id)
    response = HttpResponse(certificate_pdf(certificate), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate.number}.pdf"'
    return response


@policy(PUBLIC)
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Is it real? Yes or no first, then only what cannot reveal why somebody took the course."""
    certificate = certificate_to_verify(token)
    context = {"found": certificate is not None}
    if certificate is not None:
        context |= _facts_for_strangers(certificate)
    response = render(request, "certificates/verify.html", context, status=200 if certificate else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _facts_for_strangers(certificate: Certificate) -> dict:
    """The whole of what a stranger's page is made from: the certificate itself never reaches its template."""
    facts = certificate.read
    return {
        "initials": facts.initials,
        "organisation": facts.organisation,
        "is_delivery": certificate.kind == Certificate.Kind.DELIVERED,
        "issued_on": timezone.localdate(certificate.issued_at, timezone.get_default_timezone()),
        "revoked_on": certificate.revoked_at
        and timezone.localdate(certificate.revoked_at, timezone.get_default_timezone()),
        "revoked_reason": certificate.get_revoked_reason_display(),
    }
