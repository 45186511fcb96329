"""What My page says of offers and teams. Two queries."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Team
from courses.queries.enrolling import offers_to
from lms.home.cards import Card
from lms.people.models import User

MOST = 5


def offers_and_teams(person: User) -> Iterator[Card]:
    for offer in offers_to(person)[:MOST]:
        names = {"organisation": offer.organisation.name, "team": offer.team.name if offer.team else ""}
        yield Card(
            urgency=20,
            section=_("My path"),
            title=_("A team asks you to learn with them: %(team)s") % names
            if offer.team
            else _("%(organisation)s offers you a course") % names,
            text=_("See what it is, and say yes or no."),
            action=_("See the offer"),
            url=reverse("courses:offers"),
        )
    mine = Q(lead=person) | Q(members__person=person, members__left_at=None)
    for team in Team.objects.filter(mine).distinct()[:MOST]:
        yield Card(
            urgency=80,
            section=_("My path"),
            title=_("Your team: %(team)s") % {"team": team.name},
            text=_("See how far you are together."),
            action=_("Open the team"),
            url=reverse("courses:team", args=[team.public_id]),
        )
