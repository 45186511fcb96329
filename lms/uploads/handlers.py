"""Takes in the files of a request: in memory, never on disk, and only where files are expected."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from lms.uploads.limits import MOST_BYTES

DOORS = ("/cms/",)


class InMemory(FileUploadHandler):
    """Files lie in memory until their form has looked at them, so that nothing is left behind when it refuses.

    All files of one request together get the room that the largest file may have. What comes after that is counted and
    let go; the form then says that the file is too big. Anywhere but in the CMS, files are let go at once.
    """

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        if self.request is None or not self.request.path.startswith(DOORS):
            raise SkipFile
        self.file: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        taken = getattr(self, "taken", 0) + len(raw_data)
        self.taken = taken
        if taken > MOST_BYTES:
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
            size=max(file_size, MOST_BYTES + 1) if too_big else file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
