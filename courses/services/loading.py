"""Loading the curricula's words into pages."""

import json
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from wagtail.blocks import StructBlockValidationError
from wagtail.models import Page

from courses.blocks import Consultation, Described, Order, Rewrite, Sort, ToolSheet
from courses.blocks.faults import sentences_of
from courses.interfaces.content_files import BrokenContent, Content, Source, key_of, read_content
from courses.models import (
    CurriculumPage,
    CurriculumPair,
    GlossaryTerm,
    LessonPage,
    LessonPair,
    LoadedPage,
    ModulePage,
    Pairing,
)
from courses.services.loaded_pages import Loaded, keep_page, was_edited
from courses.services.loading_handbooks import load_handbooks
from courses.services.stamping import stamp_outlines
from courses.services.versions import make_version
from lms.home.services import ensure_home_page
from lms.people.models import Audience

CONTENT = Path(__file__).resolve().parent.parent / "content"
KINDS = (CurriculumPage, ModulePage, LessonPage)
CHECKED = (
    Consultation,
    Sort,
    Order,
    Rewrite,
    Described,
    ToolSheet,
)  # blocks whose parts have to fit together
STREAMS = {"what_you_do", "outcomes", "body"}


@transaction.atomic
def load_curricula(*, folder: Path = CONTENT) -> Loaded:
    """Bring the pages, handbooks too, up to the words in the folder: all or nothing, and a second load changes nothing.

    Publishes where settings.SHOW_UNREVIEWED, else keeps drafts. A page that was edited in the CMS is left as it is and
    named in the answer. Raises BrokenContent, naming the file and the place, when something cannot become a page.
    """
    content = read_content(folder)
    loaded = Loaded()
    home = ensure_home_page()
    _load_glossary(content, loaded)
    known = _known_pages(home)
    for curriculum in content.curricula:
        _load(curriculum, home, 0, known, loaded)
    _point_to_start(content, loaded)
    _note_versions(content, loaded)
    if loaded.made or loaded.changed:
        _load_pairings(content)
    load_handbooks(folder=folder, home=home, loaded=loaded)
    return loaded


def _load_glossary(content: Content, loaded: Loaded) -> None:
    """Words that are not explained on this site yet. What an author made of one stays as it is."""
    explained = {(one.pk, one.term, one.explanation) for one in GlossaryTerm.objects.all()}
    numbers, terms = {pk for pk, _, _ in explained}, {term for _, term, _ in explained}
    for word in content.glossary:
        if (word["id"], word["term"], word["means"]) in explained:
            continue
        if word["id"] in numbers or word["term"] in terms:
            loaded.edited_here.append(f"glossary/{word['term']}")
        else:
            GlossaryTerm.objects.create(pk=word["id"], term=word["term"], explanation=word["means"])
            loaded.made.append(f"glossary/{word['term']}")


def _known_pages(home: Page) -> dict[str, tuple[Page, LoadedPage | None]]:
    records = {record.page_id: record for record in LoadedPage.objects.all()}
    pages = [
        page for kind in KINDS for page in kind.objects.defer_streamfields().filter(locale_id=home.locale_id)
    ]
    return {str(page.translation_key): (page, records.get(page.pk)) for page in pages}


def _load(source: Source, parent: Page, level: int, known: dict, loaded: Loaded) -> None:
    page, record = known.get(str(source.key), (None, None))
    if page is None:
        page = _make(source, parent, KINDS[level])
        loaded.made.append(source.where)
    elif was_edited(page, record):
        loaded.edited_here.append(source.where)
    elif record is not None and record.digest == source.digest:
        loaded.unchanged += 1
    else:
        _change(source, page)
        loaded.changed.append(source.where)
    for child in source.children:
        _load(child, page, level + 1, known, loaded)


def _make(source: Source, parent: Page, kind: type[Page]) -> Page:
    page = kind(slug=source.slug, translation_key=source.key, locale_id=parent.locale_id, live=False)
    _fill(page, source)
    parent.add_child(instance=page)
    _keep_in_turn(page, source)
    return page


def _change(source: Source, page: Page) -> None:
    page.refresh_from_db()
    _fill(page, source)
    _keep_in_turn(page, source)


