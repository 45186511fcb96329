"""What a tutor leads, is asked for, could take on, and still has to do. Nothing here changes anything."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from lms.core import clock
from lms.people.models import Organisation, Role, User
from lms.people.queries import role_kinds_of
from workshops.models import Attendance, Booking, DeliveryConfirmation, Series, SeriesTutor, Session
from workshops.queries.calendar import with_dates


def kinds_of(person: User) -> list[str]:
    """The kinds of tutor the person is today."""
    held = role_kinds_of(person)
    return [kind for kind, role in SeriesTutor.ROLE_OF.items() if role in held]


def organisations_taught_in(person: User) -> list[Organisation]:
    """Organisations in which the person is a tutor today, by name."""
    roles = Role.objects.in_force().filter(person=person, kind__in=list(SeriesTutor.ROLE_OF.values()))
    return list(Organisation.objects.filter(roles__in=roles).distinct().order_by("name"))


def missing_kinds(team: Iterable[SeriesTutor]) -> list[str]:
    """The kinds of tutor for whom nobody is invited or has accepted."""
    filled = {place.kind for place in team if place.state in SeriesTutor.ACTIVE}
    return [kind for kind in SeriesTutor.ROLE_OF if kind not in filled]


def places_held_by(person: User) -> QuerySet[SeriesTutor]:
    """Places on a team that the person is invited to or has joined, as a kind of tutor that they still are today."""
    return SeriesTutor.objects.filter(person=person, kind__in=kinds_of(person), state__in=SeriesTutor.ACTIVE)


def series_led_by(person: User) -> QuerySet[Series]:
    """Series whose team the person has joined."""
    mine = places_held_by(person).filter(series=OuterRef("pk"), state=SeriesTutor.State.ACCEPTED)
    return Series.objects.filter(Exists(mine))


def series_that_want(person: User) -> QuerySet[Series]:
    """Coming series with a free place for a kind of tutor that the person is."""
    wanted = Q(pk__in=[])
    for kind in kinds_of(person):
        active = SeriesTutor.objects.filter(series=OuterRef("pk"), state__in=SeriesTutor.ACTIVE)
        wanted |= ~Exists(active.filter(kind=kind)) & ~Exists(active.filter(person=person))
    coming = Series.objects.filter(state__in=[Series.State.WANTED, Series.State.INVITING])
    return with_dates(coming.filter(wanted)).filter(first_start__gt=clock.now())


def tutor_series_visible_to(person: User) -> QuerySet[Series]:
    """Series a tutor may open: their own, those they are invited to, and those that want somebody like them."""
    mine = places_held_by(person).filter(series=OuterRef("pk"))
    wanting = series_that_want(person).values("pk")
    return Series.objects.filter(Exists(mine) | Q(pk__in=wanting))


def place_of(person: User, series: Series) -> SeriesTutor | None:
    """The person's active place on the team."""
    return series.team.filter(person=person, state__in=SeriesTutor.ACTIVE).first()


def invitations_of(person: User) -> QuerySet[SeriesTutor]:
    """Invitations that wait for the person's answer."""
    return SeriesTutor.objects.filter(
        person=person, state=SeriesTutor.State.INVITED, series__state__in=Series.BEFORE_CLOSING
    )


def sessions_to_mark() -> QuerySet[Session]:
    """Sessions that have started and whose register has somebody without a mark, oldest first."""
    marked = Attendance.objects.filter(session=OuterRef(OuterRef("pk")), booking=OuterRef("pk"))
    unmarked = Booking.objects.filter(series=OuterRef("series"), state=Booking.State.BOOKED).exclude(
        Exists(marked)
    )
    started = Session.objects.filter(starts_at__lte=clock.now(), series__state=Series.State.OPEN)
    return started.filter(Exists(unmarked)).order_by("starts_at", "pk")


def tutor_places(person: User) -> QuerySet[SeriesTutor]:
    """The person's places on series that are not closed, each with what comes next and what is due.

    Adds `next_start`, `next_number`, `first_start`, `last_end`, `due_number` (a session whose register has gaps) and
    `has_confirmed`. One query.
    """
    sessions = Session.objects.filter(series=OuterRef("series")).order_by("number")
    to_come = sessions.filter(ends_at__gt=clock.now())
    due = sessions_to_mark().filter(series=OuterRef("series"))
    return (
        places_held_by(person)
        .filter(series__state__in=Series.BEFORE_CLOSING)
        .annotate(
            next_start=Subquery(to_come.values("starts_at")[:1]),
            next_number=Subquery(to_come.values("number")[:1]),
            first_start=Subquery(sessions.values("starts_at")[:1]),
            last_end=Subquery(sessions.reverse().values("ends_at")[:1]),
            due_number=Subquery(due.values("number")[:1]),
            has_confirmed=Exists(DeliveryConfirmation.objects.filter(tutor=OuterRef("pk"))),
        )
        .select_related("series")
        .order_by("next_start", "pk")
    )


def tutors_to_invite(*, but_for: User | None = None) -> list[tuple[User, list[str]]]:
    """People who are tutors today, by name, each with their kinds. One query."""
    roles = Role.objects.in_force().filter(
        kind__in=list(SeriesTutor.ROLE_OF.values()), person__is_active=True
    )
    found: dict[int, tuple[User, set[str]]] = {}
    for role in roles.select_related("person").order_by(
        "person__first_name", "person__last_name", "person_id"
    ):
        if but_for is None or role.person_id != but_for.pk:
            found.setdefault(role.person_id, (role.person, set()))[1].add(role.kind)
    return [
        (person, [kind for kind, role in SeriesTutor.ROLE_OF.items() if role in held])
        for person, held in found.values()
    ]
