"""Experiments: compiled, learnt and asked in one call."""

from __future__ import annotations

import ctypes as c
import os
import warnings
from typing import Any, Mapping, Optional, Union

from . import _abi
from ._errors import StoaWarning
from ._lib import Progress, call_long, lib, settings as rows_of, text, to_bytes
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
