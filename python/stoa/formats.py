"""Networks in the formats of others, with a verdict on each value; recorded events as arrays."""

from __future__ import annotations

import ctypes as c
import os
from typing import Any, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _abi
from ._errors import Refused
from ._lib import Handle, call, call_out, finish, lib, settings as rows_of, text, to_bytes, view
from .network import AnyNetwork, Net, net_handle

#: One event: a tick, the number of its group, the index in it.
EVENT = np.dtype([("tick", "<u4"), ("group", "<u4"), ("index", "<u4")])


class Verdict(NamedTuple):
    """What became of a value between two formats."""

    node: str
    parameter: str
    verdict: str  #: exact, approximated, refused
    error: float  #: a part of the value
    note: str


def _verdicts(pointer: c.c_void_p) -> list[Verdict]:
    faiths = ("exact", "approximated", "refused")
    rows = [lib.stoa_verdicts_at(pointer, i).contents for i in range(lib.stoa_verdicts_count(pointer))]
    listed = [Verdict(text(r.node) or "", text(r.parameter) or "", faiths[r.faith], r.error, text(r.note) or "") for r in rows]
    lib.stoa_verdicts_free(pointer)
    return listed


def _with_verdicts(status: int, verdicts: c.c_void_p, said: c.c_void_p) -> list[Verdict]:
    listed = _verdicts(verdicts)
    try:
        finish(status, said)
    except Refused as refused:
        refused.verdicts = listed  # type: ignore[attr-defined]
        raise
    return listed


def import_network(file: Union[str, os.PathLike], settings: Optional[Mapping[str, float]] = None) -> Tuple[Net, list[Verdict]]:
    """A network of NIR, SONATA, RANC or ArNI-X, and what became of each of its values.

    The network can be compiled, exported and written. What is refused is raised, with `verdicts`.
    """
    net, verdicts, said = c.c_void_p(), c.c_void_p(), c.c_void_p()
    rows, count = rows_of(settings)
    status = lib.stoa_import(to_bytes(file), rows, count, c.byref(net), c.byref(verdicts), c.byref(said))
    made = Net(net)
    return made, _with_verdicts(status, verdicts, said)


def export_network(network: AnyNetwork, path: Union[str, os.PathLike], form: str = "nir", dt: float = 0, seed: int = 1,
                   settings: Optional[Mapping[str, float]] = None) -> list[Verdict]:
    """Writes a network as a NIR graph, or form="sonata" as a circuit (a folder). dt: a tick, in s of NIR, in ms of SONATA."""
    options = _abi.ExportOptions(c.sizeof(_abi.ExportOptions), seed, dt)
    net, verdicts, said = net_handle(network, settings), c.c_void_p(), c.c_void_p()
    status = lib.stoa_export(net._handle, form.encode(), to_bytes(path), c.byref(options), c.byref(verdicts), c.byref(said))
    return _with_verdicts(status, verdicts, said)


def write_network(network: AnyNetwork, path: Union[str, os.PathLike], settings: Optional[Mapping[str, float]] = None) -> None:
    """Writes a network as a file of its own language; long lists go into files beside it."""
    net = net_handle(network, settings)  # a name of its own: it must live as long as the call
    call(lib.stoa_net_write, net._handle, to_bytes(path))


class Events(Handle):
    """Events by tick, group and index, each once: `array` is a view of dtype EVENT, `groups` the names of the groups."""

    _free = "stoa_events_free"

    def __init__(self, pointer: c.c_void_p) -> None:
        super().__init__(pointer)
        about = lib.stoa_events_about(pointer).contents
        self.array: np.ndarray = view(about.at, (about.count,), EVENT, self)
        self.groups: list[str] = [text(about.groups[i]) or "" for i in range(about.group_count)]
        self.together: int = about.together
        self.outside: int = about.outside
        self.label: Optional[int] = None if about.label < 0 else about.label
        self.what: str = text(about.what) or ""

    def write(self, path: Union[str, os.PathLike], dt: float = 0) -> None:
        """Into .h5 (SONATA, dt: ms a tick), .npz, .csv, else lines for `stoa run --in`."""
        call(lib.stoa_events_write, self._handle, dt, to_bytes(path))


def read_events(path: Union[str, os.PathLike], **how: Any) -> Events:
    """Recorded events, spikes or a trace: the options of `stoa events` as keywords (group, dt, start, ticks, polarity, camera,
    size=(width, height), sample, format)."""
    options = _abi.EventOptions(c.sizeof(_abi.EventOptions))
    options.width, options.height = how.pop("size", (0, 0))
    setattr(options, "from", how.pop("start", 0))
    known = {name for name, _kind in _abi.EventOptions._fields_} - {"size"}
    for name, value in how.items():
        if name not in known:
            raise TypeError(f"read_events has no option '{name}'")
        setattr(options, name, value.encode() if isinstance(value, str) else value)
    return Events(call_out(lib.stoa_events_read, to_bytes(path), c.byref(options)))


def events(array: Any, groups: Sequence[str] = ("in",)) -> Events:
    """Events from an array of EVENT, or of rows (tick, group, index)."""
    rows = np.asarray(array)
    if rows.dtype != EVENT:
        rows = np.array([tuple(row) for row in rows.tolist()], dtype=EVENT)
    rows = np.ascontiguousarray(rows)
    names = (_abi.S * len(groups))(*[name.encode() for name in groups])
    return Events(call_out(lib.stoa_events_of, rows.ctypes.data, len(rows), names, len(groups)))


__all__: Sequence[str] = ["EVENT", "Events", "Verdict", "events", "export_network", "import_network", "read_events",
                          "write_network"]
