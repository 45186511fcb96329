"""The code on a printed invitation, and the sign-in name beside it: easy to read, to say and to type.

The alphabet leaves out what looks or sounds like something else: no O and 0, I, L and 1, U; Z, S and B are read as 2, 5
and 8. 28 of 27 signs are 133 bits.
"""

import hashlib
import re
import secrets

from django.utils.text import slugify

ALPHABET = "ACDEFGHJKMNPQRTVWXY23456789"
LENGTH, GROUP = 28, 4
READ_AS = str.maketrans("ZSBU", "258V")

SIGN_IN_NAME = re.compile("[a-z]+(-[a-z]+)*-[2-9]{2,3}")
LONGEST_PART = 20
# For names that have no Latin letters.
PLAIN_WORDS = [
    "apple",
    "bridge",
    "garden",
    "harbour",
    "lantern",
    "meadow",
    "orchard",
    "river",
    "summer",
    "window",
]


def new_code() -> str:
    """A random code, in groups of four as it is printed."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    return " ".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def tidied_code(typed: str) -> str:
    """The code as it was meant: spaces, dashes and small letters do not matter."""
    return re.sub("[^A-Z0-9]", "", typed.upper()).translate(READ_AS)


def hash_of(code: str) -> str:
    """What a code is recognised by. A plain digest will do: nobody guesses 133 bits."""
    return hashlib.sha256(tidied_code(code).encode()).hexdigest()


def new_sign_in_name(first_name: str, last_name: str, *, digits: int = 2) -> str:
    """A name such as amina-hart-27. The number has no 0 and no 1, which look like letters."""
    parts = [_letters(first_name), _letters(last_name)]
    words = [part for part in parts if part] or [
        secrets.choice(PLAIN_WORDS),
        secrets.choice(PLAIN_WORDS),
    ]
    return "-".join([*words, "".join(secrets.choice("23456789") for _digit in range(digits))])


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", slugify(name))[:LONGEST_PART]
