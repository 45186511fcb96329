"""Fields of forms for a recording and its captions. Like the CMS's own fields for files, they look before anything is kept."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField

from lms.uploads.captions import CONTENT_TYPE, ENDING, clean_captions
from lms.uploads.limits import MOST_BYTES_OF_RECORDING
from lms.uploads.looking import LooksFirst
from lms.uploads.names import name_to_keep
from lms.uploads.recordings import KINDS, Recorded, check_recording


class RecordingField(LooksFirst, FileField):
    """A sound or a film. What it was found to be is written on the upload: `recorded`."""

    most_bytes = MOST_BYTES_OF_RECORDING

    def look(self, upload: UploadedFile) -> None:
        recorded: Recorded = check_recording(
            name=upload.name, content_type=upload.content_type, content=upload.file.getvalue()
        )
        upload.recorded = recorded
        upload.name = name_to_keep(upload.name, recorded.ending)
        upload.content_type = KINDS[recorded.ending].served

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ",".join(f".{ending}" for ending in KINDS)}


class CaptionsField(LooksFirst, FileField):
    def look(self, upload: UploadedFile) -> None:
        content = clean_captions(
            name=upload.name, content_type=upload.content_type, content=upload.file.getvalue()
        )
        upload.file = BytesIO(content)
        upload.size = len(content)
        upload.name = name_to_keep(upload.name, ENDING)
        upload.content_type = CONTENT_TYPE

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": f".{ENDING}"}
