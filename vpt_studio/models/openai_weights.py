"""OpenAI's ``.weights`` files: a zip of raw tensors, read as data without PyTorch's loader."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vpt_studio.atomic_files import created
from vpt_studio.errors import StudioError
from vpt_studio.models.inert_pickle import NamedValues, RefusedPickleError, StandIn, read_pickle

_LARGEST_LIST = 2 << 20  # bytes of the list of tensors and of the zip's directory; released ones have 20 KB
_PIECE = 8 << 20  # bytes read at a time
_BYTES = 4  # of a float32, the only kind that released files hold


class _Storage:
    """One run of numbers in the file."""

    def __init__(self, numbers: Tensor) -> None:
        self.numbers = numbers


def read_openai_weights(path: Path) -> dict[str, Tensor]:
    """Read a ``.weights`` file to the CPU, wherever its tensors once were.

    Only what the release holds is understood: a zip without compression, whose list of tensors names float32
    storages. So no more memory is taken than the file is long, and nothing can be executed.

    Returns:
        Float32 tensors by name, contiguous.

    Raises:
        StudioError: If the file is missing, damaged, or holds anything but named float32 tensors.
    """
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            _demand_small_directory(stream, size)
            with zipfile.ZipFile(stream) as archive:
                content = _Archive(archive, size).tensors()
    except FileNotFoundError as error:
        raise StudioError("there are no weights here", where=path) from error
    # A damaged zip fails in whatever way its reader comes upon it.
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        if isinstance(error, OSError) and error.strerror:
            reason = error.strerror.lower()
        raise StudioError(
            f"the weights cannot be read ({reason})",
            where=path,
            mend="Download the file again and compare its size; nothing in it was executed",
        ) from error
    if not isinstance(content, Mapping) or not all(isinstance(value, Tensor) for value in content.values()):
        raise StudioError("the file holds no dictionary of tensors", where=path)
    if sum(tensor.numel() for tensor in content.values()) * _BYTES > size:
        raise StudioError("the tensors are larger than the file that holds them", where=path)
    return _apart(content)


def _apart(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Contiguous tensors of which none shares its numbers with another: training one must not move two."""
    owners: set[int] = set()
    result = {}
    for name, tensor in tensors.items():
        storage = tensor.untyped_storage()
        whole = storage.nbytes() == tensor.numel() * _BYTES and storage.data_ptr() not in owners
        owners.add(storage.data_ptr())
        result[name] = tensor.contiguous() if whole else tensor.contiguous().clone()
    return result


def write_openai_weights(path: Path, state: Mapping[str, Tensor]) -> None:
    """Write a ``.weights`` file that OpenAI's own code loads.

    Raises:
        StudioError: If the file exists or cannot be written.
    """
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.items()}
    with created(path) as unfinished:
        torch.save(plain, unfinished)


class _Archive:
    """An open ``.weights`` file; refuses by raising, in words that end a sentence."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        self._storages: dict[str, _Storage] = {}
        entries = archive.infolist()
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise RefusedPickleError("it is compressed, as no released file is")
        if len(self._entries) != len(entries) or sum(entry.file_size for entry in entries) > size:
            raise RefusedPickleError("parts of it lie over one another")
        lists = [name for name in self._entries if name == "data.pkl" or name.endswith("/data.pkl")]
        if len(lists) != 1 or self._entries[lists[0]].file_size > _LARGEST_LIST:
            raise RefusedPickleError("it is no PyTorch file")
        self._folder = lists[0].removesuffix("data.pkl")
        order = self._entries.get(f"{self._folder}byteorder")
        if order is not None and archive.read(order) != b"little":
            raise RefusedPickleError("its numbers are not little-endian")

    def tensors(self) -> Any:
        return read_pickle(
            self._archive.read(f"{self._folder}data.pkl"),
            {
                ("collections", "OrderedDict"): StandIn(_named),
                ("torch", "FloatStorage"): StandIn(_never),
                ("torch._utils", "_rebuild_tensor_v2"): StandIn(_tensor),
                ("torch._utils", "_rebuild_parameter"): StandIn(_parameter),
            },
            self._storage,
        )

    def _storage(self, reference: Any) -> _Storage:
        word, _kind, key, _device, count = reference
        if word != "storage" or not isinstance(key, str) or not isinstance(count, int):
            raise RefusedPickleError("it refers to something that is no storage")
        if key not in self._storages:
            entry = self._entries[f"{self._folder}data/{key}"]
            if entry.file_size != count * _BYTES:
                raise RefusedPickleError(f"storage {key} has another length than its list says")
            numbers = torch.empty(count, dtype=torch.float32)
            target = numbers.numpy().view(np.uint8)
            with self._archive.open(entry) as stream:  # compares the checksum when it reaches the end
                place = 0
                while piece := stream.read(_PIECE):
                    target[place : place + len(piece)] = np.frombuffer(piece, np.uint8)
                    place += len(piece)
            self._storages[key] = _Storage(numbers)
        return self._storages[key]


def _named(*arguments: Any) -> NamedValues:
    if arguments:
        raise RefusedPickleError("an ordered dictionary is made of something")
    return NamedValues()


def _never(*_arguments: Any) -> Any:
    raise RefusedPickleError("a kind of storage is called")


def _tensor(storage: Any, offset: Any, size: Any, stride: Any, *_ignored: Any) -> Tensor:
    if not isinstance(storage, _Storage):
        raise RefusedPickleError("a tensor has no storage")
    numbers = [offset, *size, *stride]
    if len(size) != len(stride) or not all(type(number) is int and number >= 0 for number in numbers):
        raise RefusedPickleError("a tensor has a shape that is none")
    held = storage.numbers.numel()
    count, last = 1, offset
    for length, step in zip(size, stride, strict=True):
        count *= length
        last += (length - 1) * step
    # A step of 0 would repeat numbers for nothing: a tensor of any size out of one.
    if count and (count > held or last >= held):
        raise RefusedPickleError("a tensor reaches beyond its storage")
    if not count:
        return torch.empty(size, dtype=torch.float32)
    return storage.numbers.as_strided(size, stride, offset)


def _parameter(tensor: Any, *_ignored: Any) -> Tensor:
    if not isinstance(tensor, Tensor):
        raise RefusedPickleError("a parameter is no tensor")
    return tensor


def _demand_small_directory(stream: Any, size: int) -> None:
    """Refuse a zip whose directory alone would fill the memory, before anybody reads it."""
    stream.seek(max(0, size - 98))
    tail = stream.read()
    end = tail[-22:]
    if len(end) < 22 or not end.startswith(b"PK\x05\x06"):
        raise RefusedPickleError("it is no zip, or cut off")
    claimed = int.from_bytes(end[12:16], "little")
    if tail[:4] == b"PK\x06\x06" and tail[56:60] == b"PK\x06\x07":  # the same in 64 bits
        claimed = int.from_bytes(tail[40:48], "little")
    if claimed > _LARGEST_LIST:
        raise RefusedPickleError("its directory is larger than any released file's")
