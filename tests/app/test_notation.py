"""Notes on a lane: drawn, moved, cut and named with mouse and keys, each gesture one undo step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from app.command import ON_NOTES
from app.commands import COMMANDS
from app.notation import Notation
from app.note_values import describe, hertz
from app.ring import Ring
from app.sinks import NullSink
from app.start import Program
from app.views.canvas import LaneCanvas
from app.views.notes import Ink, Score, draw_notes, draw_words
from app.views.plane import Plane
from engine.melody import CURVE_RATE, CURVES, PITCH, VOICED, Beat, Melody, Note
from engine.spectrogram import SpectrumSettings
from engine.types import Origin
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_studio import song

RATE = 44_100
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
SUNG = (
    Note(0.5, 0.5, 60.2, lyric="fish-", confidence=0.9),
    Note(1.0, 0.5, 62.0, lyric="ing", confidence=0.8),
    Note(2.0, 1.0, 64.0, lyric="song", confidence=0.3),
    Note(4.0, 1.0, 67.0, confidence=0.9),
)


@pytest.fixture
def sink() -> NullSink:
    return NullSink(realtime=False, record=True)


@pytest.fixture
def desk(qapp: object, tmp_path: Path, sink: NullSink) -> Iterator[Program]:
    t = np.arange(6 * RATE) / RATE
    path = tmp_path / "Song.wav"
    soundfile.write(path, np.stack([0.1 * np.sin(2 * np.pi * 300 * t)] * 2, 1), RATE)
    with open_desk(tmp_path, sink) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        id = import_song(program, path)
        program.window.display.show_band(hertz(50), hertz(76))
        program.session.set_track(id, melody=sung(program))
        QApplication.processEvents()
        yield program


def sung(desk: Program) -> Melody:
    """The notes above with a curve a third of a semitone above each of them."""
    curves = desk.scratch.clip(CURVES, 6 * CURVE_RATE, CURVE_RATE, Origin(task="transcribe"))
    rows = np.zeros((CURVES, 6 * CURVE_RATE), np.float32)
    for note in SUNG:
        inside = slice(round(note.start * CURVE_RATE), round(note.stop * CURVE_RATE))
        rows[PITCH, inside], rows[VOICED, inside] = note.pitch + 0.3, 0.95
    curves.write(0, rows)
    return Melody(SUNG, curves, beat=Beat(120.0), key="C")


def track_of(desk: Program) -> int:
    return desk.session.lanes[0].track.id


def melody_of(desk: Program) -> Melody:
    melody = desk.session.project.tracks[0].melody
    assert melody is not None
    return melody


def notes_of(desk: Program) -> tuple[Note, ...]:
    return melody_of(desk).notes


def canvas_of(desk: Program) -> LaneCanvas:
    canvas = desk.window.timeline.canvas(track_of(desk))
    assert canvas is not None
    return canvas


def notation(desk: Program) -> Notation:
    return desk.window.notation


def point(desk: Program, seconds: float, pitch: float) -> QPoint:
    plane = canvas_of(desk)._plane()
    return QPointF(plane.x(seconds), plane.y(hertz(pitch))).toPoint()


def drag(desk: Program, path: list[tuple[float, float]], held: Qt.KeyboardModifier = NONE) -> None:
    """Press at the first of (seconds, pitch), move along, release at the last."""
    left = Qt.MouseButton.LeftButton
    points = [point(desk, *at) for at in path]
    QTest.mousePress(canvas_of(desk), left, held, points[0])
    slide(desk, points, held)
    QTest.mouseRelease(canvas_of(desk), left, held, points[-1])
    QApplication.processEvents()


def slide(desk: Program, points: list[QPoint], held: Qt.KeyboardModifier = NONE) -> None:
    """Move the mouse with its button held."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    canvas = canvas_of(desk)
    for before, at in pairwise(points):
        for part in (0.25, 0.5, 0.75, 1.0):
            step = QPointF(before) + part * (QPointF(at) - QPointF(before))
            place = step.toPoint().toPointF()
            event = QMouseEvent(
                QEvent.Type.MouseMove,
                place,
                canvas.mapToGlobal(place),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton,
                held,
            )
            QApplication.sendEvent(canvas, event)


