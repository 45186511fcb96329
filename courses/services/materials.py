"""What follows when something that lessons show is changed in its own place."""

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from courses.models import LessonPage
from courses.words import words_digest


@transaction.atomic
def rename_words(*, shown: str) -> int:
    """Give the words of each lesson that shows it their name anew, and say how many were renamed.

    `shown` is what stands in a body of a lesson that may show it: more lessons may be looked at than show it. Reviewers signed the
    words under the name of then, so a lesson that got another one asks both of them again (courses.queries.review).
    """
    renamed = 0
    lessons = LessonPage.objects.annotate(kept=Cast("body", TextField())).filter(kept__contains=shown)
    for lesson in lessons:
        digest = words_digest(lesson)
        if digest != lesson.words_digest:
            LessonPage.objects.filter(pk=lesson.pk).update(words_digest=digest)
            renamed += 1
    return renamed
