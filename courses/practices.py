"""The practice registry: what a lesson lets people rehearse belongs to higher apps, which register it here.

An app calls `register_practice` in a practices.py of its own; a lesson's practice block names the key.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from lms.ui.forms import PlainForm


@dataclass(frozen=True)
class Practice:
    """A real tool's screen, for rehearsal.

    `form_class` is the tool's own form, with a method `as_answer()` that gives what was filled in as plain JSON values.
    `template_name` draws its fields (it gets `form`, and nothing of its own about the form element or buttons).
    `css` and `script` are static files that the screen needs.
    `make_mine_url_name` names the view that makes the answer one's own; it gets `?from=` the answer's number.
    """

    key: str
    label: str | Promise
    form_class: type[PlainForm]
    template_name: str
    make_mine_url_name: str = ""
    css: str = ""
    script: str = ""


_practices: dict[str, Practice] = {}


def register_practice(practice: Practice) -> None:
    """Add a practice; another one under the same key is refused."""
    known = _practices.setdefault(practice.key, practice)
    if known != practice:
        raise ValueError(f"Two practices want to be called {practice.key!r}.")


def practice(key: str) -> Practice | None:
    return _practices.get(key)


def practice_choices() -> list[tuple[str, str | Promise]]:
    """Every registered practice, for the author to choose from."""
    return [(known.key, known.label) for known in sorted(_practices.values(), key=lambda known: known.key)]
