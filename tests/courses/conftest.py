import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def empty_memory():
    """No outline of one test is remembered in the next: numbers of rows come again."""
    caches["process"].clear()
    caches["default"].clear()
