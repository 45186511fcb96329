"""The second step of signing in: who needs one, the gate that asks for it, and how its secrets are kept."""

import base64
from functools import lru_cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet  # noqa: F401 (for whoever opens a secret)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core import kept
from lms.people.models import User
from lms.people.queries import has_second_step, role_kinds_of

NEXT = "after_second_step"
ROLES_WITHOUT = {"patient"}
# What somebody can open before their second step is set up, besides public pages and allauth's own.
OPEN_BEFORE = {"people:account", "people:second_step", "people:devices"}
# Wagtail's and Django's own admin have no policy of ours on their views.
ADMINS = ("cms/", "django-admin/")


def needs_second_step(person: User) -> bool:
    """Whether a password alone is too little: for everybody who may see or change what is somebody else's."""
    return person.is_staff or person.is_superuser or bool(role_kinds_of(person) - ROLES_WITHOUT)


class SecondStepMiddleware:
    """Leads whoever needs a second step and has none to the page that sets one up, and back afterwards.

    Asked at each request, so that a role given a minute ago counts. Who has no session, and every public page, costs
    nothing; for the rest the answer comes with the roles, which the page's frame needs anyway.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not _is_guarded(request, view):
            return None
        person = request.user
        if not person.is_authenticated or not needs_second_step(person) or has_second_step(person):
            return None
        if request.method == "POST":
            kept.keep(request)
        request.session[NEXT] = request.get_full_path()
        return redirect("people:second_step")


def _is_guarded(request: HttpRequest, view) -> bool:
    match = request.resolver_match
    if match.view_name in OPEN_BEFORE:
        return False
    own = getattr(view, "policy", None)
    return own.needs_sign_in if own is not None else match.route.startswith(ADMINS)


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second step in our words; its secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("You cannot add an address now."),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "incorrect_code": _(
            "This code is not right. Codes change each half minute: try the one you see now."
        ),
        "unverified_email": _("Confirm your email address first: press the link in the email we sent."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def _get_user_identifier(self, user) -> str:
        return user.email or user.display_name

    def generate_authenticator_name(self, user, type) -> str:
        return gettext("My passkey")


def keep_secret(person: User, secret: str) -> Authenticator:
    """An authenticator app with this secret for the person, unless they have one. For demonstrations and tests."""
    return Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(secret)}}
    )[0]


def encrypt(text: str) -> str:
    return _box(*_keys()).encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Opens what any of the keys has closed; cryptography.fernet.InvalidToken where none has."""
    return _box(*_keys()).decrypt(encrypted.encode()).decode()


def _keys() -> list[str]:
    """The keys of settings.MFA_KEYS, the one that encrypts first. Without any, one made from SECRET_KEY.

    The made one stays as the last, so that a site can begin to set its own.
    """
    return [*settings.MFA_KEYS, settings.SECRET_KEY]


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    """Keys may be any long text: each is stretched to what Fernet takes, for this purpose only (HKDF, SHA-256)."""
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lms.people.second_step").derive(
                        key.encode()
                    )
                )
            )
            for key in keys
        ]
    )