def click(desk: Program, seconds: float, pitch: float, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(canvas_of(desk), Qt.MouseButton.LeftButton, held, point(desk, seconds, pitch))
    QApplication.processEvents()


def press(desk: Program, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget() or desk.window, key, held)
    QApplication.processEvents()


def steps(desk: Program) -> int:
    return desk.session.undo_stack.index()


def pick(desk: Program, *notes: int) -> None:
    """Select notes on the focused lane."""
    canvas_of(desk).setFocus()
    notation(desk).select(track_of(desk), notes)
    QApplication.processEvents()


def test_a_click_selects_control_adds_and_a_click_on_nothing_clears(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    click(desk, 0.75, 60.2)
    assert notation(desk).chosen == (0,)
    click(desk, 2.5, 64.0, CONTROL)
    assert notation(desk).chosen == (0, 2)
    click(desk, 0.75, 60.2, CONTROL)
    assert notation(desk).chosen == (2,)
    click(desk, 1.25, 62.0, SHIFT)
    assert notation(desk).chosen == (1, 2)
    click(desk, 3.5, 72.0)
    assert notation(desk).chosen == ()
    assert desk.axis.playhead == pytest.approx(3.5, abs=0.05)


def test_a_rubber_band_takes_what_it_touches(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    drag(desk, [(0.2, 66.0), (2.2, 59.0)])
    assert notation(desk).chosen == (0, 1, 2)
    drag(desk, [(3.8, 70.0), (4.5, 66.0)], SHIFT)
    assert notation(desk).chosen == (0, 1, 2, 3)


def test_a_dragged_note_moves_in_time_and_onto_a_semitone_as_one_step(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    before = steps(desk)
    drag(desk, [(0.75, 60.2), (0.72, 63.0), (3.4, 62.3)])
    moved = next(note for note in notes_of(desk) if note.lyric == "fish-")
    assert moved.pitch == pytest.approx(62.0)
    assert moved.start == pytest.approx(3.15, abs=0.02)
    assert moved.length == pytest.approx(0.5)
    assert moved.own
    assert steps(desk) == before + 1
    assert notation(desk).notes == (moved,)
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert notes_of(desk) == SUNG


def test_a_drag_straight_up_leaves_time_alone_and_alt_the_semitones(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    drag(desk, [(4.5, 67.0), (4.5, 68.4)], ALT)
    note = notes_of(desk)[3]
    assert note.start == 4.0
    assert note.pitch == pytest.approx(68.4, abs=0.15)
    assert note.pitch != round(note.pitch)


def test_selected_notes_move_together(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    pick(desk, 2, 3)
    drag(desk, [(2.5, 64.0), (2.5, 66.0)])
    assert [note.pitch for note in notes_of(desk)[2:]] == [66.0, 69.0]
    assert notes_of(desk)[:2] == SUNG[:2]
    drag(desk, [(4.5, 69.0), (5.9, 69.0)])  # not beyond the end of the sound
    assert notes_of(desk)[3].stop <= 6.0 + 1e-6


def test_an_end_that_is_dragged_resizes(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    before = steps(desk)
    drag(desk, [(3.0, 64.0), (3.5, 64.0)])
    assert notes_of(desk)[2].start == 2.0
    assert notes_of(desk)[2].stop == pytest.approx(3.5, abs=0.02)
    drag(desk, [(4.0, 67.0), (4.4, 67.0)])
    assert notes_of(desk)[3].start == pytest.approx(4.4, abs=0.02)
    assert notes_of(desk)[3].stop == pytest.approx(5.0)
    assert steps(desk) == before + 2


def test_escape_drops_a_drag(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    before, left = steps(desk), Qt.MouseButton.LeftButton
    QTest.mousePress(canvas_of(desk), left, pos=point(desk, 2.5, 64.0))
    slide(desk, [point(desk, 2.5, 64.0), point(desk, 3.0, 70.0)])
    assert canvas_of(desk).melody.score.notes[2].pitch == 70.0  # it is shown
    press(desk, Qt.Key.Key_Escape)
    slide(desk, [point(desk, 3.0, 70.0), point(desk, 3.2, 72.0)])
    QTest.mouseRelease(canvas_of(desk), left, pos=point(desk, 3.2, 72.0))
    assert notes_of(desk) == SUNG
    assert canvas_of(desk).melody.score.notes == SUNG
    assert steps(desk) == before
    assert notation(desk).chosen == (2,)


def test_the_pen_draws_a_note_and_takes_hold_of_one(desk: Program) -> None:
    press(desk, Qt.Key.Key_6)
    before = steps(desk)
    drag(desk, [(3.2, 70.2), (3.7, 70.2)])
    (drawn,) = set(notes_of(desk)) - set(SUNG)
    assert drawn.pitch == 70.0
    assert (drawn.start, drawn.stop) == pytest.approx((3.2, 3.7), abs=0.02)
    assert notation(desk).notes == (drawn,)
    assert steps(desk) == before + 1
    drag(desk, [(3.45, 70.0), (3.45, 72.0)])
    assert notation(desk).notes[0].pitch == 72.0
    assert steps(desk) == before + 2


def test_the_pen_keeps_to_the_grid_in_the_quantised_view(desk: Program) -> None:
    desk.session.set_track(track_of(desk), melody=replace(melody_of(desk), quantised=True))
    press(desk, Qt.Key.Key_6)
    drag(desk, [(3.27, 72.0), (3.68, 72.0)])
    drawn = next(note for note in notes_of(desk) if note.pitch == 72.0)
    assert (drawn.start, drawn.stop) == pytest.approx((3.25, 3.625), abs=1e-6)


def test_a_lane_without_a_melody_is_written_on_with_the_pen(desk: Program) -> None:
    desk.session.set_track(track_of(desk), melody=None)
    press(desk, Qt.Key.Key_6)
    drag(desk, [(1.0, 60.0), (2.0, 60.0)])
    assert len(notes_of(desk)) == 1
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert desk.session.project.tracks[0].melody is None


def test_the_knife_splits_where_it_is_clicked(desk: Program) -> None:
    press(desk, Qt.Key.Key_7)
    before = steps(desk)
    click(desk, 2.4, 64.0)
    first, second = notes_of(desk)[2:4]
    assert first.stop == second.start == pytest.approx(2.4, abs=0.02)
    assert steps(desk) == before + 1
    assert len(notes_of(desk)) == 5


def test_pitch_is_drawn_and_with_control_erased(desk: Program) -> None:
    press(desk, Qt.Key.Key_8)
    before = steps(desk)
    drag(desk, [(2.0, 65.0), (3.0, 66.0)])
    (drawn,) = melody_of(desk).drawn
    assert drawn.start == pytest.approx(2.0, abs=0.02)
    assert len(drawn.pitches) == pytest.approx(100, abs=3)
    assert drawn.pitches[0] == pytest.approx(65.0, abs=0.15)
    assert drawn.pitches[-1] == pytest.approx(66.0, abs=0.15)
    assert steps(desk) == before + 1
    drag(desk, [(2.8, 66.0), (2.4, 66.0)], CONTROL)
    assert not any(melody_of(desk).drawn[-1].pitches)
    assert steps(desk) == before + 2
    assert notes_of(desk) == SUNG


@pytest.mark.parametrize(
    ("key", "held", "semitones"),
    [
        (Qt.Key.Key_Up, NONE, 1.0),
        (Qt.Key.Key_Down, NONE, -1.0),
        (Qt.Key.Key_Up, CONTROL, 12.0),
        (Qt.Key.Key_Down, CONTROL, -12.0),
        (Qt.Key.Key_Up, SHIFT, 0.1),
    ],
)
def test_arrow_keys_move_selected_notes_in_pitch(
    desk: Program, key: Qt.Key, held: Qt.KeyboardModifier, semitones: float
) -> None:
    pick(desk, 1, 2)
    before = steps(desk)
    press(desk, key, held)
    assert [note.pitch for note in notes_of(desk)[1:3]] == pytest.approx(
        [62.0 + semitones, 64.0 + semitones]
    )
    assert notation(desk).chosen == (1, 2)
    assert steps(desk) == before + 1


def test_left_and_right_move_by_a_part_of_a_beat_and_plus_and_minus_resize(desk: Program) -> None:
    pick(desk, 3)
    press(desk, Qt.Key.Key_Right)
    assert notes_of(desk)[3].start == pytest.approx(4.125)
    press(desk, Qt.Key.Key_Left, SHIFT)
    assert notes_of(desk)[3].start == pytest.approx(4.115)
    press(desk, Qt.Key.Key_Plus, SHIFT)  # as most keyboards have it
    assert notes_of(desk)[3].length == pytest.approx(1.125)
    press(desk, Qt.Key.Key_Minus)
    press(desk, Qt.Key.Key_Minus)
    assert notes_of(desk)[3].length == pytest.approx(0.875)
    assert notes_of(desk)[:3] == SUNG[:3]


def test_keys_split_merge_snap_and_delete(desk: Program) -> None:
    pick(desk, 2)
    desk.axis.set_playhead(2.25)
    press(desk, Qt.Key.Key_Slash)
    assert [note.start for note in notes_of(desk)] == [0.5, 1.0, 2.0, 2.25, 4.0]
    assert notation(desk).chosen == (2, 3)
    press(desk, Qt.Key.Key_Backslash)
    assert [(note.start, note.stop) for note in notes_of(desk)[2:]] == [(2.0, 3.0), (4.0, 5.0)]
    press(desk, Qt.Key.Key_Equal)
    assert notes_of(desk)[2].pitch == pytest.approx(64.3, abs=0.02)
    before = steps(desk)
    press(desk, Qt.Key.Key_Delete)
    assert len(notes_of(desk)) == 3
    assert steps(desk) == before + 1
    assert notation(desk).chosen == ()
    assert len(desk.session.lanes) == 1  # the lane itself stays


def test_keys_put_notes_on_the_grid_and_in_the_key(desk: Program) -> None:
    moved = replace(melody_of(desk), notes=(Note(0.53, 0.5, 61.45), Note(2.0, 1.0, 64.2)))
    desk.session.set_track(track_of(desk), melody=moved)
    pick(desk, 0)
    press(desk, Qt.Key.Key_Q)
    assert notes_of(desk)[0].start == pytest.approx(0.5)
    press(desk, Qt.Key.Key_K)
    assert notes_of(desk)[0].pitch == 62.0
    assert notes_of(desk)[1].pitch == 64.2
    press(desk, Qt.Key.Key_A, CONTROL)
    assert notation(desk).chosen == (0, 1)
    press(desk, Qt.Key.Key_Escape)
    assert notation(desk).chosen == ()


def test_a_held_key_is_one_undo_step_and_two_presses_are_two(desk: Program) -> None:
    pick(desk, 3)
    before, canvas = steps(desk), canvas_of(desk)
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    for again in (False, True, True):
        QApplication.sendEvent(
            canvas, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Up, NONE, "", again)
        )
    assert notes_of(desk)[3].pitch == 70.0
    assert steps(desk) == before + 1
    press(desk, Qt.Key.Key_Up)
    assert steps(desk) == before + 2


def test_keys_keep_their_meaning_while_no_note_is_selected(desk: Program) -> None:
    canvas_of(desk).setFocus()
    desk.axis.set_range(2.0, 3.0)
    press(desk, Qt.Key.Key_Right)
    assert desk.axis.start > 2.0
    assert notes_of(desk) == SUNG
    press(desk, Qt.Key.Key_A, CONTROL)
    assert desk.window.selection.region is not None
    assert notation(desk).chosen == ()


def test_n_goes_from_note_to_note_says_it_and_brings_it_into_view(desk: Program) -> None:
    spoken: list[str] = []
    desk.window.helping.voice.spoken.connect(spoken.append)
    press(desk, Qt.Key.Key_5)
    desk.axis.set_range(0.0, 1.2)
    press(desk, Qt.Key.Key_N)
    assert spoken[-1] == "C 4, 0.50 s, syllable fish-, confidence 90 %"
    assert canvas_of(desk).accessibleDescription() == spoken[-1]
    press(desk, Qt.Key.Key_N)
    press(desk, Qt.Key.Key_N)
    assert notation(desk).chosen == (2,)
    assert desk.axis.start < 2.0 < 3.0 <= desk.axis.stop
    press(desk, Qt.Key.Key_N, SHIFT)
    assert notation(desk).chosen == (1,)
    press(desk, Qt.Key.Key_U)
    assert notation(desk).chosen == (2,)  # the one nobody is sure of
    press(desk, Qt.Key.Key_U)
    assert notation(desk).chosen == (2,)


def test_notes_are_described_with_pitch_length_syllable_and_confidence() -> None:
    note = Note(0.0, 0.351, 61.2, lyric="fish", confidence=0.8)
    assert describe(note) == "C sharp 4, 0.35 s, syllable fish, confidence 80 %"
    assert describe(replace(note, lyric="-")) == "C sharp 4, 0.35 s, held, confidence 80 %"


def test_a_double_click_types_the_lyric_and_tab_goes_on(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    before, left = steps(desk), Qt.MouseButton.LeftButton
    click(desk, 1.25, 62.0)
    QTest.mouseDClick(canvas_of(desk), left, pos=point(desk, 1.25, 62.0))
    line = canvas_of(desk).melody.line
    assert line.isVisible()
    assert line.text() == "ing"
    QTest.keyClicks(line, "er")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert notes_of(desk)[1].lyric == "er"
    assert steps(desk) == before + 1
    assert notation(desk).chosen == (2,)
    assert line.isVisible()
    assert line.text() == "song"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not line.isVisible()
    assert notes_of(desk)[2].lyric == "song"
    assert canvas_of(desk).hasFocus()


def test_a_line_that_is_typed_lays_its_syllables_over_the_notes(desk: Program) -> None:
    pick(desk, 0)
    press(desk, Qt.Key.Key_Return)
    line = canvas_of(desk).melody.line
    assert line.isVisible()
    before = steps(desk)
    line.selectAll()
    QTest.keyClicks(line, "so-ra mi fa")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [note.lyric for note in notes_of(desk)] == ["so-", "ra", "mi", "fa"]
    assert steps(desk) == before + 1
    pick(desk, 0, 1, 2)
    assert notation(desk).lyrics.line == "so-ra mi"


def test_what_is_sung_gives_a_note_at_the_playhead_its_pitch(desk: Program) -> None:
    desk.axis.set_playhead(4.0)
    desk.session.set_track(track_of(desk), melody=replace(melody_of(desk), notes=SUNG[:3]))
    press(desk, Qt.Key.Key_Insert)
    added = notes_of(desk)[3]
    assert (added.start, added.length, added.pitch) == pytest.approx((4.0, 0.5, 67.0))
    assert notation(desk).chosen == (3,)


def test_the_curve_under_notes_is_straightened_erased_and_brought_back(desk: Program) -> None:
    pick(desk, 2)
    desk.window.actions_["curve_flat"].trigger()
    assert set(melody_of(desk).drawn[-1].pitches) == {64.0}
    desk.window.actions_["curve_silent"].trigger()
    assert set(melody_of(desk).drawn[-1].pitches) == {0.0}
    desk.window.actions_["curve_forget"].trigger()
    assert melody_of(desk).drawn == ()
    assert notation(desk).chosen == (2,)


def test_notes_are_transposed_by_a_number(desk: Program) -> None:
    desk.window.actions_["note_transpose"].trigger()
    (dialog,) = desk.window.findChildren(QInputDialog)
    dialog.setIntValue(-3)
    dialog.accept()
    assert [note.pitch for note in notes_of(desk)] == pytest.approx([57.2, 59.0, 61.0, 64.0])


def test_a_note_sounds_when_it_is_touched_unless_that_is_off(desk: Program, sink: NullSink) -> None:
    press(desk, Qt.Key.Key_5)
    click(desk, 4.5, 67.0)
    heard = sink.pull(RATE // 4)
    assert np.abs(heard).max() > 0.02
    spectrum = np.abs(np.fft.rfft(heard[0] * np.hanning(heard.shape[1]), 8 * RATE))
    loudest = np.argmax(spectrum) / 8
    ratio = loudest / hertz(67.0)
    assert abs(ratio - round(ratio)) < 0.02  # the note, or one of its partials
    sink.pull(2 * RATE)
    press(desk, Qt.Key.Key_Y)
    click(desk, 2.5, 64.0)
    assert not sink.pull(RATE // 4).any()
    press(desk, Qt.Key.Key_Y, SHIFT)
    assert np.abs(sink.pull(RATE // 4)).max() > 0.02


def test_a_note_sounds_while_the_song_plays_and_does_not_stop_it(
    desk: Program, sink: NullSink
) -> None:
    pick(desk, 3)
    press(desk, Qt.Key.Key_Space)
    wait_for(lambda: desk.studio.transport.playing)
    sink.pull(RATE // 2)
    before = np.abs(sink.pull(RATE // 10)).max()
    press(desk, Qt.Key.Key_Y, SHIFT)
    assert np.abs(sink.pull(RATE // 10)).max() > before + 0.02
    sink.pull(RATE)
    assert np.abs(sink.pull(RATE // 10)).max() == pytest.approx(before, abs=1e-3)
    assert desk.studio.transport.playing


def test_sounds_beside_the_rest_follow_each_other_without_a_click() -> None:
    ring, out = Ring(RATE), np.zeros((512, 2), np.float32)
    steady = np.full((2, 4000), 0.5, np.float32)
    ring.sound(steady)
    ring.pull(out, 0.0)
    assert (out == 0.5).all()
    assert ring.sounding
    ring.sound(np.zeros((2, 4000), np.float32))  # the one before fades out
    ring.pull(out, 0.1)
    assert np.abs(np.diff(out[:, 0], prepend=0.5)).max() < 0.01
    assert not out[-1].any()
    for _ in range(8):
        ring.pull(out, 0.2)
    assert not ring.sounding


def test_del_with_no_note_left_does_not_take_the_lane(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    press(desk, Qt.Key.Key_A, CONTROL)
    press(desk, Qt.Key.Key_Backspace)
    assert notes_of(desk) == ()
    press(desk, Qt.Key.Key_Delete)
    press(desk, Qt.Key.Key_Backspace)
    assert len(desk.session.lanes) == 1


def test_a_tool_that_marks_lets_go_of_notes(desk: Program) -> None:
    pick(desk, 1)
    press(desk, Qt.Key.Key_2)
    assert notation(desk).chosen == ()
    drag(desk, [(1.0, 70.0), (2.0, 60.0)])
    before = desk.window.selection.box
    press(desk, Qt.Key.Key_Up)
    assert desk.window.selection.box.low > before.low
    assert notes_of(desk) == SUNG


def test_nothing_can_be_written_while_a_melody_is_still_made(desk: Program) -> None:
    id = track_of(desk)
    desk.session.show_live_melody(id, replace(melody_of(desk), notes=()))
    press(desk, Qt.Key.Key_6)
    drag(desk, [(3.2, 70.2), (3.7, 70.2)])
    assert notes_of(desk) == SUNG
    assert canvas_of(desk).melody.score.notes == ()
    desk.session.clear_live_melody(id)
    assert canvas_of(desk).melody.score.notes == SUNG


def test_a_lane_that_is_heard_anew_keeps_none_selected_that_it_no_longer_has(desk: Program) -> None:
    pick(desk, 1, 3)
    desk.session.show_live_melody(track_of(desk), replace(melody_of(desk), notes=SUNG[:2]))
    assert notation(desk).notes == (SUNG[1],)
    press(desk, Qt.Key.Key_Up)
    desk.session.clear_live_melody(track_of(desk))
    assert notes_of(desk) == SUNG
    notation(desk).select(track_of(desk), (2, 99))
    assert notation(desk).chosen == (2,)


def test_a_rubber_band_ends_when_the_notes_under_it_change(desk: Program) -> None:
    press(desk, Qt.Key.Key_5)
    pick(desk, 2, 3)
    points = [point(desk, *at) for at in ((0.2, 74.0), (5.5, 52.0))]
    QTest.mousePress(canvas_of(desk), Qt.MouseButton.LeftButton, SHIFT, points[0])
    desk.session.set_track(track_of(desk), melody=replace(melody_of(desk), notes=SUNG[:1]))
    slide(desk, points, SHIFT)
    QTest.mouseRelease(canvas_of(desk), Qt.MouseButton.LeftButton, SHIFT, points[1])
    assert notation(desk).notes == ()


def test_a_press_after_one_that_was_never_let_go_of_begins_anew(desk: Program) -> None:
    press(desk, Qt.Key.Key_6)
    points = [point(desk, *at) for at in ((5.2, 70.2), (5.8, 70.2))]
    QTest.mousePress(canvas_of(desk), Qt.MouseButton.LeftButton, NONE, points[0])
    slide(desk, points)
    assert len(canvas_of(desk).melody.score.notes) == len(SUNG) + 1
    click(desk, 5.5, 70.2)
    assert len(notes_of(desk)) == len(SUNG) + 1
    assert len(notation(desk).notes) == 1


def test_drawing_pitch_lets_go_of_what_is_selected_on_another_lane(
    desk: Program, tmp_path: Path
) -> None:
    other = import_song(desk, song(tmp_path, 2.0, "Other.wav"))
    desk.session.set_track(other, melody=Melody(SUNG * 2))
    notation(desk).select(other, (7,))
    press(desk, Qt.Key.Key_8)
    drag(desk, [(2.0, 65.0), (3.0, 66.0)])
    assert len(melody_of(desk).drawn) == 1
    assert notation(desk).notes == ()


def test_a_curve_that_grows_is_drawn_as_far_as_it_is_there(desk: Program) -> None:
    id, canvas = track_of(desk), canvas_of(desk)
    curves = desk.scratch.clip(CURVES, 6 * CURVE_RATE, CURVE_RATE, Origin(task="transcribe"))
    desk.session.show_live_melody(id, Melody(curves=curves))
    wait_for(lambda: not desk.jobs.drawing)
    QApplication.processEvents()
    at = point(desk, 2.5, 65.0)

    def brightest() -> int:
        image = canvas.grab().toImage()
        return max(image.pixelColor(at.x(), at.y() + k).lightness() for k in range(-2, 3))

    before = brightest()
    rows = np.zeros((CURVES, 100), np.float32)
    rows[PITCH], rows[VOICED] = 65.0, 0.9
    curves.write(200, rows)
    desk.session.show_live_melody(id, Melody(curves=curves))
    time.sleep(0.1)
    QApplication.processEvents()
    assert brightest() > before + 60


def test_undo_keeps_the_notes_selected(desk: Program) -> None:
    pick(desk, 2)
    press(desk, Qt.Key.Key_Up)
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert notation(desk).notes == (SUNG[2],)
    press(desk, Qt.Key.Key_Delete)
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert notes_of(desk) == SUNG


def test_every_key_on_notes_is_listed_with_its_command() -> None:
    scoped = [command for command in COMMANDS if command.scope == ON_NOTES]
    keys = [key for command in scoped for key in command.keys]
    assert len(keys) == len(set(keys))
    assert {"Up", "Down", "Left", "Right", "/", "\\", "=", "+", "-", "Del", "N", "Ctrl+A"} <= set(
        keys
    )
    assert {command.heading for command in scoped} == {"Notes"}


def test_two_thousand_notes_are_drawn_in_no_time(qapp: object) -> None:
    notes = tuple(
        Note(k * 0.1, 0.1, 48 + k * 7 % 30, lyric="la", confidence=k % 10 / 10) for k in range(2000)
    )
    score = Score(Melody(notes))
    plane = Plane(QRectF(0, 0, 1200, 400), 0.0, 200.0, SpectrumSettings(), 0.2, 0.7)
    image = QImage(1200, 400, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    taken = []
    for _ in range(5):
        began = time.thread_time()  # the machine may be busy with other things
        draw_notes(painter, plane, score, Ink("#f58fb8", "#6ea8fe"))
        draw_words(painter, plane, score, painter.font())
        taken.append(time.thread_time() - began)
    painter.end()
    assert min(taken) < 0.04, taken  # 6 ms on a machine with nothing else to do
