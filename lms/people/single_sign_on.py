"""Single sign-on through OpenID Connect: allauth's, with what the standard asks for and allauth leaves out.

The provider is the site's setting; no address that a person gives is ever fetched. A provider's answer is believed only
with the nonce this browser was sent off with, a signature by the provider's key, and the same subject in both its parts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from requests import RequestException

NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
# Signatures that only the provider can make; none whose key we would hold too.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# What can be amiss with somebody else's server and its answers. Both end on one plain page.
PROVIDER_FAULTS = (OAuth2Error, RequestException)


def provider_of_site() -> dict | None:
    """Id, name and address of the site's provider; None where it has none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    if not apps:
        return None
    app = apps[0]
    return {
        "id": app["provider_id"],
        "name": app["name"],
        "url": reverse("single_sign_on", args=[app["provider_id"]]),
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """New people by single sign-on. Our words; and nothing of the provider's answer is kept but the subject.

    An account that exists is never joined because an address is the same (SOCIALACCOUNT_EMAIL_AUTHENTICATION): whoever
    runs the provider, or has a mailbox that was another's before, could walk in. Its owner signs in and connects it.
    """

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _("There is an account with this address already. Sign in to it, then connect %s."),
        "no_password": _("Choose a password first, or you could not sign in any more."),
        "no_verified_email": _("Confirm an email address first, or you could not get a new password."),
        "disconnect_last": _("This is your only way to sign in. Choose a password first."),
        "connected_other": _("This sign-on belongs to another account here."),
    }

    def populate_user(self, request, sociallogin, data):
        """Names and address from the claims, as long as ours may be. The sign-in name is never the provider's."""
        cut = {name: (data.get(name) or "")[:60] for name in ("first_name", "last_name", "name")}
        return super().populate_user(request, sociallogin, {**cut, "email": data.get("email")})

    def list_apps(self, request, provider=None, client_id=None):
        """Only what the settings say: an app in the database could name any server."""
        from allauth.socialaccount.adapter import _build_apps_from_settings

        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """One sign-on on its way. `nonce` is what this browser was sent off with."""

    def __init__(self, request, provider_id: str, nonce: str = "") -> None:
        super().__init__(request, provider_id)
        self.nonce = nonce

    @property
    def openid_config(self) -> dict[str, str]:
        with _of_the_provider():
            config = super().openid_config
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in NEEDED):
            raise OAuth2Error("The provider does not describe itself as the standard asks.")
        return config

    def parse_token(self, data):
        with _of_the_provider():
            return super().parse_token(data)

    def complete_login(self, request, app, token, **kwargs) -> SocialLogin:
        with _of_the_provider():
            claims = self._checked_claims(app, kwargs["response"].get("id_token"))
            told = self._fetch_user_info(token.token)
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise OAuth2Error("The provider's two answers are about two people.")
        # Anything but a true true is not confirmed: "false" is a word that counts as yes.
        told["email_verified"] = told.get("email_verified") is True
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": told})
        login.account.extra_data = {}
        return login

    def _checked_claims(self, app, id_token: Any) -> dict:
        config = self.openid_config
        claims = jwt.decode(
            id_token,
            key=self._signing_key(id_token, config["jwks_uri"]),
            algorithms=ALGORITHMS,
            issuer=config["issuer"],
            audience=app.client_id,
            leeway=30,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if not self.nonce or not constant_time_compare(str(claims.get("nonce", "")), self.nonce):
            raise OAuth2Error("The provider's answer is to another question.")
        return claims

    def _signing_key(self, id_token: Any, address: str) -> jwt.PyJWK:
        """The provider's key that the token names. A token may name none where the provider has only one."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
        keys = [
            key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.public_key_use in (None, "sig")
        ]
        named = jwt.get_unverified_header(id_token).get("kid")
        found = [key for key in keys if key.key_id == named] if named else keys
        if len(found) != 1:
            raise OAuth2Error("The provider's token names no key of the provider's.")
        return found[0]


@contextmanager
def _of_the_provider() -> Iterator[None]:
    """An answer that is not made as the standard says is the provider's fault, whatever it trips over here."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, jwt.PyJWTError) as fault:
        raise OAuth2Error("The provider's answer cannot be read.") from fault
