"""The cache that all machines share (Valkey), which may be slow or gone without anybody waiting.

What it holds are counters of rate limits and the like. While it does not answer, each process
counts for itself: limits hold a little less strictly, and no request fails.
"""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

TIMEOUT = 0.2  # seconds, for connecting and for each answer
LEFT_OUT_FOR = 1.0  # seconds without asking again
OPERATIONS = (
    *("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many"),
    *("has_key", "incr", "clear"),
)
logger = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Django's cache on Valkey, and a cache in this process's memory for as long as it is away."""

    def __init__(self, server, params):
        options = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
        given = params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options | given})
        self.own = LocMemCache("while-the-shared-cache-is-away", {})

    def answers(self) -> bool:
        """Whether the shared cache itself answers now."""
        try:
            return bool(self._cache.get_client(None).ping())
        except (RedisError, OSError):
            return False


_out_until = float("-inf")  # of the process: Django makes a cache object for each thread


def _failing_open(name: str):
    shared, own = getattr(RedisCache, name), getattr(LocMemCache, name)

    def operation(self, *args, **kwargs):
        global _out_until
        if time.monotonic() >= _out_until:
            try:
                return shared(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _out_until = time.monotonic() + LEFT_OUT_FOR
                logger.warning("The shared cache is away: %s.", type(error).__name__)
        return own(self.own, *args, **kwargs)

    operation.__name__ = name
    operation.__doc__ = f"`{name}`, by this process alone while the shared cache is away."
    return operation


for _name in OPERATIONS:
    setattr(SharedCache, _name, _failing_open(_name))
