"""What ties the two sides together, one to one; and a stamp that changes whenever the outline does."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.models import register_snippet

from .pages import CurriculumPage, LessonPage, ModulePage


@register_snippet
class Pairing(ClusterableModel):
    """A moment of a visit that both sides rehearse, each in a module of their own."""

    number = models.PositiveSmallIntegerField()
    moment = models.CharField(max_length=120)
    patient_module = models.OneToOneField(
        ModulePage, on_delete=models.CASCADE, related_name="pairing_as_patient"
    )
    professional_module = models.OneToOneField(
        ModulePage, on_delete=models.CASCADE, related_name="pairing_as_professional"
    )
    together = models.TextField(_("what both do"), max_length=800, blank=True)
    patient_does = models.TextField(max_length=800, blank=True)
    professional_does = models.TextField(max_length=800, blank=True)

    panels = [
        FieldPanel("number"),
        FieldPanel("moment"),
        FieldPanel("patient_module"),
        FieldPanel("professional_module"),
        FieldPanel("together"),
        FieldPanel("patient_does"),
        FieldPanel("professional_does"),
        InlinePanel("lesson_pairs", label=_("Lessons that belong together")),
    ]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(patient_module=models.F("professional_module")),
                name="a_module_is_not_its_own_other_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.moment}"


class LessonPair(models.Model):
    """Two lessons about the same part of the moment, one on each side."""

    pairing = ParentalKey(Pairing, on_delete=models.CASCADE, related_name="lesson_pairs")
    patient_lesson = models.OneToOneField(
        LessonPage, on_delete=models.CASCADE, related_name="pair_as_patient"
    )
    professional_lesson = models.OneToOneField(
        LessonPage, on_delete=models.CASCADE, related_name="pair_as_professional"
    )
    moment = models.CharField(max_length=200, blank=True)

    panels = [FieldPanel("patient_lesson"), FieldPanel("professional_lesson"), FieldPanel("moment")]

    def __str__(self) -> str:
        return self.moment


class OutlineStamp(models.Model):
    """Changes with every change of what learners may see of a curriculum, so that no process keeps an old outline."""

    curriculum = models.OneToOneField(CurriculumPage, on_delete=models.CASCADE, related_name="outline_stamp")
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.stamp)


class LoadedPage(models.Model):
    """A page that came from the content files: what it was made of, and the revision that made it.

    A page whose latest revision is another one was edited in the CMS since, and is left as it is.
    """

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    revision_number = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.digest
