"""Form fields that say in a sentence what is amiss and what to do about it.

`name` is the noun of that sentence ("the topic": "Enter the topic."); without it the label is quoted.
"""

import re
from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES, EmailValidator
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.ui import words

LARGEST_NUMBER = 2_147_483_647


class LineField(forms.CharField):
    """One line of text. Runs of white space become one space."""

    def __init__(
        self, *, max_length: int, name="", width: int | None = None, autocomplete: str = "", **kwargs
    ):
        self.noun = name
        self.width = width
        self.autocomplete = autocomplete
        super().__init__(max_length=max_length, **kwargs)
        # Length and characters are checked below, in words of our own.
        self.validators = list(kwargs.get("validators", ()))

    def widget_attrs(self, widget):
        # No maxlength: the browser would cut what is pasted, and say nothing.
        return {"autocomplete": self.autocomplete} if self.autocomplete else {}

    def tidy(self, text: str) -> str:
        return " ".join(text.split())

    def clean(self, value):
        text = "" if value is None else str(value)
        if words.has_hidden_characters(text):
            raise ValidationError(words.hidden_characters(self), code="hidden_characters")
        text = self.tidy(text)
        if not text:
            if self.required:
                raise ValidationError(words.enter(self), code="required")
            return self.empty_value
        if len(text) > self.max_length:
            raise ValidationError(words.too_long(self, self.max_length, len(text)), code="max_length")
        self.run_validators(text)
        return text


