"""How many files this process may have open at once. Imports nothing heavy."""

from __future__ import annotations

import math
import sys
from contextlib import suppress

#: What a process asks for where the system allows it more than it starts with.
_WISHED_FILES = 8192

if sys.platform == "win32":

    def open_files_allowed() -> float:
        """How many files this process may have open at once."""
        return math.inf

    def allow_many_files() -> None:
        """Let this process open as many files as the system grants on request."""
else:
    import resource

    def open_files_allowed() -> float:
        """How many files this process may have open at once."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return math.inf if limit == resource.RLIM_INFINITY else limit

    def allow_many_files() -> None:
        """Let this process open as many files as the system grants on request."""
        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wished = _WISHED_FILES if most == resource.RLIM_INFINITY else min(_WISHED_FILES, most)
        if now != resource.RLIM_INFINITY and now < wished:
            with suppress(OSError, ValueError):  # some systems grant less than they say
                resource.setrlimit(resource.RLIMIT_NOFILE, (wished, most))
