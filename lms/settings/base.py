"""Settings that every installation shares; what differs comes from the environment."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lms.core import log
from lms.core.languages import more_languages
from lms.uploads.limits import MOST_BYTES, MOST_PIXELS

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
DEBUG = False
PRODUCTION = False
DEMO = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
# Neutral on purpose: it stands in every mail and calendar, where the name of a course would say too much.
SITE_NAME = os.environ.get("SITE_NAME", "Two Doors")
WAGTAIL_SITE_NAME = SITE_NAME
# Whom to ask, and where by post, as the title page of a handbook says; the contact page, and nowhere, where they are empty.
SITE_CONTACT = os.environ.get("SITE_CONTACT", "")
SITE_POSTAL_ADDRESS = os.environ.get("SITE_POSTAL_ADDRESS", "")  # its lines with commas between
WAGTAILADMIN_BASE_URL = SITE_URL

INSTALLED_APPS = [
    "lms.core",
    "lms.ui",
    "lms.people",
    "lms.audit",
    "lms.notifications",
    "lms.certificates",
    "lms.rights",
    "lms.home",
    "lms.demo",
    "courses",
    "workshops",
    "coaching",
    "wagtailnhsukfrontend",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_q",
    "csp",
    "lms.people.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    # Last: it closes what the apps above have opened.
    "lms.uploads",
]

MIDDLEWARE = [
    # Outermost: files, errors and redirects carry the headers too.
    "lms.ui.middleware.HeadersMiddleware",
    "lms.core.log.RouteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lms.uploads.middleware.FilesApart",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lms.ui.middleware.PersonalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lms.people.sessions.SessionLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lms.core.policy.PolicyMiddleware",
    "lms.people.second_step.SecondStepMiddleware",
    # After everything that asks who is signed in.
    "lms.people.acting.ActingMiddleware",
    "lms.core.policy.WhoEditsMiddleware",
    # Last, so that it hears a refusal first: a lesson that nobody signed is a sentence in the CMS, not an error.
    "courses.refusals.RefusalsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
# Ours is set on our forms (lms.ui.forms); the CMS keeps its own look.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lms.ui.context_processors.site",
            ],
        },
    },
]

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers work while one writes; IMMEDIATE makes writers queue instead of failing;
    # FULL means an answered request survives a power cut (docs/decisions/0003-databases.md).
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # A server that does not answer is an outage after five seconds, not a page that never comes.
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    },
    "process": {
        "BACKEND": "lms.core.memory.ProcessMemory",
        "TIMEOUT": 600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "lms.people.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "lms.people.passwords.NotCommon"},
    {"NAME": "lms.people.passwords.NotTheirOwnName"},
    {
        "NAME": "lms.people.passwords.NotOurWords",
        # What anybody would try first here. Not "visit" or "pain": whole sentences may speak of them.
        "OPTIONS": {
            "words": (
                "moving on together",
                "working in partnership",
                "two doors",
                "self management",
                "workshop",
                "coaching",
                "patient",
                "clinician",
                "doctor",
                "nurse",
                "health",
                "password",
                "welcome",
            )
        },
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "lms.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "lms.people.forms.SignupForm",
    "login": "lms.people.account_forms.LoginForm",
    "add_email": "lms.people.account_forms.AddEmailForm",
    "change_password": "lms.people.account_forms.ChangePasswordForm",
    "set_password": "lms.people.account_forms.SetPasswordForm",
    "reset_password": "lms.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "lms.people.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "lms.people.account_forms.ReauthenticateForm",
}
# Who has no email signs in by a name of their own (docs/decisions/0010-helping-people-in.md).
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Mail scanners open links: the link shows a page, and a button on it confirms.
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
# Before an address, a passkey, an app or a single sign-on changes, whoever is there shows that it is still them.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
# How often the doors may be tried, each for an address (ip), a person (user) or what was typed (key).
# Counted in the shared cache: the limits hold across processes (lms/core/limits.py).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
DOOR_LIMITS: dict[str, str] | bool = {
    "printed_code": "10/m/ip,5/5m/key",
    "joining_code": "20/m/ip",
    "confirm_address": "20/m/ip",
    "single_sign_on": "30/m/ip",
    "certificate_name": "10/m/ip,20/h/key",
    "stop_prompts": "30/m/ip",
}
# A second step: an authenticator app or a passkey; needed by all but patients (lms/people/second_step.py).
MFA_ADAPTER = "lms.people.second_step.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "lms.people.second_step_forms.AuthenticateForm",
    "reauthenticate": "lms.people.second_step_forms.ReauthenticateForm",
    "activate_totp": "lms.people.second_step_forms.ActivateTOTPForm",
    "deactivate_totp": "lms.people.second_step_forms.DeactivateTOTPForm",
    "generate_recovery_codes": "lms.people.second_step_forms.GenerateRecoveryCodesForm",
    "add_webauthn": "lms.people.second_step_forms.AddPasskeyForm",
    "edit_webauthn": "lms.people.second_step_forms.EditPasskeyForm",
    "authenticate_webauthn": "lms.people.second_step_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "lms.people.second_step_forms.ReauthenticatePasskeyForm",
    "login_webauthn": "lms.people.second_step_forms.LoginPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody is signed in here who has not confirmed an address, or was given a code by a coordinator.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
# A phone's clock may be half a minute out. A code is still good only once (lms/people/second_step_forms.py).
MFA_TOTP_TOLERANCE = 1
# Encrypts the secrets of authenticator apps. To change it, put the new key first and keep the old one after a comma.
MFA_KEYS = [key for key in os.environ.get("MFA_KEY", "").split(",") if key]
# Single sign-on: one provider for each site, said by its environment; none, no button (lms/people/single_sign_on.py).
SOCIALACCOUNT_ADAPTER = "lms.people.single_sign_on.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {
    "signup": "lms.people.single_sign_on_forms.SingleSignUpForm",
    "disconnect": "lms.people.single_sign_on_forms.DisconnectForm",
}
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict = {}
if os.environ.get("OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": os.environ.get("OIDC_ID", "sign-on"),
                "name": os.environ.get("OIDC_NAME", "single sign-on"),
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ["OIDC_ISSUER"].rstrip("/"), "oauth_pkce_enabled": True},
            }
        ],
    }
# How long a sign-in lasts, in seconds (lms/people/sessions.py).
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_DAYS", "14")) * 86_400
SESSION_IDLE_WITH_ROLE = int(os.environ.get("SESSION_HOURS_WITH_ROLE", "12")) * 3600
SESSION_LONGEST = int(os.environ.get("SESSION_LONGEST_DAYS", "30")) * 86_400
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The server never fetches an address that somebody gave: embedding from other sites is not installed, and finds nothing.
WAGTAILEMBEDS_FINDERS: list[dict] = []
# What authors may use where a field does not say: no pictures, no embeds, no raw HTML (lms/ui/safe_html.py).
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "link", "ol", "ul"]},
    },
}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Courses are written in the first; a site says what else they are translated into (docs/decisions/0020-languages.md).
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), *more_languages(os.environ.get("MORE_LANGUAGES", ""))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# A translation is a draft until both reviewers have signed it, whatever its original is. No machine translates.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# What answers the translation editor; nobody else asks it, so it draws no pages.
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("SITE_TIME_ZONE", "Europe/London")
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
ASSETS_ROOT = VAR_DIR / "assets"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_ROOT]
# Uploaded files may come from a host of their own, which reads no cookies: set its name (docs/running.md).
MEDIA_HOST = os.environ.get("MEDIA_HOST", "").lower()
MEDIA_ORIGIN = f"{SITE_URL.partition('://')[0]}://{MEDIA_HOST}" if MEDIA_HOST else ""
MEDIA_URL = f"{MEDIA_ORIGIN}/media/"
MEDIA_ROOT = VAR_DIR / "media"
if MEDIA_HOST:
    ALLOWED_HOSTS.append(MEDIA_HOST)
# Files wait in memory until a form has looked at them: a refused one leaves nothing on the disk.
FILE_UPLOAD_HANDLERS = ["lms.uploads.handlers.InMemory"]
DATA_UPLOAD_MAX_NUMBER_FILES = 4

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "1025"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "hello@two-doors.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# One cluster for short jobs. `retry` > `timeout` > the longest job; giving up is visible to staff.
Q_CLUSTER = {
    "name": "default",
    "orm": "default",
    "workers": 1,
    "timeout": 30,
    "retry": 60,
    "max_attempts": 8,
    "poll": 1,
    "recycle": 200,
    "save_limit": 200,
    "ack_failures": False,
    "catch_up": False,
    "label": "Jobs",
}

# Days in which an erasure can be called back; and, by class, how long things are kept where this site differs from
# what the software comes with (lms/rights/periods.py). An administrator may set them on the site too.
ERASURE_DAYS = int(os.environ.get("ERASURE_DAYS", "7"))
RETENTION_DAYS: dict[str, int | None] = {}

# Whose numbers "Need help now?" shows. A site sets its nation; an owner checks the numbers.
CRISIS_NATION = os.environ.get("CRISIS_NATION", "england")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # lms/ui/middleware.py has what the CMS's editor needs more; never more for scripts.
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([MEDIA_ORIGIN] if MEDIA_ORIGIN else [])],
        **({"media-src": [SELF, MEDIA_ORIGIN]} if MEDIA_ORIGIN else {}),
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lms.core.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = MOST_BYTES
WAGTAILIMAGES_MAX_IMAGE_PIXELS = MOST_PIXELS
WAGTAILIMAGES_IMAGE_FORM_BASE = "lms.uploads.forms.PictureForm"
WAGTAILDOCS_EXTENSIONS = ["pdf"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = MOST_BYTES
WAGTAILDOCS_DOCUMENT_FORM_BASE = "lms.uploads.forms.PaperForm"
WAGTAILDOCS_CONTENT_TYPES = {"pdf": "application/pdf"}
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # every document is saved; none opens on the site

# The demonstration's clock may be set; a production site refuses (lms/core/clock.py).
CLOCK_FILE: Path | None = None
# Content that two reviewers have not signed is shown, marked, on demonstration sites only.
SHOW_UNREVIEWED = False
# No line of a log says anything about anybody (lms/core/log.py).
LOGGING = log.SETTINGS
