"""Plans: a low number never blocks, every rating is kept, how it went leads on, and who sees it."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from coaching.models import ActionPlan, ConfidenceRating, FollowUp
from coaching.queries import plans_visible_to
from coaching.sentence import plan_sentence
from coaching.services import (
    make_it_easier,
    make_plan,
    rate_confidence,
    record_follow_up,
    share_plan,
    stop_plan,
)
from coaching.services.plans import HowItWent
from lms.audit.models import Entry
from lms.audit.queries import looks_at
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.queries import consents_of
from lms.people.services import end_tie, give_consent, withdraw_consent
from tests.factories import UserFactory
from tests.factories.coaching import WORDS, plan_for, tie_between

pytestmark = pytest.mark.django_db
SECRET = "Canarywort"
SUB_PAGES = ["sure", "easier", "confidence", "how-did-it-go", "share", "stop"]


def filled(**changes) -> dict:
    """What somebody types on a new plan."""
    return {
        **WORDS,
        "confidence": "8",
        "starts_on_day": "2",
        "starts_on_month": "3",
        "starts_on_year": "2026",
        "follow_up_on_day": "12",
        "follow_up_on_month": "3",
        "follow_up_on_year": "2026",
        "share_with": "only-me",
        "once": str(uuid.uuid4()),
        **changes,
    }


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page_of(plan: ActionPlan, *parts: str) -> str:
    return "/".join([f"/coaching/plans/{plan.public_id}", *parts, ""])


def values(plan: ActionPlan) -> list[int | None]:
    return list(plan.ratings.values_list("value", flat=True))


def test_a_plan_becomes_a_sentence(two, signed_in):
    client = signed_in(two.patient)

    made = client.post("/coaching/plans/new/", filled(where_with="with Jo."))

    plan = ActionPlan.objects.get()
    assert made.url == page_of(plan)
    assert (plan.owner, plan.starts_on, plan.follow_up_on) == (
        two.patient,
        date(2026, 3, 2),
        date(2026, 3, 12),
    )
    assert "I will walk to the shop, for 10 minutes, after breakfast, every other day, with Jo." in text_of(
        client.get(made.url)
    )


@pytest.mark.parametrize(
    ("number", "helped"), [("0", True), ("6", True), ("7", False), ("10", False), ("none", False)]
)
def test_a_low_number_is_kept_and_offered_help(two, signed_in, number, helped):
    client = signed_in(two.patient)

    made = client.post("/coaching/plans/new/", filled(confidence=number))

    plan = ActionPlan.objects.get()
    assert values(plan) == [None if number == "none" else int(number)]
    assert made.url == (page_of(plan, "sure") if helped else page_of(plan))
    if helped:
        page = client.get(made.url).content.decode()
        assert page.index("Make it easier") < page.index("Keep it as it is")
        assert f'href="{page_of(plan)}"' in page


def test_making_it_easier_keeps_the_old_words_and_the_old_number(two, signed_in):
    plan = plan_for(two.patient, confidence=4)
    client = signed_in(two.patient)

    client.post(page_of(plan, "easier"), {**WORDS, "how_much": "for 2 minutes", "confidence": "8"})

    plan.refresh_from_db()
    assert plan.how_much == "for 2 minutes"
    assert plan.what == "walk to the shop"
    assert values(plan) == [4, 8]
    assert [revision.wording["how_much"] for revision in plan.revisions.all()] == ["for 10 minutes"]
    assert "I will walk to the shop, for 10 minutes" in text_of(client.get(page_of(plan)))


def test_each_rating_is_kept(two, signed_in):
    plan = plan_for(two.patient, confidence=5)
    client = signed_in(two.patient)

    rate_confidence(plan=plan, by=two.patient, value=6)
    client.post(page_of(plan, "confidence"), {"confidence": "none", "confidence_words": "fairly sure"})
    client.post(page_of(plan, "confidence"), {"confidence": "6"})

    assert list(plan.ratings.values_list("value", "words")) == [
        (5, ""),
        (6, ""),
        (None, "fairly sure"),
        (6, ""),
    ]
    assert "“fairly sure”" in text_of(client.get(page_of(plan)))


def test_how_it_went_is_kept_and_leads_on(two, signed_in):
    plan = plan_for(two.patient)
    client = signed_in(two.patient)

    response = client.post(
        page_of(plan, "how-did-it-go"),
        {
            "done": "none",
            "got_in_way": "Rain",
            "decision": "adapt",
            "confidence_now": "5",
            "next_on_day": "9",
            "next_on_month": "3",
            "next_on_year": "2026",
        },
    )

    kept = FollowUp.objects.get()
    assert (kept.on, kept.done, kept.decision, kept.next_on) == (
        date(2026, 3, 2),
        "none",
        "adapt",
        date(2026, 3, 9),
    )
    assert response.url == page_of(plan, "easier")
    plan.refresh_from_db()
    assert plan.follow_up_on == date(2026, 3, 9)
    assert values(plan) == [8, 5]
    page = client.get(page_of(plan)).content.decode()
    assert "Not this time" in page
    assert "red" not in re.findall(r"nhsuk-tag--(\w+)", page)


@pytest.mark.parametrize(
    ("decision", "ends", "goes_to"),
    [
        ("continue", False, None),
        ("pause", False, None),
        ("stop", True, None),
        ("new", True, "/coaching/plans/new/"),
    ],
)
def test_each_decision_does_what_it_says(two, signed_in, decision, ends, goes_to):
    plan = plan_for(two.patient)

    response = signed_in(two.patient).post(
        page_of(plan, "how-did-it-go"), {"done": "some", "decision": decision}
    )

    plan.refresh_from_db()
    assert (plan.stopped_at is not None) is ends
    assert plan.follow_up_on is None
    assert response.url == (goes_to or page_of(plan))


def test_one_press_on_the_plan_chooses_the_answer(two, signed_in, at):
    plan = plan_for(two.patient, follow_up_in=2)
    at(clock.now() + timedelta(days=2))
    client = signed_in(two.patient)

    plan_page = client.get(page_of(plan)).content.decode()
    page = client.get(page_of(plan, "how-did-it-go") + "?done=some").content.decode()

    assert f"{page_of(plan, 'how-did-it-go')}?done=some" in plan_page
    assert re.search(r'<input[^>]*value="some"[^>]*checked', page)
    assert client.get(page_of(plan, "how-did-it-go") + "?done=%00bad").status_code == 200


def test_what_has_ended_is_not_changed(two):
    plan = plan_for(two.patient)
    stop_plan(plan=plan, by=two.patient)
    stop_plan(plan=plan, by=two.patient)

    for act in (
        lambda: rate_confidence(plan=plan, by=two.patient, value=5),
        lambda: make_it_easier(plan=plan, by=two.patient, words=WORDS, confidence=5),
        lambda: record_follow_up(plan=plan, by=two.patient, went=HowItWent(done="all", decision="continue")),
    ):
        with pytest.raises(RuleBroken, match="This plan has ended"):
            act()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"what": ""}, "Enter what you will do."),
        ({"what": "x" * 201}, "must be 200 characters or fewer"),
        ({"why": "x" * 100_000}, "must be 300 characters or fewer"),
        ({"when": "at\x00 noon"}, "Take out the hidden characters"),
        ({"confidence": "11"}, "Choose a number from 0 to 10."),
        ({"confidence": ""}, "Choose a number from 0 to 10."),
        ({"importance": "-1"}, "Choose a number from 0 to 10."),
        ({"starts_on_day": "1"}, "This day is over."),
        ({"starts_on_year": "2028"}, "Choose a day within the next year."),
        ({"follow_up_on_day": "1"}, "Choose the day you start, or a later one."),
        ({"share_with": "00000000-0000-4000-8000-000000000000"}, "Choose one of the answers listed"),
        ({"share_with": ""}, "Choose who may see this plan."),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_nothing_is_kept(two, signed_in, changes, says):
    response = signed_in(two.patient).post("/coaching/plans/new/", filled(**changes))

    assert response.status_code == 200
    assert says in text_of(response)
    assert ActionPlan.objects.count() == 0


def test_the_next_day_must_be_later_than_today(two, signed_in):
    plan = plan_for(two.patient)
    sent = {
        "done": "all",
        "decision": "continue",
        "next_on_day": "2",
        "next_on_month": "3",
        "next_on_year": "2026",
    }

    refused = signed_in(two.patient).post(page_of(plan, "how-did-it-go"), sent)

    assert "Choose a day after today." in text_of(refused)
    assert FollowUp.objects.count() == 0
    assert (
        signed_in(two.patient).post(page_of(plan, "how-did-it-go"), {**sent, "next_on_day": "3"}).status_code
        == 302
    )


def test_the_database_refuses_impossible_numbers_too(two):
    plan = plan_for(two.patient)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConfidenceRating.objects.create(plan=plan, value=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionPlan.objects.filter(pk=plan.pk).update(follow_up_on=date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        make_plan(
            owner=two.patient, words={"what": " "}, starts_on=clock.today(), follow_up_on=None, confidence=8
        )
    ConfidenceRating.objects.create(plan=plan, value=10)


def test_hostile_and_right_to_left_words_are_shown_as_they_are(two, signed_in):
    client = signed_in(two.patient)

    made = client.post("/coaching/plans/new/", filled(what="<img src=x onerror=alert(1)> ללכת 🚶"))
    page = client.get(made.url).content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt; ללכת 🚶" in page


def test_the_same_form_twice_makes_one_plan(two, signed_in):
    client, form = signed_in(two.patient), filled()

    assert client.post("/coaching/plans/new/", form).url == client.post("/coaching/plans/new/", form).url
    assert ActionPlan.objects.count() == 1


def test_sentence_leaves_out_what_is_empty():
    assert plan_sentence({"what": "rest", "when": " at noon. "}) == "I will rest, at noon."


# ---------------------------------------------------------------- who sees it


def test_a_plan_is_the_owners_alone_until_they_share_it(two, signed_in):
    plan = plan_for(two.patient, what=SECRET)
    professional = signed_in(two.professional)

    assert professional.get(page_of(plan)).status_code == 404
    signed_in(two.patient).post(page_of(plan, "share"), {"share_with": str(two.tie.public_id)})
    assert SECRET in professional.get(page_of(plan)).content.decode()
    assert SECRET in professional.get("/coaching/").content.decode()
    signed_in(two.patient).post(page_of(plan, "share"), {"share_with": "only-me"})

    assert professional.get(page_of(plan)).status_code == 404
    assert SECRET not in professional.get("/coaching/").content.decode()


def test_sharing_a_plan_gives_consent_in_the_same_act(cast, at, signed_in):
    tie = tie_between(cast.patient, cast.professional, sharing=())

    plan = plan_for(cast.patient, tie=tie)

    assert consents_of(tie) == {"plan"}
    assert signed_in(cast.professional).get(page_of(plan)).status_code == 200


def test_when_consent_or_the_tie_ends_the_plan_is_gone_for_them(two, signed_in):
    plan = plan_for(two.patient, tie=two.tie, what=SECRET)
    professional = signed_in(two.professional)
    assert SECRET in professional.get(page_of(plan)).content.decode()

    withdraw_consent(tie=two.tie, person=two.patient, what="plan")
    assert professional.get(page_of(plan)).status_code == 404
    give_consent(tie=two.tie, person=two.patient, what="plan")
    assert professional.get(page_of(plan)).status_code == 200
    end_tie(tie=two.tie, person=two.patient)

    assert professional.get(page_of(plan)).status_code == 404
    assert SECRET not in professional.get("/coaching/").content.decode()
    assert SECRET in signed_in(two.patient).get(page_of(plan)).content.decode()


def test_strangers_find_nothing_and_only_the_owner_changes_a_plan(two, signed_in):
    plan = plan_for(two.patient, tie=two.tie)
    pages = [page_of(plan), *(page_of(plan, part) for part in SUB_PAGES)]

    for page in pages:
        assert signed_in(two.outsider).get(page).status_code == 404
        assert signed_in(two.patient).get(page).status_code == 200
    for page in pages[1:]:
        assert signed_in(two.professional).get(page).status_code == 404
        assert signed_in(two.professional).post(page, {"confidence": "1"}).status_code == 404
    for act in (
        lambda: rate_confidence(plan=plan, by=two.professional, value=1),
        lambda: stop_plan(plan=plan, by=two.outsider),
        lambda: share_plan(plan=plan, by=two.professional, tie=None),
    ):
        with pytest.raises(RuleBroken, match="Only the person whose plan it is"):
            act()
    assert values(plan) == [8]


def test_a_plan_is_shared_over_ones_own_tie_only(two):
    other_tie = tie_between(UserFactory(), two.professional)

    with pytest.raises(RuleBroken, match="Choose somebody you work with"):
        plan_for(two.patient, tie=other_tie)
    plan_for(two.patient, tie=two.tie)

    assert list(plans_visible_to(two.professional).values_list("owner", flat=True)) == [two.patient.pk]


def test_each_look_at_a_plan_is_one_row_and_ones_own_none(two, signed_in):
    plan = plan_for(two.patient, tie=two.tie)

    signed_in(two.patient).get(page_of(plan))
    assert looks_at(two.patient).count() == 0
    signed_in(two.professional).get(page_of(plan))

    look = looks_at(two.patient).get()
    assert (look.actor, look.thing, look.thing_id) == (two.professional, "coaching.actionplan", str(plan.pk))


def test_when_the_audit_cannot_be_written_a_plan_is_not_read(two, signed_in, monkeypatch):
    plan = plan_for(two.patient, tie=two.tie, what=SECRET)
    client = signed_in(two.professional)
    client.raise_request_exception = False

    def refuse(*args, **kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(type(Entry.objects.all()), "bulk_create", refuse)
    for page in (page_of(plan), "/coaching/"):
        response = client.get(page)
        assert response.status_code == 500
        assert SECRET not in response.content.decode()
    monkeypatch.undo()

    assert SECRET in client.get(page_of(plan)).content.decode()


def test_a_yes_to_one_plan_does_not_bring_back_what_was_stopped(two, signed_in):
    earlier = plan_for(two.patient, tie=two.tie, what="Canarywort")
    withdraw_consent(tie=two.tie, person=two.patient, what="plan")

    later = plan_for(two.patient, tie=two.tie, what="walk to the park")

    professional = signed_in(two.professional)
    assert professional.get(f"/coaching/plans/{later.public_id}/").status_code == 200
    assert professional.get(f"/coaching/plans/{earlier.public_id}/").status_code == 404
    assert "Canarywort" not in professional.get("/coaching/").text
    # The control: said again for that plan, it is shared again.
    share_plan(plan=earlier, by=two.patient, tie=two.tie)
    assert professional.get(f"/coaching/plans/{earlier.public_id}/").status_code == 200
