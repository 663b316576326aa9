"""Networks and fabrics: from Python, from dicts and texts in the network language, from files."""

from __future__ import annotations

import ctypes as c
import json
import os
import tempfile
from typing import Any, Mapping, Optional, Protocol, Sequence, Tuple, Union

import numpy as np

from . import _nir
from ._lib import Handle, call, call_out, lib, settings, take_text, text, to_bytes


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's, for JSON."""
    if isinstance(value, np.ndarray):
        rows = value.tolist()
        if value.ndim == 2:  # synapses: what is not a number is the projection's own
            return [[None if x != x else x for x in row] for row in rows]
        return rows
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, range):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be part of a network")


class Network:
    """A network as it is built: receptors, populations, projections, each in the words of the network language.

        net = (stoa.Network("two", picture=10, silence=10)
               .receptors("R", size=4, encoder="spikes")
               .population("L", columns=2, neuron={"model": "lif", "threshold": 1})
               .project("R", "L", policy="all-to-all", weight=0.5)
               .readout("L"))

    Every keyword is a key of docs/language.md; arrays of NumPy may stand where lists do.
    """

    def __init__(self, name: str, about: Optional[str] = None, copies: Optional[int] = None, picture: int = 10,
                 silence: int = 10, reset: bool = True, **parameters: float) -> None:
        self._dict: dict[str, Any] = {"network": name}
        if about:
            self._dict["about"] = about
        if parameters:
            self._dict["parameters"] = dict(parameters)
        if copies:
            self._dict["copies"] = copies
        self._dict["presentation"] = {"picture": picture, "silence": silence, "reset": reset}
        self._dict.update(receptors={}, populations={}, projections=[])

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> "Network":
        """From a dict that is laid out as a network's file is."""
        net = cls.__new__(cls)
        net._dict = dict(description)
        return net

    def receptors(self, name: str, **keys: Any) -> "Network":
        """Adds a group of receptors: shape or size, encoder, at, ..."""
        self._dict["receptors"][name] = keys
        return self

    def population(self, name: str, **keys: Any) -> "Network":
        """Adds a population: columns, microcolumns, neuron, compete, ..."""
        self._dict["populations"][name] = keys
        return self

    def project(self, source: str, target: str, **keys: Any) -> "Network":
        """Adds a projection; `synapses` may be an array of rows (from, to, weight, delay), the policy is `list` then."""
        rows = keys.get("synapses")
        if rows is not None:
            keys.setdefault("policy", "list")
            keys["synapses"] = np.asarray(rows, dtype=float)
        self._dict["projections"].append({"from": source, "to": target, **keys})
        return self

    def readout(self, population: str, decide: str = "count", **keys: Any) -> "Network":
        """Says whose spikes are the answer."""
        self._dict["readout"] = {"population": population, "decide": decide, **keys}
        return self

    def to_dict(self) -> dict[str, Any]:
        return self._dict

    def to_text(self) -> str:
        """As a file of the network language (JSON is YAML)."""
        return json.dumps(self._dict, indent=1, default=_plain, allow_nan=False)


def _json(keys: Any) -> bytes:
    return json.dumps(keys, default=_plain, allow_nan=False).encode()


def _columns(rows: np.ndarray) -> Tuple[list[np.ndarray], list[Any]]:
    """Sources, targets, weights, delays as C takes them, and where they lie; the arrays must live as long as the call."""
    if rows.ndim != 2 or not 2 <= rows.shape[1] <= 4:
        raise ValueError("synapses are rows of source, target and perhaps weight and delay")
    whole = np.nan_to_num(rows[:, [k for k in (0, 1, 3) if k < rows.shape[1]]], nan=0)
    if len(whole) and (np.isnan(rows[:, :2]).any() or (whole != np.floor(whole)).any() or whole.min() < 0):
        raise ValueError("sources, targets and delays of synapses are whole numbers from 0")
    if len(whole) and (whole[:, :2].max() >= 2**32 or whole[:, 2:].max(initial=0) >= 2**16):
        raise ValueError("a source, target or delay of a synapse is larger than there can be")
    kinds = (np.uint32, np.uint32, np.float64, np.uint16)
    columns = [np.ascontiguousarray(np.nan_to_num(rows[:, k], nan=0) if k == 3 else rows[:, k], dtype=kinds[k])
               for k in range(rows.shape[1])]
    return columns, [column.ctypes.data for column in columns] + [None] * (4 - len(columns))


