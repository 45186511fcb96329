"""What ties the two sides together, one to one; and a stamp that changes whenever the outline does.

That a page stands once in a pair is kept by the database. That it stands on its own side, in the same language and below the
right course is asked in `clean`, where the editor can say so beside the field.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel
from wagtail.models import Page

from lms.people.models import Audience

from .pages import CurriculumPage, LessonPage, ModulePage

SIDES = {
    "patient": (Audience.PATIENT, _("Choose one of a course for patients.")),
    "professional": (Audience.PROFESSIONAL, _("Choose one of a course for professionals.")),
}
OTHER_LANGUAGE = _("Both sides of a pair are in one language. This one is in another.")
OF_THE_MODULE = _("Choose a lesson of the module “%(module)s”.")
OF_THE_COURSE = _("Choose a module of “%(course)s”.")


class CurriculumPair(models.Model):
    """Two courses, one for each side of the same visits."""

    patient_curriculum = models.OneToOneField(
        CurriculumPage, on_delete=models.CASCADE, related_name="pair_as_patient",
        verbose_name=_("for patients"),
    )  # fmt: skip
    professional_curriculum = models.OneToOneField(
        CurriculumPage, on_delete=models.CASCADE, related_name="pair_as_professional",
        verbose_name=_("for professionals"),
    )  # fmt: skip
    together = models.TextField(_("what both rehearse"), max_length=800, blank=True)

    panels = [
        FieldPanel("patient_curriculum"),
        FieldPanel("professional_curriculum"),
        FieldPanel("together"),
    ]

    class Meta:
        verbose_name = _("pair of courses")
        verbose_name_plural = _("pairs of courses")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(patient_curriculum=models.F("professional_curriculum")),
                name="a_course_is_not_its_own_other_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient_curriculum} · {self.professional_curriculum}"

    def clean(self) -> None:
        super().clean()
        refuse_wrong_sides(self, "curriculum")


class PairingForm(WagtailAdminModelForm):
    """Asks of the lessons what only the whole form knows: that they are of the two modules chosen above them."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rows = self.formsets["lesson_pairs"].forms if "lesson_pairs" in self.formsets else []
        for row in rows:
            if not row.is_valid() or row.cleaned_data.get("DELETE"):
                continue
            for side in SIDES:
                module, lesson = cleaned.get(f"{side}_module"), row.cleaned_data.get(f"{side}_lesson")
                if module and lesson and not lesson.is_descendant_of(module):
                    row.add_error(f"{side}_lesson", OF_THE_MODULE % {"module": module})
        return cleaned


class Pairing(ClusterableModel):
    """A moment of a visit that both sides rehearse, each in a module of their own.

    `reviewed_words` is what was published on both sides when somebody last looked at them together (courses.queries.drift).
    """

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
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_words = models.JSONField(default=dict, editable=False)

    base_form_class = PairingForm
    panels = [
        HelpPanel(template="courses/cms/drift_panel.html", heading=_("Both sides")),
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
        verbose_name = _("pair of modules")
        verbose_name_plural = _("pairs of modules")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(patient_module=models.F("professional_module")),
                name="a_module_is_not_its_own_other_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.moment}"

    def clean(self) -> None:
        super().clean()
        refuse_wrong_sides(self, "module")
        refuse_a_third_course(self)


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


def course_of(page: Page) -> CurriculumPage | None:
    """The course that a module or a lesson stands in; a course's own self."""
    return CurriculumPage.objects.ancestor_of(page, inclusive=True).first()


def chosen(pair: models.Model, name: str) -> Any:
    """What is chosen in a field of a form that may not be whole yet."""
    return getattr(pair, name) if getattr(pair, f"{name}_id") else None


def refuse_wrong_sides(pair: CurriculumPair | Pairing, what: str) -> None:
    """Each page stands on its own side, and both speak one language."""
    faults: dict[str, Any] = {}
    pages = {side: chosen(pair, f"{side}_{what}") for side in SIDES}
    for side, (audience, sentence) in SIDES.items():
        course = course_of(pages[side]) if pages[side] else None
        if course is not None and course.audience != audience:
            faults[f"{side}_{what}"] = sentence
    patient, professional = pages["patient"], pages["professional"]
    if patient and professional and not faults and patient.locale_id != professional.locale_id:
        faults[f"professional_{what}"] = OTHER_LANGUAGE
    if faults:
        raise ValidationError(faults)


def refuse_a_third_course(pairing: Pairing) -> None:
    """Where two courses are a pair, a module of one has its other side in the other."""
    ours, theirs = (
        course_of(module) if (module := chosen(pairing, f"{side}_module")) else None for side in SIDES
    )
    if ours is None or theirs is None:
        return
    pairs = CurriculumPair.objects.filter(
        models.Q(patient_curriculum=ours) | models.Q(professional_curriculum=theirs)
    )
    for pair in pairs.select_related("patient_curriculum", "professional_curriculum"):
        for side, course in (("patient", ours), ("professional", theirs)):
            wanted = getattr(pair, f"{side}_curriculum")
            if wanted.pk != course.pk:
                raise ValidationError({f"{side}_module": OF_THE_COURSE % {"course": wanted}})


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
