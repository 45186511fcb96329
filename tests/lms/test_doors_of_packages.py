"""Who gets through the doors that come with packages: Wagtail's CMS, allauth's pages, and whatever else has an address.

`test_doors.py` names each address of ours. Here every other address of the site is found in the URLconf and tried as each role. An
address that belongs to no family fails, and so does a line that belongs to no address. Nobody, whatever they may edit, reads a
patient's words here: the CMS has none.
"""

import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from wagtail.models import Page

from lms.people.models import Organisation, Role
from tests.factories import RoleFactory
from tests.lms import doors_world
from tests.lms.doors_world import LAST_NAME, WORDS, World
from tests.lms.test_doors import browsers

VISITOR = "visitor"
WITHOUT_CMS = ("patient", "professional", "lay_tutor", "coordinator")
WITH_CMS = ("author", "administrator")
ADDRESS = "canary-address"


@dataclass(frozen=True)
class Family:
    """Addresses that begin alike, and for whom of those without the CMS a page of them opens (answers 200)."""

    begins: str
    opens_for: frozenset[str] = frozenset()


EVERYBODY = frozenset({VISITOR, *WITHOUT_CMS})
SIGNED_IN = frozenset(WITHOUT_CMS)

# The first that fits counts.
FAMILIES = [
    # Translations of the CMS's own scripts, and its icons: the same for all, and about nobody.
    Family("cms/jsi18n/", EVERYBODY),
    Family("cms/sprite/", EVERYBODY),
    Family("cms/"),
    Family("_util/"),
    Family("django-admin/jsi18n/", EVERYBODY),
    Family("django-admin/"),
    Family("documents/"),
    Family("i18n/"),
    Family("accounts/login/", EVERYBODY),
    Family("accounts/logout/", SIGNED_IN),
    Family("accounts/confirm-email/", EVERYBODY),
    Family("accounts/inactive/", EVERYBODY),
    Family("accounts/password/reset/", EVERYBODY),
    Family("accounts/password/", SIGNED_IN),
    Family("accounts/2fa/authenticate/"),
    Family("accounts/2fa/", SIGNED_IN),
    Family("accounts/sessions/", SIGNED_IN),
    Family("accounts/3rdparty/", EVERYBODY),
    Family("accounts/social/", EVERYBODY),
    Family("accounts/", EVERYBODY),
    Family(r"^((?:[\w\-]+/)*)$", EVERYBODY),
]


@dataclass(frozen=True)
class Door:
    route: str
    path: str
    family: Family | None


