"""What is done and what is missing, in words: the same for the learner, and for a coordinator who looks.

It says what `courses.queries.progress` says, and works nothing out itself. No answer and no reflection is read here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Enrolment, LessonCompletion, LessonPage, PromptSeries, VersionLesson
from courses.queries.progress import LessonState, ModuleState, Progress, progress_of_all
from lms.people.models import User


@dataclass(frozen=True)
class ShownLesson:
    """One lesson. `how`: by which rule it was done; `missing`: what it asks for. `version`: of the course, with its words."""

    number: int
    title: str
    url: str
    done_on: date | None = None
    how: str = ""
    version: int | None = None
    reason: str = ""
    updated_on: date | None = None
    missing: str = ""


@dataclass(frozen=True)
class ShownModule:
    """One module. `series` are its reminders, where some run."""

    key: str
    title: str
    is_done: bool
    optional: bool
    words: str
    lessons: list[ShownLesson]
    series: PromptSeries | None = None


@dataclass(frozen=True)
class ShownCourse:
    """One course of one learner."""

    key: str
    title: str
    url: str
    is_done: bool
    done: int
    total: int
    began_words: str
    state_words: str
    progress_words: str
    modules: list[ShownModule]
    series: PromptSeries | None = None

    def with_reminders(self, running: Mapping[tuple[str, str], PromptSeries]) -> "ShownCourse":
        """The same with its reminders, by course and module ("" for the whole course)."""
        modules = [replace(one, series=running.get((self.key, one.key))) for one in self.modules]
        return replace(self, modules=modules, series=running.get((self.key, "")))


@dataclass(frozen=True)
class _Known:
    """What the words need besides the progress itself."""

    is_own: bool
    names: dict[int, str]
    versions: dict[tuple[str, int], int]


def shown_courses_of(learner: User) -> list[ShownCourse]:
    """Every course that the learner began, for their own eyes. Five queries, however many courses."""
    enrolments = {str(one.curriculum_key): one for one in Enrolment.objects.filter(learner=learner)}
    begun = [one for one in progress_of_all(learner) if one.is_enrolled]
    known = _known(begun, is_own=True)
    return [_course(one, enrolments[one.outline.key], known) for one in begun]


def shown_progress(how_far: Progress, enrolment: Enrolment) -> ShownCourse:
    """One course of one learner, for a coordinator. Two queries."""
    return _course(how_far, enrolment, _known([how_far], is_own=False))


def _known(all_progress: list[Progress], *, is_own: bool) -> _Known:
    done = [state for one in all_progress for state in one.states if state.is_done]
    staff = User.objects.filter(pk__in={state.marked_by for state in done if state.marked_by})
    words = VersionLesson.objects.filter(
        version__curriculum_key__in=[one.outline.key for one in all_progress],
        revision_number__in={state.revision for state in done if state.revision},
    ).order_by("-version__number")
    versions: dict[tuple[str, int], int] = {
        (str(key), revision): number
        for key, revision, number in words.values_list("lesson_key", "revision_number", "version__number")
    }
    return _Known(is_own, {one.pk: one.display_name for one in staff}, versions)


def _course(how_far: Progress, enrolment: Enrolment, known: _Known) -> ShownCourse:
    outline = how_far.outline
    shown = [state for state in how_far.modules if state.lessons or state.is_done]
    return ShownCourse(
        key=outline.key,
        title=outline.title,
        url=outline.url,
        is_done=how_far.is_complete,
        done=how_far.done,
        total=how_far.total,
        began_words=_began(how_far, enrolment),
        state_words=_state(how_far),
        progress_words=_how_much(how_far),
        modules=[_module(state, known) for state in shown],
    )


def _began(how_far: Progress, enrolment: Enrolment) -> str:
    facts = {"day": _day_words(enrolment.created_at), "number": how_far.version}
    if how_far.version:
        return _("Began on %(day)s, with version %(number)s of the course.") % facts
    return _("Began on %(day)s.") % facts


def _state(how_far: Progress) -> str:
    if how_far.completed_at is not None:
        facts = {"day": _day_words(how_far.completed_at), "number": how_far.completed_version}
        if how_far.completed_version:
            return _("Finished on %(day)s, with version %(number)s.") % facts
        return _("Finished on %(day)s.") % facts
    if how_far.left_at is not None:
        return _("Left on %(day)s. Everything is kept.") % {"day": _day_words(how_far.left_at)}
    if how_far.paused_at is not None:
        return _("Having a break since %(day)s. The place is kept.") % {"day": _day_words(how_far.paused_at)}
    return ""


def _how_much(how_far: Progress) -> str:
    facts = {"done": how_far.done, "total": how_far.total}
    if how_far.counts_modules:
        return (
            ngettext("%(done)s of %(total)s module", "%(done)s of %(total)s modules", how_far.total) % facts
        )
    return ngettext("%(done)s of %(total)s lesson", "%(done)s of %(total)s lessons", how_far.total) % facts


def _module(state: ModuleState, known: _Known) -> ShownModule:
    module = state.module
    return ShownModule(
        key=module.key,
        title=module.title,
        is_done=state.is_done,
        optional=module.optional,
        words=_module_words(state),
        lessons=[_lesson(one, known) for one in state.lessons],
    )


def _module_words(state: ModuleState) -> str:
    if state.done_at is not None:
        return _("Done on %(day)s.") % {"day": _day_words(state.done_at)}
    if state.module.optional:
        return _("Nothing is missing without it.")
    facts = {"done": state.done, "needed": state.needed}
    words = (
        ngettext("%(done)s of %(needed)s lesson done.", "%(done)s of %(needed)s lessons done.", state.needed)
        % facts
    )
    asked = sum(not one.lesson.optional for one in state.lessons)
    if state.needed < asked:
        any_words = ngettext(
            "Any %(needed)s of them is enough.", "Any %(needed)s of them are enough.", state.needed
        )
        words = f"{words} {any_words % facts}"
    return words


def _lesson(state: LessonState, known: _Known) -> ShownLesson:
    lesson = state.lesson
    if state.done_at is None:
        return ShownLesson(lesson.pk, lesson.title, lesson.url, missing=_missing(state))
    updated = lesson.again_at if state.is_updated else None
    return ShownLesson(
        lesson.pk,
        lesson.title,
        lesson.url,
        done_on=_day(state.done_at),
        how=_how(state, known),
        version=known.versions.get((lesson.key, state.revision)) if state.revision else None,
        reason=state.reason,
        updated_on=_day(updated) if updated else None,
    )


def _how(state: LessonState, known: _Known) -> str:
    match state.rule:
        case LessonCompletion.STAFF:
            name = known.names.get(state.marked_by or 0) or _("somebody on the staff")
            return _("Marked as done by %(name)s.") % {"name": name}
        case LessonPage.Rule.ANSWERS:
            return _("Everything it asks for was answered.")
        case LessonPage.Rule.PASS:
            return _("Enough questions had the answers that help most.")
    return _("You said that it is done.") if known.is_own else _("They said that it is done.")


def _missing(state: LessonState) -> str:
    if state.lesson.optional:
        return _("Optional: nothing is missing without it.")
    match state.lesson.rule:
        case LessonPage.Rule.ANSWERS:
            return _("Not done yet. It is done when everything it asks for is answered.")
        case LessonPage.Rule.PASS:
            return _("Not done yet. It is done when enough questions have the answers that help most.")
    return _("Not done yet. It is done when the learner says so.")


def _day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone=timezone.get_default_timezone())


def _day_words(moment: datetime) -> str:
    return dateformat.format(_day(moment), "j F Y")
