"""Keeping the two sides together."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Pairing
from courses.queries.drift import words_now
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import User


@transaction.atomic
def review_pair(*, pairing: Pairing, reviewer: User) -> Pairing:
    """Somebody has looked at both sides and finds that they fit: from here on, changes are counted anew.

    Keeps what both sides say today, and notes it in the audit. Refuses somebody who may not change pairs, and a pair
    one side of which is not published.
    """
    if not reviewer.has_perm("courses.change_pairing"):
        raise RuleBroken(_("Only an author of the courses can do this."))
    pairing = Pairing.objects.select_for_update().get(pk=pairing.pk)
    words = words_now(pairing)
    if not all(words.values()):
        raise RuleBroken(_("One side is not published yet. Look at both when it is."))
    pairing.reviewed_at, pairing.reviewed_by, pairing.reviewed_words = clock.now(), reviewer, words
    # Past the signals: what learners see has not changed, so no process need read it anew.
    Pairing.objects.filter(pk=pairing.pk).update(
        reviewed_at=pairing.reviewed_at, reviewed_by=reviewer, reviewed_words=words
    )
    record_act(actor=reviewer, act="looked at both sides", obj=pairing)
    return pairing
