"""Where allauth and this site meet: names at sign-up, and mail by way of the outbox."""

import time
from urllib.parse import urlsplit, urlunsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.utils.translation import gettext_lazy as _

from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.account_forms import SENTENCES
from lms.people.models import Audience
from lms.people.models.user import new_username

# allauth's mail templates, and which of ours says the same.
TEMPLATES = {
    "account/email/email_confirmation": "confirm_address",
    "account/email/email_confirmation_signup": "confirm_address",
    "account/email/password_reset_key": "reset_password",
    "account/email/unknown_account": "unknown_account",
    "account/email/account_already_exists": "account_exists",
}
WITH_SECRET_LINK = {"confirm_address", "reset_password"}
LINKS = ("activate_url", "password_reset_url", "signup_url")
# What we tell a person after the fact, so that a change that was not theirs is seen.
CHANGES = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was changed."),
    "account/email/password_set": _("A password was set for your account."),
    "account/email/email_changed": _("Your email address was changed."),
    "account/email/email_confirm": _("An email address was confirmed for your account."),
    "account/email/email_deleted": _("An email address was taken away from your account."),
    "mfa/email/totp_activated": _("An app with codes was set up as your second step."),
    "mfa/email/totp_deactivated": _("Your app with codes was taken away."),
    "mfa/email/webauthn_added": _("A passkey was set up for your account."),
    "mfa/email/webauthn_removed": _("A passkey was taken away from your account."),
    "mfa/email/recovery_codes_generated": _("New codes on paper were made for your account."),
    "socialaccount/email/account_connected": _("Your account was connected with a single sign-on."),
    "socialaccount/email/account_disconnected": _("A single sign-on was taken away from your account."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Mails go through the outbox, in the transaction of the act; a new person says who they are."""

    error_messages = DefaultAccountAdapter.error_messages | SENTENCES

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit=False)
        user.first_name = form.cleaned_data["first_name"]
        user.last_name = form.cleaned_data["last_name"]
        user.audience = Audience(form.cleaned_data["audience"])
        user.email = user.email.lower()
        if commit:
            user.save()
        return user

    def get_login_stages(self):
        ours = {"allauth.account.stages.EmailVerificationStage": "lms.people.stages.ConfirmedAddressStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Tries count for the person, whatever name of the site the browser asks by."""
        return (credentials.get("email") or credentials.get("username") or "").strip().lower()

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not for who signed in within the last minutes: that was the same proof."""
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(context.request, context.request.user)
        if any(record["at"] >= since for record in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def generate_unique_username(self, txts, regex=None):
        return new_username()

    def send_mail(self, template_prefix, email, context):
        """Queue allauth's mail under our own words; a kind of mail we have no words for is sent as a plain notice."""
        template = TEMPLATES.get(template_prefix, "account_notice")
        user = context.get("user")
        values = {name: _at_our_address(context[name]) for name in LINKS if context.get(name)}
        values["first_name"] = getattr(user, "first_name", "")
        queue_message(
            template=template,
            address=email,
            to=user if getattr(user, "pk", None) else None,
            context=values,
            is_secret=template in WITH_SECRET_LINK,
        )

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell the person what changed in how they sign in: each kind of change has its sentence."""
        queue_message(
            template="account_notice",
            to=user,
            address=email or "",
            context={"what": str(CHANGES[template_prefix]), "first_name": user.first_name},
        )


def _at_our_address(link: str) -> str:
    """The same link at the site's own address: allauth takes the host from the request, and a request can lie."""
    return absolute(urlunsplit(("", "", *urlsplit(link)[2:])))
