"""The melody strip: what its controls set, as undo steps, and what of it is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.main_window import SMALLEST
from app.sinks import NullSink
from app.start import Program
from app.views.melody_panel import MelodyStrip
from engine import notes
from engine.melody import CURVE_RATE, Beat, Melody, Note, NoteSettings
from engine.types import Origin, Track
from tests.app.desk import open_desk, wait_for
from tests.app.singing import sung
from tests.app.test_access import check
from tests.app.test_words import german
from tests.conftest import tone

__all__ = ["german"]
VOCALS, BAND = 98, 99


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path, make_clip: Any) -> Iterator[Program]:
    """A song's vocals with a melody that was read off curves, and the band without one."""
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        program.window.helping.hints.dismiss_all()
        add_stems(program, make_clip)
        yield program


def add_stems(desk: Program, make_clip: Any) -> None:
    curves = make_clip(sung(8.0), CURVE_RATE, Origin(task="transcribe", model="voice"))
    melody = Melody(curves=curves, key="A minor", beat=Beat(96.0, 0.25))
    melody = melody.with_notes(notes.read(melody))
    vocals = Track(VOCALS, "Vocals", "vocals", make_clip(tone(8.0)), group=97, melody=melody)
    band = Track(BAND, "Band", "instrumental", make_clip(tone(8.0, hz=300.0)), group=97)
    desk.session.edit("Stems", desk.session.project.with_tracks([vocals, band]))
    desk.session.select(VOCALS)
    wait_for(lambda: not desk.jobs.unfinished)


def strip_of(desk: Program) -> MelodyStrip:
    return desk.window.melody_strip


def melody(desk: Program, id: int = VOCALS) -> Melody:
    track = desk.session.project.track(id)
    assert track is not None
    assert track.melody is not None
    return track.melody


def press(desk: Program, id: str) -> None:
    desk.window.actions_.refresh()
    action = desk.window.actions_[id]
    assert action.isEnabled()
    action.trigger()


# The sliders


def test_a_slider_reads_the_notes_anew_and_a_drag_is_one_step(desk: Program) -> None:
    strip, steps = strip_of(desk), desk.session.undo_stack.count()
    before = melody(desk)
    fader = strip.sliders["voiced"].fader
    fader.setSliderDown(True)
    for value in (60, 70, 80):
        fader.setValue(value)
        wait_for(lambda value=value: melody(desk).settings.voiced == value / 100)
    fader.setSliderDown(False)
    assert len(melody(desk).notes) < len(before.notes)
    assert desk.session.undo_stack.count() == steps + 1
    assert desk.session.undo_stack.undoText() == "Voicing of Vocals"
    desk.session.undo_stack.undo()
    assert melody(desk) is before
    assert fader.value() == 100 * NoteSettings().voiced


def test_the_newest_value_wins_however_fast_it_comes(desk: Program) -> None:
    fader = strip_of(desk).sliders["voiced"].fader
    for value in range(51, 90):
        fader.setValue(value)
    assert desk.window.tuning.settings.voiced == 0.89
    wait_for(lambda: melody(desk).settings.voiced == 0.89)
    asked = replace(melody(desk), notes=())
    assert melody(desk).notes == notes.read(asked)


def test_a_double_click_brings_a_slider_back(desk: Program) -> None:
    fader = strip_of(desk).sliders["shortest"].fader
    fader.setValue(40)
    wait_for(lambda: melody(desk).settings.shortest == 0.4)
    QTest.mouseDClick(fader, Qt.MouseButton.LeftButton, pos=fader.rect().center())
    wait_for(lambda: melody(desk).settings == NoteSettings())


def test_an_edit_made_while_notes_are_read_is_kept(desk: Program) -> None:
    strip_of(desk).sliders["voiced"].fader.setValue(80)
    own = Note(0.6, 0.3, 72.0, own=True)
    edited = melody(desk).with_notes([own, *melody(desk).notes])
    desk.session.set_tracks("Add a note", {VOCALS: {"melody": edited}})
    wait_for(lambda: melody(desk).settings.voiced == 0.8)
    assert own in melody(desk).notes


def test_undoing_while_notes_are_read_is_not_undone(desk: Program) -> None:
    strip_of(desk).sliders["voiced"].fader.setValue(80)
    wait_for(lambda: melody(desk).settings.voiced == 0.8)
    strip_of(desk).sliders["voiced"].fader.setValue(85)
    desk.session.undo_stack.undo()
    wait_for(lambda: desk.window.tuning._reading is None)
    assert melody(desk).settings.voiced == NoteSettings().voiced
    assert desk.window.tuning.settings.voiced == NoteSettings().voiced


