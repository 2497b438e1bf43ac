"""The document as JSON and back; what was written by others is checked value by value.

Nothing that is read can raise but `Damaged`: a value of another type, a number that makes no
sense, or a lane without its sound costs that value or that lane alone, and is said in `notes`.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from engine import melody_json
from engine.project import Project
from engine.types import AudioClip, Origin, Track, Voicing

FORMAT = "melic project"
VERSION = 1
MOST_LANES = 1000
LARGEST_ID = 1_000_000_000  # ids travel through signals of 32 bits
LONGEST_TEXT = 2000
LONGEST_SPEECH = 1_000_000
MOST_WORDS = 200_000
SLOWEST_SPEECH, FASTEST_SPEECH, LOUDEST_SPEECH = 0.1, 10.0, 10.0  # factors
MANNER = {"speed": 1.0, "pitch": 0.0, "energy": 1.0}  # as a voice speaks by itself
FARTHEST_PITCH = 48.0  # semitones that a voice is moved
QUIETEST_DB, LOUDEST_DB = -144.0, 48.0
SLOWEST, FASTEST = 1.0, 1000.0  # beats per minute
FARTHEST = 1e7  # seconds; four months
NEAR = 4  # folders up, beyond which a relative path says nothing


class Damaged(Exception):
    """Text is no document at all; it says why."""


@dataclass(frozen=True, slots=True)
class View:
    """Where a person was: seconds of the playhead, of what was in view, and of the loop."""

    playhead: float = 0.0
    start: float = 0.0
    stop: float = 0.0  # 0: everything
    loop: tuple[float, float] | None = None
    selected: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What a project folder or a journal holds.

    `folder` and `modified` are for journals: the project it belongs to, and whether it differs
    from what is saved there. `notes` says what had to be left out or put right; `newer` that a
    newer Melic wrote it, so that it must not be written over.
    """

    project: Project = field(default_factory=Project)
    view: View = field(default_factory=View)
    folder: Path | None = None
    modified: bool = False
    notes: tuple[str, ...] = ()
    newer: bool = False
    written_at: float = 0.0  # seconds since 1970


Find = Callable[[str, str], AudioClip]  # (file name, name of its lane); raises `Lost`


class Lost(Exception):
    """The sound of a lane is not there; the text says why, in words for a person."""


@dataclass(slots=True)
class Reading:
    """Counts what had to be put right while values are read."""

    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    def number(self, value: object, first: float, low: float, high: float) -> float:
        """A finite number between two others, or what it is at first."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._instead(first)
        try:
            value = float(value)
        except OverflowError:
            return self._instead(first)
        if not math.isfinite(value) or not low <= value <= high:
            return self._instead(first)
        return value

    def whole(self, value: object, first: int, low: int, high: int) -> int:
        """A whole number between two others."""
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return int(self._instead(first))
        return value

    def flag(self, value: object) -> bool:
        """True or false, and nothing like it."""
        return value if isinstance(value, bool) else bool(self._instead(0))

    def text(
        self, value: object, first: str, longest: int = LONGEST_TEXT, lines: bool = False
    ) -> str:
        """Text that can be shown, printed and encoded; in one line unless it may have `lines`."""
        if not isinstance(value, str):
            self.wrong += 1
            return first
        kept = "\n" if lines else ""
        shown = "".join(c if c.isprintable() or c in kept else " " for c in value[:longest])
        shown = shown.encode("utf-8", "replace").decode()
        return shown if shown.strip() else first

    def _instead(self, first: float) -> float:
        self.wrong += 1
        return first


def written(document: Document, names: Mapping[AudioClip, str], folder: Path, now: float) -> str:
    """Return the JSON text of a document whose clips lie in files called `names`.

    `folder` is where the text will stand, for the relative paths of the songs.
    """
    project = document.project
    clips = list(project.clips)
    number = {clip: index for index, clip in enumerate(clips)}
    value = {
        "format": FORMAT,
        "version": VERSION,
        "written_at": round(now, 3),
        "tempo": project.tempo,
        "clips": [{"file": names[c], "origin": _origin_out(c.origin, folder)} for c in clips],
        "tracks": [_track_out(track, number) for track in project.tracks],
        "view": {
            "playhead": document.view.playhead,
            "start": document.view.start,
            "stop": document.view.stop,
            "loop": document.view.loop,
            "selected": document.view.selected,
        },
    }
    if document.folder is not None:
        value["folder"] = str(document.folder)
    if document.modified:
        value["modified"] = True
    # On one line: indented it would take eight times as long, after each edit.
    return json.dumps(value, default=str)


def _track_out(track: Track, number: Mapping[AudioClip, int]) -> dict[str, object]:
    melody = track.melody
    written: dict[str, object] = {
        "id": track.id,
        "name": track.name,
        "role": track.role,
        "clip": number[track.clip],
        "gain_db": track.gain_db,
        "pan": track.pan,
        "muted": track.muted,
        "solo": track.solo,
        "group": track.group,
        "silences": track.silences,
    }
    if melody is not None:
        curves = None if melody.curves is None else number[melody.curves]
        written["melody"] = melody_json.written(melody, curves)
    if track.voicing is not None:
        written["voicing"] = asdict(track.voicing)
    return written


def _origin_out(origin: Origin, folder: Path) -> dict[str, object]:
    return {
        "path": None if origin.path is None else str(origin.path.absolute()),
        "near": _near(origin.path, folder),
        "task": origin.task,
        "model": origin.model,
        "settings": dict(origin.settings),
        "notes": origin.notes,
    }


def _near(path: Path | None, folder: Path) -> str | None:
    """The path from the folder, with "/", when it is not far away."""
    if path is None:
        return None
    try:
        parts = Path(os.path.relpath(path.absolute(), folder.absolute())).parts
    except ValueError:  # another drive
        return None
    return "/".join(parts) if parts.count("..") <= NEAR else None


def parsed(text: str) -> dict[str, Any]:
    """Return the JSON object that is a document of any version. Raises `Damaged`."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Damaged("its text is damaged") from error
    if not isinstance(value, dict):
        raise Damaged("it is not a project of Melic")
    if value.get("format") != FORMAT:
        raise Damaged("it is not a project of Melic")
    version = value.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise Damaged("its version makes no sense")
    return value


