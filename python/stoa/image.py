"""Images: a network mapped onto a fabric, with what its copies have learnt."""

from __future__ import annotations

import ctypes as c
import os
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional, Tuple, Union

import numpy as np

from . import _abi
from ._lib import Handle, Progress, call, call_long, call_out, lib, take_text, text, to_bytes, view
from .network import AnyNetwork, Fabric, net_handle
from .result import Result
from .run import Run


@dataclass(frozen=True)
class Group:
    """Receptors or a population of an image."""

    name: str
    number: int
    size: int
    columns: int
    width: int
    height: int
    encoder: Optional[str]


@dataclass(frozen=True)
class Weights:
    """Part of a projection that learns, on one core: `array[i, j]` is of source `sources[i]` and target `targets[j]`.

    The array is a view into the image: it changes as the image learns, and what is written there is what runs begin with.
    """

    core: int
    sources: np.ndarray
    targets: np.ndarray
    array: np.ndarray


class Compiled(Handle):
    """What a compilation has left: its stages as texts, and a summary."""

    _free = "stoa_compiled_free"

    @property
    def summary(self) -> str:
        return text(lib.stoa_compiled_summary(self._handle)) or ""

    def stage(self, name: str) -> Optional[str]:
        """One of quant, graph, assign, wire, place, route, image."""
        return take_text(call_out(lib.stoa_compiled_stage, self._handle, name.encode()))


