"""``python -m bench.parity PATH``: check reference vectors, print each deviation, fail beyond tolerance."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

from bench.parity.deviation import Deviation

# Folder of the vectors -> module of this package that checks it. A module that does not exist yet, like a
# part that is only partly built, is reported in plain words and never counted as passed.
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
        module_name = f"bench.parity.{name}"
        if not (options.folder / part).is_dir():
            print(f"{part}: absent")
        elif importlib.util.find_spec(module_name) is None:
            print(f"{part}: not built yet")
        else:
            module = importlib.import_module(module_name)
            check: Callable[[Path], list[Deviation]] = module.check
            print(f"{part}:")
            for deviation in check(options.folder / part):
                checked += 1
                failed += not deviation.passed
                print(_line(deviation))
            for piece in getattr(module, "NOT_BUILT", ()):
                print(f"  {piece}: not built yet")
    print(f"{checked} quantities checked, {failed} beyond tolerance")
    if failed:
        return 1
    return 0 if checked else 2


def _line(deviation: Deviation) -> str:
    verdict = "ok  " if deviation.passed else "FAIL"
    return f"  {verdict} {deviation.largest:9.2e} of {deviation.tolerance:7.0e}  {deviation.quantity}"


if __name__ == "__main__":
    sys.exit(main())
