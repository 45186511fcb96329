"""Letters to post, calls to make, and mails that could not be sent: whose work they are. Nothing here changes anything."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from lms.notifications.models import Handling, Message, MessageQuerySet
from lms.people.models import Channel, Organisation, Role, User
from lms.people.queries import organisations_coordinated_by, role_kinds_of


@dataclass(frozen=True)
class Waiting:
    """How much of it waits for somebody."""

    letters: int
    calls: int
    given_up: int

    def __bool__(self) -> bool:
        return bool(self.letters or self.calls or self.given_up)


def messages_worked_by(worker: User) -> MessageQuerySet:
    """Messages to people who hold a role today where the worker is a coordinator.

    What no coordinator could see, administrators see, so that nothing is lost. Empty for everybody else.
    """
    kinds = role_kinds_of(worker)
    found = Q(pk__in=[])
    if Role.Kind.COORDINATOR in kinds:
        found |= Q(to__in=_people_of(organisations_coordinated_by(worker)))
    if Role.Kind.ADMINISTRATOR in kinds:
        coordinated = Role.objects.in_force().filter(kind=Role.Kind.COORDINATOR, person__is_active=True)
        found |= Q(to=None) | ~Q(to__in=_people_of(coordinated.values("organisation")))
    return Message.objects.filter(found)


def message_worked_by(worker: User) -> QuerySet[Message]:
    """What the desk opens: the worker's letters and calls, done or not, and mails that could not be sent."""
    return messages_worked_by(worker).filter(~Q(channel=Channel.MAIL) | Q(given_up_at__isnull=False))


def letters_to_post(worker: User) -> QuerySet[Message]:
    """Letters that nobody has posted, the most pressing first."""
    return _whole(messages_worked_by(worker).to_work().filter(channel=Channel.LETTER))


def calls_to_make(worker: User) -> QuerySet[Message]:
    """Calls that have not reached their person, the most pressing first."""
    return _whole(messages_worked_by(worker).to_work().filter(channel=Channel.CALL))


def given_up_mails(worker: User) -> QuerySet[Message]:
    """Mails that could not be sent, and that nobody has dealt with, oldest first."""
    return _whole(messages_worked_by(worker).given_up())


def waiting_for(worker: User) -> Waiting:
    """How much waits for the worker. One query."""
    waits = Q(sent_at=None, given_up_at=None)
    return Waiting(
        **messages_worked_by(worker).aggregate(
            letters=Count("pk", filter=waits & Q(channel=Channel.LETTER)),
            calls=Count("pk", filter=waits & Q(channel=Channel.CALL)),
            given_up=Count("pk", filter=Q(channel=Channel.MAIL, given_up_at__isnull=False, settled_at=None)),
        )
    )


def senders_of(worker: User, people: set[int]) -> dict[int, Organisation]:
    """For each of these people (primary keys), the worker's organisation in which they hold a role. One query."""
    roles = (
        Role.objects.in_force()
        .filter(person__in=people, organisation__in=organisations_coordinated_by(worker))
        .select_related("organisation")
        .order_by("-organisation__name")
    )
    return {role.person_id: role.organisation for role in roles}


def _people_of(organisations: QuerySet) -> QuerySet:
    return Role.objects.in_force().filter(organisation__in=organisations).values("person")


def _whole(messages: QuerySet[Message]) -> QuerySet[Message]:
    return (
        messages.select_related("to__contact")
        .prefetch_related(Prefetch("handlings", queryset=Handling.objects.select_related("by")))
        .order_by(F("not_after").asc(nulls_last=True), "created_at", "pk")
    )
