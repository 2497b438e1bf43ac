"""Notes of a voice lane that are bent: by the hand that places them, at their ends, by keys."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.note_values import hertz
from app.start import Program
from app.views.keys import KeysDialog
from engine import bends
from engine.melody import Melody, Note
from engine.types import Track
from tests.app.test_voice_lanes import canvas_of, desk, lane, point, press, sink, sung, toned
from tests.watchdog import watch

__all__ = ["desk", "sink", "toned"]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def id(desk: Program) -> int:
    """A voice lane with nothing on it, near enough to be drawn on, and the pen in the hand."""
    press(desk, "voice_new")
    desk.window.display.show_band(hertz(50), hertz(76))
    desk.axis.set_range(0.0, 8.0)
    canvas_of(desk, desk.session.selected)
    QApplication.processEvents()
    return desk.session.selected


def drag(desk: Program, id: int, places: list[tuple[float, float]], parts: int = 6) -> None:
    """Press at the first place (seconds, pitch), go through the others, and let go."""
    canvas = canvas_of(desk, id)
    at = [point(desk, id, *place) for place in places]
    QTest.mousePress(canvas, LEFT, pos=at[0])
    QApplication.processEvents()
    for one, other in itertools.pairwise(at):
        for k in range(1, parts + 1):
            QTest.mouseMove(canvas, one + (other - one) * (k / parts))
            QApplication.processEvents()
    QTest.mouseRelease(canvas, LEFT, pos=at[-1])
    QApplication.processEvents()


def melody(desk: Program, id: int) -> Melody:
    track = desk.session.project.track(id)
    assert isinstance(track, Track)
    assert track.melody is not None
    return track.melody


def test_dragging_up_while_a_note_is_placed_bends_it_in_one_step(desk: Program, id: int) -> None:
    steps = desk.session.undo_stack.count()
    drag(desk, id, [(2.0, 60.0), (3.0, 60.0), (3.0, 64.0)])
    (note,) = melody(desk, id).notes
    assert note.pitch == 60.0
    assert (note.start, note.length) == pytest.approx((2.0, 1.0), abs=0.03)
    assert bends.end_of(melody(desk, id), 0) == pytest.approx(64.0, abs=0.4)
    assert bends.end_of(melody(desk, id), 0, first=True) == pytest.approx(60.0, abs=0.1)
    assert desk.session.undo_stack.count() == steps + 1
    sung(desk, id)
    assert desk.session.undo_stack.count() == steps + 1
    desk.session.undo_stack.undo()
    assert (melody(desk, id).notes, melody(desk, id).drawn) == ((), ())


def test_a_drag_straight_down_bends_a_note_of_a_beat(desk: Program, id: int) -> None:
    drag(desk, id, [(2.0, 64.0), (2.02, 60.0)])
    (note,) = melody(desk, id).notes
    assert (note.pitch, note.length) == (64.0, 0.5)
    assert bends.end_of(melody(desk, id), 0) == pytest.approx(60.0, abs=0.4)


def test_a_drag_that_is_not_quite_level_leaves_the_note_straight(desk: Program, id: int) -> None:
    drag(desk, id, [(2.0, 60.0), (4.0, 60.4)])
    assert len(melody(desk, id).notes) == 1
    assert melody(desk, id).drawn == ()


def test_a_drag_back_to_the_row_leaves_the_note_straight(desk: Program, id: int) -> None:
    drag(desk, id, [(2.0, 60.0), (3.0, 64.0), (2.0, 60.0), (3.0, 60.0)])
    assert melody(desk, id).drawn == ()


def test_escape_lets_a_bend_go_without_a_trace(desk: Program, id: int) -> None:
    canvas, steps = canvas_of(desk, id), desk.session.undo_stack.count()
    QTest.mousePress(canvas, LEFT, pos=point(desk, id, 2.0, 60.0))
    QTest.mouseMove(canvas, point(desk, id, 3.0, 64.0))
    QApplication.processEvents()
    assert desk.window.notation.melody(id).drawn
    desk.window.notation.drop()
    QTest.mouseRelease(canvas, LEFT, pos=point(desk, id, 3.0, 64.0))
    assert melody(desk, id) == Melody(beat=melody(desk, id).beat)
    assert desk.session.undo_stack.count() == steps


def test_a_bent_note_is_heard_as_it_is_bent_when_it_is_let_go(
    desk: Program, id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[Note, tuple[object, ...]]] = []
    monkeypatch.setattr(
        desk.window.singing.rendering,
        "audition",
        lambda _id, note, drawn: not heard.append((note, drawn)),
    )
    drag(desk, id, [(2.0, 60.0), (3.0, 60.0), (3.0, 64.0)])
    assert [bool(drawn) for _, drawn in heard] == [False, True]
    (stroke,) = heard[-1][1]
    assert 0.6 < stroke.start < 1.0
    assert stroke.pitches[-1] == pytest.approx(64.0, abs=0.4)


def test_the_end_of_a_note_is_pulled_up_and_its_start_from_below(desk: Program) -> None:
    id = lane(desk, (Note(2.0, 2.0, 60.0, lyric="la"),))
    desk.window.selection.use("notes")
    desk.window.display.show_band(hertz(50), hertz(76))
    desk.axis.set_range(0.0, 8.0)
    QApplication.processEvents()
    plane = canvas_of(desk, id)._plane()
    inside = 2 * (plane.stop - plane.start) / plane.area.width()  # 2 px
    steps = desk.session.undo_stack.count()
    drag(desk, id, [(4.0 - inside, 60.0), (4.0 - inside, 63.0)])
    assert bends.end_of(melody(desk, id), 0) == pytest.approx(63.0, abs=0.4)
    assert melody(desk, id).notes[0].pitch == 60.0
    drag(desk, id, [(2.0 + inside, 60.0), (2.0 + inside, 57.0)])
    assert bends.end_of(melody(desk, id), 0, first=True) == pytest.approx(57.0, abs=0.4)
    assert bends.end_of(melody(desk, id), 0) == pytest.approx(63.0, abs=0.4)
    assert desk.session.undo_stack.count() == steps + 2
    assert desk.session.undo_stack.undoText() == "Bend notes"


def test_keys_bend_what_is_selected(desk: Program) -> None:
    id = lane(desk, (Note(2.0, 1.0, 60.0, lyric="la"),))
    desk.window.notation.select(id, [0])
    canvas = canvas_of(desk, id)
    canvas.setFocus()
    QTest.keyClick(canvas, ">")
    QTest.keyClick(canvas, ">")
    assert bends.end_of(melody(desk, id), 0) == 62.0
    QTest.keyClick(canvas, "<")
    QTest.keyClick(canvas, "<")
    assert melody(desk, id).drawn == ()


def test_the_keys_list_names_the_gesture(desk: Program) -> None:
    desk.window.helping.show_keys()
    table = desk.window.findChild(KeysDialog).table
    items = [table.item(row, 0) for row in range(table.rowCount())]
    tips = {item.text(): item.toolTip() for item in items}
    assert "drag up while drawing a note" in tips["Bend up"]
    assert "up or down bends" in tips["Draw notes"]


def test_bending_never_holds_the_window_up(desk: Program) -> None:
    notes = tuple(Note(6.0 + 0.3 * k, 0.28, 55.0 + k % 12, lyric="la") for k in range(150))
    id = lane(desk, notes)
    press(desk, "tool_pen")
    desk.window.display.show_band(hertz(50), hertz(76))
    desk.axis.set_range(0.0, 8.0)
    QApplication.processEvents()
    with watch():
        drag(desk, id, [(2.0, 60.0), (3.0, 60.0), (3.5, 66.0), (5.0, 58.0)], parts=20)
        sung(desk, id)
    assert isinstance(point(desk, id, 2.0, 60.0), QPoint)
