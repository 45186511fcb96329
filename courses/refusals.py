"""In the CMS a rule that says no is a sentence on a page, whichever of Wagtail's doors somebody came through."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from courses.models.guarded import NotSigned


class RefusalsMiddleware:
    """A lesson that is not signed: what the door had begun is undone, and its review is opened."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NotSigned) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        messages.error(request, error.message)
        return HttpResponseRedirect(reverse("lesson_review", args=[error.page_id]))
