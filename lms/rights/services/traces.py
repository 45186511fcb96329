"""Taking a person out of texts that are not theirs: messages to others, and what the caches remember."""

import base64
from typing import cast

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.notifications.models import Attachment, Message
from lms.rights.models import Deletion
from lms.rights.traces import mentioning


def forget_in_messages_to_others(words: list[str], *, husk: int) -> list[Deletion]:
    """A message to somebody else keeps its sense, and no longer says the name: on its way still, or kept as sent.

    A first name alone is not found; it goes when the words of messages do, by their time.
    """
    known = mentioning(words)
    counts = []
    for model, fields in ((Message, _texts_of(Message)), (Attachment, ["filename", "content"])):
        wanted = Q()
        for word in words:
            for name in fields:
                wanted |= Q(**{f"{name}__icontains": word})
        changed = 0
        for row in model._base_manager.filter(wanted) if wanted else ():
            texts = {name: known.sub(str(_("somebody")), getattr(row, name)) for name in fields}
            if any(getattr(row, name) != text for name, text in texts.items()):
                changed += model._base_manager.filter(pk=row.pk).update(**texts)
        if changed:
            counts.append(
                Deletion(rule="erasure: named to others", model=model._meta.label, cleared=changed, husk=husk)
            )
    return counts


def _texts_of(model: type[Message]) -> list[str]:
    texts = ["subject", "text", "html", "words"]
    return [one.name for one in model._meta.get_fields() if one.name in texts]


def forget_in_caches(words: list[str]) -> None:
    """Drop what the shared cache remembers with these words in it. Other caches last minutes, and are dropped whole."""
    shared = caches["default"]
    if not isinstance(shared, DatabaseCache):
        shared.clear()
        return
    known = mentioning(words)
    with connections["default"].cursor() as cursor:
        # The table's name comes from the settings, and nothing else is put in.
        table = connections["default"].ops.quote_name(
            cast(dict[str, str], settings.CACHES["default"])["LOCATION"]
        )
        cursor.execute(f"SELECT cache_key, value FROM {table}")  # noqa: S608
        keys = [
            key
            for key, value in cursor.fetchall()
            if known.search(key + " " + base64.b64decode(value).decode("utf-8", "replace"))
        ]
        for key in keys:
            cursor.execute(f"DELETE FROM {table} WHERE cache_key = %s", [key])  # noqa: S608
