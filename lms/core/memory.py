"""A cache in the memory of this process that hands out the very objects it was given."""

import threading
import time
from collections import OrderedDict

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

Memory = OrderedDict[str, tuple[object, float | None]]
_memories: dict[str, Memory] = {}
_lock = threading.Lock()


class ProcessMemory(BaseCache):
    """Like Django's LocMemCache, without copying: what is put in is shared by all requests, and nobody may change it.

    It knows nothing of other processes. So it is for what never goes out of date under its key, such as the outline of
    a course under the stamp that changes with the course; never for anything of a person's.
    """

    def __init__(self, name, params):
        super().__init__(params)
        # Django makes one of these for each thread.
        self._kept = _memories.setdefault(name, OrderedDict())

    def make_and_validate_key(self, key, version=None):
        return key  # any text will do: there is no server that wants it short

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version)
        found = self._kept.get(key)
        if found is None or (found[1] is not None and found[1] <= time.time()):
            return default
        return found[0]

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version)
        with _lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._max_entries:
                self._kept.popitem(last=False)
            self._kept[key] = (value, self.get_backend_timeout(timeout))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        if self.has_key(key, version):
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key, version=None):
        with _lock:
            return self._kept.pop(self.make_and_validate_key(key, version), None) is not None

    def clear(self):
        with _lock:
            self._kept.clear()
