"""The CMS's doors for files, tried as a browser would: what does each say to a file, and beside which field?"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import UploadedFile

from courses.models import Recording
from tests.hostile import Hostile


@dataclass(frozen=True)
class Door:
    """One way of sending a file. `prefix` stands before the names of its fields; `said` finds what it says of the file."""

    name: str
    prefix: str
    file: str
    said: Callable[[str, str], str]

    def send(self, browser: Client, hostile: Hostile, title: str = "A file", **more) -> str:
        """What the door says beside the field of the file; nothing when it takes it."""
        upload = SimpleUploadedFile("file", hostile.make(), content_type=hostile.content_type)
        # The name as it was sent: a file made by Django would have a mended one.
        upload._name = hostile.name
        field = self.prefix + self.file
        answer = browser.post(reverse(self.name), {self.prefix + "title": title, field: upload, **more})
        assert answer.status_code in (200, 302), f"{self.name}: {answer.status_code}"
        return self.said(answer.content.decode(), field) if answer.status_code == 200 else ""


def beside(page: str, field: str) -> str:
    """What is said in the part of the page that holds the field."""
    soup = BeautifulSoup(page, "lxml")
    parts = [part for part in soup.select(".w-field") if part.find(attrs={"name": field})]
    return " ".join(
        said.get_text(" ", strip=True) for part in parts for said in part.select(".error-message")
    )


def in_window(answer: str, field: str) -> str:
    return beside(json.loads(answer).get("htmlFragment", ""), field)


def in_list(answer: str, field: str) -> str:
    found = json.loads(answer)
    return "" if found["success"] else found["error_message"]


PICTURE_DOORS = [
    Door("wagtailimages:add", "", "file", beside),
    Door("wagtailimages:add_multiple", "", "files[]", in_list),
    Door("wagtailimages_chooser:create", "image-chooser-upload-", "file", in_window),
]
PAPER_DOORS = [
    Door("wagtaildocs:add", "", "file", beside),
    Door("wagtaildocs:add_multiple", "", "files[]", in_list),
    Door("wagtaildocs_chooser:create", "document-chooser-upload-", "file", in_window),
]
RECORDING_DOORS = [Door("wagtailsnippets_courses_recording:add", "", "file", beside)]
CAPTION_DOORS = [Door("wagtailsnippets_courses_recording:add", "", "captions", beside)]


def left_behind() -> list[str]:
    """Whatever lies on the disk or in the database after an upload."""
    folders = [Path(settings.MEDIA_ROOT), Path(tempfile.gettempdir())]
    files = [
        str(path) for folder in folders if folder.exists() for path in folder.rglob("*") if path.is_file()
    ]
    rows = [
        model.__name__ for model in (Image, Document, UploadedFile, Recording) for _row in model.objects.all()
    ]
    return files + rows
