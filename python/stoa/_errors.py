"""What the library says, as exceptions and warnings."""

from __future__ import annotations

import ctypes as c
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Diagnostic:
    """One mistake: what is wrong, where, and how it is cured."""

    id: str
    message: str
    cure: Optional[str]
    file: Optional[str]
    path: Optional[str]
    line: int
    column: int
    is_error: bool


class StoaWarning(UserWarning):
    """What does not end a call."""


class StoaError(Exception):
    """What ended a call; `diagnostics` has the single mistakes, str() the text that the command prints."""

    def __init__(self, diagnostics: list[Diagnostic], shown: str) -> None:
        super().__init__(shown.rstrip())
        self.diagnostics = diagnostics


class Refused(StoaError, ValueError):
    """The input is wrong."""


class Usage(StoaError, ValueError):
    """What is asked for does not go together."""


class Failed(StoaError, OSError):
    """The world: a file, memory."""

    def __str__(self) -> str:
        return str(self.args[0])


class Differs(StoaError):
    """Two machines that run side by side do not agree."""


class Stopped(StoaError):
    """It was asked to stop."""


class Bug(StoaError, AssertionError):
    """A check of the library's own result has failed: please report it."""


_KINDS = {1: Refused, 2: Usage, 3: Failed, 4: Differs, 5: Stopped, 70: Bug}


def raise_status(status: int, diagnostics: list[Diagnostic], shown: str) -> None:
    raise _KINDS.get(status, StoaError)(diagnostics, shown)


def _text(value: Optional[bytes]) -> Optional[str]:
    return None if value is None else value.decode("utf-8", "replace")


def diagnostics_of(lib: c.CDLL, said: Any) -> list[Diagnostic]:
    found = []
    for i in range(lib.stoa_diagnostics_count(said)):
        d = lib.stoa_diagnostics_at(said, i).contents
        found.append(Diagnostic(_text(d.id) or "", _text(d.message) or "", _text(d.cure), _text(d.file), _text(d.path),
                                d.line, d.column, bool(d.is_error)))
    return found
