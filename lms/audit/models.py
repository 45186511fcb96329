"""Who did or saw what, of whom, when, and why. Rows are added and never changed."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated

# What code writes, as people read it; a kind of thing without words here goes by its model's verbose name.
_purposes = {"coordinating roles": _("To give or end a role")}
_things = {"people.user": _("Your name and your roles")}


# Acts of which the person whose they are is told when somebody else did them.
_acts: dict = {}


def register_words(
    *, purposes: dict | None = None, things: dict | None = None, acts: dict | None = None
) -> None:
    """Add an app's words: for the purposes it writes, for its kinds of thing (`app.model`), and for acts."""
    _acts.update(acts or {})
    _purposes.update(purposes or {})
    _things.update(things or {})


def words_for(thing: str) -> str:
    """The name of a kind of thing (`app.model`) as people read it."""
    if thing in _things or not thing:
        return _things.get(thing, "")
    try:
        return apps.get_model(thing)._meta.verbose_name
    except LookupError:
        return thing


def acts_told() -> list[str]:
    """The acts that have words."""
    return list(_acts)


class AppendOnly(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("The audit is append-only.")

    def delete(self):
        raise TypeError("The audit is append-only.")


class Entry(Dated):
    """One act or one look. `what` names the thing in words without its content."""

    class Verb(models.TextChoices):
        LOOKED = "looked"
        DID = "did"

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="audit_entries"
    )
    verb = models.CharField(max_length=10, choices=Verb.choices)
    act = models.CharField(max_length=60)
    thing = models.CharField(max_length=60, blank=True)
    thing_id = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=200, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["subject", "-created_at"], name="audit_by_subject")]

    @property
    def thing_in_words(self) -> str:
        """What kind of thing it was, for the person whose it is."""
        return str(words_for(self.thing))

    @property
    def act_in_words(self) -> str:
        return str(_acts.get(self.act, self.act))

    @property
    def purpose_in_words(self) -> str:
        """In words; `key: reason` is the words of the key, and the reason as it was given."""
        key, colon, reason = self.purpose.partition(": ")
        if colon and key in _purposes:
            return f"{_purposes[key]}: {reason}"
        return str(_purposes.get(self.purpose, self.purpose))

    def __str__(self) -> str:
        return f"{self.actor_id} {self.act} {self.thing} {self.thing_id}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("The audit is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("The audit is append-only.")
