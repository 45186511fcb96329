"""Takes in the files of a request: in memory, never on disk, and only where files are expected."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from lms.uploads.limits import MOST_BYTES, MOST_BYTES_OF_CAPTIONS, MOST_BYTES_OF_RECORDING

DOORS = ("/cms/",)
LISTS = "/learn/lists/"  # of addresses; the language may stand before it
FOR_RECORDINGS = "/cms/snippets/courses/recording/"


def room_for(request: HttpRequest) -> int:
    """How many bytes of files a request may bring. More for a recording, from somebody who is signed in."""
    user = getattr(request, "user", None)
    if request.path.startswith(FOR_RECORDINGS) and user is not None and user.is_authenticated:
        return MOST_BYTES_OF_RECORDING + MOST_BYTES_OF_CAPTIONS
    return MOST_BYTES


class InMemory(FileUploadHandler):
    """Files lie in memory until their form has looked at them, so that nothing is left behind when it refuses.

    All files of one request together get the room that the largest file may have (for a recording: and its captions). What comes after that is counted and
    let go; the form then says that the file is too big. Anywhere but in the CMS and where lists of people are sent, files are let go at once.
    """

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        path = self.request.path if self.request is not None else ""
        if not path.startswith(DOORS) and not path.endswith(LISTS):
            raise SkipFile
        self.file: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not hasattr(self, "room"):
            self.room = room_for(self.request)
        self.room -= len(raw_data)
        if self.room < 0:
            self.file = None
        elif self.file is not None:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        too_big = self.file is None
        kept = BytesIO() if self.file is None else self.file
        kept.seek(0)
        return InMemoryUploadedFile(
            file=kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=max(file_size, MOST_BYTES_OF_RECORDING + 1) if too_big else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
