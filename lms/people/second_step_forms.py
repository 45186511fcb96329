"""allauth's forms for the second step, in this site's words and look."""

from allauth.mfa.base import forms as base
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lms.people.second_step import MFAAdapter
from lms.ui.forms import SpeaksPlainly


class CodeWords(SpeaksPlainly):
    nouns = {"code": _("the code")}
    labels = {"code": _("Code")}
    longest = 40

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "none"}


class OnlyOnce:
    """A code of an app is good once. allauth remembers it for half a minute; with a clock's tolerance it lives longer."""

    def clean_code(self) -> str:
        code = super().clean_code()
        digits = "".join(letter for letter in code if letter.isalnum()).lower()
        mark = salted_hmac("lms.people.second_step", f"{self.user.pk}:{digits}").hexdigest()
        if not cache.add(f"second-step-code:{mark}", True, 30 * (2 * settings.MFA_TOTP_TOLERANCE + 2)):
            raise ValidationError(MFAAdapter.error_messages["incorrect_code"], code="incorrect_code")
        return code


class AuthenticateForm(OnlyOnce, CodeWords, base.AuthenticateForm):
    pass


class ReauthenticateForm(OnlyOnce, CodeWords, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(CodeWords, totp.ActivateTOTPForm):
    labels = {"code": _("The six digits that the app shows")}


class DeactivateTOTPForm(SpeaksPlainly, totp.DeactivateTOTPForm):
    pass


class GenerateRecoveryCodesForm(SpeaksPlainly, recovery.GenerateRecoveryCodesForm):
    pass


class PasskeyWords(SpeaksPlainly):
    nouns = {"name": _("a name"), "credential": _("the passkey")}
    labels = {"name": _("What do you call it?")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].max_length = 60
            self.fields["name"].widget.attrs["maxlength"] = 60


class AddPasskeyForm(PasskeyWords, webauthn.AddWebAuthnForm):
    """Every passkey can sign in alone, so it has to check who holds the device: by finger, face or PIN."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]

    def clean_name(self) -> str:
        return super().clean_name()[:60]


class EditPasskeyForm(PasskeyWords, webauthn.EditWebAuthnForm):
    def clean_name(self) -> str:
        return self.cleaned_data["name"][:60]


class AuthenticatePasskeyForm(PasskeyWords, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(PasskeyWords, webauthn.ReauthenticateWebAuthnForm):
    pass


class LoginPasskeyForm(PasskeyWords, webauthn.LoginWebAuthnForm):
    pass
