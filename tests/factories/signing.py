"""Reviewers, and lessons that they sign through the services, as it really comes about."""

from courses.models import LessonPage, Review
from courses.services.signing import ask_for_review, sign_lesson
from lms.people.models import Audience, Organisation, Role, User
from lms.people.services import sync_cms_groups
from tests.factories.people import OrganisationFactory, RoleFactory, UserFactory


class Desk:
    """An author and two reviewers of one organisation."""

    def __init__(self, organisation: Organisation | None = None) -> None:
        self.organisation = organisation or OrganisationFactory()
        self.author = self.with_role("Kit", Role.Kind.AUTHOR, Audience.PROFESSIONAL)
        self.lived = self.with_role("Dev", Role.Kind.LAY_REVIEWER, Audience.PATIENT)
        self.clinical = self.with_role("Ines", Role.Kind.CLINICAL_REVIEWER, Audience.PROFESSIONAL)

    def with_role(self, name: str, kind: str, audience: str) -> User:
        person = UserFactory(first_name=name, audience=audience)
        RoleFactory(person=person, kind=kind, organisation=self.organisation)
        sync_cms_groups(person=person)
        return person

    def ask(self, lesson: LessonPage, **options) -> Review:
        return ask_for_review(
            lesson=lesson, asked_by=self.author, reviewers=[self.lived, self.clinical], **options
        )

    def sign(self, review: Review, *people: User, **options) -> None:
        for person in people or (self.lived, self.clinical):
            sign_lesson(seat=review.seats.get(reviewer=person), by=person, **options)

    def signed(self, lesson: LessonPage) -> LessonPage:
        """The lesson, with both signatures on its latest words."""
        self.sign(self.ask(lesson))
        lesson.refresh_from_db()
        return lesson
