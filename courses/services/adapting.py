"""A copy of a course, to adapt it: the fixed core follows the original, and what differs says why."""

import json
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.carried_pages import PLAIN, STREAM
from courses.carried_streams import Names, renamed
from courses.models import CurriculumPage, LessonPage, ModulePage
from courses.models.copied import body_for_copy, copies_by_original, says_the_same
from courses.models.guarded import NotSigned
from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.people.models import User

KINDS = (CurriculumPage, ModulePage, LessonPage)
WORDS_OF_A_LESSON = (
    "title", "seo_title", "search_description", "minutes", "open_to_visitors", "completion", "pass_mark", "optional",
    "fixed",
)  # fmt: skip


@transaction.atomic
def copy_to_adapt(*, course: CurriculumPage, title: str, slug: str, copier: User) -> CurriculumPage:
    """A new course with the same modules and lessons, as drafts that nobody has signed, each tied to its original.

    Copies what is published, and of what is not, the draft. Links between pages of the course lead to the copies. Pairs are
    not copied: each side has one partner. Notes it in the audit. Refuses an address that is taken, and somebody who may
    not add courses.
    """
    home = course.get_parent()
    if not home.permissions_for_user(copier).can_add_subpage():
        raise PermissionDenied
    pairs = [(_words(page), page) for page in _pages_of(course)]
    made: dict[int, Page] = {}
    for words, original in pairs:
        is_course = isinstance(words, CurriculumPage)
        parent = home if is_course else made[original.get_parent().pk]
        copy = _copy(words, title=title if is_course else words.title, slug=slug if is_course else words.slug)
        try:
            Page.objects.get(pk=parent.pk).add_child(instance=copy)
        except ValidationError as error:
            name, errors = next(iter(error.error_dict.items()))
            raise RuleBroken(errors[0].messages[0], field=name if is_course else None) from None
        made[original.pk] = copy
    links = {str(original): str(copy.pk) for original, copy in made.items()}
    for words, original in pairs:
        _write(made[original.pk], words, links, copier)
    copy = made[course.pk]
    record_act(actor=copier, act="copied a course to adapt it", obj=copy)
    return copy


def _pages_of(course: CurriculumPage) -> list[Page]:
    """The course, its modules and lessons, each above what stands in it."""
    found = [
        page for kind in KINDS for page in kind.objects.descendant_of(course, inclusive=True).order_by("path")
    ]
    return sorted(found, key=lambda page: page.path)


def _words(page: Page) -> Page:
    return page if page.live else page.get_latest_revision_as_object()


def _copy(words: Page, *, title: str, slug: str) -> Page:
    fields = {name: getattr(words, name) for name in (*PLAIN[type(words)], "seo_title", "search_description")}
    if isinstance(words, LessonPage):
        fields["adaptation"] = ""
    return type(words)(
        **fields, title=title, draft_title=title, slug=slug, translation_key=uuid4(), locale_id=words.locale_id,
        adapted_from_id=words.pk, live=False,
    )  # fmt: skip


def _write(copy: Page, words: Page, links: dict[str, str], copier: User) -> None:
    stream = STREAM[type(words)]
    value = getattr(words, stream)
    list(value)
    same = Names(lambda pk: pk, lambda kind, key: key, lambda pk: links.get(pk, pk))
    copy.refresh_from_db()
    setattr(copy, stream, json.dumps(renamed(value.stream_block, value.get_prep_value(), same)))
    if isinstance(copy, CurriculumPage) and words.start_here_id:
        copy.start_here_id = int(links.get(str(words.start_here_id), words.start_here_id))
    copy.save()
    copy.save_revision(user=copier)


def follow_original(*, original: LessonPage) -> list[LessonPage]:
    """Bring the copies of a lesson of the fixed core up to what the original says now; gives those that changed.

    A copy that is published is published anew where its words are signed, or need no signature; else it stays a draft, and
    the published words stay until both reviewers have signed the new ones.
    """
    changed = []
    for copy in LessonPage.objects.filter(adapted_from=original.pk, fixed=True):
        copies = copies_by_original(copy)
        latest = copy.get_latest_revision_as_object()
        if says_the_same(latest, copies) and latest.fixed == original.fixed:
            continue
        for name in WORDS_OF_A_LESSON:
            setattr(latest, name, getattr(original, name))
        latest.draft_title, latest.body = original.title, json.dumps(body_for_copy(original, copies))
        latest.change = original.change
        revision = latest.save_revision()
        if copy.live:
            try:
                with transaction.atomic():
                    revision.publish()
            except NotSigned:
                pass  # the draft waits for its signatures
        changed.append(copy)
    return changed


def refuse_edit(lesson: LessonPage) -> str:
    """Why a lesson may not be edited here; nothing where it may."""
    if lesson.adapted_from_id is None or not lesson.fixed:
        return ""
    return _("“%(title)s” is part of the fixed core: it follows the original. Change it there.") % {
        "title": lesson.title
    }
