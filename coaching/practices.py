"""What lessons let people rehearse: the agenda and the action plan, on the same fields as the real ones.

A practice makes no agenda and no plan. Its answer stays with the lesson, its learner's alone.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coaching.forms.agendas import minutes_field, topic_field
from coaching.forms.plans import PlanWordsForm
from courses.practices import Practice, register_practice
from lms.ui.fields import ChoiceRadios, LineField, LongTextField
from lms.ui.forms import PlainForm

AGENDA, ACTION_PLAN = "coaching.agenda", "coaching.action_plan"
TODAY, LATER, LEAVE_OUT = "today", "later", "leave_out"
ANSWERS = [(TODAY, _("Today")), (LATER, _("Later")), (LEAVE_OUT, _("Leave out"))]
PATIENT_TOPICS, PROFESSIONAL_TOPICS = ("1", "2", "3", "4"), ("5", "6")


class AgendaPractice(PlainForm):
    """Two short lists that become one: what matters, the topics of both, and what becomes of each."""

    mark_optional = False

    what_matters = LongTextField(
        label=_("What matters most to the patient?"),
        name=_("what matters most"),
        max_length=500,
        rows=2,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in PATIENT_TOPICS:
            label = _("The patient's topic %(number)s") % {"number": number}
            self._add_topic(number, label)
        for count, number in enumerate(PROFESSIONAL_TOPICS, start=1):
            label = _("The professional's topic %(number)s") % {"number": count}
            self._add_topic(number, label)

    def _add_topic(self, number: str, label: str) -> None:
        words = topic_field(label, name=_("the topic"))
        minutes = minutes_field(_("Minutes"))
        answer = ChoiceRadios(
            label=_("What becomes of it?"),
            name=_("what becomes of it"),
            choices=ANSWERS,
            required=False,
            inline=True,
        )
        note = LineField(label=_("When, or why?"), name=_("the note"), max_length=200, required=False)
        new = {
            f"topic_{number}": words,
            f"minutes_{number}": minutes,
            f"answer_{number}": answer,
            f"note_{number}": note,
        }
        self.fields.update(new)

    def clean(self) -> dict[str, Any]:
        """The same rules as for real: later needs a day, leaving out a reason."""
        cleaned = super().clean()
        if not cleaned.get("topic_1") and not self.has_error("topic_1"):
            self.add_error("topic_1", _("Write at least one topic."))
        for number in (*PATIENT_TOPICS, *PROFESSIONAL_TOPICS):
            answer, note = cleaned.get(f"answer_{number}"), cleaned.get(f"note_{number}")
            if not cleaned.get(f"topic_{number}"):
                continue
            if answer == LATER and not note:
                self.add_error(f"note_{number}", _("Say when you will come back to it."))
            if answer == LEAVE_OUT and not note:
                self.add_error(f"note_{number}", _("Say why in one short sentence."))
        return cleaned

    def rows(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The fields of each topic together, by whose topics they are, for the template."""
        sides = [
            (_("The patient's topics, most important first"), PATIENT_TOPICS),
            (_("The professional's topics"), PROFESSIONAL_TOPICS),
        ]
        return [
            (
                heading,
                [
                    {
                        "words": self[f"topic_{n}"],
                        "minutes": self[f"minutes_{n}"],
                        "answer": self[f"answer_{n}"],
                        "note": self[f"note_{n}"],
                    }
                    for n in numbers
                ],
            )
            for heading, numbers in sides
        ]

    def as_answer(self) -> dict[str, Any]:
        return plain_values(self)


class ActionPlanPractice(PlanWordsForm):
    """The words of a plan and how sure one is; the days and who may see it are asked for a real one only."""

    def as_answer(self) -> dict[str, Any]:
        return plain_values(self)


def plain_values(form: PlainForm) -> dict[str, Any]:
    """What was filled in, by field: text, whole numbers, and None; without the form's own key."""
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


register_practice(
    Practice(
        key=AGENDA,
        label=_("Agree an agenda"),
        form_class=AgendaPractice,
        template_name="coaching/practice_agenda.html",
    )
)
register_practice(
    Practice(
        key=ACTION_PLAN,
        label=_("Write an action plan"),
        form_class=ActionPlanPractice,
        template_name="coaching/practice_action_plan.html",
        make_mine_url_name="coaching:plan_from_practice",
    )
)
