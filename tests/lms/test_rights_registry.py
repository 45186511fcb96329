"""Nothing is held of which nobody has said whose it is and what becomes of it."""

import pytest
from django.db import models

from lms.rights import registry
from lms.rights.periods import CLASSES
from lms.rights.registry import CLEAR, DELETE, KEEP, Kind, classify
from lms.rights.services.retention import classes_in_use


def test_every_model_and_every_field_is_classified():
    assert registry.unclassified() == []


def test_no_line_is_about_something_that_is_gone():
    assert registry.stale() == []


def test_the_walk_reaches_the_models_of_packages_and_those_in_between():
    walked = {model._meta.label for model in registry.all_models()}

    assert {
        "account.EmailAddress",
        "sessions.Session",
        "people.User_groups",
        "wagtailadmin.FormState",
        "django_q.OrmQ",
    } <= walked
    assert len(walked) > 90


@pytest.fixture
def forgotten_field():
    """A field that somebody added without a thought."""
    plan = registry.classified_as("coaching.ActionPlan").model_class
    field = models.CharField(max_length=10, default="")
    field.contribute_to_class(plan, "diagnosis")
    yield
    plan._meta.local_fields.remove(field)
    plan._meta._expire_cache()
    del plan.diagnosis


def test_a_field_that_somebody_adds_is_found(forgotten_field):
    assert registry.unclassified() == ["coaching.ActionPlan.diagnosis"]


def test_a_model_that_somebody_adds_is_found():
    class Diary(models.Model):
        words = models.TextField()

        class Meta:
            app_label = "coaching"
            managed = False

        def __str__(self) -> str:
            return self.words

    assert registry.unclassified([Diary]) == ["coaching.Diary"]


def test_a_line_about_a_field_that_is_not_there_is_found(monkeypatch):
    monkeypatch.setattr(registry, "_registry", {})
    classify("coaching.PlanReminder", whose="plan__owner", label="x", erase=DELETE, plain="id mood")

    assert registry.stale() == ["coaching.PlanReminder.mood"]


def test_a_path_that_leads_nowhere_is_found(monkeypatch):
    monkeypatch.setattr(registry, "_registry", {})
    classify("coaching.PlanReminder", whose="plan__writer", label="x", erase=DELETE, plain="id")

    assert registry.stale() == ["coaching.PlanReminder: plan__writer"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"plain": "id"}, "whose"),
        ({"whose": "plan__owner", "label": "x", "erase": CLEAR, "plain": "id"}, "stay"),
        ({"whose": "plan__owner", "erase": DELETE, "plain": "id"}, "name"),
        ({"why": "x", "plain": "id", "record": "id"}, "twice"),
    ],
)
def test_half_a_line_is_refused(monkeypatch, said, why):
    monkeypatch.setattr(registry, "_registry", {})

    with pytest.raises(ValueError, match=why):
        classify("coaching.PlanReminder", **said)


def test_what_holds_health_or_ways_to_reach_somebody_never_stays_as_it_is():
    told = {Kind.HEALTH, Kind.CONTACT, Kind.IDENTITY, Kind.SEALED}

    assert [
        one.model for one in registry.personal() if one.erase == KEEP and told & set(one.kinds.values())
    ] == []


def test_every_class_of_keeping_is_one_that_a_site_can_set():
    assert classes_in_use() <= set(CLASSES)
