"""Notes from files and to files: MIDI, MusicXML, UltraStar and the like, at the window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.studio import Trouble, trouble_of
from app.words import marked, tr
from engine import note_files
from engine.events import Ended, Event, Progress, State, Work
from engine.melody import Melody
from engine.types import Origin, Track

if TYPE_CHECKING:
    from app.session import Session
    from app.settings import Settings
    from app.studio import Studio
    from engine.jobs import Job
    from engine.types import AudioClip

RATE = 44_100  # Hz, of the silence under notes that have no recording
AFTER = 1.0  # seconds of silence after the last note
NOTE_FILES = f"({' '.join(f'*{suffix}' for suffix in note_files.IMPORTS)})"
KINDS = (  # what a person chooses from: words, format of `engine.note_files`, suffix
    (marked("MIDI"), "mid", ".mid"),
    (marked("MusicXML, for notation programs"), "musicxml", ".musicxml"),
    (marked("UltraStar, for karaoke"), "ultrastar", ".txt"),
    (marked("CSV, a table"), "csv", ".csv"),
    (marked("JSON, with everything that is known"), "json", ".json"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Notes of a lane to be written: `format` is one of `KINDS`, `bends` are pitch bends."""

    track: Track
    format: str
    path: Path
    bends: bool = False
    overwrite: bool = False


def is_score(path: Path) -> bool:
    """Whether a file is to be opened as notes, by its name."""
    return path.suffix.lower() in note_files.IMPORTS and not path.is_dir()


class Scores(QObject):
    """Note files of one window."""

    def __init__(self, studio: Studio, settings: Settings) -> None:
        super().__init__(studio)
        self._studio, self._settings = studio, settings
        self._session: Session = studio.session

    # From files

    def import_files(self, paths: Sequence[Path]) -> None:
        """Open note files, each as a lane of its own that sounds as its notes."""
        for path in paths:
            self._import(path)

    def _import(self, path: Path) -> Job:
        id, scratch = self._session.new_id(), self._studio.scratch

        def work() -> Work:
            yield Progress(math.nan)
            found = note_files.read(path)
            stop = max((note.stop for note in found.melody.notes), default=0.0)
            origin = Origin(path, "import notes")
            return found, scratch.clip(1, math.ceil((stop + AFTER) * RATE), RATE, origin)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=(found, clip)):
                    melody = replace(found.melody, blend=1.0)
                    name = found.title.strip() or path.stem
                    track = Track(id, name, "notes", clip, group=id, melody=melody)
                    self._keep(path, track)
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error))

        return self._studio.jobs.submit(
            tr("Open {name}", name=path.name), work, "light", on_event,
            retry=lambda: self._import(path),
        )  # fmt: skip

    def _keep(self, path: Path, track: Track) -> None:
        project = self._session.project.with_tracks([track])
        self._session.edit(tr("Import {name}", name=path.name), project)
        self._session.select(track.id)
        self._tell_empty(track, path)

    def ask_import_for_lane(self, parent: QWidget) -> None:
        """Let a person choose a file whose notes become those of the selected lane."""
        start = self._settings.open_folder or str(Path.home())
        kinds = f"{tr('Notes')} {NOTE_FILES};;{tr('All files')} (*)"
        name, _ = QFileDialog.getOpenFileName(parent, tr("Use the notes of a file"), start, kinds)
        if name:
            self._settings.open_folder = str(Path(name).parent)
            self.import_for_lane(Path(name))

    @property
    def can_import_for_lane(self) -> bool:
        """Whether the selected lane is in the document."""
        return self._session.project.track(self._session.selected) is not None

    def import_for_lane(self, path: Path, id: int = 0) -> Job | None:
        """Give a lane the notes of a file instead of its own; how they sound stays."""
        track = self._session.project.track(id or self._session.selected)
        if track is None:
            return None
        lane = track.id

        def work() -> Work:
            yield Progress(math.nan)
            return note_files.read(path)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=found):
                    now = self._session.project.track(lane)
                    if now is None:
                        return
                    before = now.melody or Melody()
                    melody = replace(found.melody, blend=before.blend, sound=before.sound)
                    name = tr("Import notes for {name}", name=now.name)
                    self._session.set_tracks(name, {lane: {"melody": melody}})
                    self._tell_empty(replace(now, melody=melody), path)
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error, lane))

        return self._studio.jobs.submit(
            tr("Open {name}", name=path.name), work, "light", on_event,
            retry=lambda: self.import_for_lane(path, lane),
        )  # fmt: skip

    def _tell_empty(self, track: Track, path: Path) -> None:
        if track.melody is not None and not track.melody.notes:
            what = tr("There are no notes in {name}.", name=path.name)
            self._studio.trouble.emit(Trouble(what, "", "", track.id))

    # To files

    def suggestion(self, track: Track, suffix: str) -> Path:
        """Where notes of a lane would go: `Song_(Vocals).mid` in the folder used last."""
        from engine.audio import stem_name

        source = track.clip.origin.path
        song = self._session.project.track(track.group) or track
        stem = "" if track.role in ("mix", "notes", "recording") else f"_({track.name})"
        known = source is not None and track.role != "notes"
        name = stem_name("{song}{stem}", source if known else song.name, stem, suffix[1:])
        kept = [Path(self._settings.notes_folder)] if self._settings.notes_folder else []
        beside = source.parent if source is not None else Path.home()
        return next((folder for folder in (*kept, beside) if folder.is_dir()), Path.home()) / name

    def export(self, wish: Wish) -> Job | None:
        """Write the notes of a lane; a file that is there stays unless `overwrite`."""
        melody = wish.track.melody
        if melody is None:
            return None
        song = self._session.project.track(wish.track.group) or wish.track
        self._settings.notes_folder = str(wish.path.parent)

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=path):
                    self._studio.jobs.status(job).note = path.name
                case Ended(State.FAILED, error=error):
                    self._studio.trouble.emit(trouble_of(error, wish.track.id))

        job = self._studio.jobs.submit(
            tr("Export {what}", what=wish.path.name),
            lambda: write(wish, melody, song.name, wish.track.clip),
            "light",
            on_event,
            folder=wish.path.parent,
            retry=lambda: self.export(wish),
        )
        return job


def write(wish: Wish, melody: Melody, title: str, clip: AudioClip) -> Work:
    """Write notes with the title and artist that their song's tags name; returns the path."""
    from engine.tags import read_tags

    yield Progress(math.nan)
    path = clip.origin.path
    tags = read_tags(path).text if path is not None and path.is_file() else {}
    return (
        yield from note_files.export(
            wish.path,
            wish.format,
            melody,
            title=next(iter(tags.get("title", ())), title),
            artist=next(iter(tags.get("artist", ())), ""),
            seconds=clip.seconds,
            bends=wish.bends,
            overwrite=wish.overwrite,
        )
    )
