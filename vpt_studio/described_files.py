"""Reads what people write in YAML: checked against a class of ours, and what is wrong told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from vpt_studio.errors import StudioError

_MOST_BYTES = 1 << 20

Described = TypeVar("Described", bound=BaseModel)


def read_described(path: Path, described: type[Described], called: str, example: str) -> Described:
    """What the YAML file at `path` describes.

    Args:
        path: The file.
        described: What it must hold.
        called: What such a file is, as in `game profile`.
        example: The name of one of ours that shows how it is written.

    Raises:
        StudioError: It cannot be read, or holds something wrong.
    """
    mend = f"Mend it; {example} shows how"
    try:
        with path.open("rb") as file:
            written = file.read(_MOST_BYTES + 1)
        if len(written) > _MOST_BYTES:
            raise StudioError(f"the {called} is larger than 1 MB", where=path, mend="Name another file")
        return described.model_validate(yaml.safe_load(written.decode()))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StudioError(f"the {called} cannot be read ({reason})", where=path) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise StudioError(f"the {called} is not valid YAML ({reason})", where=path, mend=mend) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        what = f"{place}: {first['msg']}" if place else first["msg"]
        raise StudioError(f"the {called} holds something wrong ({what})", where=path, mend=mend) from error
