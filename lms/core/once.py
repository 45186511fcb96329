"""Every POST twice is once: a double press, a reload, a retry after a lost answer."""

import hashlib
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect

from lms.core.models import TakenForm

NOT_CONTENT = {"csrfmiddlewaretoken", "once"}


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
    who_and_what = {"person": request.user, "key": key, "digest": _digest(request)}
    with transaction.atomic():
        try:
            with transaction.atomic():
                taken = TakenForm.objects.create(**who_and_what)
        except IntegrityError:
            return HttpResponseRedirect(TakenForm.objects.get(**who_and_what).answer_url)
        taken.answer_url = action()
        taken.save(update_fields=["answer_url"])
    return HttpResponseRedirect(taken.answer_url)


def _digest(request: HttpRequest) -> str:
    content = [request.path]
    for name in sorted(set(request.POST) - NOT_CONTENT):
        content += [name, *request.POST.getlist(name)]
    return hashlib.sha256("\x00".join(content).encode("utf-8", "surrogatepass")).hexdigest()
