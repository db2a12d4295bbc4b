"""Loops compiled to machine code by numba, kept on disk between processes where that is possible."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numba
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

# numba's settings are made when it is imported, which type checkers cannot see.
_config: Any = numba.config
_PACKAGE, _FOLDER = __name__.partition(".")[0], Path(__file__).resolve().parent
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)  # what statements stand in


def compiled(function: Callable[..., Any], *, inlined: bool = False, allocates: bool = True) -> Any:
    """`function` compiled when first called, without the interpreter's lock while it runs.

    Args:
        function: A function of a module (closures would be compiled anew in every process) in the part
            of Python that numba knows. Arithmetic keeps its order, so that results are repeatable.
        inlined: Whether it becomes part of its callers.
        allocates: Whether it makes arrays. One that does not, and calls none that does, need not count
            references to those it is given: counting at each call takes longer than a short function.
    """
    before = _config.CACHE_LOCATOR_CLASSES
    _config.CACHE_LOCATOR_CLASSES = ",".join(f"{__name__}.{each.__name__}" for each in _LOCATORS)
    options: dict[str, Any] = {"nogil": True, "forceinline": inlined, "_nrt": allocates}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither the install's folder nor the user's can hold a cache
        return numba.njit(**options)(function)
    finally:
        _config.CACHE_LOCATOR_CLASSES = before


# By itself numba keeps compiled code until the file of the function changes, and would go on with old code
# when a function that it calls, or a constant that it uses, changes in another file.
class _StampOfAllSources:
    """Makes a cached function depend on every file of ours that its own file imports, in turn too."""

    _stamp: bytes | None

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> Any:
        locator = super().from_function(function, file)  # type: ignore[misc]
        if locator is not None:
            locator._stamp = _stamp_of(file)
            if locator._stamp is not None:
                _forget_other_versions(locator.get_cache_path(), Path(file).stem, _name_of(locator._stamp))
        return locator

    def get_disambiguator(self) -> str:
        # numba reads what a file holds before it looks at its stamp, and fails where that names a class
        # which has moved since; so code of another version has other files.
        line = super().get_disambiguator()  # type: ignore[misc]
        return line if self._stamp is None else f"{line}-{_name_of(self._stamp)}"

    def get_source_stamp(self) -> Any:
        return self._stamp or super().get_source_stamp()  # type: ignore[misc]


class ProvidedPlace(_StampOfAllSources, UserProvidedCacheLocator):
    """Compiled code in the folder that ``NUMBA_CACHE_DIR`` names."""


class BesideTheSource(_StampOfAllSources, InTreeCacheLocator):
    """Compiled code in ``__pycache__``."""


class UserPlace(_StampOfAllSources, UserWideCacheLocator):
    """Compiled code in the user's cache folder."""


_LOCATORS = (ProvidedPlace, BesideTheSource, UserPlace)


class _Source(NamedTuple):
    digest: bytes
    imports: frozenset[Path]


def _name_of(stamp: bytes) -> str:
    return stamp.hex()[:16]


@cache
def _forget_other_versions(folder: str, module: str, version: str) -> None:
    """Remove compiled code of `module` that no version of the sources will ask for again."""
    for path in Path(folder).glob(f"{module}.*.nb[ic]"):
        if f"-{version}." not in path.name:
            with suppress(OSError):  # another process was quicker, or the folder is not ours to clean
                path.unlink()


@cache
def _stamp_of(file: str) -> bytes | None:
    """A hash of `file` and of every file of ours that it imports from, or that those do.

    None where there is no source, as in an application that is one file.
    """
    path = Path(file).resolve()
    if not path.is_file():
        return None
    waiting, seen = [path], {path}
    while waiting:
        new = _source(waiting.pop()).imports - seen
        seen |= new
        waiting += new
    return hashlib.sha256(b"".join(_source(each).digest for each in sorted(seen))).digest()


# What a function takes from another module need not show where it came from: numbers and arrays do not.
# So the text of the module is asked, not the module.
@cache
def _source(file: Path) -> _Source:
    text = file.read_bytes()
    imports = (_files_of(statement, file) for statement in _imports_in(ast.parse(text)))
    return _Source(hashlib.sha256(text).digest(), frozenset(chain.from_iterable(imports)))


def _imports_in(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """What a module imports when it is imported itself, not what its functions import."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, _BLOCKS) and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _imports_in(child)


def _files_of(statement: ast.Import | ast.ImportFrom, file: Path) -> Iterator[Path]:
    """Our files that an import statement of `file` names; a name taken from a package may be a module."""
    names = [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        module = statement.module or ""
        names = [module, *(f"{module}.{name}" for name in names)]
    level = statement.level if isinstance(statement, ast.ImportFrom) else 0
    for name in names:
        if level:
            place = file.parents[level - 1].joinpath(*name.split("."))
        elif name.partition(".")[0] == _PACKAGE:
            place = _FOLDER.joinpath(*name.split(".")[1:])
        else:
            continue
        yield from (each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file())
