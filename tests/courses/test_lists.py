"""Lists of people to put on a course: looked at whole, worked line by line, and safe to send and to kill at any moment."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from courses import list_jobs
from courses.interfaces.address_lists import MOST_BYTES, MOST_LINES, read_address_list
from courses.models import Enrolment, EnrolmentList, ListRow, Offer
from courses.queries.enrolling import offers_to, outcomes_of
from courses.services import enrol, leave
from courses.services import lists as services
from courses.services.lists import work_list
from courses.services.offers import decline_offer
from lms.audit.models import Entry
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.notifications.models import Message
from lms.people.models import Role, User
from lms.rights.models import Export
from lms.rights.services.retention import due_now, run_retention
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.courses import make_curriculum
from tests.factories.joining import list_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make_curriculum(title="Moving on", slug="moving", lessons=1)


@pytest.fixture
def ours(cast) -> User:
    """A patient of the organisation."""
    person = UserFactory(email="amina@example.org")
    RoleFactory(person=person, kind=Role.Kind.PATIENT, organisation=cast.organisation)
    return person


def worked(course, cast, text: str) -> EnrolmentList:
    sent = list_of(course, cast.organisation, cast.coordinator, text)
    assert work_list(sent=sent)
    return sent


def outcomes(sent: EnrolmentList) -> list[tuple[int, str, str]]:
    return list(sent.rows.values_list("number", "outcome", "reason"))


def upload(browser, content: bytes, name: str = "people.csv", **more):
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    file._name = name
    return browser.post("/learn/lists/", {"course": "moving", "file": file, **more})


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("email\na@example.org\n", [(2, "a@example.org", "")]),
        ("\ufeffEmail,Course\r\nA@Example.org,Moving on\r\n", [(2, "a@example.org", "Moving on")]),
        ("name;E-mail;course\nAnn; a@example.org ;\n\n;;\nBo;b@example.org", [
            (2, "a@example.org", ""), (5, "b@example.org", "")]),
        ('email,name\n"a@example.org","Last, First"\n', [(2, "a@example.org", "")]),
        ("email,course\na@example.org\n", [(2, "a@example.org", "")]),
    ],
)  # fmt: skip
def test_files_as_spreadsheets_write_them(text, read):
    assert [(line.number, line.email, line.course) for line in read_address_list(text.encode())] == read


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"email\n", "nobody in this file"),
        (b"name\nAnn\n", "called “email”"),
        ("email\nänn@example.org".encode("utf-16"), "CSV UTF-8"),
        ("email\nänn@example.org".encode("latin-1"), "CSV UTF-8"),
        (b"email\n\x00\n", "CSV UTF-8"),
        (b"PK\x03\x04\xff\xfe", "CSV UTF-8"),
        (b'email\n"a@example.org\n', "quotation marks"),
        (b"email\n" + b"x" * 1001, "Line 2 has a cell that is too long"),
        (b"email\n" + b"a@example.org\n" * (MOST_LINES + 2), "2 lines too many"),
        (b"email\n" + b"x" * MOST_BYTES, "too big"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, words):
    with pytest.raises(RuleBroken, match=words):
        read_address_list(content)


def test_the_largest_file_is_read():
    lines = "email\n" + "".join(f"person{number}@example.org\n" for number in range(MOST_LINES))

    assert len(read_address_list(lines.encode())) == MOST_LINES


def test_what_is_wrong_stands_beside_the_box_and_nothing_is_kept(course, cast, signed_in):
    browser = signed_in(cast.coordinator)

    pages = [
        upload(browser, b"name\nAnn\n").text,
        upload(browser, b"email\na@example.org\n", name="people.xlsx").text,
        browser.post("/learn/lists/", {"course": "moving"}).text,
    ]

    assert "The first line has to name the columns" in pages[0]
    assert "Save your table as" in pages[1]
    assert "Choose a file." in pages[2]
    assert all('id="id_file_error"' in page for page in pages)
    assert not EnrolmentList.objects.exists()


def test_only_a_coordinator_of_the_organisation_sends_a_list(course, cast):
    for person, organisation in (
        (cast.professional, cast.organisation),
        (cast.coordinator, OrganisationFactory()),
    ):
        with pytest.raises(RuleBroken, match="Only a coordinator"):
            list_of(course, organisation, person, "email\na@example.org\n")


# ---------------------------------------------------------------- the work


def test_each_line_comes_to_what_it_should(course, cast, ours):
    other = make_curriculum(title="Working", slug="working-course")
    stranger = UserFactory(email="olu@example.org")
    enrol(learner=cast.professional, curriculum=course)

    sent = worked(
        course,
        cast,
        "email,course\n"
        "amina@example.org,\n"
        f"{cast.professional.email},moving on\n"
        "olu@example.org,\n"
        "new@example.org,WORKING\n"
        "not an address,\n"
        "AMINA@example.org,\n"
        "amina@example.org,working-course\n"
        "amina@example.org,Cooking\n",
    )

    assert outcomes(sent) == [
        (2, "enrolled", ""),
        (3, "already", ""),
        (4, "invited", ""),
        (5, "invited", ""),
        (6, "refused", "no_address"),
        (7, "refused", "twice"),
        (8, "enrolled", ""),
        (9, "refused", "no_course"),
    ]
    assert sorted(Enrolment.objects.filter(learner=ours).values_list("how", "curriculum_key")) == sorted(
        [("list", course.translation_key), ("list", other.translation_key)]
    )
    assert not Enrolment.objects.filter(learner=stranger).exists()
    sent_to = Message.objects.values_list("template", "address").order_by("template", "address")
    assert list(sent_to) == [
        ("course_given", "amina@example.org"),
        ("course_given", "amina@example.org"),
        ("course_offer", "new@example.org"),
        ("course_offer", "olu@example.org"),
    ]
    act = Entry.objects.filter(act="enrolled", subject=ours).first()
    assert act.actor == cast.coordinator


def test_sending_the_same_file_again_changes_nothing(course, cast, ours):
    text = "email\namina@example.org\nnew@example.org\n"
    worked(course, cast, text)
    before = (Enrolment.objects.count(), Offer.objects.count(), Message.objects.count())

    again = worked(course, cast, text)

    assert outcomes(again) == [(2, "already", ""), (3, "invited_before", "")]
    assert (Enrolment.objects.count(), Offer.objects.count(), Message.objects.count()) == before


def test_a_list_brings_nobody_back_who_left_or_said_no(course, cast, ours):
    enrol(learner=ours, curriculum=course)
    leave(learner=ours, curriculum=course)
    stranger = UserFactory(email="olu@example.org")
    worked(course, cast, "email\nolu@example.org\n")
    decline_offer(offer=offers_to(stranger).get(), person=stranger)
    Message.objects.all().delete()

    sent = worked(course, cast, "email\namina@example.org\nolu@example.org\n")

    assert outcomes(sent) == [(2, "already", ""), (3, "invited_before", "")]
    assert Enrolment.objects.get(learner=ours).left_at is not None
    assert not Message.objects.exists()


def test_a_report_does_not_tell_who_has_an_account(course, cast):
    """Somebody elsewhere who is on the course already, somebody elsewhere who is not, and an address of nobody."""
    enrol(learner=UserFactory(email="on@example.org"), curriculum=course)
    UserFactory(email="off@example.org")
    text = "email\non@example.org\noff@example.org\nnobody@example.org\n"

    first, second = worked(course, cast, text), worked(course, cast, text)

    assert {outcome for _number, outcome, _why in outcomes(first)} == {"invited"}
    assert {outcome for _number, outcome, _why in outcomes(second)} == {"invited_before"}
    addresses = Message.objects.values_list("address", flat=True)
    assert sorted(addresses) == ["nobody@example.org", "off@example.org"]  # no mail about what one has


def test_a_job_that_dies_goes_on_where_it_was(course, cast, monkeypatch):
    sent = list_of(
        course,
        cast.organisation,
        cast.coordinator,
        "email\n" + "".join(f"p{n}@example.org\n" for n in range(6)),
    )
    real, calls = services.queue_message, []

    def dies(**kwargs):
        real(**kwargs)
        calls.append(kwargs)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(services, "queue_message", dies)
    with pytest.raises(KeyboardInterrupt):
        list_jobs.work(sent.pk)
    assert outcomes_of(sent) == {"invited": 2, "waiting": 4}
    assert Message.objects.count() == Offer.objects.count() == 2  # the third was taken back whole

    assert list_jobs.work(sent.pk)
    assert outcomes_of(sent) == {"invited": 6}
    assert Message.objects.count() == Offer.objects.count() == 6
    sent.refresh_from_db()
    assert sent.finished_at is not None


def test_a_long_list_is_worked_in_parts_and_two_jobs_do_nothing_twice(course, cast):
    sent = list_of(
        course,
        cast.organisation,
        cast.coordinator,
        "email\n" + "".join(f"p{n}@example.org\n" for n in range(5)),
    )
    steps = iter([False, False, True])

    assert not work_list(sent=sent, enough=lambda: next(steps))
    assert outcomes_of(sent) == {"invited": 2, "waiting": 3}
    for _ in range(2):
        assert work_list(sent=sent)

    assert outcomes_of(sent) == {"invited": 5}
    assert Message.objects.count() == 5


def test_the_sweep_takes_up_lists_whose_job_died(course, cast, at):
    list_of(course, cast.organisation, cast.coordinator, "email\na@example.org\n")
    OrmQ.objects.all().delete()
    assert list_jobs.sweep() == 0  # too young to be late

    at(clock.now() + timedelta(minutes=3))

    assert list_jobs.sweep() == 1


def test_a_line_costs_the_same_in_a_long_list(course, cast, django_assert_max_num_queries):
    def cost(lines: int) -> int:
        text = "email\n" + "".join(f"q{lines}-{n}@example.org\n" for n in range(lines))
        sent = list_of(course, cast.organisation, cast.coordinator, text)
        with django_assert_max_num_queries(10_000) as counted:
            work_list(sent=sent)
        return len(counted)

    three, six, nine = cost(3), cost(6), cost(9)

    assert nine - six == six - three


# ---------------------------------------------------------------- who had no account


def test_a_new_account_with_the_address_finds_the_course(course, cast):
    worked(course, cast, "email\nnew@example.org\n")
    person = UserFactory(email="new@example.org", confirmed=False)
    address = EmailAddress.objects.create(user=person, email="new@example.org", verified=True, primary=True)

    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    email_confirmed.send(sender=EmailAddress, request=None, email_address=address)

    assert Enrolment.objects.get(learner=person).how == "list"
    offer = Offer.objects.get()
    assert (offer.accepted_by, offer.accepted_at is not None) == (person, True)


def test_an_address_that_is_not_confirmed_takes_up_nothing(course, cast):
    worked(course, cast, "email\nnew@example.org\n")
    person = UserFactory(email="other@example.org")

    email_confirmed.send(
        sender=EmailAddress, request=None, email_address=EmailAddress.objects.get(user=person)
    )

    assert not Enrolment.objects.exists()


# ---------------------------------------------------------------- the pages


def test_sending_a_file_and_reading_the_report(course, cast, ours, signed_in):
    browser = signed_in(cast.coordinator)
    sent_to = upload(browser, b"email\namina@example.org\nnew@example.org\nnobody\n").url
    sent = EnrolmentList.objects.get()

    assert sent_to == f"/learn/lists/{sent.public_id}/"
    assert "1 of 3 lines" in browser.get(sent_to).text
    work_list(sent=sent)
    page = browser.get(sent_to).text
    assert "3 of 3 lines" in page and "Put on the course: 1" in page and "Left out: 1" in page
    only = browser.get(f"{sent_to}?show=refused").text
    assert "This is no email address." in only and "new@example.org" not in only
    assert "Done" in browser.get("/learn/lists/").text


def test_the_report_as_a_file_has_no_formula_in_it(course, cast, signed_in):
    sent = worked(course, cast, "email\n=cmd|calc!A1\n+49@example.org\n")

    answer = signed_in(cast.coordinator).get(f"/learn/lists/{sent.public_id}/report.csv")

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [["2", "'=cmd|calc!a1"], ["3", "'+49@example.org"]]
    assert rows[1][3:] == ["Left out", "This is no email address. Write it like name@example.com."]


def test_another_file_under_the_same_key_is_another_list(course, cast, signed_in):
    browser, once = signed_in(cast.coordinator), "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

    for content in (b"email\na@example.org\n", b"email\na@example.org\n", b"email\nb@example.org\n"):
        upload(browser, content, once=once)

    assert EnrolmentList.objects.count() == 2
    assert sorted(ListRow.objects.values_list("email", flat=True)) == ["a@example.org", "b@example.org"]


def test_a_list_of_another_organisation_is_not_there(course, cast, signed_in):
    sent = worked(course, cast, "email\na@example.org\n")
    other = UserFactory()
    RoleFactory(person=other, kind=Role.Kind.COORDINATOR)

    for path in (f"/learn/lists/{sent.public_id}/", f"/learn/lists/{sent.public_id}/report.csv"):
        assert signed_in(other).get(path).status_code == 404
        assert signed_in(cast.professional).get(path).status_code == 404
        assert signed_in(cast.coordinator).get(path).status_code == 200  # the control


def test_a_long_report_costs_no_more_queries(course, cast, signed_in, django_assert_max_num_queries):
    browser = signed_in(cast.coordinator)
    short = worked(course, cast, "email\na@example.org\n")
    long = worked(course, cast, "email\n" + "".join(f"p{n}@example.org\n" for n in range(60)))

    browser.get(f"/learn/lists/{short.public_id}/")
    with django_assert_max_num_queries(50) as one:
        browser.get(f"/learn/lists/{short.public_id}/")
    with django_assert_max_num_queries(len(one)):
        page = browser.get(f"/learn/lists/{long.public_id}/").text

    assert "Page 1 of 2" in page


# ---------------------------------------------------------------- what time does


def test_addresses_are_let_go_after_ninety_days_and_what_was_taken_up_stays(course, cast, at):
    worked(course, cast, "email\nnew@example.org\ntaken@example.org\n")
    person = UserFactory(email="taken@example.org")
    offers = Offer.objects.filter(email="taken@example.org")
    offers.update(accepted_by=person, accepted_at=clock.now())
    assert not [due for due in due_now() if due.rows.model in (Offer, ListRow) and due.rows.exists()]

    at(clock.now() + timedelta(days=91))
    run_retention()

    assert list(Offer.objects.values_list("email", flat=True)) == ["taken@example.org"]
    assert not ListRow.objects.exists()
    assert EnrolmentList.objects.count() == 1 and not Export.objects.exists()
