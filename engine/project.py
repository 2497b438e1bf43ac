"""The document: one immutable value; an edit is a new value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.types import AudioClip, Track


@dataclass(frozen=True, slots=True)
class Project:
    """All tracks in lane order. Arrays and clips are shared between versions, never copied."""

    tracks: tuple[Track, ...] = ()
    tempo: float = 120.0  # beats per minute

    @property
    def seconds(self) -> float:
        """Length of the longest track."""
        return max((track.clip.seconds for track in self.tracks), default=0.0)

    @property
    def clips(self) -> dict[AudioClip, str]:
        """Everything that lies on disk, with the name of the first lane that uses it."""
        titles: dict[AudioClip, str] = {}
        for track in self.tracks:
            titles.setdefault(track.clip, track.name)
            if track.melody is not None and track.melody.curves is not None:
                titles.setdefault(track.melody.curves, f"{track.name} melody")
        return titles

    @property
    def next_id(self) -> int:
        """An id that no track has, nor the song of one had that was removed."""
        return max((max(track.id, track.group) for track in self.tracks), default=0) + 1

    def track(self, id: int) -> Track | None:
        """The track with this id, if it is still there."""
        return next((track for track in self.tracks if track.id == id), None)

    def with_tracks(self, tracks: Iterable[Track], after: int | None = None) -> Project:
        """Insert tracks at the end, or below the track `after`."""
        here = [track.id for track in self.tracks]
        at = here.index(after) + 1 if after in here else len(here)
        return replace(self, tracks=(*self.tracks[:at], *tracks, *self.tracks[at:]))

    def without(self, ids: Iterable[int]) -> Project:
        """Remove tracks."""
        gone = set(ids)
        return replace(self, tracks=tuple(t for t in self.tracks if t.id not in gone))

    def replaced(self, id: int, **changes: Any) -> Project:
        """Change fields of one track."""
        changed = (replace(t, **changes) if t.id == id else t for t in self.tracks)
        return replace(self, tracks=tuple(changed))
