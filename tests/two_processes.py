"""How `./dev test` shares the tests between two processes (`pytest -p tests.two_processes -n 2`).

Browser tests come first, since they take longest, and a file of them stays in one process, since each file starts
a whole site. All other tests go one by one to whichever process is free, in the order that pytest-django wants:
those that empty the database last. (xdist's own groups have no effect under pytest 9.2.)
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class BrowserFilesStayWhole(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0] if nodeid.startswith(BROWSER) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return BrowserFilesStayWhole(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    answer = yield
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))
    return answer
