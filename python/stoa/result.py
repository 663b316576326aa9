"""Results: what came of learning and asking."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from ._lib import Handle, c, lib, text, view

if TYPE_CHECKING:
    from .image import Image


class Result(Handle):
    """Accuracies, votes, confusion; arrays are views that last as long as they are used."""

    _free = "stoa_result_free"

    def __init__(self, pointer: "c.c_void_p") -> None:
        super().__init__(pointer)
        self._about = lib.stoa_result_about(pointer).contents

    @property
    def accuracy(self) -> float:
        """Of the merged votes, 0 to 1; NaN: nobody was asked, or nobody knows the labels."""
        return self._about.accuracy

    @property
    def copy_accuracy(self) -> np.ndarray:
        """Of each copy."""
        a = self._about
        return view(a.copy_accuracy, (a.copies if a.copy_accuracy else 0,), np.float64, self)

    @property
    def answers(self) -> np.ndarray:
        """The class that each picture's votes decide for; `classes` where there was no vote."""
        address = lib.stoa_result_answers(self._handle)
        return view(address, (self._about.tested if address else 0,), np.uint32, self)

    @property
    def votes(self) -> np.ndarray:
        """[picture, class] of all copies together."""
        a = self._about
        return view(a.votes, (a.tested if a.votes else 0, a.classes), np.int32, self)

    @property
    def confusion(self) -> np.ndarray:
        """[true, answered]; the last column counts pictures without an answer."""
        a = self._about
        return view(a.confusion, (a.classes if a.confusion else 0, a.classes + 1), np.uint32, self)

    @property
    def curve(self) -> np.ndarray:
        """Share of right answers before a picture was learnt, over `curve_step` pictures each."""
        return view(self._about.curve, (self._about.curve_count,), np.float64, self)

    @property
    def curve_step(self) -> int:
        return self._about.curve_step

    @property
    def classes(self) -> int:
        return self._about.classes

    @property
    def trained(self) -> int:
        """Pictures that a copy has learnt."""
        return self._about.trained

    @property
    def tested(self) -> int:
        """Pictures that a copy was asked about."""
        return self._about.tested

    @property
    def train_seconds(self) -> float:
        return self._about.train_seconds

    @property
    def test_seconds(self) -> float:
        return self._about.test_seconds

    @property
    def image(self) -> Optional["Image"]:
        """As it was trained by `train`; None of Image.learn and Image.ask, which have their image."""
        from .image import Image

        pointer = lib.stoa_result_image(self._handle)
        return Image(c.c_void_p(pointer)) if pointer else None

    @property
    def json(self) -> dict[str, Any]:
        """What result.json says (docs/json.md)."""
        return json.loads(lib.stoa_result_json(self._handle))

    def __str__(self) -> str:
        """The table that `stoa train` prints."""
        return text(lib.stoa_result_text(self._handle)) or ""

    def __repr__(self) -> str:
        known = "" if math.isnan(self.accuracy) else f", {100 * self.accuracy:.2f} % right"
        return f"<stoa.Result: {self.trained} learnt, {self.tested} asked{known}>"
