"""The library itself: found, loaded, called; handles and memory that free themselves."""

from __future__ import annotations

import ctypes as c
import os
import threading
import warnings
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Optional, Tuple

import numpy as np

from . import _abi
from ._errors import StoaWarning, diagnostics_of, raise_status


def _load() -> c.CDLL:
    """$STOA_LIBRARY, or the one built in the checkout that this file is in, or the one that is installed."""
    here = Path(__file__).resolve().parents[2]
    places = [os.environ.get("STOA_LIBRARY"), str(here / "build/release/libstoa.so")]
    for place in places:
        if place and os.path.exists(place):
            return c.CDLL(place)
    return c.CDLL("libstoa.so.0")


lib = _load()
for _name, (_result, _arguments) in _abi.FUNCTIONS.items():
    _function = getattr(lib, _name)
    _function.restype = _result
    _function.argtypes = _arguments


def text(value: Optional[bytes]) -> Optional[str]:
    return None if value is None else value.decode("utf-8", "replace")


def to_bytes(value: Any) -> Optional[bytes]:
    """A name or path as C takes it."""
    return None if value is None else os.fsencode(value)


def version() -> str:
    """Of the library: "0.2.0"."""
    return text(lib.stoa_version()) or ""


def explain(id: str) -> Optional[str]:
    """What a diagnostic's id means and how it is cured; None: there is none of that name."""
    return text(lib.stoa_explain(id.encode()))


def _listed(function: Callable[[int], Optional[bytes]]) -> list[str]:
    names: list[str] = []
    while (name := function(len(names))) is not None:
        names.append(name.decode())
    return names


def machines() -> list[str]:
    """What a Run may be on: sim, timed, rtl."""
    return _listed(lib.stoa_machine)


def kernels() -> list[str]:
    """Kernels of the fast engine that this machine has, best first."""
    return _listed(lib.stoa_kernel)


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls what returns a status and says things by its last argument: warnings are warned of, all else is raised."""
    said = c.c_void_p()
    status = function(*arguments, c.byref(said))
    finish(status, said)


def finish(status: int, said: c.c_void_p) -> None:
    if not said.value:
        if status:
            raise_status(status, [], "no memory")
        return
    shown = text(lib.stoa_diagnostics_text(said, 0)) or ""
    listed = diagnostics_of(lib, said)
    lib.stoa_diagnostics_free(said)
    if status:
        raise_status(status, listed, shown)
    warnings.warn(shown.rstrip(), StoaWarning, stacklevel=4)


def call_out(function: Callable[..., int], *arguments: Any) -> c.c_void_p:
    """The same, with what it makes before the last argument."""
    made = c.c_void_p()
    call(function, *arguments, c.byref(made))
    return made


def take_text(pointer: c.c_void_p) -> Optional[str]:
    """A text that is ours, copied into Python and freed."""
    if not pointer.value:
        return None
    value = text(c.string_at(pointer.value))
    lib.stoa_free(pointer)
    return value


def settings(values: Optional[Mapping[str, float]]) -> Tuple[Any, int]:
    """Values of parameters as C takes them, and how many."""
    rows = [(_abi.Setting)(name.encode(), float(value)) for name, value in (values or {}).items()]
    return ((_abi.Setting * len(rows))(*rows) if rows else None), len(rows)


class Handle:
    """A handle of the library that is freed when nobody has it any more."""

    _free = "stoa_free"

    def __init__(self, pointer: c.c_void_p) -> None:
        self._handle = pointer

    def __del__(self) -> None:
        handle, self._handle = getattr(self, "_handle", None), c.c_void_p()
        if handle is not None and handle.value and lib is not None:
            getattr(lib, self._free)(handle)


class _Memory:
    """Memory that an array looks at: it keeps whose it is, and frees what is the array's own."""

    def __init__(self, address: int, shape: Tuple[int, ...], dtype: np.dtype, owner: Any, writable: bool) -> None:
        self._owner = owner
        self.__array_interface__ = {"version": 3, "shape": shape, "typestr": dtype.str, "data": (address, not writable)}


class _Freed:
    def __init__(self, address: int) -> None:
        self._address = address

    def __del__(self) -> None:
        if lib is not None:
            lib.stoa_free(self._address)


def view(address: Optional[int], shape: Tuple[int, ...], dtype: Any, owner: Any = None,
         writable: bool = False) -> np.ndarray:
    """An array over memory of the library. owner: whose it is, kept alive; None: the array's own, freed with it."""
    dtype = np.dtype(dtype)
    if not address or 0 in shape:
        if owner is None and address:
            lib.stoa_free(address)
        return np.empty(shape, dtype)
    memory = _Memory(address, shape, dtype, owner if owner is not None else _Freed(address), writable)
    return np.asarray(memory).view(dtype)


def as_indices(values: Iterable[int]) -> np.ndarray:
    return np.ascontiguousarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.uint32).reshape(-1)


Progress = Callable[[str, int, int, float], Optional[bool]]


def _heard(_user: Any, what: bytes, done: int, count: int, seconds: float) -> Tuple[Any, ...]:
    return what.decode(), done, count, seconds


def call_long(options: Any, progress: Optional[Callable[..., Optional[bool]]], function: Callable[..., int], *arguments: Any,
              between: Tuple[Any, ...] = (), free: str = "stoa_result_free",
              heard: Callable[..., Tuple[Any, ...]] = _heard) -> c.c_void_p:
    """A call that takes long, on a thread of its own, so that Ctrl-C is heard: it ends the call, and is raised.

    progress(what, done, all, seconds) may return True to end it; what it raises ends it, too. The options stand behind the
    arguments, `between` them and what is made; heard: what progress gets of what C says.
    """
    stop = lib.stoa_stop_new()
    raised: list[BaseException] = []

    def told(*said_by_c: Any) -> int:
        try:
            return 1 if progress is not None and progress(*heard(*said_by_c)) else 0
        except BaseException as error:  # it cannot pass through C
            raised.append(error)
            return 1

    made, said, status = c.c_void_p(), c.c_void_p(), c.c_int()
    options.stop = stop
    if progress is not None:
        options.progress = dict(options._fields_)["progress"](told)

    ended = threading.Event()  # not Thread.join: interrupted once, it takes the thread for ended

    def work() -> None:
        try:
            status.value = function(*arguments, c.byref(options), *between, c.byref(made), c.byref(said))
        finally:
            ended.set()

    threading.Thread(target=work).start()
    while not ended.is_set():
        try:
            ended.wait(0.1)  # a signal that came to the other thread is heard when this one wakes up
        except BaseException as error:  # KeyboardInterrupt above all: it ends when the library has ended
            lib.stoa_stop_ask(stop)
            raised.append(error)
    lib.stoa_stop_free(stop)
    if raised:
        lib.stoa_diagnostics_free(said)
        if made.value:
            getattr(lib, free)(made)
        raise raised[-1]
    finish(status.value, said)
    return made
