"""What authors fill in to bring a course in from a file, and to copy one."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lms.uploads.looking import LooksFirst


class CourseFileField(LooksFirst, forms.FileField):
    """A zip. Its own reader looks at it, part by part, before anything is kept."""

    def look(self, upload: UploadedFile) -> None:
        """Nothing more than its size is asked here."""


class ImportForm(forms.Form):
    file = CourseFileField(
        label=_("File of a course"), widget=forms.FileInput(attrs={"accept": ".zip,application/zip"})
    )


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Title of the copy"), max_length=255)
    slug = forms.SlugField(
        label=_("Its address"), max_length=255, help_text=_("Small letters, numbers and hyphens: our-course.")
    )
