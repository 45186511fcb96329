"""What follows when something that lessons show is changed in its own place."""

from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from courses.models import HandbookPage, LessonPage
from courses.words import words_digest


@transaction.atomic
def rename_words(*, shown: str) -> int:
    """Give the words of each lesson and handbook that shows it their name anew, and say how many were renamed.

    `shown` is what stands in a body of a lesson that may show it: more lessons may be looked at than show it. Reviewers signed the
    words under the name of then, so a lesson that got another one asks both of them again (courses.queries.review).
    """
    renamed = 0
    kinds: tuple[Any, ...] = (LessonPage, HandbookPage)
    for kind in kinds:
        for page in kind.objects.annotate(kept=Cast("body", TextField())).filter(kept__contains=shown):
            digest = words_digest(page)
            if digest != page.words_digest:
                kind.objects.filter(pk=page.pk).update(words_digest=digest)
                renamed += 1
    return renamed
