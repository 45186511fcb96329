"""The front page and the site's record of where it lives."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from lms.home.models import HomePage

PORTS = {"http": 80, "https": 443}


@transaction.atomic
def ensure_home_page() -> HomePage:
    """The site's front page, made and published if there is none; the site's record says settings.SITE_URL.

    Takes Wagtail's own "Welcome" page away. Doing it twice changes nothing.
    """
    locale = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)[0]
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        root = Page.objects.get(depth=1)
        for welcome in root.get_children().filter(slug="home"):
            if type(welcome.specific) is Page:
                welcome.delete()
        root.refresh_from_db()
        home = HomePage(
            title=settings.SITE_NAME,
            slug="home",
            locale=locale,
            why_both=_(
                "A visit is made by two people. So there are two courses, and they meet: for each moment of a visit, "
                "one course has your side and the other has theirs."
            ),
        )
        root.add_child(instance=home)
        home.save_revision().publish()
    _record_site(home)
    return home


def _record_site(home: HomePage) -> None:
    address = urlsplit(settings.SITE_URL)
    wanted = {
        "hostname": address.hostname or "localhost",
        "port": address.port or PORTS.get(address.scheme, 80),
        "site_name": settings.SITE_NAME,
        "root_page_id": home.pk,
    }
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()
