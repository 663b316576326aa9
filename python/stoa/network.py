"""Networks and fabrics: from Python, from dicts and texts in the network language, from files."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, Mapping, Optional, Protocol, Sequence, Union

import numpy as np

from . import _nir
from ._lib import Handle, call, call_out, lib, settings, take_text, text, to_bytes


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's, for JSON."""
    if isinstance(value, np.ndarray):
        return value.tolist()
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
            whole = (int, int, float, int)
            keys["synapses"] = [[kind(x) for kind, x in zip(whole, row)] for row in np.asarray(rows).tolist()]
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
    return take_text(call_out(lib.stoa_net_print, net_handle(network, values)._handle)) or ""


__all__: Sequence[str] = ["AnyNetwork", "Fabric", "Net", "Network", "net_handle", "print_network"]
