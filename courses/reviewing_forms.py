"""Forms of the review page, and of its counterpart in the CMS."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Side
from courses.services.signing import LONGEST_COMMENT, MONTHS_UNTIL_NEXT
from lms.people.models import User
from lms.ui.fields import ChoiceRadios, LineField, LongTextField
from lms.ui.forms import OnceField, PlainForm


class SignForm(PlainForm):
    """I stand behind these words."""

    do = forms.CharField(widget=forms.HiddenInput, initial="sign", required=False, max_length=10)
    months = ChoiceRadios(
        label=_("When should somebody look at it again?"),
        name=_("when"),
        choices=[("12", _("In one year")), ("24", _("In two years")), ("36", _("In three years"))],
        initial=str(MONTHS_UNTIL_NEXT),
    )
    profession = LineField(
        label=_("Your profession, as readers may see it"),
        name=_("your profession"),
        max_length=60,
        required=False,
        help_text=_("For example, physiotherapist. Your name is not shown."),
    )

    def __init__(self, *args, side: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if side != Side.CLINICAL:
            del self.fields["profession"]


class ChangeForm(PlainForm):
    """What has to change before I sign."""

    do = forms.CharField(widget=forms.HiddenInput, initial="change", required=False, max_length=10)
    words = LongTextField(
        label=_("What should change?"), name=_("what should change"), max_length=LONGEST_COMMENT, rows=4
    )


class CommentForm(PlainForm):
    """Something about one part of the lesson, or about all of it."""

    do = forms.CharField(widget=forms.HiddenInput, initial="comment", required=False, max_length=10)
    block_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    text = LongTextField(label=_("Your comment"), name=_("your comment"), max_length=LONGEST_COMMENT, rows=3)


class AskForm(forms.Form):
    """In the CMS: who is asked, and what happens once both have signed."""

    once = OnceField()
    reviewers = forms.MultipleChoiceField(
        label=_("Reviewers"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Choose reviewers from the list.")},
    )
    publish_when_signed = forms.BooleanField(
        label=_("Publish it as soon as both have signed"), required=False
    )

    def __init__(self, *args, reviewers: dict[str, list[User]], asked: set[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.public_id): one for people in reviewers.values() for one in people}
        self.fields["reviewers"].choices = [
            (Side(side).label, [(str(one.public_id), one.display_name) for one in people])
            for side, people in reviewers.items()
        ]
        self.fields["reviewers"].initial = [
            key for key, one in self.people.items() if not asked or one.pk in asked
        ]

    @property
    def chosen(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["reviewers"]]


class AnswerForm(forms.Form):
    """In the CMS: an author's answer to a comment."""

    once = OnceField()
    comment = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)
    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2})
    )
