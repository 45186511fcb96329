"""Numbered editions of a curriculum: what was taught, word for word, by which rules, for how many hours.

An edition never changes: enrolments, series and certificates name one, and what it names is kept with it.
"""

from typing import NoReturn

from django.db import models

from lms.core import clock

from .pages import LessonPage


class NeverChangedQuerySet(models.QuerySet):
    """Rows that are written once."""

    def update(self, **kwargs) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is written once.")

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is written once.")


class WrittenOnce(models.Model):
    objects = NeverChangedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError(f"{type(self).__name__} is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is written once.")


class CourseVersion(WrittenOnce):
    """One edition of a curriculum. `facts` has its rules and hours (courses.services.versions says which)."""

    curriculum_key = models.UUIDField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    audience = models.CharField(max_length=20)
    hours = models.DecimalField(max_digits=4, decimal_places=1, null=True)  # of learning by oneself
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["curriculum_key", "number"]
        constraints = [
            models.UniqueConstraint(fields=["curriculum_key", "number"], name="one_version_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class LessonWords(WrittenOnce):
    """What a lesson said in one of its revisions. Kept apart from the revision, which may be swept away."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class VersionLesson(WrittenOnce):
    """A lesson as it stands in a version: which revision, what it asked for, and its words."""

    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="lessons")
    position = models.PositiveSmallIntegerField()
    module_key = models.UUIDField()
    module_title = models.CharField(max_length=255)
    lesson_key = models.UUIDField()
    title = models.CharField(max_length=255)
    minutes = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20, choices=LessonPage.Rule.choices)
    optional = models.BooleanField()
    revision_number = models.PositiveBigIntegerField()
    words = models.ForeignKey(LessonWords, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "lesson_key"], name="a_lesson_stands_once_in_a_version"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LessonEdition(models.Model):
    """A publication of a lesson, and what its author said of it: a small mend, or worth reading again."""

    lesson = models.ForeignKey(LessonPage, on_delete=models.CASCADE, related_name="editions")
    revision_number = models.PositiveBigIntegerField()
    change = models.CharField(max_length=20, choices=LessonPage.Change.choices)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "revision_number"], name="a_revision_is_one_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_number} {self.change}"