def test_notes_without_curves_have_no_sliders(desk: Program) -> None:
    bare = replace(melody(desk), curves=None)
    desk.session.set_tracks("Import", {VOCALS: {"melody": bare}})
    assert not any(each.fader.isEnabled() for each in strip_of(desk).sliders.values())
    assert strip_of(desk).tempo.isEnabled()


def test_the_keyboard_reaches_the_sliders(desk: Program) -> None:
    press(desk, "melody_sliders")
    assert not strip_of(desk).sliders["voiced"].fader.isVisible()
    desk.window.activateWindow()
    press(desk, "melody_adjust")
    fader = strip_of(desk).sliders["voiced"].fader
    wait_for(fader.hasFocus)
    QTest.keyClick(fader, Qt.Key.Key_Right)
    wait_for(lambda: melody(desk).settings.voiced == NoteSettings().voiced + 0.05)


# Tempo, bars, key


def test_tempo_is_typed_halved_doubled_and_tapped(desk: Program) -> None:
    strip, steps = strip_of(desk), desk.session.undo_stack.count()
    strip.tempo.setValue(100.5)
    assert melody(desk).beat == Beat(100.5, 0.25)
    press(desk, "notes_double")
    assert strip.tempo.value() == 201.0
    press(desk, "notes_half")
    press(desk, "notes_half")
    assert melody(desk).beat.tempo == 50.25
    assert desk.session.undo_stack.count() == steps + 1
    for _ in range(3):
        press(desk, "notes_tap")
        time.sleep(0.3)
    assert 100 < melody(desk).beat.tempo <= 200
    assert desk.session.undo_stack.undoText().startswith("Tempo ")


def test_the_first_beat_is_set_at_the_playhead_and_by_hand(desk: Program) -> None:
    desk.axis.seek(1.234)
    press(desk, "notes_first")
    assert strip_of(desk).first.value() == 1.234
    strip_of(desk).first.setValue(-0.5)
    assert melody(desk).beat.first == -0.5


def test_bars_and_grid_are_chosen(desk: Program) -> None:
    strip = strip_of(desk)
    strip.per_bar.setValue(3)
    press(desk, "notes_bar")
    assert melody(desk).beat.per_bar == 4
    strip.grid.setCurrentIndex(strip.grid.findData(12))
    strip.grid.activated.emit(strip.grid.currentIndex())
    assert melody(desk).beat.grid == 12
    press(desk, "notes_grid")
    assert melody(desk).beat.grid == 1


def test_a_song_has_one_beat_and_one_key_for_all_its_lanes(desk: Program) -> None:
    mate = replace(melody(desk), curves=None)
    desk.session.set_tracks("Import", {BAND: {"melody": mate}})
    strip_of(desk).tempo.setValue(80.0)
    press(desk, "notes_key")
    assert melody(desk, BAND).beat.tempo == 80.0
    assert melody(desk, BAND).key == melody(desk).key != "A minor"
    apart = replace(melody(desk, BAND), beat=Beat(40.0))
    desk.session.set_tracks("Part", {BAND: {"melody": apart}})
    strip_of(desk).tempo.setValue(81.0)
    assert melody(desk, BAND).beat.tempo == 40.0


def test_the_key_is_chosen_by_name(desk: Program) -> None:
    key = strip_of(desk).key
    assert key.currentText() == "A minor"
    key.setCurrentIndex(key.findData("C"))
    key.activated.emit(key.currentIndex())
    assert melody(desk).key == "C"
    assert key.currentText() == "C major"
    assert desk.session.undo_stack.undoText() == "Key C major"
    key.setCurrentIndex(0)
    key.activated.emit(0)
    assert (melody(desk).key, key.currentText()) == ("", "unknown")


# What is seen and heard


def test_the_view_is_switched(desk: Program) -> None:
    strip_of(desk).quantised.click()
    assert melody(desk).quantised
    assert desk.session.undo_stack.undoText() == "Vocals quantised"
    press(desk, "notes_view")
    assert not melody(desk).quantised
    assert strip_of(desk).sung.isChecked()


