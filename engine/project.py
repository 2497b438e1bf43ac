"""The document: one immutable value; an edit is a new value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.types import Track


@dataclass(frozen=True, slots=True)
class Project:
    """All tracks in lane order. Arrays and clips are shared between versions, never copied."""

    tracks: tuple[Track, ...] = ()

    @property
    def seconds(self) -> float:
        """Length of the longest track."""
        return max((track.clip.seconds for track in self.tracks), default=0.0)

    @property
    def next_id(self) -> int:
        """An id that no track has."""
        return max((track.id for track in self.tracks), default=0) + 1

    def track(self, id: int) -> Track | None:
        """The track with this id, if it is still there."""
        return next((track for track in self.tracks if track.id == id), None)

    def with_tracks(self, tracks: Iterable[Track], after: int | None = None) -> Project:
        """Insert tracks at the end, or below the track `after`."""
        here = [track.id for track in self.tracks]
        at = here.index(after) + 1 if after in here else len(here)
        return Project((*self.tracks[:at], *tracks, *self.tracks[at:]))

    def without(self, ids: Iterable[int]) -> Project:
        """Remove tracks."""
        gone = set(ids)
        return Project(tuple(track for track in self.tracks if track.id not in gone))

    def replaced(self, id: int, **changes: Any) -> Project:
        """Change fields of one track."""
        return Project(tuple(replace(t, **changes) if t.id == id else t for t in self.tracks))
