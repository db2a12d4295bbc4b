"""Pickles read as data: a small interpreter that builds plain values and can do nothing else."""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Mapping
from typing import Any

# Python's own unpickler is not used, not even a restricted one: a pickle can make it reserve gigabytes by a
# single number, or spend hours on hashing nested tuples, before any name is looked up.


class RefusedPickleError(Exception):
    """The bytes are no pickle, or one that does what no released file does."""


class StandIn:
    """What takes the place of a class or function that a pickle names: it keeps what it is told.

    Args:
        make: Gives the value for the arguments the pickle calls it with, or refuses them by raising.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self.make = make


class Described:
    """An object of an inert class: the pickled attributes, and nothing that could be called.

    Attributes:
        kind: Name of the class in the pickle.
        state: Attribute names and values.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.state: dict[str, Any] = {}

    def describe(self, state: dict[str, Any]) -> None:
        """Take the attributes."""
        self.state = state


class NamedValues(dict[str, Any]):
    """What takes the place of an ordered dictionary; attributes that were hung on it are let go."""

    def describe(self, state: dict[str, Any]) -> None:
        """Let the attributes go."""


_MARK = object()
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_LITERALS = frozenset(("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE"))
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def read_pickle(
    data: bytes,
    known: Mapping[tuple[str, str], StandIn],
    outside: Callable[[Any], Any] | None = None,
) -> Any:
    """The value that a pickle describes.

    Args:
        data: The whole pickle; the time it takes grows with its length only.
        known: What a class or function, named by its module and its name there, stands for. Nothing else is
            looked up.
        outside: Gives the value for a reference to outside the pickle; ``None`` refuses them.

    Raises:
        RefusedPickleError: With the reason, as the end of a sentence.
    """
    machine = _Machine(known, outside)
    end = 0
    try:
        for opcode, argument, position in pickletools.genops(data):
            end = (position or 0) + 1
            machine.run(opcode.name, argument)
        value = machine.pop()
    except RefusedPickleError:
        raise
    # Damaged bytes fail in whatever way the opcode's reader or a list happens to.
    except Exception as error:
        raise RefusedPickleError(str(error)[:200] or type(error).__name__) from error
    if machine.stack:
        raise RefusedPickleError("values are left over at its end")
    if end != len(data):
        raise RefusedPickleError("it has bytes behind its end")
    return value


class _Machine:
    """The stack and memo of one pickle, with the operations that released files use."""

    def __init__(
        self, known: Mapping[tuple[str, str], StandIn], outside: Callable[[Any], Any] | None
    ) -> None:
        self.stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._known = known
        self._outside = outside

    def run(self, name: str, argument: Any) -> None:
        if name in _LITERALS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            self.stack.append(tuple(self._top(_TUPLES[name])))
        else:
            operation = _OPERATIONS.get(name)
            if operation is None:
                raise RefusedPickleError(f"it uses the operation {name}, which no released file does")
            operation(self, argument)

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise RefusedPickleError("a mark stands where a value belongs")
        return value

    def _top(self, count: int) -> list[Any]:
        values = [self.pop() for _ in range(count)]
        return values[::-1]

    def _marked(self) -> list[Any]:
        values: list[Any] = []
        while (value := self.stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]

    def nothing(self, _argument: Any) -> None:
        pass

    def mark(self, _argument: Any) -> None:
        self.stack.append(_MARK)

    def empty_dict(self, _argument: Any) -> None:
        self.stack.append({})

    def empty_list(self, _argument: Any) -> None:
        self.stack.append([])

    def tuple_(self, _argument: Any) -> None:
        self.stack.append(tuple(self._marked()))

    def append(self, _argument: Any) -> None:
        self._extend([self.pop()])

    def appends(self, _argument: Any) -> None:
        self._extend(self._marked())

    def set_item(self, _argument: Any) -> None:
        self._update(self._top(2))

    def set_items(self, _argument: Any) -> None:
        self._update(self._marked())

    def put(self, place: int) -> None:
        self._memo[place] = self.stack[-1]

    def memoize(self, _argument: Any) -> None:
        self._memo[len(self._memo)] = self.stack[-1]

    def get(self, place: int) -> None:
        self.stack.append(self._memo[place])

    def global_(self, argument: str) -> None:
        self._name(*argument.split(" ", 1))

    def stack_global(self, _argument: Any) -> None:
        module, name = self._top(2)
        if not isinstance(module, str) or not isinstance(name, str):
            raise RefusedPickleError("it asks for something without a name")
        self._name(module, name)

    def call(self, _argument: Any) -> None:
        stand_in, arguments = self._top(2)
        if not isinstance(stand_in, StandIn) or not isinstance(arguments, tuple):
            raise RefusedPickleError("it calls what is no function")
        self.stack.append(stand_in.make(*arguments))

    def build(self, _argument: Any) -> None:
        state = self.pop()
        target = self.stack[-1]
        if not isinstance(state, dict) or not isinstance(target, Described | NamedValues):
            raise RefusedPickleError("it sets attributes of what has none")
        target.describe(state)

    def reference(self, _argument: Any) -> None:
        place = self.pop()
        if self._outside is None:
            raise RefusedPickleError("it refers to an outside object")
        self.stack.append(self._outside(place))

    def _name(self, module: str, name: str) -> None:
        if (module, name) not in self._known:
            asked = f"{module}.{name}"[:100]
            raise RefusedPickleError(f"it asks for {asked}, which no released file does")
        self.stack.append(self._known[module, name])

    def _extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list:
            raise RefusedPickleError("it appends to what is no list")
        target.extend(values)

    def _update(self, flat: list[Any]) -> None:
        target = self.stack[-1]
        # Only text may be a key: the hash of tuples in tuples may take for ever.
        if not isinstance(target, dict) or not all(type(key) is str for key in flat[::2]):
            raise RefusedPickleError("it gives a name to a value where none belongs")
        target.update(zip(flat[::2], flat[1::2], strict=True))


_OPERATIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": _Machine.nothing,
    "FRAME": _Machine.nothing,
    "STOP": _Machine.nothing,
    "MARK": _Machine.mark,
    "EMPTY_DICT": _Machine.empty_dict,
    "EMPTY_LIST": _Machine.empty_list,
    "TUPLE": _Machine.tuple_,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "GLOBAL": _Machine.global_,
    "STACK_GLOBAL": _Machine.stack_global,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "BUILD": _Machine.build,
    "BINPERSID": _Machine.reference,
}
