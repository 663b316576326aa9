"""Graphs of the package `nir` (neuroir.org) as they are in memory: written as its files are, and read as those.

What a graph is, is seen by what it has: `nodes`, a mapping of names, and `edges`, pairs of them. A node's kind is the name of
its class and its parameters are its attributes, so neither this package nor its users need `nir` itself, and whatever the
reader of files refuses is refused here, in the same words.
"""

from __future__ import annotations

import os
from typing import Any, Iterator, Mapping, Tuple

import numpy as np

# What a node of `nir` carries beside its parameters.
_ASIDE = ("input_type", "output_type", "metadata", "name")


def is_graph(thing: Any) -> bool:
    return isinstance(getattr(thing, "nodes", None), Mapping) and hasattr(thing, "edges")


def _name(name: Any) -> str:
    if not isinstance(name, str) or name in ("", ".", "..") or "/" in name or "\0" in name:
        raise ValueError(f"{name!r} cannot be the name of a node: it is part of a path in NIR's files")
    return name


def _shape(node: Any, kind: str, side: str) -> Any:
    """Of an Input's or Output's values; `shape` in files."""
    kept = getattr(node, f"{side}_type", None)
    shape = kept.get(side) if isinstance(kept, Mapping) else getattr(node, "shape", None)
    if shape is None:
        raise ValueError(f"the {kind} of a NIR graph has no shape: its {side}_type is {kept!r}")
    return shape


def _parameters(node: Any, kind: str) -> Iterator[Tuple[str, Any]]:
    if kind in ("Input", "Output"):
        yield "shape", _shape(node, kind, kind.lower())
        return
    for key, value in vars(node).items():
        if not key.startswith("_") and key not in _ASIDE and value is not None:
            yield key, value
    kept = getattr(node, "input_type", None)
    if kind == "Flatten" and isinstance(kept, Mapping) and kept.get("input") is not None:
        yield "input_type", kept["input"]


def _put(group: Any, node: Any, strings: Any) -> None:
    kind = type(node).__name__
    group.create_dataset("type", data=kind, dtype=strings)
    if not is_graph(node):
        for key, value in _parameters(node, kind):
            if isinstance(value, str):
                group.create_dataset(key, data=value, dtype=strings)
                continue
            array = np.asarray(value)
            if array.dtype.kind not in "biuf":
                raise ValueError(f"{key} of a {kind} is {type(value).__name__}, which is no number and no array of numbers")
            group.create_dataset(key, data=array)
        return
    edges = [(_name(a), _name(b)) for a, b in node.edges]
    group.create_dataset("edges", data=np.array(edges, dtype=object).reshape(len(edges), 2), dtype=strings)
    nodes = group.create_group("nodes")
    for name, inner in node.nodes.items():
        _put(nodes.create_group(_name(name)), inner, strings)


def write(graph: Any, path: "str | os.PathLike[str]") -> None:
    """As a file of NIR."""
    try:
        import h5py
    except ImportError as e:
        raise ImportError("a NIR graph is handed over as HDF5: h5py is wanted (Debian: python3-h5py)") from e
    with h5py.File(path, "w") as file:
        _put(file.create_group("node"), graph, h5py.string_dtype())
