"""Run as a program: load every checkpoint named on standard input, tell as JSON what became of each."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from vpt_studio.errors import StudioError
from vpt_studio.models.checkpoints import load_checkpoint


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    paths = json.load(sys.stdin)
    load_checkpoint(Path(paths[0]))  # a good one, so that what loading takes at all is not counted
    before, found = peak(), []
    for path in paths[1:]:
        start = time.process_time()
        try:
            load_checkpoint(Path(path))
            answer = {"loaded": True}
        except StudioError as error:
            answer = {"words": str(error), "where": error.where}
        except BaseException as error:  # told to the test, which fails
            answer = {"crash": f"{type(error).__name__}: {error}"}
        found.append({"path": path, "seconds": time.process_time() - start, **answer})
    json.dump({"found": found, "grown_kb": peak() - before}, sys.stdout)


if __name__ == "__main__":
    main()
