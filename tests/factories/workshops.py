"""Series for tests: built through the services, so that they are as real ones are."""

from datetime import datetime

from wagtail.models import Locale, Page

from courses.models import CurriculumPage
from lms.people.models import Audience, Organisation, User
from workshops.models import Series
from workshops.services.scheduling import Dates, Venue, schedule_series
from workshops.services.team import accept_invitation

HALL = Venue("Harbour Hall", "12 Harbour Street, Westport", "Step-free.")
TITLES = {Audience.PATIENT: "Moving on Together", Audience.PROFESSIONAL: "Working in Partnership"}


def curriculum_for(audience: str = Audience.PATIENT) -> CurriculumPage:
    """The curriculum of one audience; made where there is none."""
    found = CurriculumPage.objects.filter(audience=audience).first()
    if found is not None:
        return found
    locale, _made = Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locale)
    )
    title = TITLES[Audience(audience)]
    page = CurriculumPage(title=title, slug=f"{audience}-curriculum", audience=audience, locale=locale)
    return root.add_child(instance=page)


def dates(text: str = "2027-02-02T10:00", zone: str = "Europe/London") -> Dates:
    return Dates([datetime.fromisoformat(text)], zone)


def scheduled_series(
    *,
    lay: User,
    clinical: User,
    organisation: Organisation,
    audience: str = Audience.PATIENT,
    format: str = "",
    start: str = "2027-02-02T10:00",
    capacity: int = 12,
) -> Series:
    """A series that the lay tutor has scheduled and the clinical tutor has not answered."""
    format = format or ("seven-weeks" if audience == Audience.PATIENT else "three-half-days")
    return schedule_series(
        scheduled_by=lay,
        curriculum=curriculum_for(audience),
        format=format,
        organisation=organisation,
        dates=dates(start),
        venue=HALL,
        capacity=capacity,
        co_tutor=clinical,
    )


def open_series(*, lay: User, clinical: User, organisation: Organisation, **plan) -> Series:
    """A series that both tutors have agreed to."""
    series = scheduled_series(lay=lay, clinical=clinical, organisation=organisation, **plan)
    accept_invitation(series=series, person=clinical)
    return Series.objects.get(pk=series.pk)
