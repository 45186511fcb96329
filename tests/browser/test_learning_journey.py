"""Learning as it goes: a patient on a phone without JavaScript, from a first try to a finished course; and one learner on two
devices at once, one of which was away from the network.
"""

import json

import pytest

from tests.browser.site import link_in, running_site

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 320, "height": 740}, {"width": 1280, "height": 900}
PASSWORD = "three calm green boats"
CURRICULUM = """
slug: small-steps
title: Small steps
audience: patient
strapline: Short.
who_for: You.
how_long: Not long.
what_you_do: [Read.]
start_here: first/what-matters
"""
MODULE = """
number: 1
slug: first
title: The first
status: ready
purpose: To begin.
outcomes: [You can begin.]
lessons:
  - slug: what-matters
    title: What matters
    minutes: 3
    open_to_visitors: true
    completion: done
    body:
      - {type: text, id: start, value: Two people meet.}
      - {type: reflection, id: mine, prompt: What matters most to you?, required: false}
  - slug: three-topics
    title: Three topics
    minutes: 4
    open_to_visitors: false
    completion: answers
    body:
      - {type: text, id: why, value: Time is short.}
      - {type: reflection, id: list, prompt: Which topics?, required: false}
      - type: choice
        id: first
        question: What do you say first?
        multiple: false
        required: true
        options:
          - {text: What matters most., correct: true, feedback: This helps you both.}
          - {text: The same as ever., correct: false, feedback: It hides what you live with.}
      - {type: text, id: after, value: You chose.}
  - slug: the-visit
    title: The visit
    minutes: 2
    open_to_visitors: false
    completion: done
    body:
      - {type: text, id: go, value: Go in with your list.}
"""
FIRST, SECOND, THIRD = (
    f"/small-steps/first/{slug}/" for slug in ("what-matters", "three-topics", "the-visit")
)
KEPT = (
    "import json; from courses.models import Answer, Enrolment, LessonCompletion;"
    "print(json.dumps([Enrolment.objects.count(), LessonCompletion.objects.count(), Answer.objects.count(),"
    " Enrolment.objects.filter(completed_at__isnull=False).count()]))"
)


@pytest.fixture
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("learning")
    course = folder / "content" / "small-steps"
    course.mkdir(parents=True)
    (course / "curriculum.yaml").write_text(CURRICULUM)
    (course / "01-first.yaml").write_text(MODULE)
    set_up = [["load_curricula", "--folder", str(folder / "content")]]
    with running_site(folder, database_url=new_database(), set_up=set_up) as site:
        yield site


def kept(site) -> list[int]:
    """Enrolments, lessons done, answers, courses done."""
    return json.loads(site.manage("shell", "--verbosity=0", "-c", KEPT).splitlines()[-1])


def sign_up(person, email: str) -> None:
    person.open("/accounts/signup/")
    person.page.check("input[name=audience][value=patient]")
    person.page.fill("input[name=first_name]", "Amina")
    person.page.fill("input[name=last_name]", "Field")
    person.page.fill("input[name=email]", email)
    person.page.fill("input[name=password1]", PASSWORD)
    person.press("Create my account")
    person.open(link_in(person.site.mail_to(email, "Confirm your email address")))
    person.press("Yes, this is my address")


def days_done(page) -> list[str]:
    """Of each lesson that is done, when and how."""
    return page.locator("dd", has_text="Done on ").all_inner_texts()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_patient_without_javascript_learns_from_a_first_try_to_the_end(site, person_of):
    amina = person_of(site, "Amina", viewport=PHONE, java_script_enabled=False)
    amina.look = lambda: None  # axe is a script
    page = amina.open("/small-steps/")
    amina.open(FIRST)
    page.fill("textarea", "My garden.")
    amina.press("Done: next")
    assert "account" in amina.text()

    sign_up(amina, "amina@example.org")
    amina.open("/my/")
    assert "Continue: Three topics" in amina.text()
    amina.open(FIRST)
    assert page.input_value("textarea") == "My garden."

    amina.open(SECOND)
    page.fill("textarea", "Sleep. Pain. The stairs.")
    amina.press("Done: next")
    assert "There is something to check" in amina.text()
    assert page.input_value("textarea") == "Sleep. Pain. The stairs."
    page.get_by_label("What matters most.").check()
    amina.press("Done: next")
    assert page.url.endswith(THIRD)
    amina.press("Stop here and come back")
    amina.open("/my/")
    amina.follow("Continue")
    assert THIRD in page.url
    amina.press("Done: next")

    amina.open("/my/learning/")
    assert len(days_done(page)) == 3 and "Go to this lesson" not in amina.text()
    assert fits(page)
    amina.open("/my/journal/")
    assert "My garden." in amina.text() and "Sleep. Pain. The stairs." in amina.text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Keep a copy of all of it").click()
    assert "My garden." in taken.value.path().read_text()
    assert kept(site) == [1, 3, 3, 1]


def test_two_devices_at_once_give_one_of_each_and_a_late_page_loses_nothing(site, person_of):
    phone, desk = person_of(site, "Phone", viewport=PHONE), person_of(site, "Desk", viewport=DESK)
    sign_up(phone, "amina@example.org")
    desk.open("/accounts/login/")
    desk.page.fill("input[name=login]", "amina@example.org")
    desk.page.fill("input[name=password]", PASSWORD)
    desk.press("Sign in", exact=True)

    # Both have the same lesson open; the phone goes into a tunnel with its answer on it.
    phone.open(SECOND)
    desk.open(SECOND)
    phone.page.get_by_label("What matters most.").check()
    phone.page.fill("textarea", "Written in the tunnel.")
    phone.page.context.set_offline(True)
    phone.page.get_by_role("button", name="Done: next").click(no_wait_after=True)
    phone.page.wait_for_timeout(500)

    desk.page.get_by_label("What matters most.").check()
    desk.press("Done: next")
    assert desk.page.url.endswith(THIRD)
    desk.press("Done: next")
    assert kept(site)[1] == 2

    # Out of the tunnel: "try again" sends the page as it was, long after the other device had gone on.
    phone.page.context.set_offline(False)
    phone.page.reload()
    phone.look()

    assert kept(site)[1] == 2
    desk.open(SECOND)
    assert desk.page.input_value("textarea") == "Written in the tunnel."
    assert "Done" in desk.page.inner_text(".lesson__state")
    # The first lesson, on both at the same moment.
    for one in (phone, desk):
        one.open(FIRST)
    for one in (phone, desk):
        one.page.get_by_role("button", name="Done: next").click(no_wait_after=True)
    for one in (phone, desk):
        one.page.wait_for_load_state()

    assert kept(site) == [1, 3, 2, 1]
    desk.open("/my/learning/")
    assert len(days_done(desk.page)) == 3
    for one in (phone, desk):
        assert not one.violations, "\n".join(one.violations)
