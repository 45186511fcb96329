"""The form that every page's form is made from."""

import uuid

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from lms.core import kept
from lms.core.errors import RuleBroken
from lms.ui import words
from lms.ui.renderers import PlainRenderer


class OnceField(forms.Field):
    """The key of one rendering of a form, so that sending it twice does its work once. Always gives a UUID."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, initial=lambda: str(uuid.uuid4()))

    def clean(self, value) -> uuid.UUID:
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return uuid.uuid4()

    def has_changed(self, initial, data):
        return False


class SpeaksPlainly:
    """For a form of a package: our look, and complaints that are sentences a person can act on.

    `labels` and `nouns` say what a stock field is called, above its box and in a sentence; `longest` is how much a text field without a limit takes.
    """

    default_renderer = PlainRenderer
    use_required_attribute = False  # what is missing is said when the form is sent, not before
    labels: dict = {}
    nouns: dict = {}
    longest = 1000

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            if name in self.nouns:
                field.noun = self.nouns[name]
            # JSON is a text field to Django, whose value is no text.
            is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField)
            if is_text and field.max_length is None:
                field.max_length = self.longest
                field.validators.append(MaxLengthValidator(self.longest))
        speak_plainly(self)


class PlainForm(SpeaksPlainly, forms.Form):
    """A form of ours. Its `once` is the key of this rendering."""

    mark_optional = True

    once = OnceField()

    def add_rule_broken(self, error: RuleBroken) -> None:
        """Show what a service refused: beside its field, or above the form where it belongs to none."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


def speak_plainly(form: forms.BaseForm) -> None:
    """Give Django's stock fields our words for what can be amiss, where they still have Django's."""
    for name, field in form.fields.items():
        if field.label is None:
            field.label = form[name].label
        is_choice = hasattr(field, "choices")
        plain = {"required": words.choose(field) if is_choice else words.enter(field)}
        if is_choice:
            plain["invalid_choice"] = _kept_whole(words.not_a_choice(field))
        if isinstance(field, forms.IntegerField):
            number = words.bounds(field, field.min_value, field.max_value)
            plain |= {"invalid": number, "min_value": _kept_whole(number), "max_value": _kept_whole(number)}
        elif isinstance(field, forms.EmailField):
            plain["invalid"] = _kept_whole(words.wrong_address())
        if isinstance(field, forms.CharField):
            plain["null_characters_not_allowed"] = _kept_whole(words.hidden_characters(field))
            if field.max_length is not None:
                plain["max_length"] = words.too_long_pattern(field)
        _replace(field, plain)


def _kept_whole(message: str) -> str:
    """A sentence whose own per cent signs survive Django's putting in of values."""
    return message.replace("%", "%%")


def _replace(field: forms.Field, plain: dict[str, str]) -> None:
    theirs: dict = {}
    for kind in reversed(type(field).__mro__):
        theirs |= getattr(kind, "default_error_messages", {})
    for code, message in plain.items():
        if field.error_messages.get(code) is theirs.get(code):
            field.error_messages[code] = message


def form_for(
    request: HttpRequest, form_class: type[forms.BaseForm], *, initial: dict | None = None, **kwargs
):
    """The page's form: bound to what was sent, or else with what it starts with.

    What somebody typed before their session ended stands over `initial`, once (lms.core.kept).
    """
    if request.method == "POST":
        return form_class(data=request.POST, files=request.FILES, initial=initial, **kwargs)
    form = form_class(initial=initial, **kwargs)
    typed = kept.take(request)
    if typed is not None:
        for name, field in form.fields.items():
            key = form.add_prefix(name)
            if isinstance(field, OnceField) or field.widget.value_omitted_from_data(typed, {}, key):
                continue
            form.initial[name] = field.widget.value_from_datadict(typed, {}, key)
    return form


def once_from(request: HttpRequest) -> uuid.UUID:
    """The key that a one-press form was sent with; a new one where there is none."""
    return OnceField().clean(request.POST.get("once", ""))
