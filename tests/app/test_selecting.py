from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.sinks import NullSink
from app.start import Program
from app.views.canvas import LaneCanvas
from app.views.controls import IconButton
from app.views.plane import Plane
from app.views.selection import Figure
from engine.regions import Box, Harmonic, Region, Stroke
from tests.app.desk import import_song, open_desk, wait_for
from tests.watchdog import watch

RATE = 44_100
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def song(folder: Path, seconds: float = 6.0) -> Path:
    """Three tones that gently glide: 300, 1000 and 4000 Hz, each at -18 dB; stereo."""
    t = np.arange(round(seconds * RATE)) / RATE
    parts = [0.125 * np.sin(2 * np.pi * hz * t) for hz in (300.0, 1000.0, 4000.0)]
    path = folder / "Tones.wav"
    soundfile.write(path, np.stack([sum(parts)] * 2, 1), RATE)
    return path


@pytest.fixture
def sink() -> NullSink:
    return NullSink(realtime=False, record=True)


@pytest.fixture
def desk(qapp: object, tmp_path: Path, sink: NullSink) -> Iterator[Program]:
    with open_desk(tmp_path, sink) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        import_song(program, song(tmp_path))
        QApplication.processEvents()
        yield program


def canvas_of(desk: Program) -> LaneCanvas:
    canvas = desk.window.timeline.canvas(desk.session.lanes[0].track.id)
    assert canvas is not None
    return canvas


def plane_of(desk: Program) -> Plane:
    return canvas_of(desk)._plane()


def point(desk: Program, seconds: float, hz: float) -> QPoint:
    plane = plane_of(desk)
    return QPointF(plane.x(seconds), plane.y(hz)).toPoint()


