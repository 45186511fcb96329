"""allauth's forms for signing in, in this site's words and look."""

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

from lms.ui.fields import LineField
from lms.ui.forms import SpeaksPlainly


class AccountWords(SpeaksPlainly):
    """What the sentences call allauth's fields."""

    nouns = {
        "login": _("your email address or sign-in name"),
        "email": _("your email address"),
        "password": _("your password"),
        "password1": _("your password"),
        "oldpassword": _("the password you have now"),
    }
    labels = {
        "login": _("Email address or sign-in name"),
        "email": _("Email address"),
        "oldpassword": _("The password you have now"),
    }
    new_password = {"password1": _("New password"), "password2": _("New password, once more")}


class LoginForm(AccountWords, allauth_forms.LoginForm):
    """Signing in by email address, or by the sign-in name of somebody who has none."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        login = LineField(label=self.labels["login"], name=self.nouns["login"], max_length=254)
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = login

    def user_credentials(self) -> dict:
        """What was typed is one or the other. Trying both would take longer for an address that is known."""
        credentials = super().user_credentials()
        if "email" in credentials:
            credentials.pop("username", None)
        return credentials


class AddEmailForm(AccountWords, allauth_forms.AddEmailForm):
    pass


class ChangePasswordForm(AccountWords, allauth_forms.ChangePasswordForm):
    labels = AccountWords.labels | AccountWords.new_password


class SetPasswordForm(AccountWords, allauth_forms.SetPasswordForm):
    labels = AccountWords.labels | AccountWords.new_password


class ResetPasswordForm(AccountWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(AccountWords, allauth_forms.ResetPasswordKeyForm):
    labels = AccountWords.labels | AccountWords.new_password


class ReauthenticateForm(AccountWords, allauth_forms.ReauthenticateForm):
    pass


# What allauth itself says when something is amiss, in our words (lms.people.adapters).
SENTENCES = {
    "account_inactive": _("This account is closed. If that surprises you, contact us."),
    "email_password_mismatch": _("This address and password do not go together. Check both and try again."),
    "email_taken": _("There is an account with this address already. Sign in with it."),
    "duplicate_email": _("This address is in your list already."),
    "enter_current_password": _("This is not the password you have now. Check it and try again."),
    "incorrect_password": _("This is not your password. Check it and try again."),
    "invalid_password_reset": _("This link is no longer good. Ask for a new one."),
    "max_email_addresses": _("You can have up to %d addresses. Take one away first."),
    "too_many_login_attempts": _(
        "There were many tries with this address. Wait a few minutes, then try again."
    ),
    "unknown_email": _("We do not know this address. Check the spelling."),
    "unverified_primary_email": _("Confirm this address first: press the link in the email we sent."),
    "same_as_current": _("This is what it is now. Write a new one."),
    "rate_limited": _("That was a lot at once. Wait a minute, then try again."),
}
