"""Every POST twice is once: a double press, a reload, a retry after a lost answer."""

import hashlib
import uuid
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from lms.core.acting import acted_by
from lms.core.models import TakenForm

NOT_CONTENT = {"csrfmiddlewaretoken", "once", "whose"}
SECONDS = 10 * 60


def once(request: HttpRequest, action: Callable[[], str]) -> HttpResponseRedirect:
    """Run `action` in one transaction, unless this very form was taken before; redirect to its answer.

    `action` does the work and returns the address to go to. The form's hidden field `once` is the key.
    The same key with other content is a new form (somebody went back and changed a word).
    If `action` raises, nothing is kept, and the form may be sent again.
    """
    try:
        key = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        key = uuid.uuid4()
    # A form that a carer sends for somebody is the carer's own, for that person.
    sender = acted_by(request.user) or request.user
    who_and_what = {"person": sender, "key": key, "digest": _digest(request)}
    with transaction.atomic():
        try:
            with transaction.atomic():
                taken = TakenForm.objects.create(**who_and_what)
        except IntegrityError:
            return HttpResponseRedirect(TakenForm.objects.get(**who_and_what).answer_url)
        taken.answer_url = action()
        taken.save(update_fields=["answer_url"])
    return HttpResponseRedirect(taken.answer_url)


def once_by_page(view: Callable[..., HttpResponse], *, answer: str) -> Callable[..., HttpResponse]:
    """For a form of a package, which has no key of ours and may be sent by somebody who is not signed in.

    The page's CSRF token, new at every rendering, is the key for ten minutes. The same form again goes to `answer`, the
    name of the page to which the first one leads. What was refused may be sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        token = request.POST.get("csrfmiddlewaretoken", "")
        if request.method != "POST" or not token:
            return view(request, *args, **kwargs)
        # Keyed: the content may hold a password.
        key = f"once:{salted_hmac('lms.core.once', token + _digest(request)).hexdigest()}"
        if not cache.add(key, True, SECONDS):
            if cache.get(key) is None:
                # Nothing was there, and nothing could be noted: Django's cache keeps a database's failing to itself.
                raise OperationalError("A form could not be noted.")
            return redirect(answer)
        is_taken = False
        try:
            response = view(request, *args, **kwargs)
            is_taken = response.status_code == HttpResponseRedirect.status_code
        finally:
            if not is_taken:
                cache.delete(key)
        return response

    return guarded


def _digest(request: HttpRequest) -> str:
    content = [request.path]
    if acted_by(getattr(request, "user", None)) is not None:
        content.append(f"for {request.user.pk}")
    for name in sorted(set(request.POST) - NOT_CONTENT):
        content += [name, *request.POST.getlist(name)]
    return hashlib.sha256("\x00".join(content).encode("utf-8", "surrogatepass")).hexdigest()
