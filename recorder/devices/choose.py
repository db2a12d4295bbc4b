"""The best way to hear this computer's keyboards and mice."""

from __future__ import annotations

import sys

from recorder.devices.source import InputSource


def best_input_source() -> InputSource:
    """The source whose motion is the most exact on this system; not started.

    Raises:
        StudioError: Nothing can be heard here, with what is missing and what to do about it.
    """
    if sys.platform == "win32":
        from recorder.devices.windows_input import WindowsInputSource as BestSource
    elif sys.platform == "darwin":
        from recorder.devices.macos_input import MacInputSource as BestSource
    else:
        from recorder.devices.x_input import XInputSource as BestSource
        from recorder.devices.x_input import server_tells_raw_input

        if not server_tells_raw_input():
            from recorder.devices.pynput_input import PynputInputSource

            return PynputInputSource()
    return BestSource()
