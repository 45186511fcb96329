"""A person's own certificates, and the public page that says whether one is real."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.certificates.forms import NameForm
from lms.certificates.models import Certificate
from lms.certificates.names import is_name_of
from lms.certificates.paper import verify_address
from lms.certificates.queries import certificate_to_verify, certificates_visible_to
from lms.certificates.services import certificate_pdf
from lms.core.limits import limited
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
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Is it real? Yes or no first, then only what cannot reveal why somebody took the course.

    Of a certificate that shows no name any more, the name on the paper can be typed: yes or no, and not too often.
    """
    certificate = certificate_to_verify(token)
    context = {"found": certificate is not None}
    if certificate is not None:
        context |= _facts_for_strangers(certificate)
        if certificate.is_nameless:
            context |= _ask_for_name(request, certificate)
    response = render(request, "certificates/verify.html", context, status=200 if certificate else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _ask_for_name(request: HttpRequest, certificate: Certificate) -> dict:
    """The form for the name, and what it found: `said` is None before a name was typed."""
    form = NameForm(request.POST if request.method == "POST" else None)
    said = None
    if form.is_bound and form.is_valid():
        if limited(request, "certificate_name", key=str(certificate.pk)):
            form.add_error("name", _("This was tried many times. Wait a few minutes, then try again."))
        else:
            said = is_name_of(certificate, form.cleaned_data["name"])
    return {"is_nameless": True, "form": form, "said": said}


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
