"""Over 200 hostile or damaged checkpoints, each made from a good one; every one must be refused."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors.torch import save
from small_policies import SMALL, small_policy

from vpt_studio.models.checkpoints import PolicyCheckpoint, save_policy
from vpt_studio.models.openai_files import save_openai

NAMED = (  # what an attacker would call; the argument is a command that leaves the canary
    "posix system", "nt system", "builtins exec", "builtins eval", "builtins getattr", "builtins __import__",
    "os popen", "subprocess Popen", "subprocess check_output", "importlib import_module", "pty spawn",
    "shutil rmtree", "functools partial", "operator attrgetter", "torch load", "torch.hub load",
    "_codecs encode", "copyreg _reconstructor", "gym3.types __builtins__", "gym3 types.DictType",
    "torch.storage _load_from_bytes", "numpy.core.multiarray _reconstruct", "vpt_studio.errors StudioError",
)  # fmt: skip
Damage = Callable[[Path], None]


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def make_all(folder: Path, canary: Path) -> list[Path]:
    """Write every damaged checkpoint below ``folder``; whoever runs their code creates ``canary``.

    Returns:
        What a person would name to load each: a ``.model`` file or an export folder.
    """
    good = folder / "good"
    save_openai(small_policy(), good / "x.model")
    save_policy(PolicyCheckpoint(small_policy()), good / "x")
    paths = []
    for number, (title, damage) in enumerate(_damages(good, canary)):
        place = folder / f"{number:03d} {title}"
        shutil.copytree(good, place, copy_function=os.link)  # 300 times a megabyte would be a lot
        damage(place)
        paths.append(place / ("x" if title.startswith("folder") else "x.model"))
    return paths


def _damages(good: Path, canary: Path) -> Iterator[tuple[str, Damage]]:
    yield from _descriptions((good / "x.model").read_bytes(), canary)
    yield from _opcodes(canary)
    yield from _sizes((good / "x.model").read_bytes())
    yield from _zips((good / "x.weights").read_bytes(), canary)
    yield from _tensors(canary)
    yield from _configurations((good / "x" / "config.json").read_bytes())
    yield from _safetensors((good / "x" / "model.safetensors").read_bytes())


def writing(name: str, content: bytes) -> Damage:
    def write(place: Path) -> None:
        replace(place / name, content)

    return write


def replace(path: Path, content: bytes) -> None:
    path.unlink()  # it is a link to the good one
    path.write_bytes(content)


def description(**top: object) -> dict:
    args = {"net": {"args": SMALL.to_openai()}, "pi_head_opts": {"temperature": 2}}
    return {"version": 1, "model": {"args": args}, "extra_args": {}, **top}


def network(**changes: object) -> dict:
    content = description()
    content["model"]["args"]["net"]["args"] |= changes
    return content


def _descriptions(model: bytes, canary: Path) -> Iterator[tuple[str, Damage]]:
    for step in range(24):
        yield "model cut", writing("x.model", model[: len(model) * step // 24])
    yield "model longer", writing("x.model", model + b"\0")
    yield "model twice", writing("x.model", model + model)
    yield "model huge", writing("x.model", model + b"\0" * (2 << 20))
    yield "model is a folder", lambda place: ((place / "x.model").unlink(), (place / "x.model").mkdir())
    call = Calls(os.system, f"touch {canary}")
    opening = Calls(open, str(canary), "w")
    places = [
        call,
        description(version=call),
        description(extra_args={"ac_space": call}),
        description(unknown=[opening]),
        network(hidsize=call),
        network(unknown={"deep": [{"deeper": (opening,)}]}),
    ]
    for content in places:
        for protocol in (0, 2, 4, 5):
            yield "model calls", writing("x.model", pickle.dumps(content, protocol=protocol))


def _opcodes(canary: Path) -> Iterator[tuple[str, Damage]]:
    """Pickles by hand: what no pickler writes."""
    command = f"touch {canary}".encode()
    text = b"X" + struct.pack("<I", len(command)) + command
    for named in NAMED:
        module, name = named.encode().split(b" ")
        call = b"c" + module + b"\n" + name + b"\n" + text + b"\x85R."
        yield "model names", writing("x.model", b"\x80\x02" + call)
        words = b"".join(b"\x8c" + bytes([len(word)]) + word for word in (module, name))
        yield "model names by stack", writing("x.model", b"\x80\x04" + words + b"\x93" + text + b"\x85R.")
    space = b"cgym3.types\nDictType\n"
    for title, code in {
        "inst": b"(" + text + b"iposix\nsystem\n.",
        "obj": b"(cposix\nsystem\n" + text + b"o.",
        "extension": b"\x82\x01.",
        "outside": b"Pid\n.",
        "outside by stack": b"K\x01Q.",
        "bytearray of exabytes": b"\x96" + struct.pack("<Q", 1 << 60) + b".",
        "bytes of exabytes": b"\x8e" + struct.pack("<Q", 1 << 60) + b".",
        "text of exabytes": b"\x8d" + struct.pack("<Q", 1 << 60) + b".",
        "frame of exabytes": b"\x95" + struct.pack("<Q", 1 << 60) + b"K\x01.",
        "long of gigabytes": b"\x8b" + struct.pack("<i", (1 << 31) - 1) + b".",
        "memo of gigabytes": b"K\x01r" + struct.pack("<I", (1 << 32) - 1) + b".",
        "attributes of a class": space + b"}X\x08\x00\x00\x00__call__K\x01sb.",
        "attributes of a number": b"K\x01}b.",
        "call of a space's argument": space + b"K\x01\x85R.",
        "calls a space it made": space + b")\x81)R.",
        "mark as a value": b"((d.",
        "empty stack": b"0.",
        "items without a list": b"(K\x01e.",
        "nested ten thousand deep": b"]" * 10_000 + b"a" * 9_999 + b".",
        "keys that hash for ever": b"K\x01" + b"q\x00h\x00\x86" * 64 + b"}q\x01K\x00h\x00K\x00sh\x01.",
        "ten thousand laughs": b"]" + b"q\x00](h\x00h\x00e" * 64 + b".",
    }.items():
        yield f"model {title}", writing("x.model", b"\x80\x04" + code)


def _sizes(model: bytes) -> Iterator[tuple[str, Damage]]:
    """Descriptions that can be read, of networks that are none or not that of the weights."""
    laughs: list = []
    for _ in range(60):
        laughs = [laughs, laughs]
    changes = [
        {"hidsize": 1 << 30}, {"hidsize": -16}, {"hidsize": 16.5}, {"hidsize": "16"}, {"hidsize": 0},
        {"attention_heads": 3}, {"attention_heads": 0}, {"n_recurrence_layers": 1 << 30},
        {"n_recurrence_layers": 3}, {"impala_width": 1e300}, {"impala_width": -1}, {"impala_width": None},
        {"impala_chans": [1 << 40] * 3}, {"impala_chans": []}, {"img_shape": [128, 64, 3]},
        {"img_shape": [1 << 20, 1 << 20, 3]}, {"img_shape": 128}, {"attention_memory_size": 1 << 40},
        {"attention_memory_size": 3}, {"timesteps": 0}, {"attention_mask_style": "none"},
        {"attention_mask_style": "band"}, {"use_pre_lstm_ln": True}, {"recurrence_type": "lstm"},
        {"recurrence_type": laughs}, {"hidsize": laughs}, {"pointwise_ratio": 3},
        {"init_norm_kwargs": {"batch_norm": True}}, {"init_norm_kwargs": 3}, {"impala_kwargs": []},
    ]  # fmt: skip
    for change in changes:
        yield f"network {next(iter(change))}", writing("x.model", pickle.dumps(network(**change), 4))
    for temperature in (0, -1, float("nan"), float("inf"), "hot", None, 1 << 2000):
        content = description()
        content["model"]["args"]["pi_head_opts"]["temperature"] = temperature
        yield "network temperature", writing("x.model", pickle.dumps(content, 4))
    for content in ([1], {}, {"model": None}, {"model": {"args": {}}}, description(extra_args=[1])):
        yield "network layout", writing("x.model", pickle.dumps(content, 4))


def _zips(weights: bytes, canary: Path) -> Iterator[tuple[str, Damage]]:
    for step in range(16):
        yield "weights cut", writing("x.weights", weights[: len(weights) * step // 16])
    with zipfile.ZipFile(io.BytesIO(weights)) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        starts = [entry.header_offset for entry in archive.infolist() if "/data/" in entry.filename]
    for start in starts[:: max(1, len(starts) // 12)]:
        flipped = bytearray(weights)
        name_length, padding = struct.unpack("<HH", weights[start + 26 : start + 30])
        place = start + 30 + name_length + padding
        flipped[place : place + 4] = b"\x55\xaa\x55\xaa"
        yield "weights overwritten", writing("x.weights", bytes(flipped))
    folder = next(name for name in entries if name.endswith("/data.pkl")).removesuffix("data.pkl")
    yield "weights compressed", writing("x.weights", zipped(entries, zipfile.ZIP_DEFLATED))
    bomb = entries | {f"{folder}data/0": b"\0" * (128 << 20)}
    yield "weights bomb of zeros", writing("x.weights", zipped(bomb, zipfile.ZIP_DEFLATED))
    yield (
        "weights bomb of a list",
        writing(
            "x.weights", zipped(entries | {f"{folder}data.pkl": b"]" * (32 << 20)}, zipfile.ZIP_DEFLATED)
        ),
    )
    yield "weights long list", writing("x.weights", zipped(entries | {f"{folder}data.pkl": b"]" * (4 << 20)}))
    yield "weights big-endian", writing("x.weights", zipped(entries | {f"{folder}byteorder": b"big"}))
    yield "weights two lists", writing("x.weights", zipped(entries | {"y/data.pkl": b"]."}))
    yield "weights no list", writing("x.weights", zipped({"x/data/0": b"0000"}))
    crowded = bytearray(zipped(entries))
    crowded[-10:-6] = struct.pack("<I", 1 << 31)  # so long, it says, is the list of its entries
    yield "weights crowd of entries", writing("x.weights", bytes(crowded))
    yield "weights short storage", writing("x.weights", zipped(entries | {f"{folder}data/0": b"0000"}))
    yield "weights garbage", writing("x.weights", b"garbage" * 500)
    yield "weights plain pickle", writing("x.weights", pickle.dumps({"a": 1}))
    yield "weights missing", lambda place: (place / "x.weights").unlink()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("pickle"))
    yield "weights tar", writing("x.weights", tar.getvalue())
    for function, argument in ((os.system, f"touch {canary}"), (open, str(canary)), (bytearray, 1 << 34)):
        content = pickle.dumps(Calls(function, argument), protocol=2)
        yield "weights call", writing("x.weights", zipped(entries | {f"{folder}data.pkl": content}))
    for named in NAMED[:6]:
        code = b"\x80\x02c" + named.replace(" ", "\n").encode() + b"\nX\x01\x00\x00\x00a\x85R."
        yield "weights name", writing("x.weights", zipped(entries | {f"{folder}data.pkl": code}))


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _tensors(canary: Path) -> Iterator[tuple[str, Damage]]:
    state = small_policy().state_dict()
    name, bias = "net.lastlayer.layer.weight", "pi_head.camera.linear_layer.bias"
    one = torch.zeros(1)
    contents: dict[str, object] = {
        "not a number": state | {name: torch.full_like(state[name], float("nan"))},
        "infinite": state | {bias: state[bias].clone().index_fill_(0, torch.tensor([7]), float("inf"))},
        "minus infinite": state | {bias: state[bias].clone().fill_(float("-inf"))},
        "missing": {key: tensor for key, tensor in state.items() if key != name},
        "extra": state | {"hook": one},
        "shape": state | {name: torch.zeros(16, 17)},
        "expanded": state | {name: one.expand(16, 16)},
        "whole numbers": state | {name: state[name].long()},
        "halves": {key: tensor.half() for key, tensor in state.items()},
        "sparse": state | {name: state[name].to_sparse()},
        "meta": state | {name: state[name].to("meta")},
        "nested": {"state_dict": state},
        "a list": list(state.values()),
        "a step": state | {"step": 3},
        "code": state | {"hook": Calls(os.system, f"touch {canary}")},
    }
    for title, content in contents.items():
        stream = io.BytesIO()
        torch.save(content, stream)
        yield f"tensors {title}", writing("x.weights", stream.getvalue())
    stream = io.BytesIO()
    torch.save(state, stream, _use_new_zipfile_serialization=False)
    yield "tensors in the old form", writing("x.weights", stream.getvalue())
    claimed = torch.zeros(4)
    stream = io.BytesIO()
    torch.save({name: claimed}, stream)
    for old, new in ((b"K\x04\x85", b"J\x00\x00\x00\x7f\x85"), (b"QK\x00", b"QK\x7f")):
        with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as archive:
            entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        place = next(key for key in entries if key.endswith("data.pkl"))
        assert old in entries[place]
        yield (
            "tensors beyond their storage",
            writing("x.weights", zipped(entries | {place: entries[place].replace(old, new)})),
        )


def _configurations(config: bytes) -> Iterator[tuple[str, Damage]]:
    name = "x/config.json"
    for step in range(12):
        yield "folder configuration cut", writing(name, config[: len(config) * step // 13])
    yield "folder configuration deep", writing(name, b"[" * 100_000)
    yield "folder configuration huge", writing(name, config + b" " * (5 << 20))
    yield "folder configuration long number", writing(name, b'{"format_version": ' + b"9" * 6000 + b"}")
    yield "folder configuration binary", writing(name, bytes(range(256)) * 20)
    for part in ("model.safetensors", "config.json"):
        yield "folder part missing", lambda place, part=part: (place / "x" / part).unlink()
    good = json.loads(config)
    for change in (
        {"kind": "inverse_dynamics"}, {"kind": ["policy"]}, {"kind": "filter"}, {"format_version": 99},
        {"architecture": None}, {"architecture": good["architecture"] | {"hidden_size": 1 << 62}},
        {"architecture": good["architecture"] | {"transformer_blocks": 1 << 62}},
        {"architecture": good["architecture"] | {"impala_channels": [1 << 62] * 3}},
        {"architecture": good["architecture"] | {"impala_width": float("inf")}},
        {"architecture": good["architecture"] | {"__class__": "os.system"}},
        {"architecture": good["architecture"] | {"norm_groups": {"a": 1}}},
        {"action_codec": good["action_codec"] | {"camera": {"limit": 1e308, "bin_size": 1e-308}}},
        {"log_probability": "always"}, {"files": {"model.safetensors": {"bytes": 1, "sha256": "0"}}},
    ):  # fmt: skip
        yield f"folder {next(iter(change))}", writing(name, json.dumps(good | change).encode())


def _safetensors(weights: bytes) -> Iterator[tuple[str, Damage]]:
    def replacing(content: bytes) -> Damage:
        def replace_(place: Path) -> None:
            replace(place / "x" / "model.safetensors", content)
            config = json.loads((place / "x" / "config.json").read_text())
            del config["files"]  # an attacker would not leave the hash that gives it away
            replace(place / "x" / "config.json", json.dumps(config).encode())

        return replace_

    for step in range(10):
        yield "folder weights cut", replacing(weights[: len(weights) * step // 10])
    length = int.from_bytes(weights[:8], "little")
    for claim in (1 << 62, length - 9, length + 5, 0):
        yield "folder weights header", replacing(struct.pack("<Q", claim) + weights[8:])
    header = json.loads(weights[8 : 8 + length])
    first, second = [key for key in header if key != "__metadata__"][:2]
    for change in (
        {first: header[first] | {"data_offsets": header[second]["data_offsets"]}},
        {first: header[first] | {"shape": [1 << 40, 1 << 40]}},
        {first: header[first] | {"dtype": "F16"}},
        {first: header[first] | {"data_offsets": [0, 1 << 50]}},
        {"hook": header[first]},
    ):
        text = json.dumps(header | change).encode()
        yield "folder weights table", replacing(struct.pack("<Q", len(text)) + text + weights[8 + length :])
    for step in range(8):
        place = 8 + length + (len(weights) - 8 - length) * step // 8
        flipped = weights[:place] + bytes([weights[place] ^ 0x10]) + weights[place + 1 :]
        yield "folder weights flipped", writing("x/model.safetensors", flipped)
    state = small_policy().state_dict()
    wrong = {key: torch.zeros(2) for key in state}
    yield "folder weights others", replacing(save(wrong))
    nan = {key: torch.full_like(tensor, float("nan")) for key, tensor in state.items()}
    yield "folder weights not a number", replacing(save(nan))
