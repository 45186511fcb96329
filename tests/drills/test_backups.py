"""Twenty backups of a site that is written to, and twenty restores."""

import pytest

from tests.lms.test_backup import backups_under_writes

ROUNDS = 20


@pytest.mark.drill
@pytest.mark.django_db
def test_twenty_backups_under_writes_come_back_whole(new_site, figure):
    made, restored, faults = backups_under_writes(new_site, ROUNDS)

    note = "2 processes writing rows and files"
    figure("backups under writes: made", made, "", bar="= 20", note=note)
    figure(
        "backups under writes: restored whole", restored - len(faults), f"of {made}", bar="= 20", note=note
    )
