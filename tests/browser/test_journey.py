"""The whole journey, as its people make it in their browsers: from signing up to a certificate and a followed-up plan.

It starts from an organisation and a coordinator, and nothing else: no demonstration, no factory, no shell. The site, its
worker, its mail and its clock are real; only the clock is set.
"""

import io
import subprocess
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import page as page_validation
import pikepdf
import pytest

from tests.browser.passing import set_up_app
from tests.browser.site import link_in, running_site

pytestmark = pytest.mark.browser

LONDON = ZoneInfo("Europe/London")
PHONE = {"width": 360, "height": 740}
PASSWORD = "three calm green boats"
FIRST_DAY = date(2027, 1, 12)  # a Tuesday
COORDINATOR = "ruth@riverside.example"


@pytest.fixture(scope="module")
def site(tmp_path_factory, new_database):
    folder = tmp_path_factory.mktemp("journey")
    set_up = [["load_curricula"], ["start_organisation", "Riverside Clinic", COORDINATOR, "Ruth", "Bell"]]
    with running_site(folder, database_url=new_database(), set_up=set_up) as site:
        site.set_clock(datetime(2026, 12, 1, 10, 0, tzinfo=LONDON))
        yield site


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def confirm_address(person, email: str) -> None:
    mail = person.site.mail_to(email, "Confirm your email address")
    person.open(link_in(mail))
    person.press("Yes, this is my address")


def sign_up(person, first_name: str, email: str, audience: str) -> None:
    person.open("/accounts/signup/")
    person.page.check(f"input[name=audience][value={audience}]")
    person.page.fill("input[name=first_name]", first_name)
    person.page.fill("input[name=last_name]", "Field")
    person.page.fill("input[name=email]", email)
    person.page.fill("input[name=password1]", PASSWORD)
    person.press("Create my account")
    confirm_address(person, email)
    assert person.page.url.endswith("/my/")


def sign_in(person, email: str) -> None:
    person.open("/accounts/login/")
    person.page.fill("input[name=login]", email)
    person.page.fill("input[name=password]", PASSWORD)
    person.press("Sign in", exact=True)


