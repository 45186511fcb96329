"""The headers that every answer carries, whoever gave it: a view, an error, a redirect, a file, a 304."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# The editor of the CMS writes inline styles, and shows a picture before it is sent. Scripts are as strict as elsewhere
# (docs/decisions/0014-policy-of-scripts.md).
CMS_PATHS = ("/cms/", "/django-admin/")
CMS_DIRECTIVES = {
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:", *([settings.MEDIA_ORIGIN] if settings.MEDIA_ORIGIN else [])],
    "frame-src": ["'self'"],
}
# What no page of ours ever asks a browser for. Passkeys are asked for by our own pages only.
PERMISSIONS = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
                "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
                "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
                "window-management", "xr-spatial-tracking",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "X-Frame-Options": "DENY",
}
PERSONAL = "private, no-store"


class HeadersMiddleware(CSPMiddleware):
    """Outermost, so that nothing is answered without them. A view that sets one of them itself is left alone."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "is_dummy", False):
            return (
                response  # Wagtail draws a preview by a request of its own, inside the one that is answered
            )
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        replaced = {"frame-ancestors": self._who_may_frame(response)}
        if request.path.startswith(CMS_PATHS):
            replaced |= CMS_DIRECTIVES
        response._csp_replace = replaced | (getattr(response, "_csp_replace", None) or {})
        return super().process_response(request, response)

    def _who_may_frame(self, response: HttpResponse) -> list[str]:
        """The CMS shows a page's preview in a frame, and says so in the older header; nothing else is ever framed."""
        return ["'self'"] if response.headers["X-Frame-Options"] == "SAMEORIGIN" else ["'none'"]


class PersonalMiddleware:
    """What is answered to a browser with a session is for that browser alone, and is kept nowhere.

    Costs no query: it looks at the cookie, not at whose it is. Packages' pages, redirects and errors are covered too;
    pages of ours say the same by their policy (lms.core.policy). Files that are the same for all, and say so, stay.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        has_session = cookie in request.COOKIES or cookie in response.cookies
        is_file = request.path.startswith((settings.STATIC_URL, settings.MEDIA_URL))
        if has_session and not is_file and not self._has_its_own_word(response):
            response.headers["Cache-Control"] = PERSONAL
        return response

    def _has_its_own_word(self, response: HttpResponse) -> bool:
        said = response.headers.get("Cache-Control", "")
        return "no-store" in said or "public" in said or "immutable" in said
