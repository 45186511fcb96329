"""The wall that no door leads around: a lesson or a handbook is live only with both signatures for its very words.

Every door of Wagtail's ends in one of two writings: the page is saved as live, or a revision is given its time to go live.
docs/decisions/0018-co-signing.md lists the doors.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from courses.words import signed_fields, words_digest
from lms.core.errors import RuleBroken


class NotSigned(RuleBroken):
    """These words may not be shown yet. `page_id` says whose they are."""

    def __init__(self, page: Any) -> None:
        super().__init__(
            _(
                "“%(title)s” is kept as a draft. Both reviewers have to sign these very words before they are "
                "published. Open its review and ask them."
            )
            % {"title": page.title}
        )
        self.page_id = page.pk


class ShownWhenSigned(models.Model):
    """A page that is live only where both reviewers signed its words, or on a site that shows what nobody signed."""

    words_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Refuses words that are not signed: what was live stays as it was; a copy or an alias becomes a draft."""
        only = kwargs.get("update_fields")
        if only is None or "live" in only or set(signed_fields(self)) & set(only):
            self.clean_words()
            if self.live and not self.may_be_shown():
                self._refuse()
            self.words_digest = words_digest(self)
            if only is not None:
                kwargs["update_fields"] = {*only, "words_digest"}
        elif "live_revision" in only and not self.live:
            self._never_published()  # Wagtail says of a copy that it is published, after its first saving
        super().save(*args, **kwargs)

    def clean_words(self) -> None:
        """Leave in the words only what may stay. Done before they get their name."""

    def may_be_shown(self) -> bool:
        return settings.SHOW_UNREVIEWED or type(self).are_signed(self.pk, words_digest(self))

    @staticmethod
    def are_signed(page_id: int | None, digest: str) -> bool:
        """courses.queries.review answers; until it is there, nothing is signed."""
        return False

    def _refuse(self) -> None:
        if self.pk is not None and self.alias_of_id is None:
            raise NotSigned(self)
        self.live = False
        self.has_unpublished_changes = self.alias_of_id is None
        self._never_published()

    def _never_published(self) -> None:
        self.live_revision = None
        self.first_published_at = self.last_published_at = None


@receiver(pre_save, sender=Revision)
def time_to_go_live_needs_signatures(sender, instance: Revision, **kwargs) -> None:
    if instance.approved_go_live_at is None:
        return
    model = instance.content_type.model_class()
    if model is None or not issubclass(model, ShownWhenSigned):
        return
    page = instance.as_object()
    if not page.may_be_shown():
        raise NotSigned(page)
