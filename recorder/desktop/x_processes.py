"""Which process a window of an X server belongs to."""

from __future__ import annotations

from typing import Any

from Xlib import X, error
from Xlib.ext import res


class XProcesses:
    """Asks the server, which knows who is connected to it; what programs say themselves may be wrong."""

    def __init__(self, display: Any) -> None:
        self._display = display
        # Clients' numbers of their own begin where the bits of this mask end.
        self._client_bits = ~display.display.info.resource_id_mask
        self._server_tells = display.has_extension(res.extname) and _version(display) >= (1, 2)

    def of(self, window: int) -> int:
        """The number of the process; 0 where nobody tells."""
        if self._server_tells:
            told = self._display.res_query_client_ids([{"client": window, "mask": res.LocalClientPIDMask}])
            for one in told.ids:
                if one.spec.mask == res.LocalClientPIDMask and one.value:
                    return int(one.value[0])
        return self._said_by_itself(window)

    def are_of_one(self, one: int, other: int) -> bool:
        """Whether two windows belong to the same process."""
        if one & self._client_bits == other & self._client_bits:
            return True
        process = self.of(one)
        return process != 0 and process == self.of(other)

    def _said_by_itself(self, window: int) -> int:
        """Where the server does not know: programs on other computers, and old servers."""
        about = self._display.create_resource_object("window", window)
        try:
            told = about.get_full_property(self._display.get_atom("_NET_WM_PID"), X.AnyPropertyType)
        except error.XError:
            return 0
        return int(told.value[0]) if told is not None and len(told.value) else 0


def _version(display: Any) -> tuple[int, int]:
    told = display.res_query_version()
    return told.server_major, told.server_minor
