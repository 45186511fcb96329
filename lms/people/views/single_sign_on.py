"""Off to the site's single sign-on, and back."""

import secrets

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount import views as social
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from lms.core.limits import limited_door
from lms.core.once import once_by_page
from lms.core.policy import PUBLIC, policy
from lms.people.single_sign_on import PROVIDER_FAULTS, OpenIDAdapter, provider_of_site

# Making an account writes a person, an address and the sign-on's subject: all of them or none.
sign_up = policy(PUBLIC)(
    once_by_page(transaction.atomic(social.signup), answer="account_email_verification_sent")
)


@policy(PUBLIC)
@limited_door("single_sign_on")
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider. A press only: a link on another site could sign somebody in unasked.

    Whoever is signed in connects the sign-on to the account they are in.
    """
    provider = _provider(request, provider_id)
    if request.method != "POST":
        return redirect("account_login")
    nonce = secrets.token_urlsafe(24)
    process = AuthProcess.CONNECT if request.user.is_authenticated else AuthProcess.LOGIN
    provider.get_oauth2_adapter = lambda request: OpenIDAdapter(request, provider_id)
    try:
        return provider.redirect(
            request,
            process,
            next_url=get_next_redirect_url(request),
            data={"nonce": nonce},
            auth_params={"nonce": nonce},
        )
    except PROVIDER_FAULTS as fault:
        return render_authentication_error(request, provider, exception=fault)


@policy(PUBLIC)
@limited_door("single_sign_on")
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back from the provider: sign in, or make an account. What does not fit together is refused."""
    provider = _provider(request, provider_id)
    state = statekit.get_states(request).get(request.GET.get("state", ""))
    nonce = (state[0].get("data") or {}).get("nonce", "") if state else ""
    try:
        return OAuth2CallbackView.adapter_view(OpenIDAdapter(request, provider_id, nonce))(request)
    except PROVIDER_FAULTS as fault:
        return render_authentication_error(request, provider, exception=fault)


def _provider(request: HttpRequest, provider_id: str):
    known = provider_of_site()
    if known is None or known["id"] != provider_id:
        raise Http404
    return get_adapter(request).get_provider(request, provider=provider_id)