def read(value: Mapping[str, Any], folder: Path, find: Find) -> Document:
    """Build the document that `parsed` gave; `find` opens the clips.

    Fields that are not known are passed over.
    """
    reading = Reading()
    clips = _clips_in(value.get("clips"), _titles(value), folder, find, reading)
    tracks = _tracks_in(value.get("tracks"), clips, reading)
    view = _view_in(value.get("view"), reading)
    tempo = reading.number(value.get("tempo", 120.0), 120.0, SLOWEST, FASTEST)
    home = value.get("folder")
    if reading.wrong:
        reading.notes.append(
            f"{reading.wrong} values made no sense and were replaced."
            if reading.wrong > 1
            else "One value made no sense and was replaced."
        )
    return Document(
        Project(tuple(tracks), tempo),
        view,
        _path(home),
        value.get("modified") is True,
        tuple(reading.notes),
        value["version"] > VERSION,
        reading.number(value.get("written_at", 0.0), 0.0, 0.0, 1e12),
    )


def _titles(value: Mapping[str, Any]) -> dict[int, str]:
    """What each clip's first lane is called, to speak of a clip that is lost."""
    titles: dict[int, str] = {}
    tracks = value.get("tracks")
    for track in tracks if isinstance(tracks, list) else ():
        if isinstance(track, dict) and isinstance(track.get("clip"), int):
            titles.setdefault(track["clip"], Reading().text(track.get("name"), "a lane"))
    return titles


def _clips_in(
    value: object, titles: Mapping[int, str], folder: Path, find: Find, reading: Reading
) -> dict[int, AudioClip]:
    if not isinstance(value, list):
        reading.wrong += 1
        return {}
    clips: dict[int, AudioClip] = {}
    for number, entry in enumerate(value[:MOST_LANES]):
        title = titles.get(number, "a lane")
        file = entry.get("file") if isinstance(entry, dict) else None
        try:
            if not isinstance(file, str):
                raise Lost(f"The project does not say where the sound of “{title}” is.")
            clip = find(file, title)
        except Lost as lost:
            reading.notes.append(str(lost))
            continue
        clip.origin = _origin_in(entry.get("origin"), folder, reading)
        clips[number] = clip
    return clips


def _origin_in(value: object, folder: Path, reading: Reading) -> Origin:
    if not isinstance(value, dict):
        reading.wrong += 1
        return Origin()
    settings = value.get("settings", {})
    notes = value.get("notes", [])
    near, path = _path(value.get("near")), _path(value.get("path"))
    if near is not None:
        beside = Path(os.path.normpath(folder / near))
        if path is None or _is_there(beside):
            path = beside
    return Origin(
        path,
        reading.text(value.get("task", "import"), "import"),
        reading.text(value.get("model", ""), "") if value.get("model", "") != "" else "",
        settings if isinstance(settings, dict) else {},
        tuple(reading.text(note, "…") for note in notes) if isinstance(notes, list) else (),
    )


