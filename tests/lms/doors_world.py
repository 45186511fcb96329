"""Two organisations whose people know things of each other; every personal field holds a word to look for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from coaching.models import FollowUp
from coaching.services import (
    agree_topic,
    leave_out_topic,
    make_it_easier,
    queue_reminders,
    record_follow_up,
    tell_other,
)
from coaching.services.plans import MOST, HowItWent
from courses.models import (
    Answer,
    Enrolment,
    GlossaryTerm,
    LessonPage,
    LessonPair,
    Pairing,
    PromptSeries,
    Team,
)
from courses.queries import curricula, outline_of
from courses.services import enrol, save_answer
from courses.services.keeping import keep_commitment, queue_prompts
from courses.services.signing import ask_for_review
from courses.services.skills import pick_skill, queue_skills
from courses.services.teams import join_team, offer_place
from lms.core import clock
from lms.notifications.models import Message
from lms.notifications.services import queue_message
from lms.people.models import Audience, Organisation, Role, User
from lms.people.services import give_consent, invite_carer, invite_on_paper, invite_to_tie, withdraw_consent
from lms.people.services.contact import change_contact
from lms.people.services.needs import record_needs
from lms.rights.services import ask_for_export, make_export
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.factories.carers import carer_for
from tests.factories.certificates import certificate_for
from tests.factories.coaching import agenda_for, plan_for, tie_between
from tests.factories.courses import (
    consultation_block,
    make_curriculum,
    make_lesson,
    make_module,
    reflection_block,
    rewrite_block,
    sheet_block,
)
from tests.factories.handbooks import make_handbook
from tests.factories.joining import code_for, list_of, team_of
from tests.factories.workshops import open_series, scheduled_series
from workshops.models import Series
from workshops.services.booking import book_place

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)

# The words of one patient, by what they are of. All begin alike, so that nothing else on a page is taken for one.
AGENDA = {"canary-matters", "canary-topic", "canary-reason"}
PLAN = {f"canary-{name.replace('_', '-')}" for name in MOST} | {
    "canary-sure",
    "canary-smaller",
    "canary-helped",
    "canary-got-in-way",
    "canary-learned",
}
NEEDS = {"canary-needs"}
LESSON = {"canary-reflection", "canary-rewritten"}
REACHED = {"canary-street", "canary-helps"}
UNSHARED = {"canary-withdrawn-topic", "canary-private-plan", "canary-withdrawn-plan"}
KEPT = {"canary-one-thing"}
WORDS = AGENDA | PLAN | NEEDS | LESSON | REACHED | UNSHARED | KEPT
LAST_NAME = "Canaryname"
# Who acts for the patient, and what they may do; the last began while they were allowed to, and may nothing any more.
ACTING = {
    "acts_on_visits": ("carer_visits",),
    "acts_on_workshops": ("carer_workshops",),
    "acted_until_withdrawn": ("carer_visits", "carer_workshops"),
}


@dataclass
class World:
    """People by role; the public ids, numbers and slugs that addresses are made of, by name."""

    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)


def build() -> World:
    """Everything through the services, as it really comes about. The clock stands at MONDAY."""
    clock.set_now(MONDAY)
    world = World()
    here, there = OrganisationFactory(name="Riverside Clinic"), OrganisationFactory(name="Hilltop Clinic")
    _people(world, here, there)
    _courses(world)
    _reviews(world, here)
    _joining(world, here, there)
    _coaching(world)
    _carers(world)
    _workshops(world, here, there)
    _others(world, here, there)
    _reached(world, here, there)
    _keeping(world, here)
    return world


def _people(world: World, here: Organisation, there: Organisation) -> None:
    def person(name: str, audience: str, *roles: tuple[str, Organisation], **more) -> None:
        world.people[name] = UserFactory(first_name=name.replace("_", " ").title(), audience=audience, **more)
        for kind, organisation in roles:
            RoleFactory(person=world.people[name], kind=kind, organisation=organisation)

    lay, clinical, professional = Role.Kind.LAY_TUTOR, Role.Kind.CLINICAL_TUTOR, Role.Kind.PROFESSIONAL
    person("patient", Audience.PATIENT, last_name=LAST_NAME, email="canary-address@example.org")
    person("outsider", Audience.PATIENT)
    person("professional", Audience.PROFESSIONAL, (professional, here))
    person("no_longer_trusted", Audience.PROFESSIONAL, (professional, here))
    person("lay_tutor", Audience.PATIENT, (lay, here))
    person("clinical_tutor", Audience.PROFESSIONAL, (clinical, here))
    person("coordinator", Audience.PROFESSIONAL, (Role.Kind.COORDINATOR, here))
    person("other_patient", Audience.PATIENT)
    person("other_professional", Audience.PROFESSIONAL, (professional, there))
    person("other_tutor", Audience.PATIENT, (lay, there))
    person("other_clinical_tutor", Audience.PROFESSIONAL, (clinical, there))
    person("other_coordinator", Audience.PROFESSIONAL, (Role.Kind.COORDINATOR, there))
    person("author", Audience.PROFESSIONAL, (Role.Kind.AUTHOR, here))
    person("administrator", Audience.PROFESSIONAL, (Role.Kind.ADMINISTRATOR, here))
    person("lay_reviewer", Audience.PATIENT, (Role.Kind.LAY_REVIEWER, here))
    person("clinical_reviewer", Audience.PROFESSIONAL, (Role.Kind.CLINICAL_REVIEWER, here))
    for name in ("carer", *ACTING):
        person(name, Audience.PATIENT)


def _courses(world: World) -> None:
    patients = make_curriculum(audience=Audience.PATIENT, slug="theirs", title="Theirs")
    professionals = make_curriculum(audience=Audience.PROFESSIONAL, slug="ours", title="Ours")
    module = make_module(patients, slug="preparing", shared_moment="You hand over topics.")
    other = make_module(professionals, slug="agreeing", shared_moment="You add your own.")
    prompt = reflection_block()
    sentence, talk, closed_talk = rewrite_block(), consultation_block(), consultation_block()
    sheet, closed_sheet = sheet_block(), sheet_block()
    lesson = make_lesson(module, prompt, sentence, closed_talk, closed_sheet, slug="list", title="Your list")
    tried = make_lesson(module, talk, sheet, slug="try", title="Try", open_to_visitors=True)
    pairing = Pairing.objects.create(
        number=1, moment="The first two minutes", patient_module=module, professional_module=other
    )
    world.things["pairing"] = str(pairing.pk)
    world.things["patients_course"] = str(patients.pk)
    adapted = make_curriculum(slug="adapted", title="Adapted", adapted_from=patients)
    world.things["adapted_course"] = str(adapted.pk)
    LessonPair.objects.create(
        pairing=pairing,
        patient_lesson=lesson,
        professional_lesson=make_lesson(other, slug="ask"),
        moment="List",
    )
    patient = world.people["patient"]
    enrol(learner=patient, curriculum=patients)
    save_answer(learner=patient, lesson=lesson, block_id=prompt["id"], value={"text": "canary-reflection"})
    save_answer(learner=patient, lesson=lesson, block_id=sentence["id"], value={"text": "canary-rewritten"})
    rehearsed = {"answer": {"what": "canary-what", "when": "canary-when"}}
    answer = Answer.objects.create(
        enrolment=Answer.objects.first().enrolment,
        lesson_key=lesson.translation_key,
        block_id="rehearsal",
        kind=Answer.Kind.PRACTICE,
        value=rehearsed,
    )
    make_handbook(slug="workbook", title="Workbook")
    make_handbook(slug="manual", title="Manual", readers="tutors")
    world.things |= {
        "workbook": "workbook",
        "manual": "manual",
        "answer": str(answer.pk),
        "theirs": "theirs",
        "preparing": "preparing",
        "list": "list",
        "try": "try",
        "talk": talk["id"],
        "closed_talk": closed_talk["id"],
        "sheet": sheet["id"],
        "closed_sheet": closed_sheet["id"],
        "number_of_try": tried.pk,
        "no_lesson": module.pk,
        "agreeing": "agreeing",
        "ask": "ask",
    }


def _reviews(world: World, here: Organisation) -> None:
    """A lesson that both reviewers were asked about; and one who was asked, and holds the role no more."""
    lesson = LessonPage.objects.get(slug="try")
    former = UserFactory()
    role = RoleFactory(person=former, kind=Role.Kind.LAY_REVIEWER, organisation=here)
    asked = [world.people["lay_reviewer"], world.people["clinical_reviewer"], former]
    review = ask_for_review(lesson=lesson, asked_by=world.people["author"], reviewers=asked)
    Role.objects.filter(pk=role.pk).update(ends_on=clock.today())
    lived, clinical, ended = review.seats.order_by("pk")
    world.things |= {
        "lived_seat": lived.public_id,
        "clinical_seat": clinical.public_id,
        "ended_seat": ended.public_id,
        "reviewed_lesson": lesson.pk,
    }


def _coaching(world: World) -> None:
    """One tie over which all is shared, one over which nothing is any more, and one of two other people."""
    patient, professional = world.people["patient"], world.people["professional"]
    tie = tie_between(patient, professional)
    agenda = agenda_for(
        tie, topics=("canary-topic", "Sleep"), what_matters="canary-matters", visit_at=time(9)
    )
    topic, sleep = agenda.items.all()
    agree_topic(item=topic, by=professional)
    leave_out_topic(item=sleep, by=professional, reason="canary-reason")
    tell_other(agenda=agenda, by=patient)
    words = {name: f"canary-{name.replace('_', '-')}" for name in MOST}
    plan = plan_for(patient, tie=tie, follow_up_in=0, **words)
    make_it_easier(
        plan=plan,
        by=patient,
        words={"where_with": "canary-smaller"},
        confidence=5,
        confidence_words="canary-sure",
    )
    queue_reminders()
    record_follow_up(
        plan=plan,
        by=patient,
        went=HowItWent(
            FollowUp.Done.SOME,
            FollowUp.Decision.CONTINUE,
            helped="canary-helped",
            got_in_way="canary-got-in-way",
            learned="canary-learned",
            next_on=clock.today() + timedelta(days=7),
        ),
    )
    private = plan_for(patient, what="canary-private-plan")

    ended = tie_between(patient, world.people["no_longer_trusted"])
    withdrawn = agenda_for(ended, topics=("canary-withdrawn-topic",))
    withdrawn_plan = plan_for(patient, tie=ended, what="canary-withdrawn-plan")
    for what in ("agenda", "plan"):
        withdraw_consent(tie=ended, person=patient, what=what)

    others = tie_between(world.people["other_patient"], world.people["other_professional"])
    others_agenda = agenda_for(others)
    world.things |= {
        "tie": tie.public_id,
        "withdrawn_tie": ended.public_id,
        "others_tie": others.public_id,
        "agenda": agenda.public_id,
        "topic": topic.pk,
        "withdrawn_agenda": withdrawn.public_id,
        "withdrawn_topic": withdrawn.items.get().pk,
        "others_agenda": others_agenda.public_id,
        "others_topic": others_agenda.items.get().pk,
        "plan": plan.public_id,
        "private_plan": private.public_id,
        "withdrawn_plan": withdrawn_plan.public_id,
        "others_plan": plan_for(world.people["other_patient"], tie=others).public_id,
        "invitation": invite_to_tie(
            inviter=world.people["outsider"], email=professional.email, as_professional=False
        ).public_id,
    }


def _carers(world: World) -> None:
    """The lay tutor may act for the outsider, who has asked the patient too; four others for the patient; and two other people."""
    outsider, patient = world.people["outsider"], world.people["patient"]
    scopes = ("carer_workshops", "carer_visits")
    world.things["patients_carer_tie"] = carer_for(patient, world.people["carer"], scopes=scopes).public_id
    for name, may in ACTING.items():
        tie = carer_for(patient, world.people[name], scopes=may)
        world.things[name] = tie.public_id
        for what in may if name == "acted_until_withdrawn" else ():
            withdraw_consent(carer_tie=tie, person=patient, what=what)
    others = carer_for(world.people["other_patient"], world.people["other_professional"], scopes=scopes)
    world.things |= {
        "carer_tie": carer_for(outsider, world.people["lay_tutor"], scopes=scopes).public_id,
        "carer_invitation": invite_carer(person=outsider, invited_as=patient.email).public_id,
        "others_carer_tie": others.public_id,
    }


def _workshops(world: World, here: Organisation, there: Organisation) -> None:
    team = {
        "lay": world.people["lay_tutor"],
        "clinical": world.people["clinical_tutor"],
        "organisation": here,
    }
    series = open_series(**team)
    book_place(series=series, person=world.people["patient"], needs="canary-needs")
    closed = open_series(**team, start="2027-02-02T15:00")
    book_place(series=closed, person=world.people["patient"], needs="canary-needs")
    Series.objects.filter(pk=closed.pk).update(state=Series.State.CLOSED)
    theirs = {"lay": world.people["other_tutor"], "clinical": world.people["other_clinical_tutor"]}
    others = open_series(**theirs, organisation=there)
    book_place(series=others, person=world.people["other_patient"])
    world.things |= {
        "series": series.public_id,
        "closed_series": closed.public_id,
        "waiting_series": scheduled_series(**team, start="2027-02-03T10:00").public_id,
        "others_series": others.public_id,
        "1": "1",
        "99": "99",
    }


def _others(world: World, here: Organisation, there: Organisation) -> None:
    for name, organisation in (("without_email", here), ("without_email_elsewhere", there)):
        person = UserFactory(first_name="Nell", email="", username=name.replace("_", "-"), confirmed=False)
        RoleFactory(person=person, kind=Role.Kind.PATIENT, organisation=organisation)
        world.things[name] = person.public_id
    copy = ask_for_export(person=world.people["patient"])
    make_export(export=copy)
    world.things["copy"] = copy.public_id
    certificate = certificate_for(world.people["patient"], here)
    role = Role.objects.get(person=world.people["other_tutor"])
    world.things |= {
        "certificate": certificate.public_id,
        "others_certificate": certificate_for(world.people["other_patient"], there).public_id,
        "token": certificate.token,
        "no_token": "x" * 32,
        "no_translation": 987654,
        "no_material": UUID(int=7),
        "explained_word": GlossaryTerm.objects.create(term="Baseline", explanation="Where you start.").pk,
        "no_provider": "nowhere",
        "about_patient": world.people["patient"].public_id,
        "about_other_tutor": world.people["other_tutor"].public_id,
        "role_elsewhere": role.pk,
        "organisation": here.public_id,
        "other_organisation": there.public_id,
        "printed": invite_on_paper(
            first_name="Ada",
            last_name="Quill",
            audience=Audience.PATIENT,
            organisation=here,
            made_by=world.people["coordinator"],
        )[0].public_id,
    }


def _reached(world: World, here: Organisation, there: Organisation) -> None:
    """Somebody who gets letters, and lets their coordinators know what helps; and one of the other organisation."""
    for name, organisation, words in (("reached", here, "canary"), ("other_reached", there, "other")):
        person = UserFactory(first_name="Reached")
        RoleFactory(person=person, kind="patient", organisation=organisation)
        change_contact(person=person, by=person, way="letter", address=f"{words}-street")
        record_needs(person=person, by=person, words=f"{words}-helps")
        give_consent(person=person, what="needs_with_coordinators")
        letter = queue_message(template="agenda_agreed", to=person, context={"url": "https://x.example/"})
        world.things |= {f"about_{name}": person.public_id, f"letter_to_{name}": letter.public_id}
    mail = queue_message(template="agenda_agreed", to=world.people["coordinator"], context={})
    world.things["mail"] = mail.public_id


def _keeping(world: World, here: Organisation) -> None:
    """The patient's one thing and reminders, another's reminders, two learners whom coordinators see, and a team with a skill."""
    course, patient = curricula().get(slug="theirs"), world.people["patient"]
    keep_commitment(learner=patient, words="canary-one-thing")
    for name in ("about_reached", "about_other_reached"):
        enrol(learner=User.objects.get(public_id=world.things[name]), curriculum=course)
    key = course.translation_key
    enrol(learner=world.people["other_patient"], curriculum=course)
    for name, person in (("reminders", "patient"), ("others_reminders", "other_patient")):
        enrolment = Enrolment.objects.get(learner=world.people[person], curriculum_key=key)
        series = PromptSeries.objects.create(enrolment=enrolment)
        world.things[name] = series.public_id
        later = clock.now() + timedelta(days=7)
        clock.set_now(later)
        queue_prompts()
        clock.set_now(MONDAY)
        sent = Message.objects.filter(template="look_back", to=world.people[person]).get()
        world.things.setdefault(
            "stop_key", sent.text.partition("/learn/reminders/")[2].partition("/stop/")[0]
        )
    lead = world.people["lay_tutor"]
    team = Team.objects.create(name="Practice", organisation=here, curriculum_key=key, lead=lead)
    join_team(team=team, person=lead)
    pick_skill(team=team, lesson=outline_of(course).lessons[0], by=lead)
    queue_skills()
    world.things["skilled_team"] = team.public_id


def _joining(world: World, here: Organisation, there: Organisation) -> None:
    """A team, a code, a list of each organisation; and a place in the team offered to the patient, one to somebody else."""
    course = curricula().get(slug="ours")
    lead, member = world.people["professional"], world.people["lay_tutor"]
    ours, theirs = world.people["coordinator"], world.people["other_coordinator"]
    team = team_of(course, here, ours, member, lead=lead)
    others = team_of(course, there, theirs, lead=world.people["other_professional"])
    offers = {
        "offer": offer_place(team=team, email=world.people["patient"].email, offered_by=lead),
        "others_offer": offer_place(team=team, email="nobody@example.org", offered_by=lead),
    }
    world.things |= {name: offer.public_id for name, offer in offers.items()} | {
        "team": team.public_id,
        "others_team": others.public_id,
        "code": code_for(course, here, ours)[0].public_id,
        "others_code": code_for(course, there, theirs)[0].public_id,
        "sent_list": list_of(course, here, ours, "email\nnobody@example.org\n").public_id,
        "others_list": list_of(course, there, theirs, "email\nnobody@example.org\n").public_id,
    }
