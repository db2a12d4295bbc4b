"""Settings as frozen, checked values: from recipe, file and overrides, told to a form, written back."""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
import typing
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

import annotated_types
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from training.configs.documents import Document, Key, parse_override, read_document, write_document
from vpt_studio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

ConfigT = TypeVar("ConfigT")

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
NEAR_MATCHES = 2


@typing.dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(Field, dataclasses.field)
)
def settings(cls: type[ConfigT]) -> type[ConfigT]:
    """Make a class a section of settings: frozen, by keyword, refusing unknown keys and loose values."""
    made: Any = pydantic_dataclass(frozen=True, kw_only=True, config=STRICT)(cls)
    return typing.cast("type[ConfigT]", made)


def setting(description: str, *, unit: str | None = None, **limits: Any) -> Any:
    """What a setting means, for ``Annotated``: description, unit and pydantic's limits (``ge`` ...)."""
    return Field(
        description=description, json_schema_extra=None if unit is None else {"unit": unit}, **limits
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setting:
    """What a form or a manual needs to know of one setting.

    Attributes:
        key: Its place in the tree, joined by dots: ``optimiser.learning_rate``.
        kind: ``flag``, ``whole number``, ``number``, ``text``, ``choice``, ``list`` or ``table``.
        description: What it does.
        unit: The unit of a number.
        default: Its default.
        is_required: It has no default.
        may_be_none: It can be left empty.
        choices: The allowed words of a choice.
        limits: The limits of a number, or of a list's length: subset of ``ge``, ``gt``, ``le``, ``lt``,
            ``min_length``, ``max_length``.
    """

    key: str
    kind: str
    description: str
    unit: str | None
    default: Any
    is_required: bool
    may_be_none: bool
    choices: tuple[str, ...]
    limits: Mapping[str, float]

    @property
    def allowed(self) -> str:
        """The allowed values in words: ``a number above 0 and at most 1``."""
        if self.kind == "choice":
            words = "one of " + ", ".join(self.choices)
        elif self.kind == "flag":
            words = "true or false"
        else:
            bounds = [f"{_LIMIT_WORDS[name]} {limit:g}" for name, limit in self.limits.items()]
            words = f"a {self.kind} {' and '.join(bounds)}".rstrip()
        return f"{words}, or null" if self.may_be_none else words


_LIMIT_WORDS = {
    "gt": "above",
    "ge": "at least",
    "lt": "below",
    "le": "at most",
    "min_length": "with length at least",
    "max_length": "with length at most",
}
_KINDS: dict[Any, str] = {
    bool: "flag",
    int: "whole number",
    float: "number",
    str: "text",
    tuple: "list",
    dict: "table",
}


def describe_settings(config_class: type) -> list[Setting]:
    """Every setting of a configuration class, in the order in which it is written."""
    return list(_described(config_class, ()))


def _described(section: type, above: Key) -> Iterator[Setting]:
    hints = typing.get_type_hints(section, include_extras=True)
    for field in dataclasses.fields(section):
        annotation, key = hints[field.name], (*above, field.name)
        if dataclasses.is_dataclass(annotation):
            yield from _described(typing.cast("type", annotation), key)
        else:
            yield _setting(field, annotation, key)


def _setting(field: dataclasses.Field[Any], annotation: Any, key: Key) -> Setting:
    info = next(note for note in get_args(annotation)[1:] if hasattr(note, "description"))
    options = [get_args(annotation)[0]]
    if get_origin(options[0]) in {types.UnionType, typing.Union}:
        options = list(get_args(options[0]))
    main = next(option for option in options if option is not type(None))
    is_choice = get_origin(main) is Literal
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return Setting(
        key=".".join(key),
        kind="choice" if is_choice else _KINDS[get_origin(main) or main],
        description=info.description,
        unit=(info.json_schema_extra or {}).get("unit"),
        default=None if default is dataclasses.MISSING else default,
        is_required=default is dataclasses.MISSING,
        may_be_none=type(None) in options,
        choices=get_args(main) if is_choice else (),
        limits=dict(_limits(info.metadata)),
    )


def _limits(metadata: Iterable[object]) -> Iterator[tuple[str, float]]:
    for note in metadata:
        if isinstance(note, annotated_types.BaseMetadata):
            for name in _LIMIT_WORDS:
                if hasattr(note, name):
                    yield name, getattr(note, name)


def load_config(
    config_class: type[ConfigT],
    path: Path | None = None,
    *,
    recipe: Mapping[str, Any] | None = None,
    overrides: Iterable[str] = (),
) -> ConfigT:
    """Read a configuration; what comes later wins: defaults, recipe, file, overrides.

    Args:
        config_class: The class to make, such as ``IdmConfig``.
        path: A YAML file.
        recipe: A tree of settings, such as ``recipe("idm", "paper")``.
        overrides: Texts like ``optimiser.learning_rate=3e-4``.

    Raises:
        StudioError: A key is unknown or a value not allowed; it names every such key, the place that set it,
            what is allowed, and keys that look alike.
    """
    document = Document({})
    if recipe is not None:
        document = Document(dict(recipe), {(section,): "the recipe" for section in recipe})
    if path is not None:
        document = document.overlaid_with(read_document(path))
    for text in overrides:
        document = document.overlaid_with(parse_override(text))
    # A section that nobody mentions has its defaults too, and its own words for what it lacks.
    known = describe_settings(config_class)
    sections: dict[str, Any] = {setting.key.partition(".")[0]: {} for setting in known if "." in setting.key}
    try:
        # JSON, because only there does strictness allow a list for a tuple and a whole number for a number.
        return TypeAdapter(config_class).validate_json(json.dumps({**sections, **document.settings}))
    except ValidationError as error:
        problems = _without_consequences(error.errors(include_url=False))
        told = [_problem(details, document, known) for details in problems]
        where = path if path is not None else "settings"
        mends = dict.fromkeys(mend for _, mend in told if mend)
        raise StudioError(
            "; ".join(what for what, _ in told), where=where, mend=". ".join(mends) or None
        ) from error


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a YAML file as a plain tree, unchecked.

    Raises:
        StudioError: The file cannot be read or is not a tree of settings.
    """
    return read_document(path).settings


def to_yaml(config: Any) -> str:
    """A configuration, or a plain tree of settings, as YAML with every value resolved."""
    if isinstance(config, dict):
        return write_document(config)
    return write_document(TypeAdapter(type(config)).dump_python(config, mode="json"))


def _without_consequences(problems: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those of a list or table one of whose items is the problem."""
    places = [details["loc"] for details in problems]
    return [
        details
        for details in problems
        if not any(
            len(loc) > len(details["loc"]) and loc[: len(details["loc"])] == details["loc"] for loc in places
        )
    ]


def _problem(details: ErrorDetails, document: Document, known: list[Setting]) -> tuple[str, str | None]:
    """One mistake in words, and what to do about it."""
    path = tuple(str(part) for part in details["loc"])
    name = ".".join(path)
    keys = {setting.key: setting for setting in known}
    place = document.place_of(path)
    at = f" ({place})" if place else ""
    match details["type"]:
        case "unexpected_keyword_argument":
            return f"there is no setting {name}{at}", _advice(path, keys)
        case "missing" | "missing_argument" if name in keys:
            return f"{name} is missing", f"Set {name}: {keys[name].description}"
        case "value_error":
            return f"{name}{at}: {details['ctx']['error']}", None
        case "dataclass_type":
            return (
                f"{name or 'the whole'} cannot be {_shown(details['input'])}{at}: it is a section of keys",
                None,
            )
        case _ if name in keys:
            return f"{name} cannot be {_shown(details['input'])}{at}: it must be {keys[name].allowed}", None
    return f"{name} cannot be {_shown(details['input'])}{at}: {details['msg']}", None


def _advice(path: Key, keys: Mapping[str, Setting]) -> str:
    wrong = ".".join(path)
    sections = {key.rpartition(".")[0] for key in keys}
    if len(path) == 1:
        near = [key for key in keys if key.rpartition(".")[2] == wrong]
        near = near or difflib.get_close_matches(wrong, sections, NEAR_MATCHES)
    else:
        near = difflib.get_close_matches(wrong, keys, NEAR_MATCHES, 0.75)
    if near:
        return f"Perhaps {' or '.join(dict.fromkeys(near))} is meant"
    above = ".".join(path[:-1])
    inside = [key for key in keys if key.startswith(f"{above}.")] if above in sections else sorted(sections)
    return f"There are {', '.join(inside)}"


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
