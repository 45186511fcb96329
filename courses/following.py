"""Copies of a course hear of it when a lesson of its fixed core is published."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from courses.models import LessonPage
from courses.services.adapting import follow_original


@receiver(page_published, sender=LessonPage)
def original_published(sender: type[LessonPage], instance: LessonPage, **kwargs: Any) -> None:
    follow_original(original=instance)
