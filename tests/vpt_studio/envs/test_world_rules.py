"""The table of the world's rules beside Minecraft's, as `python -m bench.world_rules` prints it."""

from __future__ import annotations

import json
import subprocess
import sys


def test_every_rule_of_the_table_is_kept() -> None:
    command = [sys.executable, "-m", "bench.world_rules", "--json"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert len(json.loads(run.stdout)["rules"]) > 100
