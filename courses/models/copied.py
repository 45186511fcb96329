"""A copy of a course that is adapted: its fixed core says what the original says, and what differs says why."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from courses.carried_streams import Names, renamed
from courses.words import WORDS, words_digest

from .guarded import NotSigned
from .pages import CurriculumPage, LessonPage, ModulePage


class NotAsTheOriginal(NotSigned):
    """A lesson of the fixed core may not say anything of its own."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        sentence = _("“%(title)s” is part of the fixed core: it follows the original. Change it there.")
        self.message = sentence % {"title": page.title}
        self.args = (str(self.message),)


class NotSaidWhy(NotSigned):
    """What differs from the original needs a reason before it is shown."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        sentence = _(
            "“%(title)s” differs from the original. Say why, below “In copies of the course”, and publish it then."
        )
        self.message = sentence % {"title": page.title}
        self.args = (str(self.message),)


@receiver(pre_save)
def translations_are_no_copies(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """A translation follows what it translates, and no original beside that."""
    if sender not in (CurriculumPage, ModulePage, LessonPage) or instance.adapted_from_id is None:
        return
    if instance._state.adding and instance.adapted_from.locale_id != instance.locale_id:
        instance.adapted_from = None


def copies_by_original(lesson: LessonPage) -> dict[str, str]:
    """In the course of this copy: the number of each page by the number of its original."""
    course = CurriculumPage.objects.ancestor_of(lesson).first()
    if course is None:
        return {}
    below = LessonPage.objects.descendant_of(course).exclude(adapted_from=None)
    found = {str(original): str(pk) for pk, original in below.values_list("pk", "adapted_from_id")}
    return found | {str(course.adapted_from_id): str(course.pk)}


def body_for_copy(original: LessonPage, copies: dict[str, str]) -> list[dict[str, Any]]:
    """The original's words with its links led to the pages of the copy, where there are such."""
    list(original.body)
    same = Names(lambda pk: pk, lambda kind, key: key, lambda pk: copies.get(pk, pk))
    return renamed(original.body.stream_block, original.body.get_prep_value(), same)


def says_the_same(copy: LessonPage, copies: dict[str, str] | None = None) -> bool:
    """Whether a copy says what its original says now."""
    original = LessonPage.objects.get(pk=copy.adapted_from_id)
    copies = copies_by_original(copy) if copies is None else copies
    original.body = body_for_copy(original, copies)
    return words_digest(original) == words_digest(copy)


@receiver(pre_save, sender=LessonPage)
def copies_say_why(sender: type[Model], instance: LessonPage, **kwargs: Any) -> None:
    """The wall before every door that publishes: see courses.models.guarded for the one beside it."""
    only = kwargs.get("update_fields")
    if kwargs.get("raw") or (only is not None and not {"live", "fixed", "adaptation", *WORDS} & set(only)):
        return
    if not instance.live or instance.adapted_from_id is None or instance.pk is None:
        return
    if instance.fixed and not says_the_same(instance):
        raise NotAsTheOriginal(instance)
    if not instance.fixed and not instance.adaptation.strip() and not says_the_same(instance):
        raise NotSaidWhy(instance)