def test_all_notes_are_transposed_as_one_step_and_not_out_of_range(desk: Program) -> None:
    before, steps = [n.pitch for n in melody(desk).notes], desk.session.undo_stack.count()
    for _ in range(3):
        press(desk, "notes_up")
    assert [n.pitch for n in melody(desk).notes] == [p + 3 for p in before]
    assert desk.session.undo_stack.count() == steps + 1
    for _ in range(120):
        desk.window.tuning.transpose(1)
    assert max(n.pitch for n in melody(desk).notes) <= 127


def test_the_fader_goes_from_the_recording_to_its_notes_and_is_heard(desk: Program) -> None:
    sink = desk.player._sink
    assert isinstance(sink, NullSink)
    desk.session.set_tracks("Mute", {BAND: {"muted": True}})
    strip, steps = strip_of(desk), desk.session.undo_stack.count()
    heard = {}
    strip.blend.setSliderDown(True)
    for percent in (0, 50, 100):
        strip.blend.setValue(percent)
        desk.axis.seek(4.0)
        desk.studio.transport.play_pause()
        heard[percent] = sink.pull(22_050)[0, 4096:]
        desk.studio.transport.stop()
    strip.blend.setSliderDown(False)
    assert melody(desk).blend == 1.0
    assert desk.session.undo_stack.count() == steps + 1
    assert loudness_at(heard[0], 440.0) > 100 * loudness_at(heard[100], 440.0)
    note = next(n for n in melody(desk).notes if n.start <= 4.2 < n.stop)
    hz = 440 * 2 ** ((note.pitch - 69) / 12)
    assert loudness_at(heard[100], hz) > 10 * loudness_at(heard[0], hz)
    assert loudness_at(heard[50], hz) > 10 * loudness_at(heard[0], hz)
    desk.session.undo_stack.undo()
    assert melody(desk).blend == 0.0


def loudness_at(wave: np.ndarray, hz: float) -> float:
    """The level of one frequency."""
    at = np.arange(len(wave)) / 44_100
    window = np.hanning(len(wave))
    return float(abs(np.sum(wave * window * np.exp(-2j * np.pi * hz * at)))) / len(wave)


def test_more_of_the_notes_by_keys_and_with_another_sound(desk: Program) -> None:
    press(desk, "notes_more")
    press(desk, "notes_more")
    press(desk, "notes_less")
    assert melody(desk).blend == pytest.approx(0.1)
    press(desk, "notes_sound")
    assert melody(desk).sound == "tone"
    assert strip_of(desk).sound.currentText() == "Tone"


# Which melody, and what is said of it


def test_a_lane_without_notes_shows_those_beside_it_in_its_song(desk: Program) -> None:
    desk.session.select(BAND)
    count = len(melody(desk).notes)
    assert strip_of(desk).summary.text().startswith(f"{count} notes")
    assert strip_of(desk).blend.isEnabled()


def test_the_summary_counts_what_is_uncertain_and_names_the_model(desk: Program) -> None:
    unsure = [
        replace(n, confidence=0.2 if k < 3 else 0.9) for k, n in enumerate(melody(desk).notes)
    ]
    desk.session.set_tracks("Doubt", {VOCALS: {"melody": melody(desk).with_notes(unsure)}})
    said = strip_of(desk).summary.text()
    assert said == f"{len(unsure)} notes, 3 uncertain  ·  Vocals  ·  voice"


def test_notes_are_removed_and_brought_back(desk: Program) -> None:
    before = melody(desk)
    press(desk, "notes_remove")
    assert desk.session.project.track(VOCALS).melody is None
    assert not strip_of(desk).isVisible()
    desk.session.undo_stack.undo()
    assert melody(desk) is before
    assert strip_of(desk).isVisible()


def test_the_strip_is_put_away_and_stays_away(desk: Program) -> None:
    press(desk, "melody_strip")
    assert not strip_of(desk).isVisible()
    assert not desk.window.settings.melody_strip
    press(desk, "melody_adjust")
    assert strip_of(desk).isVisible()


def test_the_strip_has_names_tooltips_and_an_order(desk: Program) -> None:
    check(desk.window)


def test_everything_fits_the_smallest_window(desk: Program) -> None:
    assert strip_of(desk).minimumSizeHint().width() <= SMALLEST[0]


def test_everything_fits_the_smallest_window_in_german(
    german: None, tmp_path: Path, make_clip: Any
) -> None:
    with open_desk(tmp_path) as program:
        program.window.show()
        add_stems(program, make_clip)
        assert strip_of(program).minimumSizeHint().width() <= SMALLEST[0]
