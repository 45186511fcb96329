"""What a password has to be, in words that say what to do."""

import re

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return (
            ngettext(
                "Use at least %d character. A few words in a row are easy to remember.",
                "Use at least %d characters. A few words in a row are easy to remember.",
                self.min_length,
            )
            % self.min_length
        )


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Many people use this password, so it is too common. Choose another one.")


class NotTheirOwnName(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        # Django puts in the name of the field that the password is like.
        return _("This password is too much like your %(verbose_name)s. Choose another one.")


class NotOurWords:
    """A password is more than words that everybody sees on this site (OWASP ASVS 5.0, 6.1.2 and 6.2.11).

    `words` are those words, and the site's name is one of them; spaces, capitals and the usual digits for letters make no
    difference. What is left of the password without them, counted in letters and digits, has to be `least` long.
    """

    LOOK_ALIKES = str.maketrans("013457$@", "oieastsa")

    def __init__(self, words: tuple[str, ...] = (), least: int = 8) -> None:
        self.words = sorted(
            {self._plain(word) for word in (*words, settings.SITE_NAME)}, key=len, reverse=True
        )
        self.least = least

    def _plain(self, text: str) -> str:
        return re.sub(r"[\W_]+", "", text.lower().translate(self.LOOK_ALIKES))

    def validate(self, password: str, user=None) -> None:
        left = self._plain(password)
        has_ours = False
        for word in filter(None, self.words):
            has_ours = has_ours or word in left
            left = left.replace(word, "")
        if has_ours and len(left) < self.least:
            raise ValidationError(self.get_error_message(), code="password_of_our_words")

    def get_error_message(self) -> str:
        return _(
            "This password is made of words from this site, so it is easy to guess. Add words of your own."
        )

    def get_help_text(self) -> str:
        return _("Do not use words that everybody can read on this site.")
