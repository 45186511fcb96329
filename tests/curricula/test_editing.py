"""What the files say can be gone on with in the CMS: each lesson and each handbook opens in the editor."""

import pytest

from courses.models import HandbookPage, LessonPage
from courses.services.loading import load_curricula
from lms.people.models import Role
from tests.factories import RoleFactory


@pytest.mark.django_db
def test_an_author_opens_what_was_loaded(signed_in):
    load_curricula()
    author = signed_in(RoleFactory(kind=Role.Kind.AUTHOR).person)
    pages = [*LessonPage.objects.order_by("path"), *HandbookPage.objects.order_by("path")]

    answers = {page.slug: author.get(f"/cms/pages/{page.pk}/edit/") for page in pages}

    assert {slug: answer.status_code for slug, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert all('data-contentpath="body"' in answer.text for answer in answers.values())
