"""The name that a file comes with, and the one that it is kept under."""

import re
from pathlib import PurePosixPath
from secrets import token_hex

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lms.core.errors import RuleBroken

MOST_LETTERS = 150
# "report.v2.pdf" has one ending, "report.php.pdf" has two.
ANOTHER_ENDING = re.compile(r".\.[a-z]{2,5}\d?$")


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters and without the dot: "jpg".

    Refuses a name that means to be read in two ways: one with signs that cannot be seen, with a path, with two endings,
    or too long to show.
    """
    if len(name) > MOST_LETTERS:
        raise RuleBroken(
            _("The name of this file is too long. Give it a name of %(most)s letters or fewer.")
            % {"most": MOST_LETTERS}
        )
    if not name.isprintable() or re.search(r"[/\\:]", name):
        raise RuleBroken(_("The name of this file has signs that cannot be used. Give it a plain name."))
    path = PurePosixPath(name)
    if ANOTHER_ENDING.search(path.stem.lower()):
        raise RuleBroken(_("The name of this file has two endings. Give it a name with one dot."))
    return path.suffix.lower().removeprefix(".")


def name_to_keep(name: str, ending: str) -> str:
    """A name made here: what can be read of the old one, and eight signs by chance. No two files share one."""
    return f"{slugify(PurePosixPath(name).stem)[:40].strip('-_') or 'file'}-{token_hex(4)}.{ending}"