def _built(described: Mapping[str, Any]) -> "Net":
    """A network call by call, so that arrays of synapses go as they are. What parts say is said at the end, all of it."""
    parts = ("receptors", "populations", "emitters", "projections", "readout")
    head = {key: value for key, value in described.items() if key not in parts}
    builder = call_out(lib.stoa_build_begin, _json(head))
    try:
        for kind, say in (("receptors", lib.stoa_build_receptors), ("populations", lib.stoa_build_population),
                          ("emitters", lib.stoa_build_emitter)):
            for name, keys in described.get(kind, {}).items():
                say(builder, name.encode(), _json(keys), None)
        for keys in described.get("projections", []):
            rows = keys.get("synapses")
            number = c.c_uint32()
            if not isinstance(rows, np.ndarray):
                lib.stoa_build_projection(builder, _json(keys), c.byref(number), None)
                continue
            columns, places = _columns(rows)
            rest = {key: value for key, value in keys.items() if key != "synapses"}
            lib.stoa_build_projection(builder, _json(rest), c.byref(number), None)
            lib.stoa_build_synapses(builder, number, len(columns[0]), *places, None)
        if "readout" in described:
            lib.stoa_build_readout(builder, _json(described["readout"]), None)
        return Net(call_out(lib.stoa_build_finish, builder))
    finally:
        lib.stoa_build_free(builder)


def _has_arrays(described: Mapping[str, Any]) -> bool:
    projections = described.get("projections")
    return isinstance(projections, list) and any(isinstance(p, Mapping) and isinstance(p.get("synapses"), np.ndarray)
                                                 for p in projections)


class Net(Handle):
    """A network as the library has it: of a file of another format, or finished."""

    _free = "stoa_net_free"

    @property
    def name(self) -> str:
        return text(lib.stoa_net_name(self._handle)) or ""


class NirGraph(Protocol):
    """A graph of the package `nir`, or what has the same attributes."""

    nodes: Any
    edges: Any


AnyNetwork = Union[str, os.PathLike, Network, Net, Mapping[str, Any], NirGraph]


def net_handle(network: AnyNetwork, values: Optional[Mapping[str, float]] = None) -> Net:
    if isinstance(network, Net):
        if values:
            raise ValueError("values of parameters are for a network that is read, and this one has been")
        return network
    rows, count = settings(values)
    if isinstance(network, Mapping):
        network = Network.of(network)
    if isinstance(network, Network) and not count and _has_arrays(network.to_dict()):
        return _built(network.to_dict())
    if isinstance(network, Network):
        described = network.to_text().encode()
        return Net(call_out(lib.stoa_net_parse, b"<network>", described, len(described), rows, count))
    if _nir.is_graph(network):
        with tempfile.TemporaryDirectory(prefix="stoa-") as folder:
            path = os.path.join(folder, "graph.nir")
            _nir.write(network, path)
            return Net(call_out(lib.stoa_net_read, to_bytes(path), rows, count))
    return Net(call_out(lib.stoa_net_read, to_bytes(network), rows, count))


class Fabric(Handle):
    """A chip: what it holds, what it can do, what that costs. By file, by name, or from a text."""

    _free = "stoa_fabric_free"

    def __init__(self, name: Union[str, os.PathLike]) -> None:
        super().__init__(call_out(lib.stoa_fabric_read, to_bytes(name)))

    @classmethod
    def of(cls, description: Union[str, Mapping[str, Any]]) -> "Fabric":
        """From a text or dict that is laid out as a fabric's file is."""
        fabric = cls.__new__(cls)
        described = description if isinstance(description, str) else json.dumps(description, indent=1, default=_plain)
        Handle.__init__(fabric, call_out(lib.stoa_fabric_parse, b"<fabric>", described.encode(), len(described.encode())))
        return fabric

    @property
    def name(self) -> str:
        return text(lib.stoa_fabric_name(self._handle)) or ""

    def __str__(self) -> str:
        """As a file that reads back the same."""
        return take_text(call_out(lib.stoa_fabric_print, self._handle)) or ""


def print_network(network: AnyNetwork, values: Optional[Mapping[str, float]] = None) -> str:
    """The whole of a network, every standard value written out, as a file that reads back the same."""
    net = net_handle(network, values)  # a name of its own: it must live as long as the call
    return take_text(call_out(lib.stoa_net_print, net._handle)) or ""


__all__: Sequence[str] = ["AnyNetwork", "Fabric", "Net", "Network", "net_handle", "print_network"]
