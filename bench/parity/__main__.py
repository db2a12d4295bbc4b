"""``python -m bench.parity PATH``: check reference vectors, print each deviation, fail beyond tolerance."""

from __future__ import annotations

import argparse
import importlib
import math
import sys
from collections.abc import Callable
from pathlib import Path

from bench.parity.deviation import Deviation

# Folder of the vectors -> module of this package that checks it.
_PARTS = {
    "idm_tiny": "idm",
    "policy_tiny": "policy",
    "full_size": "full_size",
    "actions": "actions",
    "value_head": "value_head",
    "init": "initialisation",
    "loader": "loader",
    "released_model_files": "released_files",
}


def main() -> int:
    """Check every part below the given folder.

    Returns:
        0 if all deviations found are within tolerance, 1 if any is beyond, 2 if there was nothing to check.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.parity", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder laid out as data/parity")
    parser.add_argument("--part", action="append", choices=sorted(_PARTS), help="check only this part")
    options = parser.parse_args()
    checked, failed = 0, 0
    for part, name in _PARTS.items():
        if options.part and part not in options.part:
            continue
        if not (options.folder / part).is_dir():
            print(f"{part}: absent")
            continue
        check: Callable[[Path], list[Deviation]] = importlib.import_module(f"bench.parity.{name}").check
        print(f"{part}:")
        found = check(options.folder / part)
        for deviation in found:
            checked += 1
            failed += not deviation.passed
            print(_line(deviation))
        print(_summary(part, found))
    print(f"{checked} quantities checked, {failed} beyond tolerance")
    if failed:
        return 1
    return 0 if checked else 2


def _line(deviation: Deviation) -> str:
    verdict = "ok  " if deviation.passed else "FAIL"
    return f"  {verdict} {deviation.largest:9.2e} of {deviation.tolerance:7.0e}  {deviation.quantity}"


def _summary(part: str, found: list[Deviation]) -> str:
    """The largest deviation of a part, among the quantities that need not be equal."""
    inexact = [deviation for deviation in found if deviation.tolerance > 0]
    equal = len(found) - len(inexact)
    if not inexact:
        return f"  {part}: {equal} quantities that must be equal, no other"
    # Not-a-number is larger than anything.
    worst = max(inexact, key=lambda one: math.inf if math.isnan(one.largest) else one.largest / one.tolerance)
    return (
        f"  {part}: largest {worst.largest:.2e} of {worst.tolerance:.0e} allowed ({worst.quantity}),"
        f" {equal} quantities that must be equal"
    )


if __name__ == "__main__":
    sys.exit(main())