def _path(value: object) -> Path | None:
    if not isinstance(value, str) or not value or "\0" in value or len(value) > LONGEST_TEXT:
        return None
    return Path(value)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _tracks_in(value: object, clips: Mapping[int, AudioClip], reading: Reading) -> list[Track]:
    if not isinstance(value, list):
        reading.wrong += 1
        return []
    if len(value) > MOST_LANES:
        reading.notes.append(f"Only the first {MOST_LANES} lanes were opened.")
    tracks: list[Track] = []
    taken: set[int] = set()
    for entry in value[:MOST_LANES]:
        if not isinstance(entry, dict):
            reading.wrong += 1
            continue
        number = entry.get("clip")
        if isinstance(number, bool) or not isinstance(number, int) or number not in clips:
            if not isinstance(number, int):
                reading.notes.append("A lane without sound was left out.")
            continue  # a clip that is lost has been told of
        track = _track_in(entry, clips[number], clips, reading)
        if not track.id or track.id in taken:
            reading.wrong += 1
            track = replace(track, id=_free(taken))
        taken.add(track.id)
        tracks.append(track)
    return tracks


def _free(taken: set[int]) -> int:
    return next(id for id in range(1, len(taken) + 2) if id not in taken)


def _track_in(
    entry: Mapping[str, Any], clip: AudioClip, clips: Mapping[int, AudioClip], reading: Reading
) -> Track:
    id = reading.whole(entry.get("id"), 0, 1, LARGEST_ID)
    return Track(
        id,
        reading.text(entry.get("name"), f"Lane {id}"),
        reading.text(entry.get("role"), "mix"),
        clip,
        reading.number(entry.get("gain_db", 0.0), 0.0, QUIETEST_DB, LOUDEST_DB),
        reading.number(entry.get("pan", 0.0), 0.0, -1.0, 1.0),
        reading.flag(entry.get("muted", False)),
        reading.flag(entry.get("solo", False)),
        reading.whole(entry.get("group", id), id, 0, LARGEST_ID),
        _silences_in(entry.get("silences", []), reading),
        melody_json.read(entry.get("melody"), clips, reading),
        _voicing_in(entry.get("voicing"), reading),
    )


def _voicing_in(value: object, reading: Reading) -> Voicing | None:
    """Who sings or speaks on a lane; without a voice's name nobody does."""
    if value is None:
        return None
    if not isinstance(value, dict):
        reading.wrong += 1
        return None
    voice = reading.text(value.get("voice"), "")
    if not voice:
        return None
    text, words = value.get("text", ""), value.get("words", [])
    if not isinstance(words, list) or len(words) > MOST_WORDS:
        reading.wrong += 1
        words = []
    return Voicing(
        voice,
        "" if text == "" else reading.text(text, "", LONGEST_SPEECH, lines=True),
        *_manner([value.get(name, MANNER[name]) for name in MANNER], reading),
        reading.whole(value.get("seed", 0), 0, 0, LARGEST_ID),
        tuple(_manner(word, reading) for word in words),
    )


def _manner(value: object, reading: Reading) -> tuple[float, float, float]:
    """Speed, pitch and energy of a whole text or of a word."""
    if not isinstance(value, list) or len(value) != 3:
        reading.wrong += 1
        value = list(MANNER.values())
    return (
        reading.number(value[0], MANNER["speed"], SLOWEST_SPEECH, FASTEST_SPEECH),
        reading.number(value[1], MANNER["pitch"], -FARTHEST_PITCH, FARTHEST_PITCH),
        reading.number(value[2], MANNER["energy"], 0.0, LOUDEST_SPEECH),
    )


def _silences_in(value: object, reading: Reading) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list):
        reading.wrong += 1
        return ()
    spans = sorted(span for each in value if (span := _span(each, reading)) is not None)
    apart: list[tuple[float, float]] = []
    for start, stop in spans:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(stop, apart[-1][1]))
        else:
            apart.append((start, stop))
    return tuple(apart)


def _span(value: object, reading: Reading) -> tuple[float, float] | None:
    """Two times in seconds, the first before the second."""
    if isinstance(value, list) and len(value) == 2:
        start, stop = (reading.number(edge, -1.0, 0.0, FARTHEST) for edge in value)
        if 0.0 <= start < stop:
            return start, stop
    reading.wrong += 1
    return None


def _view_in(value: object, reading: Reading) -> View:
    if not isinstance(value, dict):
        reading.wrong += 1
        return View()
    playhead, start, stop = (
        reading.number(value.get(name, 0.0), 0.0, 0.0, FARTHEST)
        for name in ("playhead", "start", "stop")
    )
    loop = value.get("loop")
    return View(
        playhead,
        start,
        stop,
        _span(loop, reading) if loop is not None else None,
        reading.whole(value.get("selected", 0), 0, 0, LARGEST_ID),
    )
