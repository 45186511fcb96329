"""Every page of the curricula, as it stands in the files, holds to what is asked of it."""

import pytest

from tests.curricula.checks import CHECKS
from tests.curricula.pages import Book, read_book


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_page(book, check):
    found = list(check(book))

    assert not found, "\n".join(found)


def test_there_is_something_to_read(book):
    assert len(book.pages) > 90
    assert all(page.sentences for page in book.pages)
