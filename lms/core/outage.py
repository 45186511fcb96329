"""When what the site stands on is away for a moment: the database, or room on the disk."""

import errno

from django.db import InterfaceError, OperationalError

# No room left, over the quota, or the disk has gone read-only.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# How long somebody's browser, or a proxy, should wait before it asks again.
RETRY_SECONDS = 30


def is_outage(error: BaseException | None) -> bool:
    """Whether the error says that the house is out of order, rather than that we made a mistake."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        error = error.__cause__
    return False