def routes(patterns=None, prefix: str = "", namespaces: tuple = ()) -> Iterator[tuple[str, list]]:
    """Every address whose view declares no policy of ours, with the parts of its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        parts = [*namespaces, entry.pattern]
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern), tuple(parts))
        elif isinstance(entry, URLPattern) and not hasattr(entry.callback, "policy"):
            yield prefix + str(entry.pattern), parts


def filled(parts: list, values: dict[str, object]) -> str:
    """An address for the pattern, made of things that are there where we have them."""
    path = ""
    for part in parts:
        if hasattr(part, "_route"):
            path += re.sub(
                r"<(?:(\w+):)?(\w+)>", lambda found: value(found[2], found[1] or "str", values), str(part)
            )
        elif hasattr(part, "regex"):
            form, names = normalize(part.regex.pattern)[0]
            path += form % {
                name: value(name, "int" if name.endswith("id") else "str", values) for name in names
            }
        else:
            path += str(part)
    return "/" + path


def value(name: str, kind: str, values: dict[str, object]) -> str:
    if name in values:
        return str(values[name])
    return {"int": "1", "uuid": str(uuid.UUID(int=7)), "path": "x", "slug": "x"}.get(kind, "x")


def family_of(route: str) -> Family | None:
    return next((family for family in FAMILIES if route.startswith(family.begins)), None)


def doors(world: World) -> list[Door]:
    page = Page.objects.get(slug="list")
    values = {
        "page_id": page.pk, "parent_page_id": page.get_parent().pk, "root_page_id": page.get_parent().pk,
        "page_to_move_id": page.pk, "destination_id": page.get_parent().pk, "pk": page.pk,
        "content_type_app_name": "courses", "model_name": "lessonpage", "app_label": "courses",
        "revision_id": page.latest_revision_id or 1, "object_id": page.pk, "user_id": world.people["patient"].pk,
    }  # fmt: skip
    return [Door(route, filled(parts, values), family_of(route)) for route, parts in routes()]


@pytest.fixture
def world(db, at, monkeypatch, caplog) -> World:
    at(doors_world.MONDAY)
    caplog.set_level(logging.CRITICAL, "django.request")
    monkeypatch.setattr(
        "lms.urls.handler404", lambda request, exception: HttpResponseNotFound(), raising=False
    )
    return doors_world.build()


def said(browser: Client, method: str, path: str):
    """What is answered; what it wrote is taken back. A broken page is an answer, not an end of the test."""
    browser.raise_request_exception = False
    with transaction.atomic():
        found = browser.get(path) if method == "get" else browser.post(path, {"canary": "x"})
        transaction.set_rollback(True)
    return found


def wrong(world: World, roles: tuple[str, ...]) -> list[str]:
    """Every answer that is not as it should be."""
    faults = []
    for role, browser in browsers(world, set(roles)).items():
        for door in doors(world):
            for method in ("get",) if role in WITH_CMS else ("get", "post"):
                answer = said(browser, method, door.path)
                cell = f"{role} {method.upper()} {door.path} [{door.route}]: {answer.status_code}"
                if answer.status_code >= 500:
                    faults.append(f"{cell}: broken")
                may_open = role in WITH_CMS or (door.family and role in door.family.opens_for)
                if answer.status_code == 200 and not may_open:
                    faults.append(f"{cell}: opens")
                text = (b"".join(answer) + str(answer.headers).encode()).decode(errors="replace")
                read = [word for word in (*WORDS, LAST_NAME, ADDRESS) if re.search(rf"{word}(?![-\w])", text)]
                if read and role != "patient":
                    faults.append(f"{cell}: reads {read}")
                if role != VISITOR and answer.status_code == 200 and not is_kept_from_caches(answer):
                    faults.append(f"{cell}: may be kept by a cache")
    return faults


# Scripts and pictures of the CMS that are the same for all.
SAME_FOR_ALL = ("application/javascript", "text/javascript", "image/svg+xml")


def is_kept_from_caches(answer) -> bool:
    control = answer.headers.get("Cache-Control", "")
    same = answer.headers.get("Content-Type", "").startswith(SAME_FOR_ALL)
    return same or "no-store" in control or "private" in control


def test_every_address_has_a_family_and_every_family_an_address():
    known = [family_of(route) for route, _parts in routes()]

    assert [route for route, _parts in routes() if family_of(route) is None] == []
    assert [family.begins for family in FAMILIES if family not in known] == []


@pytest.mark.parametrize("role", [VISITOR, *WITHOUT_CMS])
def test_the_cms_is_shut_to_whoever_does_not_edit(world, role):
    assert not (faults := wrong(world, (role,))), "\n".join(faults)


@pytest.mark.parametrize("role", WITH_CMS)
def test_who_edits_reads_nothing_of_anybody(world, role):
    assert not (faults := wrong(world, (role,))), "\n".join(faults)


def test_who_edits_does_get_in(world):
    """The positive side: otherwise nothing that is read above would mean anything."""
    browser = browsers(world, {"administrator"})["administrator"]
    opened = {
        door.route: said(browser, "get", door.path).status_code
        for door in doors(world)
        if door.route in ("cms/", "cms/pages/<int:page_id>/edit/", "cms/images/", "cms/reports/site-history/")
    }

    assert opened == {
        "cms/": 200,
        "cms/pages/<int:page_id>/edit/": 200,
        "cms/images/": 200,
        "cms/reports/site-history/": 200,
    }


@pytest.mark.parametrize("address", ["/cms/", "/cms/pages/", "/django-admin/", "/django-admin/taggit/tag/"])
def test_who_may_not_edit_is_not_sent_to_sign_in_again_and_again(world, address):
    browser = browsers(world, {"patient", VISITOR})

    assert browser["patient"].get(address).status_code == 404
    assert browser[VISITOR].get(address).url.split("?")[0] in ("/accounts/login/", "/django-admin/login/")


def test_a_door_left_open_would_be_seen(world):
    """The control: somebody who may edit by mistake, and a page whose title tells of a patient."""
    RoleFactory(
        person=world.people["outsider"], kind=Role.Kind.AUTHOR, organisation=Organisation.objects.first()
    )
    Page.objects.filter(slug="list").update(title="canary-topic", draft_title="canary-topic")

    faults = wrong(world, ("outsider",))

    assert any(" opens" in fault for fault in faults)
    assert any("canary-topic" in fault for fault in faults)
