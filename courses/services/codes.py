"""Codes that put people on a course: made and called back by who answers for it, used by whoever was handed one."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import CodeUse, CurriculumPage, Enrolment, JoiningCode, Team
from courses.queries.enrolling import codes_run_by, curriculum_of_key, teams_run_by
from courses.services.learning import enrol
from courses.services.teams import join_team
from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Organisation, User
from lms.people.printed_codes import hash_of, new_code
from lms.people.services.roles import needs_coordinator

LONGEST = timedelta(days=366)
MOST_USES = 1000


@transaction.atomic
def make_code(
    *,
    curriculum: CurriculumPage,
    organisation: Organisation,
    made_by: User,
    last_day: date,
    most_uses: int,
    team: Team | None = None,
) -> tuple[JoiningCode, str]:
    """A code that puts up to `most_uses` people on the course, and into the team if there is one, until `last_day`.

    The code is in the answer and nowhere else. Only a coordinator of the organisation makes one, and for a team its lead
    too. Refuses a day that is over or more than a year away, and more than 1,000 uses.
    """
    if team is None:
        needs_coordinator(made_by, organisation)
    else:
        if not teams_run_by(made_by).filter(pk=team.pk).exists():
            raise RuleBroken(_("Only the team's lead, or a coordinator, can do this."))
        organisation = team.organisation
        if team.curriculum_key != curriculum.translation_key:
            raise RuleBroken(_("This team learns another course."), field="course")
    today = clock.today()
    if not today <= last_day <= today + LONGEST:
        raise RuleBroken(_("Choose a last day from today on, within a year."), field="last_day")
    if not 1 <= most_uses <= MOST_USES:
        message = ngettext(
            "A code is for %(most)d person at most.", "A code is for %(most)d people at most.", MOST_USES
        )
        raise RuleBroken(message % {"most": MOST_USES}, field="most_uses")
    words = new_code()
    code = JoiningCode.objects.create(
        organisation=organisation,
        curriculum_key=curriculum.translation_key,
        team=team,
        made_by=made_by,
        code_hash=hash_of(words),
        most_uses=most_uses,
        expires_at=clock.end_of(last_day),
    )
    record_act(actor=made_by, act="made joining code", obj=code)
    return code, words


@transaction.atomic
def revoke_code(*, code: JoiningCode, revoked_by: User) -> None:
    """Call a code back: it stops working at once, and who came by it stays. Twice is once."""
    held = codes_run_by(revoked_by).select_for_update(of=("self",)).filter(pk=code.pk).first()
    if held is None:
        raise RuleBroken(_("Only who answers for this code can call it back."))
    if held.revoked_at is None:
        held.revoked_at = clock.now()
        held.save(update_fields=["revoked_at"])
        record_act(actor=revoked_by, act="called joining code back", obj=held)


@transaction.atomic
def join_with_code(*, person: User, code: JoiningCode) -> Enrolment:
    """Put the person on the code's course, and into its team. The same person again changes nothing and counts once.

    Refuses a code that was called back, is too old, or has been used by as many as it is for.
    """
    held = JoiningCode.objects.select_for_update(of=("self",)).select_related("team").get(pk=code.pk)
    curriculum = curriculum_of_key(held.curriculum_key)
    if curriculum is None:
        raise RuleBroken(_("This course is not open at the moment."))
    if not CodeUse.objects.filter(code=held, person=person).exists():
        if not held.is_open:
            raise RuleBroken(_("This code no longer works. Ask who gave it to you for a new one."))
        CodeUse.objects.create(code=held, person=person)
        JoiningCode.objects.filter(pk=held.pk).update(uses=F("uses") + 1)
        record_act(actor=person, act="used joining code", subject=person, obj=held)
    if held.team is not None:
        return join_team(team=held.team, person=person)
    return enrol(learner=person, curriculum=curriculum, how=Enrolment.How.CODE)
