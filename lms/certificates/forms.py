"""Checking a certificate that shows no name any more."""

from django.utils.translation import gettext_lazy as _

from lms.ui.fields import LineField
from lms.ui.forms import PlainForm


class NameForm(PlainForm):
    """The name that stands on the paper."""

    name = LineField(
        label=_("The name on the paper"),
        name=_("the name on the paper"),
        max_length=150,
        autocomplete="off",
    )