def _runs(keep: np.ndarray) -> Iterator[slice]:
    """Where a mask is true, as slices."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], keep.view(np.int8), [0]))))
    for first, end in zip(edges[::2], edges[1::2]):
        yield slice(int(first), int(end))


class Image(Handle):
    """An image; see `compile` and `load`."""

    _free = "stoa_image_free"

    def __init__(self, pointer: c.c_void_p, compiled: Optional[Compiled] = None) -> None:
        super().__init__(pointer)
        self.compiled = compiled
        about = lib.stoa_image_about(pointer).contents
        self.network, self.fabric = text(about.network) or "", text(about.fabric) or ""
        self.copies, self.cores = about.copies, about.cores
        self.period_ticks, self.picture_ticks = about.period_ticks, about.picture_ticks
        self.receptors = self._groups(lib.stoa_image_receptor, about.receptors)
        self.populations = self._groups(lib.stoa_image_population, about.populations)

    def _groups(self, ask: Any, count: int) -> dict[str, Group]:
        found = {}
        for i in range(count):
            g = ask(self._handle, i).contents
            name = text(g.name) or ""
            found[name] = Group(name, i, g.size, g.columns, g.width, g.height, text(g.encoder))
        return found

    def __repr__(self) -> str:
        return f"<stoa.Image {self.network} on {self.fabric}: {self.cores} cores, {self.copies} copies>"

    def run(self, copy: int = 0, *, machine: str = "sim", learn: bool = False, kernel: Optional[str] = None,
            lanes: int = 0, shared: bool = False, readout: bool = False) -> Run:
        """A copy on a machine, tick by tick. readout: only spikes that the image sends to the host are listed."""
        return Run(self, copy, machine, learn, kernel, lanes, shared, readout)

    def _show(self, function: Any, pixels: Any, labels: Any, epochs: int, threads: int, kernel: Optional[str],
              progress: Optional[Progress], copy: Optional[int], machine: Optional[str]) -> Result:
        shown = np.ascontiguousarray(pixels, dtype=np.uint8)
        if shown.ndim == 2:
            shown = shown[np.newaxis]
        if shown.ndim != 3:
            raise ValueError(f"pictures are an array [count, height, width] of bytes, not of {shown.ndim} dimensions")
        known = None if labels is None else np.ascontiguousarray(labels, dtype=np.uint8)
        if known is not None and known.shape != (shown.shape[0],):
            raise ValueError(f"{shown.shape[0]} pictures want as many labels, not {known.shape}")
        pictures = _abi.Pictures(c.sizeof(_abi.Pictures), shown.shape[0], shown.shape[2], shown.shape[1],
                                 shown.ctypes.data, None if known is None else known.ctypes.data, None)
        options = _abi.ShowOptions(size=c.sizeof(_abi.ShowOptions), threads=threads, epochs=epochs,
                                   kernel=to_bytes(kernel), machine=to_bytes(machine), copy=copy or 0,
                                   only_copy=copy is not None)
        return Result(call_long(options, progress, function, self._handle, c.byref(pictures)))

    def learn(self, pixels: Any, labels: Any, *, epochs: int = 1, threads: int = 0, kernel: Optional[str] = None,
              progress: Optional[Progress] = None, copy: Optional[int] = None,
              machine: Optional[str] = None) -> Result:
        """All copies, or one, learn pictures [count, height, width] in order, on from where they are.

        Stopped, nothing is learnt.
        """
        return self._show(lib.stoa_learn, pixels, labels, epochs, threads, kernel, progress, copy, machine)

    def ask(self, pixels: Any, labels: Any = None, *, threads: int = 0, kernel: Optional[str] = None,
            progress: Optional[Progress] = None, copy: Optional[int] = None,
            machine: Optional[str] = None) -> Result:
        """All copies, or one, are asked about pictures; the image stays as it is."""
        return self._show(lib.stoa_ask, pixels, labels, 0, threads, kernel, progress, copy, machine)

    def weights(self, source: str, target: str, copy: int = 0) -> list[Weights]:
        """What a copy has learnt from source (receptors or a population) to target, in parts, without copies."""
        of_receptor = source in self.receptors
        group = (self.receptors if of_receptor else self.populations)[source].number
        population = self.populations[target].number
        found = []
        for core in range(self.cores):
            pointer = c.POINTER(_abi.Weights)()
            call(lib.stoa_image_weights, self._handle, copy, core, c.byref(pointer))
            if not pointer:
                continue
            w = pointer.contents
            rows, columns = (w.sources,), (w.targets,)
            all_weights = view(w.weight, rows + columns, np.int16, self, writable=True)
            from_here = (view(w.source_group, rows, np.uint32, self) == group) & (
                view(w.source_is_receptor, rows, np.uint8, self) == of_receptor)
            to_here = view(w.target_population, columns, np.uint32, self) == population
            source_index, target_index = view(w.source_index, rows, np.uint32, self), view(w.target_index, columns,
                                                                                         np.uint32, self)
            found += [Weights(core, source_index[i], target_index[j], all_weights[i, j])
                      for i in _runs(from_here) for j in _runs(to_here)]
        return found

    def weight_matrix(self, source: str, target: str, copy: int = 0) -> np.ndarray:
        """The same in one array [source, target], a copy; 0 where there is no synapse."""
        groups = self.receptors if source in self.receptors else self.populations
        matrix = np.zeros((groups[source].size, self.populations[target].size), np.int16)
        for part in self.weights(source, target, copy):
            matrix[np.ix_(part.sources, part.targets)] = part.array
        return matrix

    def verify(self, network: Union[str, os.PathLike], fabric: Union[str, os.PathLike], *, seed: int = 1) -> str:
        """Proves from the files of network and fabric alone that this is what they make; says what was compared."""
        options = _abi.VerifyOptions(size=c.sizeof(_abi.VerifyOptions), seed=seed)
        return take_text(call_out(lib.stoa_verify, to_bytes(network), to_bytes(fabric), self._handle,
                                  c.byref(options))) or ""

    def save(self, path: Union[str, os.PathLike]) -> None:
        call(lib.stoa_image_save, self._handle, to_bytes(path))

    def to_bytes(self) -> bytes:
        made, length = c.c_void_p(), c.c_size_t()
        call(lib.stoa_image_pack, self._handle, c.byref(made), c.byref(length))
        value = c.string_at(made.value or 0, length.value)
        lib.stoa_free(made)
        return value

    @classmethod
    def of(cls, packed: bytes) -> "Image":
        """From what to_bytes gave."""
        return cls(call_out(lib.stoa_image_unpack, packed, len(packed)))

    def dump(self) -> str:
        """As the text of `stoa dump`."""
        made, length = c.c_void_p(), c.c_size_t()
        call(lib.stoa_image_dump, self._handle, c.byref(made), c.byref(length))
        return take_text(made) or ""

    def parameters(self) -> str:
        """Which parameters of rules a host may write between ticks, a line each."""
        return take_text(call_out(lib.stoa_image_parameters, self._handle)) or ""

    def _report(self, form: int, result: Optional[Result], date: Optional[str]) -> str:
        made, length = c.c_void_p(), c.c_size_t()
        options = _abi.ReportOptions(size=c.sizeof(_abi.ReportOptions), date=to_bytes(date),
                                     result=result._handle if result is not None else None)
        call(lib.stoa_report, self._handle, form, c.byref(options), c.byref(made), c.byref(length))
        return take_text(made) or ""

    def report_html(self, result: Optional[Result] = None, date: Optional[str] = None) -> str:
        """What it costs and, with a result of it, what it has learnt: a page that needs no other file. date: of its foot,
        None: today."""
        return self._report(0, result, date)

    def report_json(self, result: Optional[Result] = None) -> str:
        """The same figures as JSON."""
        return self._report(1, result, None)


def compile(network: AnyNetwork, fabric: Union[str, os.PathLike, Fabric], *, seed: int = 1, copies: int = 0,
            effort: int = 1, frozen: bool = False, weights: Optional[Image] = None,
            constraints: Union[str, os.PathLike, None] = None, listen: bool = False,
            settings: Optional[Mapping[str, float]] = None) -> Image:
    """Maps a network onto a fabric. Either may be a file or the name of one that ships; a network also a Network, a dict, or
    a graph of the package `nir`.

    settings: other values for the network's parameters; of another format what docs/formats.md lists (NIR: dt). frozen, weights: without learning, with what that image has learnt.
    """
    net = net_handle(network, settings)
    if not isinstance(fabric, Fabric):
        fabric = Fabric(fabric)
    options = _abi.CompileOptions(c.sizeof(_abi.CompileOptions), seed, copies, effort, frozen, listen,
                                  weights._handle if weights is not None else None, to_bytes(constraints))
    made = c.c_void_p()
    try:
        call(lib.stoa_compile, net._handle, fabric._handle, c.byref(options), c.byref(made))
    finally:
        compiled = Compiled(made)
    return Image(c.c_void_p(lib.stoa_compiled_image(made)), compiled)


def trained(folder: Union[str, os.PathLike]) -> Tuple[Image, Result]:
    """The image and the result of a folder of `stoa train` or `stoa.train(.., out=folder)`."""
    image, result = c.c_void_p(), c.c_void_p()
    call(lib.stoa_trained_read, to_bytes(folder), c.byref(image), c.byref(result))
    return Image(image), Result(result)


def load(path: Union[str, os.PathLike]) -> Image:
    """An image from its file, or from the text of one."""
    return Image(call_out(lib.stoa_image_load, to_bytes(path)))