class LongTextField(LineField):
    """Several lines of text. White space at the ends goes; line breaks stay."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 5, **kwargs):
        self.rows = rows
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"rows": self.rows, "cols": None}

    def tidy(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class PlainEmailField(LineField):
    """An email address."""

    widget = forms.EmailInput

    def __init__(self, *, name="", max_length: int = 254, autocomplete: str = "email", **kwargs):
        name = name or gettext_lazy("your email address")
        super().__init__(name=name, max_length=max_length, autocomplete=autocomplete, **kwargs)
        self.validators = [
            EmailValidator(
                message=gettext_lazy("Enter an email address in the right form, like name@example.com.")
            )
        ]


class WholeNumberField(forms.IntegerField):
    """A whole number, typed in a plain box that brings up the number keys on a phone."""

    widget = forms.TextInput

    def __init__(self, *, name="", min_value=None, max_value=None, width: int = 5, **kwargs):
        self.noun = name
        self.width = width
        self.least, self.most = min_value, max_value
        super().__init__(
            min_value=min_value, max_value=LARGEST_NUMBER if max_value is None else max_value, **kwargs
        )

    def widget_attrs(self, widget):
        return {"inputmode": "numeric"}

    def clean(self, value):
        if value in EMPTY_VALUES or not str(value).strip():
            if self.required:
                raise ValidationError(words.enter(self), code="required")
            return None
        try:
            return super().clean(value)
        except ValidationError:
            raise ValidationError(words.bounds(self, self.least, self.most), code="invalid") from None


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes: easier to type than a calendar is to press."""

    template_name = "forms/widgets/date_parts.html"
    use_fieldset = True
    of_birth = False

    def __init__(self, attrs=None):
        boxes = {part: forms.TextInput(attrs={"inputmode": "numeric"}) for part in ("day", "month", "year")}
        super().__init__(boxes, attrs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        for box, label, width in zip(context["widget"]["subwidgets"], labels, (2, 2, 4), strict=True):
            box["label"], box["width"] = label, width
        return context

    def decompress(self, value):
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        return [None, None, None]

    def value_omitted_from_data(self, data, files, name):
        return all(f"{name}_{part}" not in data for part in ("day", "month", "year"))

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_


class PlainDateField(forms.Field):
    """A day, typed in three parts. Gives a `date`, or None where it may be left empty."""

    widget = DateParts

    def __init__(self, *, name="", **kwargs):
        self.noun = name or gettext_lazy("the date")
        super().__init__(**kwargs)

    def to_python(self, value) -> date | None:
        if value is None or isinstance(value, date):
            return value
        day, month, year = ("" if part is None else str(part).strip() for part in value)
        missing = [
            label
            for part, label in ((day, _("a day")), (month, _("a month")), (year, _("a year")))
            if not part
        ]
        if len(missing) == 3:
            return None
        noun = words.noun_of(self)
        if missing:
            raise ValidationError(
                words.sentence(
                    _("%(noun)s must include %(missing)s."), noun=noun, missing=_(" and ").join(missing)
                ),
                code="incomplete",
            )
        if year.isdecimal() and len(year) != 4:
            raise ValidationError(_("The year must have 4 numbers, such as 2026."), code="year")
        try:
            return date(_number(year), _month(month), _number(day))
        except ValueError:
            raise ValidationError(
                _("Enter a real date. For example, 27 3 2026 is 27 March 2026."), code="invalid"
            ) from None

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(words.enter(self), code="required")


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise ValueError(text[:10])
    return int(text)


def _month(text: str) -> int:
    """A month as a number, or by its name or the first three letters of it."""
    if text.isdecimal():
        return _number(text)
    typed = text.casefold().rstrip(".")
    for number, name in MONTHS.items():
        known = str(name).casefold()
        if typed in (known, known[:3]):
            return number
    raise ValueError(text[:10])


class PlainTimeField(forms.Field):
    """A time of day. Takes "9:30", "14.05", "1405" and "2pm"; gives a `time`."""

    widget = forms.TextInput
    width = 5
    _typed = re.compile(r"(\d{1,2})(?:[:. ]?(\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)

    def __init__(self, *, name="", **kwargs):
        self.noun = name or gettext_lazy("the time")
        kwargs.setdefault("help_text", gettext_lazy("For example, 9:30 or 14:05"))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return formats.time_format(value, "H:i") if isinstance(value, time) else value

    def to_python(self, value) -> time | None:
        if value is None or isinstance(value, time):
            return value
        typed = str(value).strip()
        if not typed:
            return None
        match = self._typed.fullmatch(typed) if len(typed) <= 12 else None
        try:
            return self._time(match)
        except ValueError:
            raise ValidationError(_("Enter a real time, such as 9:30 or 14:05."), code="invalid") from None

    @staticmethod
    def _time(match: re.Match | None) -> time:
        if match is None:
            raise ValueError
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValueError(match[0])
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour, minute)

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(words.enter(self), code="required")


class PlainRadios(forms.RadioSelect):
    """Radio buttons; `hints` holds a line of help for some of the answers."""

    inline = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hints: dict = {}


class ChoiceRadios(forms.ChoiceField):
    """One answer out of a few, all in view."""

    widget = PlainRadios

    def __init__(self, *, name="", hints=None, inline: bool = False, **kwargs):
        self.noun = name
        super().__init__(**kwargs)
        self.widget.hints = {str(value): hint for value, hint in (hints or {}).items()}
        self.widget.inline = inline

    def clean(self, value):
        if value in EMPTY_VALUES:
            if self.required:
                raise ValidationError(words.choose(self), code="required")
            return ""
        if not self.valid_value(str(value)):
            raise ValidationError(words.not_a_choice(self), code="invalid_choice")
        return str(value)


class ChoiceList(forms.MultipleChoiceField):
    """Any number of answers, all in view."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, name="", hints=None, **kwargs):
        self.noun = name
        super().__init__(**kwargs)
        self.widget.hints = {str(value): hint for value, hint in (hints or {}).items()}

    def clean(self, value):
        if self.required and not value:
            raise ValidationError(words.choose(self), code="required")
        chosen = list(dict.fromkeys(self.to_python(value)))
        if not all(self.valid_value(one) for one in chosen):
            raise ValidationError(words.not_a_choice(self), code="invalid_choice")
        return chosen


class YesField(forms.BooleanField):
    """One box to tick."""

    def __init__(self, *, name="", **kwargs):
        self.noun = name
        super().__init__(**kwargs)

    def validate(self, value):
        if self.required and not value:
            noun = words.noun_of(self)
            raise ValidationError(
                words.sentence(_("Tick the box beside %(noun)s."), noun=noun), code="required"
            )


class Scale(PlainRadios):
    """0 to 10 in a row that wraps: no slider, so that a hand that shakes can press it."""

    low = high = ""


class ScaleField(forms.Field):
    """A number from 0 to 10; None for "I'd rather not use a number" where `optional` is true."""

    widget = Scale
    without_number = "none"

    def __init__(self, *, name="", low="", high="", optional: bool = False, no_number="", **kwargs):
        self.noun = name
        super().__init__(**kwargs)
        self.optional = optional
        self.widget.low, self.widget.high = low, high
        choices = [(str(number), str(number)) for number in range(11)]
        if optional:
            choices.append((self.without_number, no_number or gettext_lazy("I'd rather not use a number")))
        self.choices = self.widget.choices = choices

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.widget.choices = copy.choices = list(self.choices)
        return copy

    def clean(self, value):
        text = "" if value is None else str(value)
        if text in ("", self.without_number):
            if text and self.optional or not self.required:
                return None
            raise ValidationError(_("Choose a number from 0 to 10."), code="required")
        if text not in dict(self.choices):
            raise ValidationError(_("Choose a number from 0 to 10."), code="invalid_choice")
        return int(text)

    def has_changed(self, initial, data):
        return str("" if initial is None else initial) != str("" if data is None else data)


def characters(most: int) -> str:
    """How much may be written, in words."""
    return ngettext(
        "You can write up to %(most)d character.", "You can write up to %(most)d characters.", most
    ) % {"most": most}
