"""Compiled code that is kept on disk: used again while nothing changes, and never after something did."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from vpt_studio import compiling

# A package of the same name, for only its own modules count; `total` uses something of nearly all of them.
SOURCES = {
    "__init__.py": "",
    "kernels.py": """
        from vpt_studio.calls import twice
        from vpt_studio.compiling import compiled
        from vpt_studio import numbers
        from vpt_studio.steps import STEP
        from vpt_studio.tables import TABLE

        @compiled
        def total(x):
            return twice(x) + STEP + numbers.OTHER + TABLE[0]

        def unused():
            from vpt_studio import aside
        """,
    "calls.py": """
        from vpt_studio.compiling import compiled

        @compiled
        def twice(x):
            return 2 * x
        """,
    "numbers.py": "OTHER = 0\n",
    "steps.py": "STEP = 10\n",
    "tables/__init__.py": "from .deep import TABLE\n",
    "tables/deep.py": "import numpy as np\n\nTABLE = np.array([100, 200])\n",
    "aside.py": "",
}
RUN = """
import json
from vpt_studio.kernels import total
print(json.dumps([int(total(1)), bool(total.stats.cache_hits)]))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "vpt_studio"
    for name, source in SOURCES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source))
    shutil.copy(str(compiling.__file__), folder)
    return folder


def total(package: Path) -> tuple[int, bool]:
    """What another process makes of it, and whether it took the compiled code from the disk."""
    # Python's own caches notice no change of one digit within a second.
    places = {"PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(package.parent / "cache")}
    environment = os.environ | places | {"PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", RUN], cwd=package.parent, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    result, was_kept = json.loads(run.stdout)
    return result, was_kept


def test_compiled_code_is_used_again_until_anything_it_rests_on_changes(package: Path) -> None:
    assert total(package) == (112, False)
    assert total(package) == (112, True)
    results = []
    for name, before, after in (
        ("calls.py", "2 * x", "3 * x"),
        ("steps.py", "STEP = 10", "STEP = 20"),
        ("numbers.py", "OTHER = 0", "OTHER = 5"),
        ("tables/deep.py", "[100, 200]", "[300, 200]"),
        ("kernels.py", "+ STEP", "- STEP"),
    ):
        source = (package / name).read_text()
        assert before in source
        (package / name).write_text(source.replace(before, after))
        results.append(total(package))
    assert results == [(113, False), (123, False), (128, False), (328, False), (288, False)]


def test_what_only_functions_import_is_left_aside(package: Path) -> None:
    assert total(package) == (112, False)
    (package / "aside.py").write_text("CHANGED = True\n")
    (package / "never_imported.py").write_text("CHANGED = True\n")
    assert total(package) == (112, True)


def test_code_of_another_version_is_gone_and_does_no_harm(package: Path) -> None:
    def write(home: str, other: str) -> None:
        pair = "from typing import NamedTuple\n\nclass Pair(NamedTuple):\n    x: int\n    y: int\n"
        (package / f"{home}.py").write_text(pair)
        (package / f"{other}.py").write_text("")
        (package / "kernels.py").write_text(
            f"from vpt_studio.compiling import compiled\nfrom vpt_studio.{home} import Pair\n\n"
            "@compiled\ndef added(pair):\n    return pair.x + pair.y\n\n"
            "def total(x):\n    return added(Pair(x, 2))\n\ntotal.stats = added.stats\n"
        )

    write("here", "there")
    assert total(package) == (3, False)
    write("there", "here")  # numba's index of the old code names a class that is no longer there
    assert total(package) == (3, False)
    assert total(package) == (3, True)
    assert len(list(package.parent.glob("cache/**/*.nbi"))) == 1
