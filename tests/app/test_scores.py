"""Note files at the window: opened as lanes, given to a lane, and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from app.scores import Wish
from app.start import Program
from app.views.notes_dialog import NotesDialog, named
from app.views.picture import PictureDialog
from engine import note_files
from engine.events import State, Work
from engine.melody import Melody, Note
from engine.types import Origin, Track
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_access import check
from tests.app.test_studio import song
from tests.conftest import tone

TUNE = Melody((Note(0.5, 0.5, 60.0, lyric="la"), Note(1.0, 0.5, 64.0, lyric="le")))


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        yield program


def done(work: Work) -> Any:
    """Run work to its end."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def midi(folder: Path, name: str = "Tune.mid") -> Path:
    """A MIDI file with two notes."""
    path: Path = done(note_files.export(folder / name, "mid", TUNE, title="Tune"))
    return path


@pytest.fixture
def vocals(desk: Program, make_clip: Any, tmp_path: Path) -> int:
    """The vocals of a song, with notes."""
    source = Origin(tmp_path / "Lied.wav", "separate", "tiny")
    clip = make_clip(tone(3.0), origin=source)
    mix = Track(97, "Lied", "mix", make_clip(tone(3.0), origin=source), group=97)
    track = Track(98, "Vocals", "vocals", clip, group=97, melody=TUNE)
    desk.session.edit("Stems", desk.session.project.with_tracks([mix, track]))
    desk.session.select(98)
    return 98


# From files


def test_a_note_file_becomes_a_lane_that_sounds_as_its_notes(desk: Program, tmp_path: Path) -> None:
    desk.window.open_paths([midi(tmp_path)])
    wait_for(lambda: desk.session.project.tracks)
    (track,) = desk.session.project.tracks
    assert (track.role, track.group, track.melody.blend) == ("notes", track.id, 1.0)
    assert [round(n.pitch) for n in track.melody.notes] == [60, 64]
    assert [n.lyric for n in track.melody.notes] == ["la", "le"]
    assert track.clip.seconds == pytest.approx(2.5, abs=0.02)
    assert track.clip.origin.path == tmp_path / "Tune.mid"
    assert desk.session.selected == track.id
    assert desk.session.undo_stack.undoText() == "Import Tune.mid"
    desk.studio.transport.play_pause()
    heard = desk.player._sink.pull(66_150)
    assert np.abs(heard[:, 30_000:60_000]).max() > 0.01


def test_notes_and_songs_are_dropped_together(desk: Program, tmp_path: Path) -> None:
    files = [song(tmp_path, 1.0), midi(tmp_path), midi(tmp_path, "曲.mid")]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, mime,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    desk.window.dropEvent(drop)
    wait_for(lambda: len(desk.session.project.tracks) == 3)
    assert sorted(t.role for t in desk.session.project.tracks) == ["mix", "notes", "notes"]