def _keep_in_turn(page: Page, source: Source) -> None:
    """A course is published last (`_point_to_start`), so that its version has all that was loaded."""
    if not isinstance(page, CurriculumPage):
        keep_page(page, source.digest)


def _fill(page: Page, source: Source) -> None:
    page.title = page.draft_title = source.title
    page.slug = source.slug
    for name, value in source.fields.items():
        if name in STREAMS:
            setattr(page, name, json.dumps(value))
        elif name != "start_here":  # it points to a page that may not be there yet
            setattr(page, name, value)
    if isinstance(page, LessonPage):
        _refuse_broken(page, source)


def _refuse_broken(lesson: LessonPage, source: Source) -> None:
    for child in lesson.body:
        if isinstance(child.block, CHECKED):
            try:
                child.block.clean(child.value)
            except StructBlockValidationError as error:
                called = child.value.get("title") or child.value.get("question") or child.block_type
                faults = "; ".join(sentences_of(error))
                raise BrokenContent(f"{source.where}, {called}: {faults}") from error


def _point_to_start(content: Content, loaded: Loaded) -> None:
    touched = {*loaded.made, *loaded.changed}
    for source in content.curricula:
        if source.where not in touched:
            continue
        page = CurriculumPage.objects.get(translation_key=source.key)
        lesson = LessonPage.objects.filter(translation_key=key_of(source.fields["start_here"])).first()
        if lesson is None:
            raise BrokenContent(
                f"{source.where}: there is no lesson {source.fields['start_here']} to start with"
            )
        _fill(page, source)
        page.start_here = lesson
        keep_page(page, source.digest)


def _note_versions(content: Content, loaded: Loaded) -> None:
    """A course of which only lessons or modules changed has a new version too."""
    touched = {*loaded.made, *loaded.changed}
    for source in content.curricula:
        if source.where not in touched and any(where.startswith(f"{source.where}/") for where in touched):
            page = CurriculumPage.objects.get(translation_key=source.key)
            if page.live:
                make_version(curriculum=page)
                stamp_outlines()


def _pair_courses(patient: Source, professional: Source) -> None:
    """The two courses are each other's other side, unless an author paired either with another."""
    pages = {page.translation_key: page for page in CurriculumPage.objects.only("translation_key")}
    ours, theirs = pages[patient.key], pages[professional.key]
    if not CurriculumPair.objects.filter(
        Q(patient_curriculum=ours) | Q(professional_curriculum=theirs)
    ).exists():
        CurriculumPair.objects.create(patient_curriculum=ours, professional_curriculum=theirs)


def _load_pairings(content: Content) -> None:
    """Pair modules and lessons as the file says; a pair that an author changed in the CMS is set back only with it."""
    by_audience = {source.fields["audience"]: source for source in content.curricula}
    patient, professional = by_audience.get(Audience.PATIENT), by_audience.get(Audience.PROFESSIONAL)
    if patient is None or professional is None:
        return
    pages = {
        str(page.translation_key): page.pk for kind in KINDS[1:] for page in kind.objects.defer_streamfields()
    }

    _pair_courses(patient, professional)

    def find(curriculum: Source, *path: str) -> int:
        where = "/".join([curriculum.where, *path])
        try:
            return pages[str(key_of(where))]
        except KeyError:
            raise BrokenContent(f"pairings.yaml: there is no page {where}") from None

    for row in content.pairings:
        modules = {
            "patient_module_id": find(patient, row["patient_module"]),
            "professional_module_id": find(professional, row["professional_module"]),
        }
        words = {
            name: " ".join(row[name].split())
            for name in ("moment", "together", "patient_does", "professional_does")
        }
        pairing, _ = Pairing.objects.update_or_create(**modules, defaults=words | {"number": row["number"]})
        for pair in row["lessons"] or []:
            LessonPair.objects.update_or_create(
                pairing=pairing,
                patient_lesson_id=find(patient, row["patient_module"], pair["patient"]),
                professional_lesson_id=find(professional, row["professional_module"], pair["professional"]),
                defaults={"moment": pair["moment"]},
            )
