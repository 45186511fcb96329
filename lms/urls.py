"""Every address of the site."""

from allauth.account import views as allauth_views
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.db import transaction
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.core import views as core_views
from lms.core.limits import limited_door
from lms.core.once import once_by_page
from lms.core.policy import PUBLIC, policy
from lms.home import views as home_views
from lms.people.views import single_sign_on
from lms.uploads import views as uploads_views


def public_redirect(to: str):
    """A redirect that anybody may follow, with its query kept (`next` among it)."""
    return policy(PUBLIC)(RedirectView.as_view(pattern_name=to, query_string=True))


def taken_once(view, answer: str):
    """A page of allauth whose form sends mail: sent twice, it sends one."""
    return policy(PUBLIC)(once_by_page(view, answer=answer))


sign_up = taken_once(transaction.atomic(allauth_views.signup), "account_email_verification_sent")
reset_password = taken_once(allauth_views.password_reset, "account_reset_password_done")
addresses = taken_once(allauth_views.email, "account_email")
confirm_address = policy(PUBLIC)(limited_door("confirm_address")(allauth_views.confirm_email))

urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    # One door for signing in.
    path("cms/login/", public_redirect("account_login")),
    path("_util/login/", public_redirect("account_login")),
    path("cms/logout/", public_redirect("account_logout")),
    path("cms/password_reset/", public_redirect("account_reset_password")),
    path("django-admin/login/", public_redirect("account_login")),
    path("django-admin/logout/", public_redirect("account_logout")),
    path("django-admin/password_change/", public_redirect("account_change_password")),
    # Redirects are added one by one: no file is read for them.
    # People, and what they may do, are changed by our services alone; nobody is listed in the CMS.
    path("cms/users/", uploads_views.closed),
    path("cms/users/<path:rest>", uploads_views.closed),
    path("cms/groups/", uploads_views.closed),
    path("cms/groups/<path:rest>", uploads_views.closed),
    # Wagtail's own pages to try its error pages with.
    path("cms/failwhale/", uploads_views.closed),
    path("cms/test404/", uploads_views.closed),
    path("cms/redirects/import/", uploads_views.closed),
    path("cms/redirects/import/process/", uploads_views.closed),
    path("cms/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:name>", uploads_views.media, name="media"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("calendar/", include("workshops.calendar_urls")),
]
urlpatterns += i18n_patterns(
    # Signing up writes a person, an address and a mail: all of them or none.
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/password/reset/", reset_password, name="account_reset_password"),
    path("accounts/email/", addresses, name="account_email"),
    path("accounts/3rdparty/signup/", single_sign_on.sign_up, name="socialaccount_signup"),
    path("accounts/oidc/<str:provider_id>/login/", single_sign_on.begin, name="single_sign_on"),
    path("accounts/oidc/<str:provider_id>/login/callback/", single_sign_on.come_back),
    path("accounts/sessions/", public_redirect("people:devices")),
    path("accounts/confirm-email/<str:key>/", confirm_address),
    path("accounts/", include("allauth.urls")),
    path("my/", home_views.dashboard, name="dashboard"),
    path("help-now/", home_views.help_now, name="help_now"),
    path("about/", include("lms.home.about_urls")),
    path("privacy/your-data/", include("lms.rights.urls")),
    path("privacy/", include("lms.people.privacy_urls")),
    path("records/", include("lms.rights.record_urls")),
    path("people/", include("lms.people.urls")),
    path("certificates/", include("lms.certificates.urls")),
    path("workshops/", include("workshops.urls")),
    path("coaching/", include("coaching.urls")),
    path("", include("courses.site_urls")),
    path("", include("courses.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler500 = "lms.core.views.server_error"
