"""The editor's form for a recording: both files are looked at before either is kept."""

from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from wagtail.admin.forms import WagtailAdminModelForm

from lms.uploads.recording_fields import CaptionsField, RecordingField


class RecordingForm(WagtailAdminModelForm):
    """What kind a recording is, and how long, is read from it. Nobody types that."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("file", RecordingField), ("captions", CaptionsField)):
            if name in self.fields:
                old = self.fields[name]
                self.fields[name] = kind(label=old.label, help_text=old.help_text, widget=old.widget)

        self.files_before = [one.name for one in (self.instance.file, self.instance.captions) if one]

    def clean(self) -> dict:
        cleaned = super().clean()
        recorded = getattr(cleaned.get("file"), "recorded", None)
        if recorded is not None:
            self.instance.kind, self.instance.seconds = recorded.kind, recorded.seconds
        return cleaned

    def save(self, commit: bool = True):
        """The files that others took the place of go, once the new ones are safe."""
        saved = super().save(commit)
        if commit:
            remove_files(set(self.files_before) - {saved.file.name, saved.captions.name})
        return saved


def remove_files(names: Iterable[str]) -> None:
    """Take these off the disk when the transaction has ended well."""
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
