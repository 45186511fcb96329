"""What a password has to be, in words that say what to do."""

from django.contrib.auth import password_validation
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
