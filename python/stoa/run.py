"""Runs: one copy of an image on a machine, tick by tick."""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any, Iterable, Optional, Union

import numpy as np

from . import _abi
from ._lib import Handle, as_indices, call, call_out, lib, to_bytes, view

if TYPE_CHECKING:
    from .image import Image

SPIKE = np.dtype({"names": ["tick", "population", "index", "excess"], "formats": [np.uint32, np.uint32, np.uint32, np.int16],
                  "offsets": [0, 4, 8, 12], "itemsize": c.sizeof(_abi.Spike)})


class Run(Handle):
    """A copy under way; see Image.run."""

    _free = "stoa_run_close"

    def __init__(self, image: "Image", copy: int, machine: str, learn: bool, kernel: Optional[str], lanes: int, shared: bool,
                 readout: bool) -> None:
        options = _abi.RunOptions(c.sizeof(_abi.RunOptions), to_bytes(machine), to_bytes(kernel), copy, lanes, shared, learn,
                                  readout)
        super().__init__(call_out(lib.stoa_run_open, image._handle, c.byref(options)))
        self.image = image

    @property
    def now(self) -> int:
        """The next tick."""
        return lib.stoa_run_now(self._handle)

    def inject(self, receptors: Union[str, int], indices: Iterable[int]) -> None:
        """These receptors of a group, by its name or number, spike in the next tick."""
        number = self.image.receptors[receptors].number if isinstance(receptors, str) else receptors
        which = as_indices(indices)
        call(lib.stoa_run_inject, self._handle, number, which.ctypes.data, which.size)

    def step(self, ticks: int = 1) -> np.ndarray:
        """Runs ticks; their spikes as an array of SPIKE (tick, population, index, excess), which nobody copied."""
        call(lib.stoa_run_step, self._handle, ticks)
        count = c.c_size_t()
        address = lib.stoa_run_take(self._handle, c.byref(count))
        return view(address, (count.value,), SPIKE)

    def state(self, population: str, name: str = "u") -> np.ndarray:
        """A number of each neuron: u, gate, excess, theta, peak, or another state of its model."""
        group = self.image.populations[population]
        values = np.empty(group.size, np.int32)
        call(lib.stoa_run_state, self._handle, group.number, name.encode(), values.ctypes.data, values.size)
        return values

    @property
    def counters(self) -> dict[str, int]:
        """What happened since the run was opened."""
        n = _abi.Counters()
        lib.stoa_run_counters(self._handle, c.byref(n), c.sizeof(n))
        return {name: getattr(n, name) for name, _kind in _abi.Counters._fields_}

    def save(self, image: Optional["Image"] = None) -> None:
        """Writes what was learnt and what is under way into the image, or another like it: a run of it goes on exactly."""
        call(lib.stoa_run_save, self._handle, (image or self.image)._handle)


__all__: list[Any] = ["Run", "SPIKE"]
