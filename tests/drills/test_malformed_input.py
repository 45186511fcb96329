"""Fifty thousand made-up requests to every address of ours."""

import pytest

from tests.lms.malformed import send_many
from tests.lms.test_doors import world  # noqa: F401

SEEDS, EACH = range(100, 110), 5_000

pytestmark = pytest.mark.drill


def test_fifty_thousand_made_up_requests_break_no_page(world, figure):  # noqa: F811
    broken, total = [], 0
    for seed in SEEDS:
        sent = send_many(world, count=EACH, seed=seed)
        broken += sent.broken
        total += sent.total
        print(f"{total} sent, {len(broken)} broken: {dict(sent.answers)}", flush=True)

    for each in broken[:20]:
        print(each)
    figure(
        "malformed input: answers of 500 and more", len(broken), "answers", bar="= 0", note=f"{total} inputs"
    )
