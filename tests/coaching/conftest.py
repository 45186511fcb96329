"""A patient and a professional who share agendas and plans, on a Monday."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.factories.coaching import tie_between

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def two(cast, at) -> SimpleNamespace:
    """`patient`, `professional`, their `tie` with consent to agendas and plans, and somebody who is neither."""
    at(MONDAY)
    return SimpleNamespace(
        patient=cast.patient,
        professional=cast.professional,
        outsider=cast.outsider,
        tie=tie_between(cast.patient, cast.professional),
    )
