"""What of coaching an administrator may read in an emergency (lms.people.emergency)."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.board import called
from coaching.queries import agendas_of, plans_of
from coaching.sentence import PARTS, plan_sentence
from lms.audit.models import register_words
from lms.people.emergency import Entry, Part, register_emergency
from lms.people.models import User

MOST = 30


def agendas(person: User) -> Iterator[Entry]:
    for agenda in agendas_of(person).prefetch_related("items")[:MOST]:
        title = _("%(day)s, with %(name)s") % {
            "day": date_format(agenda.visit_on, "j F Y"),
            "name": called(agenda.tie.other(person)),
        }
        words = [agenda.what_matters, *(item.words for item in agenda.items.all())]
        yield Entry(title, [one for one in words if one])


def plans(person: User) -> Iterator[Entry]:
    for plan in plans_of(person)[:MOST]:
        words = [plan.goal, plan.why, plan.barrier, plan.if_then, plan.support]
        sentence = plan_sentence({name: getattr(plan, name) for name in PARTS})
        yield Entry(sentence, [one for one in words if one])


register_emergency(Part("emergency_agendas", gettext_lazy("Agendas of visits"), agendas))
register_emergency(Part("emergency_plans", gettext_lazy("Action plans"), plans))
register_words(
    things={
        "emergency_agendas": gettext_lazy("Your agendas"),
        "emergency_plans": gettext_lazy("Your action plans"),
    }
)