def fill_day(person, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        person.page.fill(f"input[name={name}_{part}]", str(getattr(day, part)))


def find_person(coordinator, email: str) -> None:
    coordinator.open("/people/")
    coordinator.page.fill("input[name=who]", email)
    coordinator.press("Find")


def give_role(coordinator, email: str, kind: str, *, checked: bool = False) -> None:
    find_person(coordinator, email)
    if kind in ("lay_tutor", "clinical_tutor"):
        coordinator.page.get_by_role("link", name="Record what was decided").click()
        coordinator.page.check("input[name=kind][value=dbs_enhanced]")
        coordinator.page.check("input[name=decision][value=may]")
        coordinator.press("Record")
    coordinator.page.select_option("select[name=kind]", kind)
    if checked:
        coordinator.page.fill("input[name=register]", "Register of nurses")
        coordinator.page.fill("input[name=number]", "12A3456E")
    coordinator.press("Give this role")
    assert "is now" in coordinator.text()


def schedule(tutor, *, programme: str, format_code: str, day: date, partner: str, places: int) -> str:
    """Schedule a series and invite the partner; returns the series' address for tutors."""
    tutor.open("/workshops/tutor/schedule/")
    tutor.page.get_by_label(programme, exact=False).first.check()
    tutor.page.check(f"input[name=format][value='{format_code}']")
    fill_day(tutor, "first_day", day)
    tutor.page.fill("input[name=start_time]", "10:00")
    tutor.page.fill("input[name=venue_name]", "St Anne's Hall")
    tutor.page.fill("input[name=venue_address]", "4 Mill Lane, Riverside")
    tutor.page.fill("input[name=capacity]", str(places))
    if partner:
        label = tutor.page.locator("select[name=co_tutor] option", has_text=partner).first.get_attribute(
            "value"
        )
        tutor.page.select_option("select[name=co_tutor]", label)
    tutor.press("Schedule and invite")
    return tutor.page.url.removeprefix(tutor.site.base)


def finish_lesson(person) -> None:
    """Answer what the lesson asks, and press done."""
    for group in person.page.locator("main fieldset").all():
        radios = group.locator("input[type=radio]")
        if radios.count() and not group.locator("input:checked").count():
            radios.first.check()
        elif not radios.count() and group.locator("input[type=checkbox]").count():
            group.locator("input[type=checkbox]").first.check()
    for box in person.page.locator("main textarea").all():
        if not box.input_value():
            box.fill("I want to talk about sleep first.")
    person.press("Done: next")


def take_register(tutor, series: str, number: int, marks: dict[str, str]) -> None:
    tutor.open(f"{series}sessions/{number}/")
    for first_name, mark in marks.items():
        group = tutor.page.locator("fieldset", has_text=first_name)
        group.locator(f"input[value={mark}]").check()
    tutor.press("Save the register")


def test_the_whole_journey(site, person_of):
    amina, priya, ben, ruth = (
        person_of(site, name, viewport=viewport)
        for name, viewport in [("Amina", PHONE), ("Priya", None), ("Ben", PHONE), ("Ruth", None)]
    )
    everybody = [amina, priya, ben, ruth]

    # 1. A visitor reads, tries a lesson, signs up, and finds the lesson counted.
    amina.open("/")
    assert "Moving on Together" in amina.text() and "Working in Partnership" in amina.text()
    amina.open("/learn/")
    amina.open("/moving-on-together/")
    amina.follow("Try a lesson")
    tried = amina.page.url
    finish_lesson(amina)
    sign_up(amina, "Amina", "amina@people.example", "patient")
    amina.open("/moving-on-together/")
    assert "1 of 40 lessons" in amina.text()

    # Saying "professional" opens learning only.
    sign_up(priya, "Priya", "priya@people.example", "professional")
    priya.open("/working-in-partnership/")
    for closed in ("/people/", "/workshops/tutor/", "/workshops/coordinate/"):
        assert priya.page.request.get(closed).status == 404
    priya.open("/privacy/people/invite/")
    assert "Invite a professional you see" in priya.text()

    # The coordinator chooses a password, and gives roles, with the registration check where it is needed.
    ruth.open("/accounts/password/reset/")
    ruth.page.fill("input[name=email]", COORDINATOR)
    ruth.page.locator("main button[type=submit]").first.click()
    ruth.open(link_in(site.mail_to(COORDINATOR, "new password")))
    ruth.page.fill("input[name=password1]", PASSWORD)
    if ruth.page.locator("input[name=password2]").count():
        ruth.page.fill("input[name=password2]", PASSWORD)
    ruth.page.locator("main button[type=submit]").first.click()
    sign_in(ruth, COORDINATOR)
    assert "One more step to sign in" in ruth.text()
    set_up_app(ruth, PASSWORD)
    sign_up(ben, "Ben", "ben@people.example", "patient")
    give_role(ruth, "ben@people.example", "lay_tutor")
    find_person(ruth, "priya@people.example")
    ruth.page.select_option("select[name=kind]", "clinical_tutor")
    ruth.press("Give this role")
    assert "Write which professional register you looked at." in ruth.text()
    give_role(ruth, "priya@people.example", "clinical_tutor", checked=True)
    give_role(ruth, "priya@people.example", "professional", checked=True)
    for tutor in (ben, priya):
        tutor.open("/my/")
        set_up_app(tutor, PASSWORD)

    # 2. Both kinds learn, leave, and come back to the very place on another device.
    priya.open("/working-in-partnership/")
    priya.press("Start this course")
    amina.open("/my/")
    amina.page.locator("main .nhsuk-card a, main a.nhsuk-button, main .nhsuk-action-link a").first.click()
    amina.page.wait_for_load_state()
    amina.look()
    assert amina.page.url != tried
    textarea = amina.page.locator("main textarea").first
    if textarea.count():
        textarea.fill("My breathing on the stairs.")
    amina.press("Stop here and come back")
    tablet = person_of(site, "Amina's tablet", viewport={"width": 800, "height": 1000})
    everybody.append(tablet)
    sign_in(tablet, "amina@people.example")
    assert "/my/" in tablet.page.url
    tablet.page.locator("main .nhsuk-card a, main a.nhsuk-button, main .nhsuk-action-link a").first.click()
    tablet.page.wait_for_load_state()
    assert "/moving-on-together/living-with-a-condition/" in tablet.page.url
    if textarea.count():
        assert tablet.page.locator("main textarea").first.input_value() == "My breathing on the stairs."

    # 3. The lay tutor schedules; a team without both kinds is refused; it opens when the clinical tutor accepts.
    three = person_of(site, "Joe", viewport=PHONE)
    tom = person_of(site, "Tom")
    everybody += [three, tom]
    sign_up(three, "Joe", "joe@people.example", "patient")
    sign_up(tom, "Tom", "tom@people.example", "professional")
    schedule(
        ben, programme="Moving on Together", format_code="six-weeks", day=FIRST_DAY, partner="", places=1
    )
    assert "lay tutor and a clinical tutor" in ben.text()
    series = schedule(
        ben, programme="Moving on Together", format_code="six-weeks", day=FIRST_DAY, partner="Priya", places=1
    )
    public = series.replace("/tutor/", "/")
    assert amina.page.request.get(public).status == 404, "not open yet"
    site.mail_to("priya@people.example", "lead")
    priya.open("/workshops/tutor/")
    priya.press("Accept")
    partnership = schedule(
        ben,
        programme="Working in Partnership",
        format_code="three-half-days",
        day=FIRST_DAY + timedelta(days=1),
        partner="Priya",
        places=8,
    )
    priya.open(partnership)
    priya.press("Accept")

    # 4. Booking: full is full; a mail with a calendar file; the dashboard shows it.
    amina.open("/workshops/")
    amina.open(public)
    amina.press("Book my place")
    assert "You have a place" in amina.text()
    three.open(public)
    three.press("Join the waiting list")
    assert "1st" in three.text()
    mail = site.mail_to("amina@people.example", "place")
    (attached,) = list(mail.iter_attachments())
    assert attached.get_param("method") == "REQUEST"
    calendar = icalendar.Calendar.from_ical(attached.get_content())
    sessions = sorted(calendar.walk("VEVENT"), key=lambda event: event.start)
    assert [event.start.astimezone(LONDON) for event in sessions] == [
        at(FIRST_DAY + timedelta(weeks=week), 10) for week in range(6)
    ]
    assert all("Moving" not in str(event["SUMMARY"]) for event in sessions), "titles are neutral"
    tom.open(partnership.replace("/tutor/", "/"))
    tom.press("Book my place")
    amina.open("/my/")
    assert "12 January" in amina.text()
    assert tom.page.request.get(series).status == 404, "a learner sees no roster"

    # 5. Registers on a phone, session by session; then both confirm, and the rule of the format decides.
    last = FIRST_DAY + timedelta(weeks=5)
    ben.open(f"{series}sessions/1/")
    assert "You can mark the register from the start of the session." in ben.text()
    for week in range(6):
        site.set_clock(at(FIRST_DAY + timedelta(weeks=week), 12))
        take_register(ben, series, week + 1, {"Amina": "present" if week < 4 else "absent"})
    for number in range(1, 4):
        day = FIRST_DAY + timedelta(days=1, weeks=2 * (number - 1))
        site.set_clock(max(at(day, 15), at(last, 13)))
        take_register(ben, partnership, number, {"Tom": "present"})
    site.set_clock(at(last, 18))
    ben.open(series)
    ben.press("Yes, it took place as the register shows")
    assert amina.page.request.get("/certificates/").ok
    priya.open(series)
    priya.press("Yes, it took place as the register shows")

    # 6. The certificate: tagged, both tutors as equals, a code to check it by that gives nothing away.
    site.mail_to("amina@people.example", "certificate")
    amina.open("/certificates/")
    pdf_path = amina.page.locator("a[href$='.pdf']").first.get_attribute("href")
    pdf = amina.page.request.get(pdf_path).body()
    check_certificate(pdf)
    token = amina.page.locator("a[href*='/certificates/verify/']").first.get_attribute("href")
    stranger = person_of(site, "Somebody", viewport=PHONE)
    everybody.append(stranger)
    stranger.open(token.removeprefix(site.base))
    shown = stranger.page.locator("main").inner_text()
    assert "Riverside Clinic" in shown
    for word in ("Moving on Together", "Amina", "patient", "condition"):
        assert word not in shown
    for number in range(2):
        (ben if number else priya).open(partnership)
        (ben if number else priya).press("Yes, it took place as the register shows")
    tom.open("/certificates/")
    assert tom.page.locator("a[href$='.pdf']").count() == 1
    ben.open("/certificates/")
    assert ben.page.locator("a[href$='.pdf']").count() == 2, "one for each series he delivered"

    # 7. Patient and professional tie up, agree an agenda, plan, look back, and stop sharing.
    amina.open("/privacy/people/invite/")
    amina.page.fill("input[name=email]", "priya@people.example")
    amina.press("Send the invitation")
    site.mail_to("priya@people.example", "work with you")
    priya.open("/privacy/people/")
    priya.press("Accept")
    agenda = make_agenda(amina, priya, last + timedelta(days=7))
    plan = make_plan(amina, last)
    amina.open(plan + "share/")
    amina.page.get_by_label("Priya", exact=False).first.check()
    amina.press("Save")
    priya.open(plan)
    site.set_clock(at(last + timedelta(days=15), 10))
    amina.open(plan + "how-did-it-go/")
    amina.page.check("input[name=done][value=some]")
    amina.page.check("input[name=decision][value=continue]")
    amina.press("Save how it went")
    assert "some" in amina.text().lower()
    amina.open("/privacy/looked/")
    assert "Priya Field" in amina.text()
    amina.open("/privacy/people/")
    amina.page.locator("main a", has_text="Priya").first.click()
    while amina.page.get_by_role("button", name="Stop sharing").count():
        amina.press("Stop sharing")
    for shared in (agenda, plan):
        assert priya.page.request.get(shared).status == 404
        amina.open(shared)

    visited = sum(len(person.visited) for person in everybody)
    assert visited > 80
    assert [problem for person in everybody for problem in person.violations] == []
    assert {host for person in everybody for host in person.hosts} == {site.base.split("//")[1]}
    assert [line for person in everybody for line in person.console if "404" not in line] == []


def make_agenda(amina, priya, visit: date) -> str:
    amina.open("/coaching/agendas/new/")
    assert "Visit with Priya Field" in amina.text(), "the only person there is: straight on"
    amina.page.fill("textarea[name=what_matters]", "Playing with my grandson.")
    amina.page.fill("input[name=topic_1]", "Getting up the stairs")
    amina.page.fill("input[name=topic_2]", "My sleep")
    fill_day(amina, "visit_on", visit)
    amina.page.check("input[name=share]")
    amina.press("Put it on the table")
    agenda = amina.page.url.removeprefix(amina.site.base)
    priya.open(agenda)
    assert "Playing with my grandson." in priya.text()
    priya.press("Yes, let us talk about it")
    priya.follow("Later")
    fill_day(priya, "until", visit + timedelta(days=28))
    priya.page.locator("main button[type=submit]").first.click()
    priya.open(agenda)
    priya.follow("Add a topic")
    priya.page.fill("input[name=words]", "Your blood results")
    priya.page.locator("input[name=priority]").first.check()
    priya.page.locator("main button[type=submit]").first.click()
    amina.open(agenda)
    amina.press("Yes, let us talk about it")
    amina.press("I agree this list")
    priya.open(agenda)
    priya.press("I agree this list")
    assert "Agreed by both" in priya.text()
    return agenda


def make_plan(amina, today: date) -> str:
    amina.open("/coaching/plans/new/")
    for name, words in {
        "what": "walk to the shop",
        "how_much": "for 10 minutes",
        "when": "after breakfast",
        "how_often": "on Monday and Thursday",
    }.items():
        amina.page.fill(f"input[name={name}]", words)
    amina.page.check("input[name=confidence][value='5']")
    fill_day(amina, "starts_on", today + timedelta(days=1))
    fill_day(amina, "follow_up_on", today + timedelta(days=15))
    if amina.page.locator("input[name=share_with]").count():
        amina.page.locator("input[name=share_with]").first.check()
    amina.page.locator("main button[type=submit]").first.click()
    amina.page.wait_for_load_state()
    amina.look()
    assert "Below 7" in amina.text()
    amina.follow("Make it easier")
    amina.page.fill("input[name=how_much]", "for 5 minutes")
    amina.page.check("input[name=confidence][value='8']")
    amina.page.locator("main button[type=submit]").first.click()
    amina.page.wait_for_load_state()
    amina.look()
    assert "8 out of 10" in amina.text() and "5 out of 10" in amina.text()
    return amina.page.url.removeprefix(amina.site.base).split("?")[0]


def check_certificate(content: bytes) -> None:
    """The PDF is tagged and free of PDF/UA faults, reads in order, and names both tutors alike."""
    report = page_validation.validate_pdf_bytes(content, profile=page_validation.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
    words = subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    told = ["Amina Field", "Moving on Together", "Ben\n", "4 of"]
    places = [words.find(part) for part in told]
    assert -1 not in places and "Priya Field" in words, words
    assert places == sorted(places), words
