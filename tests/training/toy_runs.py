"""A stage small enough to watch, and what tests need to start runs of it and to wait for what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from training import configs
from training.runs import RunWriter, create_run

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DEADLINE_SECONDS = 120.0
T = TypeVar("T")


def count(run: RunWriter, config: dict[str, Any]) -> None:
    """Count steps until ``total``, saving like a real stage; it can be told to misbehave at step ``at``."""
    checkpoint = run.places.checkpoints / "last"
    step = int(checkpoint.read_text()) if checkpoint.exists() else 0

    def save() -> None:
        checkpoint.write_text(str(step))

    for piece in range(config.get("pieces_to_prepare", 0)):
        if config.get("stop_at_piece") == piece:
            run.stop_soon("a test")
        run.preparing(piece, config["pieces_to_prepare"])
    run.begin(step=step, total_steps=config["total"])
    while run.keep_going(step, before_pause=save):
        step += 1
        if config.get("measure"):  # TensorBoard's library takes seconds to load
            run.metric(step, loss=1.0 / step)
        if step == config.get("at"):
            save()
            misbehave(config["how"])
        time.sleep(config.get("seconds_per_step", 0.0))
    save()


def misbehave(how: str) -> None:
    match how:
        case "out_of_memory":
            raise MemoryError
        case "accelerator_out_of_memory":
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        case "not_a_number":
            raise FloatingPointError("the loss is nan at step 3")
        case "data_missing":
            Path("no-such-recording.mp4").read_bytes()
        case "disk_full":
            raise OSError(28, "No space left on device")
        case "too_many_files":
            fail_to_open_another_video()
        case "import_error":
            import no_such_module  # noqa: F401
        case "explained":
            from vpt_studio.errors import StudioError

            raise StudioError("take 7 has no actions", where="take-7.jsonl", mend="Leave it out")
        case "bug":
            _ = {}["surprise"]
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "crashed":
            os.kill(os.getpid(), signal.SIGSEGV)


def fail_to_open_another_video() -> None:
    from vpt_studio.errors import StudioError

    try:
        raise OSError(24, "Too many open files")
    except OSError as error:
        raise StudioError("the video cannot be read", where="take-7.mp4", mend="Copy it again") from error


def make_run(folder: Path, *, stage: str = "toy_runs:count", **config: Any) -> Path:
    return create_run(folder / "runs", stage, configs.to_yaml({"total": 3, **config}), name="a toy", seed=5)


def eventually(look: Callable[[], T]) -> T:
    """The first true answer of ``look``; the deadline is far beyond what any machine needs."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"never came true: {look}")
        time.sleep(0.02)
    return answer


def worker_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE)])}


def work_here(run_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the worker to its end as somebody would by hand."""
    return subprocess.run(
        [sys.executable, "-m", "training.worker", str(run_dir)],
        env=worker_environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
