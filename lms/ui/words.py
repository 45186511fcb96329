"""The words that forms use when something is amiss, and the characters they do not take."""

import unicodedata

from django.utils.text import capfirst
from django.utils.translation import gettext as _

LINE_BREAKS_AND_TAB = "\n\r\t"
# These two force the letters after them into the other direction, so that a text reads as something it is not.
# The gentle marks (U+200E, U+200F) that Arabic and Hebrew keyboards write are welcome.
OVERRIDES = "\u202d\u202e"
OPENING, CLOSING = "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"


def has_hidden_characters(text: str) -> bool:
    """Whether the text holds control characters, or changes of direction that do not end where they began."""
    depth = 0
    for character in text:
        if character in OVERRIDES:
            return True
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
            if depth < 0:
                return True
        elif unicodedata.category(character) in ("Cc", "Cs") and character not in LINE_BREAKS_AND_TAB:
            return True
    return depth != 0


def noun_of(field) -> str:
    """What a sentence calls the field: its `name` ("the topic"), else its label in quotation marks."""
    name = getattr(field, "noun", "")
    return str(name) if name else _("“%(label)s”") % {"label": field.label or ""}


def sentence(words: str, **values) -> str:
    """A translated sentence with its values put in and a capital in front."""
    return capfirst(words % values)


def enter(field) -> str:
    if getattr(field, "noun", ""):
        return sentence(_("Enter %(noun)s."), noun=noun_of(field))
    return sentence(_("Fill in %(noun)s."), noun=noun_of(field))


def choose(field) -> str:
    if getattr(field, "noun", ""):
        return sentence(_("Choose %(noun)s."), noun=noun_of(field))
    return sentence(_("Choose an answer to %(noun)s."), noun=noun_of(field))


def not_a_choice(field) -> str:
    return sentence(_("Choose one of the answers listed for %(noun)s."), noun=noun_of(field))


def too_long(field, most: int, used: int) -> str:
    return sentence(
        _("%(noun)s must be %(most)s characters or fewer. You have used %(used)s."),
        noun=noun_of(field),
        most=most,
        used=used,
    )


def too_long_pattern(field) -> str:
    """`too_long` with the places that Django's own check fills in."""
    noun = noun_of(field).replace("%", "%%")
    return capfirst(
        _("%(noun)s must be %(most)s characters or fewer. You have used %(used)s.")
        % {"noun": noun, "most": "%(limit_value)d", "used": "%(show_value)d"}
    )


def hidden_characters(field) -> str:
    return sentence(
        _("Take out the hidden characters in %(noun)s. They often come along when text is copied."),
        noun=noun_of(field),
    )


def bounds(field, least: int | None, most: int | None) -> str:
    noun = noun_of(field)
    if least is not None and most is not None:
        return sentence(
            _("%(noun)s must be a whole number from %(least)d to %(most)d."),
            noun=noun,
            least=least,
            most=most,
        )
    if least is not None:
        return sentence(_("%(noun)s must be a whole number, %(least)d or more."), noun=noun, least=least)
    return sentence(_("%(noun)s must be a whole number, such as 12."), noun=noun)


def wrong_address() -> str:
    return _("Enter an email address in the right form, like name@example.com.")
