"""The CMS's two forms for files, with our own field for the file. Every way of uploading there is made from them."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from lms.uploads import papers
from lms.uploads.looking import LooksFirst
from lms.uploads.names import name_to_keep
from lms.uploads.papers import check_pdf
from lms.uploads.pictures import clean_picture


class PictureField(LooksFirst, WagtailImageField):
    def look(self, upload: UploadedFile) -> None:
        picture = clean_picture(
            name=upload.name, content_type=upload.content_type, content=upload.file.getvalue()
        )
        upload.file = BytesIO(picture.content)
        upload.size = len(picture.content)
        upload.name = name_to_keep(upload.name, picture.ending)
        upload.content_type = picture.content_type


class PaperField(LooksFirst, WagtailDocumentField):
    def look(self, upload: UploadedFile) -> None:
        check_pdf(name=upload.name, content_type=upload.content_type, content=upload.file.getvalue())
        upload.name = name_to_keep(upload.name, papers.ENDINGS[0])


class SwapsField:
    """For a form of the CMS: the field that looks first stands where the CMS's own stood."""

    file_field: type[FileField]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            old = self.fields["file"]
            self.fields["file"] = self.file_field(
                label=old.label, required=old.required, widget=old.widget, initial=old.initial
            )

    def _post_clean(self) -> None:
        """One sentence about a file is enough: the CMS would add its own about the missing one."""
        refused = self.errors["file"].copy() if "file" in self.errors else None
        super()._post_clean()
        if refused is not None:
            self._errors["file"] = refused


class PictureForm(SwapsField, BaseImageForm):
    file_field = PictureField


class PaperForm(SwapsField, BaseDocumentForm):
    file_field = PaperField
