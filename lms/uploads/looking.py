"""What all our fields for files have in common: they look before anything else does."""

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken
from lms.uploads.limits import MOST_BYTES


class LooksFirst:
    """For a field of files: looks at the file before anything else reads it, and puts what may be kept in its place.

    The file of the request itself is changed, because the CMS keeps that one when another field of the form is wrong.
    """

    default_error_messages = {
        "empty": _("This file is empty. Choose another one."),
        "required": _("Choose a file."),
        "invalid": _("Choose a file."),
    }
    most_bytes = MOST_BYTES

    def to_python(self, data):
        upload = FileField.to_python(self, data)
        if upload is None:
            return None
        if hasattr(upload, "temporary_file_path"):
            raise ImproperlyConfigured("FILE_UPLOAD_HANDLERS must keep uploads in memory.")
        if upload.size > self.most_bytes:
            raise ValidationError(
                _("This file is too big. It may have %(most)s at most.")
                % {"most": filesizeformat(self.most_bytes)}
            )
        try:
            self.look(upload)
        except RuleBroken as error:
            raise ValidationError(error.message) from None
        return super().to_python(upload)

    def look(self, upload: UploadedFile) -> None:
        raise NotImplementedError
