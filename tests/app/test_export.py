"""What the export dialog shows before anything is written, and what is written then."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app import export
from app.start import Program
from app.views.export_dialog import ExportDialog
from app.views.export_table import ARTIST, COVER, FILE, LOUDNESS, PEAK, TITLE
from engine.loudness import LoudnessMeter
from engine.tags import Cover, Tags, read_tags, write_tags
from tests.app.desk import import_song, open_desk, wait_for

RATE = 48_000


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.show()
        yield program


def song(folder: Path, name: str, level: float, tagged: bool = True) -> Path:
    """Ten seconds of 1 kHz in stereo at a level, as a float WAV file with tags and a cover."""
    path = folder / name
    at = np.arange(10 * RATE) / RATE
    wave = (level * np.sin(2 * np.pi * 1000 * at)).astype(np.float32)
    soundfile.write(path, np.stack([wave, wave], 1), RATE, "FLOAT")
    if tagged:
        cover = Cover("image/png", b"\x89PNG not really")
        write_tags(path, "wav", Tags({"title": ("Lied",), "artist": ("Sängerin",)}, cover))
    return path


def offered(desk: Program) -> ExportDialog:
    desk.window.ask_export()
    dialog = desk.window._export
    assert dialog is not None
    wait_for(lambda: dialog.files.found is not None and dialog.files._tags)
    return dialog


def cells(dialog: ExportDialog, row: int = 0) -> list[str]:
    found = []
    for column in range(dialog.files.columnCount()):
        cell = dialog.files.item(row, column)
        assert cell is not None
        found.append(cell.text())
    return found


def loudness_of(path: Path) -> tuple[float, float]:
    sound, rate = soundfile.read(path, dtype="float32")
    meter = LoudnessMeter(rate, 2)
    meter.feed(sound.T)
    return meter.result.lufs, meter.result.peak_db


def exported(desk: Program, dialog: ExportDialog, folder: Path) -> Path:
    before = set(folder.iterdir())
    dialog._go.click()
    wait_for(lambda: not desk.jobs.unfinished)
    (path,) = set(folder.iterdir()) - before
    return path


def test_each_file_shows_its_loudness_true_peak_and_tags(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 10 ** (-23 / 20)))
    shown = cells(offered(desk))
    assert shown[FILE] == "Song_(Mix).wav"
    assert shown[LOUDNESS] == "−23.0 LUFS"
    assert shown[PEAK] == "−23.0 dBTP"
    assert shown[TITLE] == "Lied"
    assert shown[ARTIST] == "Sängerin"
    assert shown[COVER] == "yes"


def test_the_level_is_left_alone_unless_a_person_asks(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 1.4))
    dialog = offered(desk)
    assert "may clip" in dialog._note.text()
    dialog._format.setCurrentIndex(1)  # float
    path = exported(desk, dialog, tmp_path)
    held, _ = soundfile.read(path, dtype="float32")
    assert np.abs(held).max() == pytest.approx(1.4, abs=1e-4)


def test_what_would_clip_is_lowered_to_minus_one_dbtp(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 1.4))
    dialog = offered(desk)
    dialog._level.setCurrentIndex(dialog._level.findData(export.COMMON))
    assert cells(dialog)[PEAK] == "−1.0 dBTP"
    assert "lowered by 3.9 dB" in dialog._note.text()
    path = exported(desk, dialog, tmp_path)
    assert loudness_of(path)[1] == pytest.approx(-1.0, abs=0.02)
    assert desk.window.settings.export_level == export.COMMON


@pytest.mark.parametrize("measured_before", [True, False])
def test_a_target_is_reached_whether_or_not_it_was_measured_in_time(
    desk: Program, tmp_path: Path, measured_before: bool
) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 0.02))
    dialog = offered(desk)
    dialog._level.setCurrentIndex(dialog._level.findData("-23"))
    assert cells(dialog)[LOUDNESS] == "−34.0 → −23.0 LUFS"
    if not measured_before:
        dialog.files.known.clear()
    path = exported(desk, dialog, tmp_path)
    assert loudness_of(path)[0] == pytest.approx(-23.0, abs=0.1)


def test_a_target_its_peaks_forbid_is_not_forced(desk: Program, tmp_path: Path) -> None:
    folder = tmp_path
    path = folder / "Song.wav"
    sound = np.full((10 * RATE, 2), 0.0, np.float32)
    sound[:: RATE // 10] = 0.9
    soundfile.write(path, sound, RATE, "FLOAT")
    import_song(desk, path)
    dialog = offered(desk)
    dialog._level.setCurrentIndex(dialog._level.findData("-14"))
    assert cells(dialog)[PEAK] == "−1.0 dBTP"
    assert "peaks forbid" in dialog._note.text()


def test_tags_can_be_changed_and_taken_away(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 0.1))
    dialog = offered(desk)
    table = dialog.files
    table.setCurrentCell(0, TITLE)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Neu 曲")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: table.edits)
    assert dialog.isVisible()
    cell = table.item(0, ARTIST)
    assert cell is not None
    cell.setText("")
    path = exported(desk, dialog, tmp_path)
    tags = read_tags(path)
    assert tags.text["title"] == ("Neu 曲",)
    assert "artist" not in tags.text
    assert tags.cover is not None


def test_silences_are_written_and_gain_is_not(desk: Program, tmp_path: Path) -> None:
    id = import_song(desk, song(tmp_path, "Song.wav", 0.5))
    desk.session.set_track(id, gain_db=-20.0, silences=((2.0, 4.0),))
    path = exported(desk, offered(desk), tmp_path)
    held, _ = soundfile.read(path, dtype="float32")
    assert not held[round(2.01 * RATE) : round(3.99 * RATE)].any()
    assert np.abs(held).max() == pytest.approx(0.5, abs=1e-4)


def test_measuring_ends_when_the_dialog_closes(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 0.5))
    desk.window.ask_export()
    dialog = desk.window._export
    assert dialog is not None
    jobs = list(dialog.files._measuring.values())
    dialog.close()
    assert not dialog.files._measuring
    assert all(job.cancelled for job in jobs)


def test_silence_is_called_silence(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, "Song.wav", 0.0, tagged=False))
    dialog = offered(desk)
    assert cells(dialog)[LOUDNESS] == "silent"
    assert export.gains("-14", dialog.files.found or []) == [0.0]
    assert math.isinf((dialog.files.found or [])[0].lufs)
