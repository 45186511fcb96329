from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from wagtail import hooks
from wagtail.documents.models import AbstractDocument


# After Wagtail's own, which asks who may have the document.
@hooks.register("before_serve_document", order=100)
def serve_from_the_files_host(
    document: AbstractDocument, request: HttpRequest
) -> HttpResponseRedirect | None:
    """With MEDIA_HOST set, a document that everybody may have comes from there."""
    if not settings.MEDIA_HOST or request.get_host().lower() == settings.MEDIA_HOST:
        return None
    if document.collection.get_view_restrictions():
        return None
    return HttpResponseRedirect(settings.MEDIA_ORIGIN + document.url)
