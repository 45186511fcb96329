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
        for number in (*PATIENT_TOPICS, *PROFESSIONAL_TOPICS):
            self._add_topic(number)

    def _add_topic(self, number: str) -> None:
        """The boxes of one topic; their labels say which, for who hears them one by one."""
        which = {"number": number}
        self.fields[f"topic_{number}"] = topic_field(_("Topic %(number)s") % which, name=_("the topic"))
        self.fields[f"answer_{number}"] = ChoiceRadios(
            label=_("What becomes of topic %(number)s?") % which,
            name=_("what becomes of it"),
            choices=ANSWERS,
            required=False,
            inline=True,
        )
        self.fields[f"note_{number}"] = LineField(
            label=_("Topic %(number)s: when, or why?") % which,
            name=_("the note"),
            max_length=200,
            required=False,
            help_text=_("Later needs a day. Leaving out needs a reason."),
        )
        self.fields[f"minutes_{number}"] = minutes_field(_("Minutes for topic %(number)s") % which)

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

    def sides(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The fields of each topic together, by whose topics they are; empty ones after the first are folded."""
        sides = [
            (_("The patient's topics, most important first"), PATIENT_TOPICS),
            (_("The professional's topics"), PROFESSIONAL_TOPICS),
        ]
        return [(heading, [self._topic(n, n == numbers[0]) for n in numbers]) for heading, numbers in sides]

    def _topic(self, number: str, is_first: bool) -> dict[str, Any]:
        fields = [self[f"{part}_{number}"] for part in ("topic", "answer", "note", "minutes")]
        is_open = is_first or any(field.errors for field in fields) or bool(fields[0].value())
        return {"title": fields[0].label, "fields": fields, "is_open": is_open}

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
        css="css/coaching.css",
    )
)
register_practice(
    Practice(
        key=ACTION_PLAN,
        label=_("Write an action plan"),
        form_class=ActionPlanPractice,
        template_name="coaching/practice_action_plan.html",
        make_mine_url_name="coaching:plan_from_practice",
        css="css/coaching.css",
        script="js/plan-sentence.js",
    )
)