@pytest.mark.parametrize(
    "name", ["a.mid", "a.musicxml", "a.xml", "a.mxl", "a.ds", "a.txt", "a.csv"]
)
def test_a_text_that_calls_itself_a_score_is_refused_in_plain_words(
    desk: Program, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("la la la\n" * 100)
    told: list[Any] = []
    desk.studio.trouble.connect(told.append)
    desk.window.open_paths([tmp_path / name])
    wait_for(lambda: told)
    assert name in told[0].message
    assert "did not foresee" not in told[0].message
    assert desk.session.lanes == ()


def test_a_lane_takes_the_notes_of_a_file(
    desk: Program, vocals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Melody((Note(0.2, 0.4, 72.0),))
    path = done(note_files.export(tmp_path / "Other.mid", "mid", other))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    desk.window.tuning.set_blend(0.4)
    desk.window.actions_.refresh()
    desk.window.actions_["notes_import"].trigger()
    wait_for(lambda: desk.session.undo_stack.undoText() == "Import notes for Vocals")
    melody = desk.session.project.track(vocals).melody
    assert [round(n.pitch) for n in melody.notes] == [72]
    assert melody.blend == 0.4
    desk.session.undo_stack.undo()
    assert desk.session.project.track(vocals).melody.notes == TUNE.notes


def test_a_lane_of_notes_is_no_song_to_be_taken_apart_or_written_as_sound(
    desk: Program, tmp_path: Path
) -> None:
    desk.window.open_paths([midi(tmp_path)])
    wait_for(lambda: desk.session.project.tracks)
    assert not desk.studio.can_separate()
    assert not desk.window.transcribing.can_transcribe()
    desk.window.ask_export()
    assert desk.window._export._ticks == {}
    desk.window._export.close()
    desk.window.show()
    rows = desk.window.timeline._rows
    wait_for(lambda: desk.session.selected in rows)
    assert not rows[desk.session.selected].header._verbs.isVisible()


def test_a_lane_of_notes_is_copied_as_midi(desk: Program, tmp_path: Path) -> None:
    desk.window.open_paths([midi(tmp_path)])
    wait_for(lambda: desk.session.project.tracks)
    desk.window.takeout.copy()
    id, said = desk.session.selected, desk.window.takeout.said
    wait_for(lambda: said.get(id) == "Copied as Tune.mid")
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    copied = Path(url.toLocalFile())
    assert copied.suffix == ".mid"
    assert [round(n.pitch) for n in note_files.read(copied).melody.notes] == [60, 64]


# To files


def test_notes_are_written_as_a_job_under_the_songs_name(
    desk: Program, vocals: int, tmp_path: Path
) -> None:
    scores, track = desk.window.scores, desk.session.project.track(vocals)
    assert scores.suggestion(track, ".mid") == tmp_path / "Lied_(Vocals).mid"
    (tmp_path / "Out").mkdir()
    for _ in range(2):
        job = scores.export(Wish(track, "mid", tmp_path / "Out" / "Lied_(Vocals).mid"))
        wait_for(lambda job=job: desk.jobs.status(job).ended)
        assert desk.jobs.status(job).state is State.DONE, desk.jobs.status(job).ended
    names = sorted(path.name for path in (tmp_path / "Out").iterdir())
    assert names == ["Lied_(Vocals) (2).mid", "Lied_(Vocals).mid"]  # nothing was overwritten
    assert desk.jobs.status(job).note == "Lied_(Vocals) (2).mid"
    assert desk.jobs.status(job).folder == tmp_path / "Out"
    assert scores.suggestion(track, ".csv") == tmp_path / "Out" / "Lied_(Vocals).csv"


@pytest.mark.parametrize("kind", ["mid", "musicxml", "ultrastar", "csv", "json"])
def test_every_format_is_offered_and_written(
    desk: Program, vocals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    asked: list[str] = []

    def save(_parent: object, _title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return proposed, ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    desk.window.ask_export_notes()
    (dialog,) = desk.window.findChildren(NotesDialog)
    dialog._format.setCurrentIndex(dialog._format.findData(kind))
    assert dialog._bends.isVisible() == (kind == "mid")
    dialog._save.click()
    path = Path(asked[0])
    wait_for(path.exists)
    wait_for(lambda: not desk.jobs.unfinished)
    assert path.stem == "Lied_(Vocals)"
    assert desk.window.settings.notes_format == kind
    if kind in ("mid", "musicxml", "ultrastar"):
        pitches = [round(n.pitch) for n in note_files.read(path).melody.notes]
        assert pitches == [60, 64]


def test_a_picture_is_offered_among_the_formats(desk: Program, vocals: int) -> None:
    desk.window.show()
    desk.window.ask_export_notes()
    (dialog,) = desk.window.findChildren(NotesDialog)
    dialog._format.setCurrentIndex(dialog._format.findData("picture"))
    dialog._save.click()
    (asked,) = desk.window.findChildren(PictureDialog)
    assert asked.isVisible()
    assert asked._lanes.currentData() == "one"
    asked.close()


def test_only_a_name_that_was_asked_about_is_replaced(
    desk: Program, vocals: int, tmp_path: Path
) -> None:
    wish = Wish(desk.session.project.track(vocals), "mid", tmp_path / "Lied.mid", bends=True)
    assert named(wish, tmp_path / "Other.mid").overwrite
    short = named(wish, tmp_path / "Other")
    assert (short.path.name, short.overwrite, short.bends) == ("Other.mid", False, True)


def test_notes_that_cannot_be_written_are_told_of_at_the_lane(
    desk: Program, vocals: int, tmp_path: Path
) -> None:
    told: list[Any] = []
    desk.studio.trouble.connect(told.append)
    (tmp_path / "file").write_text("not a folder")
    track = desk.session.project.track(vocals)
    job = desk.window.scores.export(Wish(track, "mid", tmp_path / "file" / "in.mid"))
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.jobs.status(job).state is State.FAILED
    assert told[0].track == vocals
    assert "did not foresee" not in told[0].message
    assert desk.jobs.status(job).retry is not None


def test_the_dialog_has_names_tooltips_and_an_order(desk: Program, vocals: int) -> None:
    desk.window.ask_export_notes()
    (dialog,) = desk.window.findChildren(NotesDialog)
    check(dialog)
    dialog.close()


def test_a_note_lane_comes_back_with_its_project(desk: Program, tmp_path: Path) -> None:
    desk.window.open_paths([midi(tmp_path)])
    wait_for(lambda: desk.session.project.tracks)
    desk.window.projects.questions.place = tmp_path / "Tune.melic"
    desk.window.projects.save()
    wait_for(lambda: desk.window.projects.folder is not None)
    (tmp_path / "again").mkdir()
    with open_desk(tmp_path / "again") as other:
        other.window.open_paths([tmp_path / "Tune.melic"])
        wait_for(lambda: other.session.project.tracks)
        (track,) = other.session.project.tracks
        assert (track.role, track.melody.blend) == ("notes", 1.0)
        assert [round(n.pitch) for n in track.melody.notes] == [60, 64]


def test_a_song_with_notes_is_opened_by_the_command_line(desk: Program, tmp_path: Path) -> None:
    desk.window.projects.begin([midi(tmp_path)], None, False)
    wait_for(lambda: desk.session.project.tracks)
    assert import_song(desk, song(tmp_path, 0.5))