def drag(
    desk: Program,
    path: list[tuple[float, float]],
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press at the first of (seconds, Hz), move along, release at the last."""
    canvas, left = canvas_of(desk), Qt.MouseButton.LeftButton
    points = [point(desk, *at) for at in path]
    QTest.mousePress(canvas, left, held, points[0])
    for before, at in pairwise(points):
        for part in (0.25, 0.5, 0.75, 1.0):
            step = QPointF(before) + part * (QPointF(at) - QPointF(before))
            QTest.mouseMove(canvas, step.toPoint())
            QApplication.processEvents()
    QTest.mouseRelease(canvas, left, held, points[-1])
    QApplication.processEvents()


def press(
    desk: Program, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QApplication.processEvents()
    QTest.keyClick(QApplication.focusWidget() or desk.window, key, held)
    QApplication.processEvents()


def mark(desk: Program, box: Box) -> None:
    desk.window.selection.set(desk.session.lanes[0].track.id, Region.of(box))
    QApplication.processEvents()


def level_at(sound: np.ndarray, hz: float) -> float:
    """Level in dB of one frequency in mono samples, re full scale."""
    window = np.hanning(len(sound))
    turn = np.exp(-2j * np.pi * hz * np.arange(len(sound)) / RATE)
    return float(20 * np.log10(abs((sound * window * turn).sum()) / (window.sum() / 2) + 1e-9))


def near(desk: Program, box: Box, wanted: Box) -> None:
    """Within two pixels."""
    plane = plane_of(desk)
    for got, want in ((box.start, wanted.start), (box.stop, wanted.stop)):
        assert abs(plane.x(got) - plane.x(want)) < 2
    for got, want in ((box.low, wanted.low), (box.high, wanted.high)):
        assert abs(plane.y(got) - plane.y(want)) < 2


def test_a_box_is_dragged_reshaped_and_moved(desk: Program) -> None:
    selection = desk.window.selection
    press(desk, Qt.Key.Key_2)
    assert selection.tool == "box"
    drag(desk, [(1.0, 2000.0), (3.0, 500.0)])
    assert selection.box is not None
    near(desk, selection.box, Box(1.0, 3.0, 500.0, 2000.0))
    drag(desk, [(3.0, 1000.0), (4.0, 1000.0)])  # the later edge
    near(desk, selection.box, Box(1.0, 4.0, 500.0, 2000.0))
    drag(desk, [(1.0, 500.0), (0.5, 250.0)])  # a corner
    near(desk, selection.box, Box(0.5, 4.0, 250.0, 2000.0))
    drag(desk, [(2.0, 800.0), (3.0, 1600.0)])  # the inside, an octave up
    near(desk, selection.box, Box(1.5, 5.0, 500.0, 4000.0))
    drag(desk, [(3.0, 1600.0), (9.0, 1600.0)])  # never beyond the end
    assert selection.box.stop == pytest.approx(6.0, abs=1e-6)
    assert selection.box.start == pytest.approx(2.5, abs=0.05)


def test_the_pointer_tells_the_tool_and_what_it_would_take_hold_of(desk: Program) -> None:
    canvas, shapes = canvas_of(desk), []
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        press(desk, key)
        QTest.mouseMove(canvas, point(desk, 5.0, 200.0))
        QApplication.processEvents()
        pixels = canvas.cursor().pixmap().toImage()
        shapes.append(
            (canvas.cursor().shape(), bytes(pixels.constBits()) if not pixels.isNull() else b"")
        )
    assert len(set(shapes)) == 4
    press(desk, Qt.Key.Key_2)
    mark(desk, Box(1.0, 3.0, 500.0, 2000.0))
    for at, shape in (
        ((1.0, 1000.0), Qt.CursorShape.SizeHorCursor),
        ((2.0, 2000.0), Qt.CursorShape.SizeVerCursor),
        ((3.0, 2000.0), Qt.CursorShape.SizeBDiagCursor),
        ((1.0, 2000.0), Qt.CursorShape.SizeFDiagCursor),
        ((2.0, 1000.0), Qt.CursorShape.SizeAllCursor),
    ):
        QTest.mouseMove(canvas, point(desk, *at))
        QApplication.processEvents()
        assert canvas.cursor().shape() == shape


def test_navigating_marks_nothing_and_a_click_with_the_box_seeks(desk: Program) -> None:
    drag(desk, [(1.0, 2000.0), (3.0, 500.0)])
    assert desk.window.selection.region is None
    press(desk, Qt.Key.Key_2)
    mark(desk, Box(1.0, 2.0, 500.0, 900.0))
    QTest.mouseClick(canvas_of(desk), Qt.MouseButton.LeftButton, pos=point(desk, 4.0, 3000.0))
    assert desk.window.selection.region is None
    assert desk.axis.playhead == pytest.approx(4.0, abs=0.05)


def test_arrow_keys_move_a_box_on_the_focused_lane_and_shift_resizes_it(desk: Program) -> None:
    canvas, selection = canvas_of(desk), desk.window.selection
    press(desk, Qt.Key.Key_2)
    drag(desk, [(1.0, 2000.0), (3.0, 500.0)])
    canvas.setFocus()
    before, view = selection.box, desk.axis.start
    assert before is not None
    press(desk, Qt.Key.Key_Right)
    press(desk, Qt.Key.Key_Up)
    moved = selection.box
    assert moved is not None
    assert moved.start - before.start == pytest.approx(moved.stop - before.stop)
    assert moved.start - before.start >= 0.01
    assert moved.low / before.low == pytest.approx(2 ** (1 / 12))
    press(desk, Qt.Key.Key_Left, SHIFT)
    press(desk, Qt.Key.Key_Down, SHIFT)
    resized = selection.box
    assert resized is not None
    assert (resized.start, resized.low) == (moved.start, moved.low)
    assert resized.stop < moved.stop
    assert resized.high / moved.high == pytest.approx(2 ** (-1 / 12))
    assert desk.axis.start == view
    press(desk, Qt.Key.Key_1)  # navigating, the arrow keys are the view's again
    desk.axis.set_range(2.0, 3.0)
    press(desk, Qt.Key.Key_Right)
    assert selection.box == resized
    assert desk.axis.start > 2.0


def test_exact_figures_can_be_typed(desk: Program) -> None:
    press(desk, Qt.Key.Key_2)
    figures = [f for f in desk.window.findChildren(Figure) if f.isVisible()]
    assert len(figures) == 4
    for figure, text in zip(figures, ("1.25", "2.5", "440", "880"), strict=True):
        figure.setFocus()
        figure.selectAll()
        QTest.keyClicks(figure, desk.window.locale().toString(float(text), "f", 2))
        QTest.keyClick(figure, Qt.Key.Key_Return)
    assert desk.window.selection.box == Box(1.25, 2.5, 440.0, 880.0)
    assert not desk.window.closer.audition.sounding  # Return was the figure's


def test_a_stroke_paints_shift_adds_and_alt_takes_away(desk: Program) -> None:
    selection = desk.window.selection
    press(desk, Qt.Key.Key_3)
    selection.set_brush(semitones=4.0, seconds=0.3)
    drag(desk, [(1.0, 1000.0), (2.0, 1000.0)])
    one = selection.region
    assert one is not None
    assert isinstance(one.parts[0].shape, Stroke)
    drag(desk, [(3.0, 300.0), (4.0, 300.0)], SHIFT)
    drag(desk, [(1.5, 2000.0), (1.5, 500.0)], ALT)
    region = selection.region
    assert region is not None
    assert [part.minus for part in region.parts] == [False, False, True]
    times, hz = np.array([1.1, 1.5, 3.5]), np.array([300.0, 1000.0])
    np.testing.assert_array_equal(region.cover(times, hz).round(), [[0, 0, 1], [1, 0, 0]])
    press(desk, Qt.Key.Key_Escape)
    assert selection.region is None
    before = selection.brush_semitones, selection.brush_seconds
    press(desk, Qt.Key.Key_BracketRight, ALT)
    press(desk, Qt.Key.Key_Comma, ALT)
    assert selection.brush_semitones > before[0]
    assert selection.brush_seconds < before[1]


def test_escape_while_dragging_marks_nothing(desk: Program) -> None:
    canvas, left = canvas_of(desk), Qt.MouseButton.LeftButton
    press(desk, Qt.Key.Key_2)
    QTest.mousePress(canvas, left, pos=point(desk, 1.0, 2000.0))
    QTest.mouseMove(canvas, point(desk, 2.0, 1000.0))
    QApplication.processEvents()
    assert desk.window.selection.region is not None
    press(desk, Qt.Key.Key_Escape)
    QTest.mouseMove(canvas, point(desk, 3.0, 500.0))
    QTest.mouseRelease(canvas, left, pos=point(desk, 3.0, 500.0))
    QApplication.processEvents()
    assert desk.window.selection.region is None


def test_a_stroke_near_a_tone_takes_the_tone_and_its_partials(desk: Program) -> None:
    press(desk, Qt.Key.Key_4)
    drag(desk, [(1.0, 980.0), (3.0, 1020.0)])
    wait_for(lambda: desk.window.selection.region)
    region = desk.window.selection.region
    assert region is not None
    shape = region.parts[0].shape
    assert isinstance(shape, Harmonic)
    assert all(abs(hz - 1000.0) < 2.0 for _, hz in shape.ridge)
    inside = region.cover(np.array([2.0]), np.array([300.0, 1000.0, 1500.0, 4000.0]))[:, 0]
    np.testing.assert_array_equal(inside, [0, 1, 0, 1])
    press(desk, Qt.Key.Key_Escape)
    mark(desk, Box(1.0, 3.0, 700.0, 1500.0))  # the same without a mouse
    press(desk, Qt.Key.Key_F, CONTROL | ALT)
    wait_for(lambda: isinstance(desk.window.selection.region.parts[0].shape, Harmonic))
    assert all(
        abs(hz - 1000.0) < 2.0 for _, hz in desk.window.selection.region.parts[0].shape.ridge
    )


def test_level_and_pitch_inside_are_measured_and_shown(desk: Program) -> None:
    closer = desk.window.closer
    mark(desk, Box(1.0, 3.0, 700.0, 1500.0))
    wait_for(lambda: closer.level is not None)
    assert closer.level.rms_db == pytest.approx(-18.06, abs=0.1)
    assert closer.level.hz == pytest.approx(1000.0, abs=0.3)
    shown = [label.text() for label in desk.window.findChildren(type(desk.window.inspector._name))]
    assert "−18.1 dB" in shown
    assert any(text.startswith("1000.0 Hz   B5 +21") for text in shown)


def test_enter_plays_the_selection_alone_once_and_all_is_back_after_it(
    desk: Program, sink: NullSink
) -> None:
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    press(desk, Qt.Key.Key_Return)
    wait_for(lambda: desk.studio.transport.playing)
    assert desk.axis.playhead == pytest.approx(2.0, abs=0.1)
    heard = sink.pull(RATE)
    assert level_at(heard[0, 4000:36000], 1000.0) == pytest.approx(-18.06, abs=0.5)
    assert level_at(heard[0, 4000:36000], 300.0) < -70
    assert level_at(heard[0, 4000:36000], 4000.0) < -70
    rest = sink.pull(RATE)
    assert abs(rest[:, RATE // 2 :]).max() == 0  # and then nothing
    wait_for(lambda: not desk.studio.transport.playing)
    QApplication.processEvents()
    assert desk.axis.playhead == pytest.approx(2.0)
    press(desk, Qt.Key.Key_Space)  # everything sounds again
    wait_for(lambda: desk.studio.transport.playing)
    heard = sink.pull(RATE)
    assert level_at(heard[0, 8000:40000], 300.0) == pytest.approx(-18.06, abs=0.5)


def test_the_selection_repeats_while_the_loop_is_on(desk: Program, sink: NullSink) -> None:
    mark(desk, Box(2.0, 2.5, 700.0, 1500.0))
    press(desk, Qt.Key.Key_L)
    press(desk, Qt.Key.Key_Return)
    wait_for(lambda: desk.studio.transport.playing)
    heard = sink.pull(3 * RATE)
    for start in (RATE // 10, RATE, 2 * RATE):
        part = heard[0, start : start + RATE // 2]
        assert level_at(part, 1000.0) > -24
        assert level_at(part, 300.0) < -60
    assert desk.studio.transport.playing
    press(desk, Qt.Key.Key_L)
    sink.pull(2 * RATE)
    wait_for(lambda: not desk.studio.transport.playing)


def test_a_selection_of_five_seconds_is_heard_within_300_ms(qapp: object, tmp_path: Path) -> None:
    sink = NullSink(record=True)
    with open_desk(tmp_path, sink) as desk:
        desk.window.resize(1280, 800)
        desk.window.show()
        import_song(desk, song(tmp_path))
        wait_for(lambda: not desk.jobs.drawing)
        mark(desk, Box(0.5, 5.5, 200.0, 1500.0))
        wait_for(lambda: desk.window.closer.level is not None)  # scipy is loaded by then
        taken = []
        for box in (Box(0.5, 5.5, 210.0, 1500.0), Box(0.5, 5.5, 220.0, 1500.0)):
            mark(desk, box)
            before = sink.recorded.shape[1]
            began = time.perf_counter()
            press(desk, Qt.Key.Key_Return)
            wait_for(lambda at=before: abs(sink.recorded[:, at:]).max(initial=0.0) > 0.01)
            taken.append(time.perf_counter() - began)
            press(desk, Qt.Key.Key_Space)
            wait_for(lambda: not desk.studio.transport.playing)
            time.sleep(0.3)  # what was on its way fades out
        assert min(taken) < 0.3, taken


def test_zoom_shows_the_selection_and_little_else(desk: Program) -> None:
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    press(desk, Qt.Key.Key_Z)
    plane = plane_of(desk)
    assert plane.start == pytest.approx(1.95)
    assert plane.stop == pytest.approx(3.05)
    assert 600 < plane.hz(plane.area.bottom()) < 700
    assert 1500 < plane.hz(plane.area.top()) < 1750


def test_the_selection_becomes_a_lane_in_its_place_and_undo_takes_it_away(desk: Program) -> None:
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    press(desk, Qt.Key.Key_Return, SHIFT)
    wait_for(lambda: len(desk.session.project.tracks) == 2)
    song, made = desk.session.project.tracks
    assert (made.role, made.group, made.muted) == ("selection", made.id, True)
    assert (made.clip.rate, made.clip.frames) == (song.clip.rate, song.clip.frames)
    sound = made.clip.read(0, made.clip.frames)
    assert not sound[:, : 2 * RATE].any()
    assert not sound[:, 3 * RATE :].any()
    assert level_at(sound[0, 2 * RATE + 2000 : 3 * RATE - 2000], 1000.0) > -18.5
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert len(desk.session.project.tracks) == 1
    press(desk, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert len(desk.session.project.tracks) == 2


def test_delete_takes_the_selection_out_of_the_lane_and_undo_puts_it_back(desk: Program) -> None:
    before = desk.session.project.tracks[0].clip
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    press(desk, Qt.Key.Key_Delete)
    wait_for(lambda: desk.session.project.tracks[0].clip is not before)
    after = desk.session.project.tracks[0].clip
    assert desk.session.undo_stack.undoText() == "Remove selection from Tones"
    inner = after.read(2 * RATE + 4000, 3 * RATE - 4000)[0]
    assert level_at(inner, 1000.0) < -70
    assert level_at(inner, 300.0) == pytest.approx(-18.06, abs=0.1)
    np.testing.assert_array_equal(after.read(0, 2 * RATE), before.read(0, 2 * RATE))
    assert desk.window.selection.region is None
    press(desk, Qt.Key.Key_Z, CONTROL)
    assert desk.session.project.tracks[0].clip is before
    press(desk, Qt.Key.Key_Delete)  # nothing is marked: the lane itself goes
    assert not desk.session.project.tracks


def test_the_selection_is_written_to_a_file(desk: Program, tmp_path: Path) -> None:
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    job = desk.window.closer.export(tmp_path / "Inside.flac")
    assert job is not None
    wait_for(lambda: desk.jobs.status(job).ended)
    sound, rate = soundfile.read(tmp_path / "Inside.flac")
    assert (rate, len(sound)) == (RATE, RATE)
    assert level_at(sound[2000:-2000, 0], 1000.0) == pytest.approx(-18.06, abs=0.1)
    assert level_at(sound[2000:-2000, 0], 300.0) < -70


def test_select_all_marks_the_lane_and_it_goes_with_the_lane(desk: Program) -> None:
    press(desk, Qt.Key.Key_A, CONTROL)
    assert desk.window.selection.span == (0.0, pytest.approx(6.0))
    press(desk, Qt.Key.Key_Escape)
    press(desk, Qt.Key.Key_A, CONTROL)
    desk.studio.remove()
    QApplication.processEvents()
    assert desk.window.selection.region is None
    assert desk.window.selection.track == 0


def test_boxes_can_be_added_and_taken_away_without_a_mouse(desk: Program) -> None:
    selection = desk.window.selection
    press(desk, Qt.Key.Key_A, CONTROL | ALT)
    first = selection.box
    assert first is not None
    press(desk, Qt.Key.Key_Left, CONTROL | ALT)
    assert selection.box.start == pytest.approx(first.start - 0.01)
    press(desk, Qt.Key.Key_X, CONTROL | ALT)
    region = selection.region
    assert region is not None
    assert [part.minus for part in region.parts] == [False, True]
    press(desk, Qt.Key.Key_Right, CONTROL | ALT | SHIFT)
    assert selection.region.parts[0] == region.parts[0]  # only the last box is moved
    assert selection.box.stop > first.stop


@pytest.mark.parametrize("colours", ["magma", "grey", "inverse"])
def test_the_selection_is_lined_light_and_dark_and_dims_what_is_outside(
    desk: Program, colours: str
) -> None:
    canvas = canvas_of(desk)
    desk.window.display.set_colour_map(colours)
    wait_for(lambda: desk.jobs.pictures > 0 and not desk.jobs.drawing)
    plain = canvas.grab().toImage()
    for shape in (
        Box(2.0, 4.0, 500.0, 2000.0),
        Stroke(((2.0, 1000.0), (4.0, 1000.0)), 0.1, 24.0),
    ):
        desk.window.selection.set(desk.session.lanes[0].track.id, Region.of(shape))
        marked = canvas.grab().toImage()
        x = point(desk, 3.0, 1000.0).x() + 20
        ys = range(point(desk, 3.0, 2000.0).y() - 8, point(desk, 3.0, 2000.0).y() + 9)
        edge = [marked.pixelColor(x, y).lightness() for y in ys]
        assert max(edge) > 180  # shapes are drawn in cells a little larger than a pixel
        assert min(edge) < 120
        inside, outside = point(desk, 3.1, 1300.0), point(desk, 5.0, 4000.0)
        assert marked.pixelColor(inside) == plain.pixelColor(inside)
        assert marked.pixelColor(outside).lightness() < plain.pixelColor(outside).lightness()


def test_marking_holds_nothing_up(desk: Program) -> None:
    wait_for(lambda: not desk.jobs.drawing)
    press(desk, Qt.Key.Key_3)
    desk.window.selection.set_brush(semitones=6.0, seconds=0.2)
    wave = [(0.2 + k * 0.05, 700.0 * 2 ** np.sin(k / 6)) for k in range(100)]
    drag(desk, wave[:8])  # what is made once is made
    with watch():
        drag(desk, wave)
        press(desk, Qt.Key.Key_4)
        desk.window.selection.clear()
        drag(desk, [(0.5, 990.0), (5.5, 1010.0)])
        wait_for(lambda: desk.window.selection.region)
        for _ in range(10):
            desk.window.zoom(1.2)
            QApplication.processEvents()
        press(desk, Qt.Key.Key_Return, SHIFT)
        wait_for(lambda: len(desk.session.project.tracks) == 2)


def test_return_on_a_focused_button_presses_the_button(desk: Program) -> None:
    mark(desk, Box(2.0, 3.0, 700.0, 1500.0))
    action = desk.window.actions_["zoom_in"]
    button = next(b for b in desk.window.findChildren(IconButton) if b.defaultAction() is action)
    button.setFocus()
    span = desk.axis.span
    press(desk, Qt.Key.Key_Return)
    assert desk.axis.span < span
    time.sleep(0.2)
    QApplication.processEvents()
    assert not desk.window.closer.audition.sounding
