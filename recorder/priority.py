"""Who goes first where several threads want a core."""

from __future__ import annotations

import os
import sys
import threading


def give_way() -> None:
    """Let ticks and grabs go before the thread that calls, an encoder's, where both want a core.

    The encoder's own threads inherit it. Only by a little: beside other programs that want all cores,
    encoding still has to keep up.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + 2)
