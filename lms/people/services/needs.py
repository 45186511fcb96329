"""What helps somebody take part: write it down, ask again, and note whether it was there."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Consent, NeedKind, Needs, NeedsMet, User
from lms.people.needs_sharing import NEEDS_WITH_COORDINATORS
from lms.people.queries.needs import needs_of
from lms.people.services.contact import require_helper

ASK_AGAIN_AFTER = timedelta(days=365)


@transaction.atomic
def record_needs(
    *,
    person: User,
    by: User,
    kinds: Sequence[str] = (),
    language: str = "",
    words: str = "",
    said_so: bool = False,
) -> Needs:
    """Write down what helps somebody take part, or that nothing is needed. It is asked again after twelve months.

    `by` is the person, or a coordinator of theirs to whom they `said_so`; with that they also said that coordinators
    may see it, which is kept as their consent. Replaces what was written before.
    Refuses a kind that is not on the list, and an interpreter without a language.
    """
    require_helper(person, by)
    if by.pk != person.pk and not said_so:
        raise RuleBroken(_("Ask the person first. Then tick that they said yes."), field="said_so")
    if not set(kinds) <= set(NeedKind.values):
        raise RuleBroken(_("Choose from the list."), field="kinds")
    if NeedKind.LANGUAGE in kinds and not language:
        raise RuleBroken(_("Enter the language."), field="language")
    needs, _is_new = Needs.objects.update_or_create(
        person=person,
        defaults={
            "kinds": [kind for kind in NeedKind.values if kind in kinds],
            "language": language if NeedKind.LANGUAGE in kinds else "",
            "words": words,
            "recorded_at": clock.now(),
            "recorded_by": by,
        },
    )
    _ask_again_later(person)
    record_act(actor=by, act="recorded needs", subject=person, obj=needs)
    if by.pk != person.pk:
        _keep_spoken_consent(person, by)
    return needs


@transaction.atomic
def review_needs(*, person: User) -> None:
    """The person says that it is all still right: ask again in twelve months."""
    needs = needs_of(person)
    if needs is not None:
        _ask_again_later(person)
        record_act(actor=person, act="reviewed needs", subject=person, obj=needs)


@transaction.atomic
def forget_needs(*, person: User) -> None:
    """Take away what the person wrote, and stop asking. Twice is once."""
    needs = needs_of(person)
    if needs is not None:
        record_act(actor=person, act="took needs away", subject=person, obj=needs)
        needs.delete()
        person.ask_needs_on = None
        person.save(update_fields=["ask_needs_on"])


@transaction.atomic
def record_needs_met(
    *, person: User, by: User, occasion: str, occasion_words: str, outcome: str, words: str = ""
) -> NeedsMet:
    """Note whether somebody's needs were met at one occasion, and what was done. A later answer replaces an earlier.

    `occasion` names it for code ("workshops.session:12"). That `by` was there to meet them is the caller's to check.
    """
    if outcome not in NeedsMet.Outcome.values:
        raise RuleBroken(_("Choose yes, partly or no."), field="outcome")
    facts = {"outcome": outcome, "words": words}
    known = NeedsMet.objects.filter(person=person, occasion=occasion).first()
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        return known
    met, _is_new = NeedsMet.objects.update_or_create(
        person=person,
        occasion=occasion,
        defaults={
            **facts,
            "occasion_words": occasion_words,
            "recorded_by": by,
            "recorded_at": clock.now(),
        },
    )
    record_act(actor=by, act="noted whether needs were met", subject=person, obj=met, purpose=outcome)
    return met


def _ask_again_later(person: User) -> None:
    person.ask_needs_on = clock.today() + ASK_AGAIN_AFTER
    person.save(update_fields=["ask_needs_on"])


def _keep_spoken_consent(person: User, said_to: User) -> None:
    thing = NEEDS_WITH_COORDINATORS
    consent, is_new = Consent.objects.get_or_create(
        person=person,
        tie=None,
        carer_tie=None,
        what=thing.key,
        withdrawn_at=None,
        defaults={"words": str(thing.words), "version": thing.version},
    )
    if is_new:
        record_act(actor=said_to, act="kept spoken consent", subject=person, obj=consent, purpose=thing.key)
