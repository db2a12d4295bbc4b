"""Loops compiled to machine code by numba, kept on disk between processes where that is possible."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

# numba's settings are made when it is imported, which type checkers cannot see.
_config: Any = numba.config
_PACKAGE = __name__.partition(".")[0]


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
    """Makes a cached function depend on every module of ours that its own module uses."""

    _py_file: str
    _modules: frozenset[str]

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> Any:
        locator = super().from_function(function, file)  # type: ignore[misc]
        if locator is not None:
            locator._modules = frozenset(_used_by(sys.modules.get(function.__module__)))
        return locator

    def get_source_stamp(self) -> bytes:
        stamp = hashlib.sha256(_hash_of(self._py_file))
        for file in sorted(self._modules):
            stamp.update(_hash_of(file))
        return stamp.digest()


class ProvidedPlace(_StampOfAllSources, UserProvidedCacheLocator):
    """Compiled code in the folder that ``NUMBA_CACHE_DIR`` names."""


class BesideTheSource(_StampOfAllSources, InTreeCacheLocator):
    """Compiled code in ``__pycache__``."""


class UserPlace(_StampOfAllSources, UserWideCacheLocator):
    """Compiled code in the user's cache folder."""


_LOCATORS = (ProvidedPlace, BesideTheSource, UserPlace)


def _used_by(module: ModuleType | None) -> Iterator[str]:
    """The files of `module` and of all modules of ours that it has taken something from."""
    waiting, seen = [module], set()
    while waiting:
        current = waiting.pop()
        if current is None or current.__name__ in seen or not current.__name__.startswith(_PACKAGE):
            continue
        seen.add(current.__name__)
        if current.__file__:
            yield current.__file__
        for value in list(vars(current).values()):
            name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            waiting.append(sys.modules.get(name) if isinstance(name, str) else None)


@cache
def _hash_of(file: str) -> bytes:
    return hashlib.sha256(Path(file).read_bytes()).digest()
