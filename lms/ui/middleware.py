"""The content security policy: strict on our pages, as strict as Wagtail allows in the CMS."""

from csp.middleware import CSPMiddleware

# Wagtail 7.4's admin has inline scripts in a few core templates, and its editor writes inline styles.
CMS_PATHS = ("/cms/", "/django-admin/")
CMS_DIRECTIVES = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-ancestors": ["'self'"],
    "frame-src": ["'self'"],
}


class PolicyByPathCSPMiddleware(CSPMiddleware):
    """django-csp, with the CMS's exceptions named in one place."""

    def process_response(self, request, response):
        if request.path.startswith(CMS_PATHS):
            response._csp_replace = CMS_DIRECTIVES | (getattr(response, "_csp_replace", None) or {})
        return super().process_response(request, response)
