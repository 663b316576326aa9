"""Experiments: compiled, learnt and asked in one call."""

from __future__ import annotations

import ctypes as c
import json
import os
import warnings
from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple, Union

from . import _abi
from ._errors import StoaWarning
from ._lib import Progress, call_long, lib, settings as rows_of, take_text, text, to_bytes
from .result import Result

Path = Union[str, os.PathLike]


def train(experiment: Path, *, seed: int = 1, copies: int = 0, threads: int = 0, limit: int = 0, ask: int = 0,
          fabric: Optional[Path] = None, data: Optional[Path] = None, out: Optional[Path] = None,
          kernel: Optional[str] = None, settings: Optional[Mapping[str, float]] = None, checkpoint: float = 30,
          validate: bool = False, resume: bool = False, fresh: bool = False,
          progress: Optional[Progress] = None) -> Result:
    """An experiment by file, or by the name of one that ships: "mnist".

    The bits are those of `stoa train` with the same options. out: a folder for trained.img, result.json, report.html and
    checkpoints; without it nothing is written. progress(what, done, all, seconds) returns True to stop. Ctrl-C stops, too,
    with a checkpoint when there is a folder.
    """
    told: list[str] = []

    def warned(_user: Any, said: int) -> None:
        told.append(text(lib.stoa_diagnostics_text(said, 0)) or "")

    rows, count = rows_of(settings)
    options = _abi.TrainOptions(size=c.sizeof(_abi.TrainOptions), seed=seed, copies=copies, threads=threads, limit=limit,
                                ask=ask, fabric=to_bytes(fabric), data=to_bytes(data), out=to_bytes(out),
                                kernel=to_bytes(kernel), settings=rows, setting_count=count, checkpoint=checkpoint,
                                validate=validate, resume=resume, fresh=fresh, warn=_abi.WARN(warned))
    try:
        return Result(call_long(options, progress, lib.stoa_train, to_bytes(experiment)))
    finally:
        for sentence in told:
            warnings.warn(sentence.rstrip(), StoaWarning, stacklevel=2)


class Tuning(NamedTuple):
    """How far a search is; generation: `generations` in the last look at those that stay; mean None: there is no best yet."""

    generation: int
    generations: int
    done: int
    all: int
    seconds: float
    mean: Optional[float]
    deviation: Optional[float]


def _tuning(_user: Any, now: Any) -> Tuple[Tuning]:
    n = now.contents
    best = (n.mean, n.deviation) if n.judged else (None, None)
    return (Tuning(n.generation, n.generations, n.done, getattr(n, "all"), n.seconds, *best),)


def tune(experiment: Path, out: Path, *, ranges: Optional[Mapping[str, Tuple[float, float]]] = None, seed: int = 1,
         population: int = 0, generations: int = 0, seeds: int = 0, copies: int = 0, limit: int = 0, ask: int = 0,
         threads: int = 0, fabric: Optional[Path] = None, data: Optional[Path] = None, kernel: Optional[str] = None,
         settings: Optional[Mapping[str, float]] = None,
         progress: Optional[Callable[[Tuning], Optional[bool]]] = None) -> dict[str, Any]:
    """Searches an experiment's parameters as `stoa tune` does: what tune.json in the folder `out` says.

    0: as the experiment's `tune:` says. The same call goes on from the log in the folder.
    """
    rows, count = rows_of(settings)
    wanted = [_abi.Range(name.encode(), low, high) for name, (low, high) in (ranges or {}).items()]
    options = _abi.TuneOptions(size=c.sizeof(_abi.TuneOptions), seed=seed, population=population, generations=generations,
                               seeds=seeds, copies=copies, limit=limit, ask=ask, threads=threads, fabric=to_bytes(fabric),
                               data=to_bytes(data), kernel=to_bytes(kernel), out=to_bytes(out), settings=rows,
                               setting_count=count, ranges=(_abi.Range * len(wanted))(*wanted) if wanted else None,
                               range_count=len(wanted))
    made = call_long(options, progress, lib.stoa_tune, to_bytes(experiment), between=(None,), free="stoa_free", heard=_tuning)
    return json.loads(take_text(made) or "{}")


def baseline(experiment: Path, *, method: str = "plain", seed: int = 1, hidden: int = 512, batch: int = 16, rate: float = 0.05,
             penalty: float = 100, kept: int = 50, limit: int = 0, ask: int = 0, data: Optional[Path] = None,
             validate: bool = False, progress: Optional[Progress] = None) -> dict[str, Any]:
    """A dense network with backpropagation on an experiment's tasks: what `stoa baseline --json` says."""
    options = _abi.BaselineOptions(size=c.sizeof(_abi.BaselineOptions), seed=seed, method=method.encode(), data=to_bytes(data),
                                   limit=limit, ask=ask, hidden=hidden, batch=batch, kept=kept, validate=validate, rate=rate,
                                   penalty=penalty)
    made = call_long(options, progress, lib.stoa_baseline, to_bytes(experiment), between=(None,), free="stoa_free")
    return json.loads(take_text(made) or "{}")
