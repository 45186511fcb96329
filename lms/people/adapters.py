"""Where allauth and this site meet: names at sign-up, and mail by way of the outbox."""

from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter

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


def _at_our_address(link: str) -> str:
    """The same link at the site's own address: allauth takes the host from the request, and a request can lie."""
    return absolute(urlunsplit(("", "", *urlsplit(link)[2:])))
