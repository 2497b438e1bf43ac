"""Errors that speak to a person."""

from __future__ import annotations


class EngineError(Exception):
    """Something went wrong that a person can understand.

    `message` says what happened, `hint` what to do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnreadableAudio(EngineError):
    """A file is not sound, is damaged, or cannot be opened."""


class UnreadableNotes(EngineError):
    """A file holds no notes, is damaged, or is of a kind that is not known."""


class UnwritableTarget(EngineError):
    """A file cannot be written: no permission, no space, or it exists already."""


class WeightsMissing(EngineError):
    """A model's weight file is not on this machine, or is not the one its card names."""


class UnusableModel(EngineError):
    """A file is no network that Melic can run, is damaged, or is not what was said of it."""


class DownloadFailed(EngineError):
    """A file could not be fetched: no connection, a server that is gone, or another file."""


class DeviceUnavailable(EngineError):
    """The compute or sound device asked for cannot be used."""


class Cancelled(Exception):
    """Raised inside a job's own thread when its owner no longer wants the result."""
