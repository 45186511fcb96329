"""Loading the handbooks' words: with the same promises as for the curricula."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Revision

from courses.models import HandbookPage
from courses.services.loading import load_curricula
from tests.factories.handbooks import write_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path)


def file_of(folder, name: str = "manual"):
    return folder / "handbooks" / f"{name}.yaml"


def change(folder, was: str, now: str, name: str = "manual") -> None:
    file = file_of(folder, name)
    words = file.read_text()
    assert was in words
    file.write_text(words.replace(was, now))


def everything():
    return (
        list(Page.objects.order_by("pk").values_list("pk", "title", "path", "latest_revision_id", "live")),
        Revision.objects.count(),
    )


def test_loading_makes_published_pages_below_the_front_page(folder):
    loaded = load_curricula(folder=folder)

    assert loaded.made == ["glossary/Agenda", "handbooks/manual", "handbooks/workbook"]
    workbook = HandbookPage.objects.get(slug="workbook")
    assert workbook.live and workbook.get_parent().specific_class.__name__ == "HomePage"
    assert (workbook.readers, workbook.audience) == ("everybody", "patient")
    assert [child.block_type for child in workbook.body] == [
        "text", "chapter", "text", "key_points", "steps", "do_dont", "details", "care_card", "care_card", "drawing",
        "glossary", "chapter", "lines", "tool_sheet",
    ]  # fmt: skip
    assert (
        workbook.body[2].value.source == "<h2>What it is for</h2><p>A visit is short. <b>Write</b> first.</p>"
    )


def test_a_session_has_its_named_activities_written_out(folder):
    load_curricula(folder=folder)

    session = HandbookPage.objects.get(slug="manual").body[1].value

    assert [child.block_type for child in session["plan"]] == ["arrive", "activity", "break", "activity"]
    first = session["plan"][1].value
    assert (first["title"], first["minutes"], list(first["needs"])) == (
        "The opening round",
        20,
        ["Flip chart"],
    )
    assert [step.source for step in first["steps"]] == [
        "<p>Say your name.</p>",
        "<p>Go round.</p>",
        "<p>Thank everybody.</p>",
    ]
    assert session["before"].source == "<p>Chairs in a circle.</p>"


def test_a_second_load_changes_nothing(folder):
    load_curricula(folder=folder)
    before = everything()

    loaded = load_curricula(folder=folder)

    assert (loaded.made, loaded.changed, loaded.edited_here, loaded.unchanged) == ([], [], [], 2)
    assert everything() == before


def test_an_activity_that_changed_reaches_every_session_that_names_it(folder):
    load_curricula(folder=folder)
    before = HandbookPage.objects.get(slug="manual")
    change(folder, "Tell us your name.", "Your name, and a wish.", "activities-patients")

    loaded = load_curricula(folder=folder)

    after = HandbookPage.objects.get(slug="manual")
    assert loaded.changed == ["handbooks/manual"] and loaded.unchanged == 1
    assert after.body[1].value["plan"][1].value["say"] == "Your name, and a wish."
    assert after.live_revision_id != before.live_revision_id
    assert [block.id for block in after.body] == [block.id for block in before.body]


def test_what_was_edited_in_the_cms_is_left_and_named(folder):
    load_curricula(folder=folder)
    page = HandbookPage.objects.get(slug="workbook")
    page.title = "Mended by an author"
    page.save_revision().publish()
    change(folder, "title: Your workbook", "title: Another", "workbook")
    said = StringIO()

    call_command("load_curricula", folder=folder, stdout=said)

    page.refresh_from_db()
    assert page.title == "Mended by an author"
    assert "Left as it is, because it was edited in the CMS: handbooks/workbook" in said.getvalue()


def test_a_production_site_loads_drafts_that_nobody_can_open(folder, settings, client):
    settings.SHOW_UNREVIEWED = False

    load_curricula(folder=folder)

    assert HandbookPage.objects.count() == 2 and not HandbookPage.objects.live().exists()
    assert client.get("/handbooks/workbook/").status_code == 404
    assert client.get("/workbook/").status_code == 404


REFUSED = {
    "minutes that do not add up": (
        ("minutes: 60", "minutes: 70"),
        "handbooks/manual.yaml, line 8, the block session Session 1: Opening: its plan takes 60 minutes, and it says 70",
    ),
    "an activity that is not there": (
        ("opening-round, break", "closing-round, break"),
        "line 8, the block session Session 1: Opening: there is no activity closing-round",
    ),
    "a missing word": (("    minutes: 60\n", ""), "line 8, the block session Session 1: Opening: 'minutes' is missing"),
    "a word that is not known": (("    after:", "    afterwards:"), "afterwards is not known here"),
    "a block of lessons": (("type: chapter", "type: ruler"), "line 7, the block ruler The sessions: a handbook has no"),
    "readers that are not known": (("readers: tutors", "readers: all"), "readers is one of everybody, tutors, not all"),
    "a slug that is not the file's": (("slug: manual", "slug: handbuch"), "call the file the same"),
    "a file that is no YAML": (("body:", "body: ["), "manual.yaml"),
    "nothing that is a list": (("purpose: To lead a workshop.\nbody:", "purpose: x\nbody: nothing\nrest:"), "a list of blocks"),
    "a title that is too long": (('"The sessions"', f'"{"long " * 40}"'), "block 1"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_wrong_file_loads_nothing_and_says_where(folder, fault):
    (was, now), sentence = REFUSED[fault]
    change(folder, was, now)

    with pytest.raises(CommandError) as refused:
        call_command("load_curricula", folder=folder)

    assert "Nothing was loaded." in str(refused.value) and sentence in str(refused.value)
    assert not HandbookPage.objects.exists()


def test_an_activity_nobody_uses_is_named_with_its_line(folder):
    change(folder, "break, ground-rules]", "break]")
    change(folder, "minutes: 60", "minutes: 50")

    with pytest.raises(CommandError) as refused:
        call_command("load_curricula", folder=folder)

    assert (
        "handbooks/activities-patients.yaml, line 12, the activity ground-rules: no session of any handbook names it"
        in str(refused.value)
    )


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (
            "id: ground-rules",
            "id: opening-round",
            "line 12, the activity opening-round: it stands there twice",
        ),
        ("id: ground-rules", "id: break", "a session has this beside its activities"),
        ("  adapt: The order.\n", "", "an adaptable activity says in adapt what may be changed"),
        ("kind: adaptable", "kind: fixed", "a fixed one has no adapt"),
        ("minutes: 10", "minutes: ten", "minutes is a whole number, not ten"),
    ],
)
def test_a_wrong_activity_is_refused(folder, was, now, sentence):
    change(folder, was, now, "activities-patients")

    with pytest.raises(CommandError) as refused:
        call_command("load_curricula", folder=folder)

    assert sentence in str(refused.value)


def test_each_side_has_activities_of_its_own_and_may_call_them_the_same(folder):
    theirs = file_of(folder, "activities-patients").read_text().replace("Flip chart", "Case notes")
    file_of(folder, "activities-professionals").write_text(theirs)
    manual = (
        file_of(folder).read_text().replace("slug: manual", "slug: other").replace("patient", "professional")
    )
    file_of(folder, "other").write_text(manual)

    load_curricula(folder=folder)

    needs = {
        page.slug: list(page.body[1].value["plan"][1].value["needs"])
        for page in HandbookPage.objects.filter(slug__in=["manual", "other"])
    }
    assert needs == {"manual": ["Flip chart"], "other": ["Case notes"]}


def test_an_address_that_is_taken_is_not_taken_over(folder):
    load_curricula(folder=folder)
    HandbookPage.objects.filter(slug="workbook").update(
        translation_key="6f0f8a0e-0000-4000-8000-000000000000"
    )

    with pytest.raises(CommandError, match="another page has this address already"):
        call_command("load_curricula", folder=folder)
