"""Settings as YAML text: read with the place of every key, and written so that reading gives them back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path

Key = tuple[str, ...]
"""Where a setting stands in the tree, from the root: ``("optimiser", "learning_rate")``."""


@dataclass(frozen=True)
class Document:
    """Settings with the place that gave each.

    Attributes:
        settings: A tree of dictionaries.
        places: For each key, the file and line, the recipe or the override that set it.
    """

    settings: dict[str, Any]
    places: dict[Key, str] = field(default_factory=dict)

    def overlaid_with(self, other: Document) -> Document:
        """These settings with ``other``'s put over them, dictionary by dictionary."""
        return Document(_overlaid(self.settings, other.settings), {**self.places, **other.places})

    def place_of(self, key: Key) -> str | None:
        """The place of ``key``, or of the nearest section around it, or of the first key within it."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.places:
                return self.places[key[:length]]
        return next((place for other, place in self.places.items() if other[: len(key)] == key), None)


def _overlaid(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = (
            _overlaid(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


class _Loader(yaml.SafeLoader):
    """PyYAML with the scalars of YAML 1.2, in which ``no`` is a word and ``3e-4`` a number."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own way


class _Dumper(yaml.SafeDumper):
    """Writes what ``_Loader`` reads: quotes a text that would be read as anything else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        """Never write ``*id001`` for what is said twice: nobody who edits settings wants to look it up."""
        return True

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own way


_SCALARS = (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", list("-+.0123456789")),
)
for _name, _pattern, _first in _SCALARS:
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"^(?:{_pattern})$"), _first)
# PyYAML folds single-quoted text at these line ends, and reads back a space.
_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if set(text) & set("\x85\u2028\u2029") else None
    ),
)
# Settings are what JSON can say: no dates, sets or bytes, whatever tag asks for them.
_Loader.yaml_constructors = {
    tag: make
    for tag, make in yaml.SafeLoader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in {"null", "bool", "int", "float", "str", "seq", "map"}
}
# PyYAML reads a leading zero as octal; here as in YAML 1.2 digits are decimal.
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _loader, node: int(node.value))


def read_document(path: Path) -> Document:
    """Read a YAML file of settings.

    Raises:
        StudioError: The file cannot be read, is no YAML, says a key twice, or is not a tree of sections.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise StudioError(
            f"the settings cannot be read ({reason})", where=path, mend="Check the path"
        ) from error
    return _parse(text, path.name, path)


def parse_override(text: str) -> Document:
    """Read ``section.key=value``, the value being YAML: ``training.steps=9``, ``data.held_out=[a, b]``.

    Raises:
        StudioError: There is no ``=``, a part of the key is empty, or the value is no YAML.
    """
    name, equals, value = text.partition("=")
    key = tuple(part.strip() for part in name.split("."))
    if not equals or not all(key):
        raise StudioError(
            f"{text!r} is no setting",
            where="override",
            mend="Write section.key=value, as in training.steps=1000",
        )
    place = f"override {text!r}"
    settings: Any = _parse(f"value: {value}" if value.strip() else "value: ''", place, place).settings[
        "value"
    ]
    for part in reversed(key):
        settings = {part: settings}
    return Document(settings, {key: place})


def write_document(settings: dict[str, Any]) -> str:
    """The settings as YAML text."""
    text: str = yaml.dump(settings, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


def _parse(text: str, label: str, where: str | Path) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document({})
        if not isinstance(node, yaml.MappingNode):
            raise StudioError("settings must be sections with keys, not a list or a word", where=where)
        places: dict[Key, str] = {}
        _note_places(node, (), label, where, places)
        return Document(loader.construct_document(node), places)
    except (yaml.YAMLError, ValueError) as error:
        raise StudioError(
            f"this is not YAML: {_told(error)}",
            where=where,
            mend="Check indentation, colons and brackets there",
        ) from error
    finally:
        loader.dispose()


def _note_places(
    node: yaml.MappingNode, above: Key, label: str, where: str | Path, places: dict[Key, str]
) -> None:
    for key_node, value_node in node.value:
        key = (*above, str(key_node.value))
        place = f"{label} line {key_node.start_mark.line + 1}"
        if key in places:
            raise StudioError(
                f"{'.'.join(key)} is set twice: {places[key]} and {place}",
                where=where,
                mend="Keep one of them",
            )
        places[key] = place
        if isinstance(value_node, yaml.MappingNode):
            _note_places(value_node, key, label, where, places)


def _told(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return str(error)
