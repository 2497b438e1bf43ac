from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app import theme
from app.jobs import JobCenter
from app.session import Session
from app.views.canvas import LaneCanvas
from app.views.colorbar import ColorBar
from app.views.display import COLOUR_MAPS, Display
from app.views.frequency_axis import GAP, hz_ticks, note_ticks
from app.views.ruler import Ruler, clock, division
from app.views.spectrogram import Spectrogram, Tiles
from app.views.time_axis import SHORTEST, Cursor, TimeAxis
from engine.events import Ended, Event, State, Work
from engine.jobs import Job, Runner
from engine.project import Project
from engine.spectrogram import SpectrumSettings, TileKey, to_unit
from engine.types import AudioClip, Track

RATE = 44_100
MakeClip = Callable[..., AudioClip]


def tone(hz: float, seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.sin(2 * np.pi * hz * t)[None].astype(np.float32)


@dataclass
class Asked:
    """Takes jobs and does them only when told."""

    waiting: list[tuple[Job, Callable[[], Work], Callable[[Event], object]]] = field(
        default_factory=list
    )
    most: int = 0
    total: int = 0

    def submit(
        self, title: str, work: Callable[[], Work], lane: str, on_event: Callable[[Event], object]
    ) -> Job:
        assert lane == "tiles"
        self.total += 1
        job = Job(self.total, title, lane, work)
        self.waiting.append((job, work, on_event))
        self.most = max(self.most, len(self.waiting))
        return job

    def cancel(self, job: Job) -> None:
        for entry in [entry for entry in self.waiting if entry[0] is job]:
            self.waiting.remove(entry)
            entry[2](Ended(State.CANCELLED))

    def answer(self) -> None:
        _, work, on_event = self.waiting.pop(0)
        with pytest.raises(StopIteration) as stop:
            next(work())
        on_event(Ended(State.DONE, stop.value.value))


class Studio:
    """Real lanes, session and job centre in one window."""

    def __init__(self, qtbot: Any, clip: AudioClip, live: bool = False) -> None:
        self.session, self.axis, self.display = Session(), TimeAxis(), Display()
        self.jobs = JobCenter(Runner())
        track = Track(1, "Song", "mix", clip)
        if live:
            self.session.open_live([track])
        else:
            self.session.edit("Open", Project((track,)))
        self.axis.set_total(clip.seconds)
        self.axis.fit()
        self.canvas = LaneCanvas(self.session, self.axis, self.jobs, 1, self.display)
        self.canvas.resize(600, 400)
        self.canvas.show()
        self.qtbot = qtbot

    def settled(self) -> QImage:
        """The picture once all tiles in view have come."""
        self.canvas.grab()
        self.qtbot.waitUntil(lambda: not self.jobs._listeners, timeout=20_000)
        return self.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> Iterator[None]:
    before = qapp.palette()
    qapp.setPalette(theme.palette(theme.DARK))
    yield
    qapp.setPalette(before)


@pytest.fixture
def open_lane(qtbot: Any) -> Iterator[Callable[..., Studio]]:
    opened: list[Studio] = []

    def make(clip: AudioClip, live: bool = False) -> Studio:
        opened.append(Studio(qtbot, clip, live))
        return opened[-1]

    yield make
    for studio in opened:
        studio.jobs.close()
        if isValid(studio.canvas):
            studio.canvas.close()


def brightness(image: QImage) -> np.ndarray:
    """Sum of the colours of each pixel, `(height, width)`."""
    rows = np.frombuffer(image.constBits(), np.uint8)
    pixels = rows.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3]
    return pixels.astype(int).sum(2)


def wheel(widget: QWidget, x: float, y: float, up: int, held: Qt.KeyboardModifier) -> bool:
    at = QPointF(x, y)
    event = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * up),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    event.setAccepted(False)
    widget.wheelEvent(event)
    return event.isAccepted()


def test_zooming_keeps_the_moment_under_the_pointer_where_it_is(qapp: QApplication) -> None:
    axis = TimeAxis()
    axis.set_total(3600.0)
    axis.fit()
    for _ in range(80):
        part = (1234.5 - axis.start) / axis.span
        axis.zoom_at(1234.5, 1.3)
        assert (1234.5 - axis.start) / axis.span == pytest.approx(part, abs=1e-6)
    assert axis.span == pytest.approx(SHORTEST)
    for _ in range(90):
        axis.zoom_at(1234.5, 1 / 1.3)
    assert (axis.start, axis.stop) == (0.0, 3600.0)


def test_the_view_never_leaves_the_song_and_keeps_its_zoom_at_the_edges(qapp: QApplication) -> None:
    axis = TimeAxis()
    axis.set_total(100.0)
    axis.set_range(40.0, 50.0)
    axis.scroll_by(1e6)
    assert (axis.start, axis.stop) == (90.0, 100.0)
    axis.scroll_by(-1e6)
    assert (axis.start, axis.stop) == (0.0, 10.0)


def test_a_view_of_everything_still_shows_everything_when_the_song_grows(
    qapp: QApplication,
) -> None:
    axis = TimeAxis()
    axis.set_total(10.0)
    axis.fit()
    axis.set_total(60.0)
    assert axis.stop == 60.0
    axis.set_range(5.0, 6.0)
    axis.set_total(90.0)
    assert (axis.start, axis.stop) == (5.0, 6.0)


def test_the_page_turns_while_playing_unless_the_person_looks_elsewhere(
    qapp: QApplication,
) -> None:
    axis = TimeAxis()
    axis.set_total(100.0)
    axis.set_range(0.0, 10.0)
    axis.set_playhead(9.9)
    axis.follow(10.1)
    assert axis.start < 10.1 < axis.start + 0.2 * axis.span
    axis.set_range(50.0, 60.0)
    axis.follow(10.2)
    assert (axis.start, axis.stop) == (50.0, 60.0)


def test_a_loop_is_put_in_order_and_no_length_ends_it(qapp: QApplication) -> None:
    axis = TimeAxis()
    axis.set_total(10.0)
    axis.set_loop(6.0, 2.0)
    assert axis.loop == (2.0, 6.0)
    axis.set_loop(3.0, 3.0)
    assert axis.loop is None


def test_our_magma_is_the_one_everybody_knows(qapp: QApplication) -> None:
    pyqtgraph = pytest.importorskip("pyqtgraph")
    known = pyqtgraph.colormap.get("magma").getLookupTable(nPts=512, alpha=False)
    assert np.abs(Display().colours(512).astype(int) - np.asarray(known, int)[:, :3]).max() <= 4


@pytest.mark.parametrize("name", list(COLOUR_MAPS))
def test_louder_is_never_a_step_back_in_lightness(qapp: QApplication, name: str) -> None:
    display = Display()
    display.set_colour_map(name)
    light = display.colours(256) @ np.array([0.299, 0.587, 0.114])
    steps = np.diff(light)
    assert (steps >= -1).all() if name != "inverse" else (steps <= 1).all()


def test_the_ends_of_the_colour_bar_never_cross(qapp: QApplication) -> None:
    display = Display()
    display.set_levels(0.0, -50.0)
    assert display.floor_db < display.top_db
    display.set_levels(-500.0, 500.0)
    assert (display.floor_db, display.top_db) == (-120.0, 0.0)


def test_another_frequency_scale_keeps_the_same_sounds_in_view(qapp: QApplication) -> None:
    display = Display()
    display.zoom_frequency(to_unit(440.0, display.settings), 4.0)
    part = (to_unit(440.0, display.settings) - display.low) / (display.high - display.low)
    assert 0 < part < 1
    display.set_analysis(scale="mel")
    assert display.low < to_unit(440.0, display.settings) < display.high


def test_old_tiles_are_forgotten_when_the_cache_is_full() -> None:
    tiles = Tiles(bound=10 * 1000)
    for index in range(30):
        tiles.put(TileKey(0, index), np.zeros(1000, np.uint8))
        tiles.get(TileKey(0, 0))
    assert tiles.bytes <= 10 * 1000
    assert tiles.get(TileKey(0, 0)) is not None
    assert tiles.get(TileKey(0, 1)) is None
    assert tiles.get(TileKey(0, 29)) is not None


def test_tiles_come_rough_first_then_nearest_first_and_few_at_a_time(
    make_clip: MakeClip,
) -> None:
    clip, asked = make_clip(np.zeros((1, 40 * 16_384), np.float32)), Asked()
    shown = Spectrogram(asked, Tiles(), lambda: None)  # type: ignore[arg-type]
    shown.show(clip)
    order: list[TileKey] = []
    put = shown._tiles.put
    shown._tiles.put = lambda key, *rest: (order.append(key), put(key, *rest))  # type: ignore
    shown.mosaic(SpectrumSettings(), 0, 10 * 16_384, 15 * 16_384, focus=13.5 * 16_384)
    while asked.waiting:
        asked.answer()
    assert asked.most <= 3
    assert order[0].level > 0
    sharp = [key.index for key in order if key.level == 0]
    assert sharp[0] == 13
    assert set(sharp[:5]) == {10, 11, 12, 13, 14}
    again = shown.mosaic(SpectrumSettings(), 0, 10 * 16_384, 15 * 16_384, focus=0.0)
    assert again.complete
    assert not asked.waiting


def test_a_tile_whose_sound_changed_while_it_was_made_is_made_again(make_clip: MakeClip) -> None:
    clip, asked = make_clip(tone(440, 0.3)), Asked()
    shown = Spectrogram(asked, Tiles(), lambda: None)  # type: ignore[arg-type]
    shown.show(clip)
    shown.mosaic(SpectrumSettings(), 0, 0, 10_000, focus=0.0)
    asked.answer()
    shown.spoil(0, 500)
    before = asked.total
    asked.answer()
    assert asked.total > before
    assert not shown._tiles.fresh(TileKey(0, 0, SpectrumSettings(), 1))
    while asked.waiting:
        asked.answer()
    assert shown._tiles.fresh(TileKey(0, 0, SpectrumSettings(), 1))


def test_what_is_not_filled_yet_is_not_computed(make_clip: MakeClip) -> None:
    clip, asked = make_clip(tone(440, 20.0)), Asked()
    shown = Spectrogram(asked, Tiles(), lambda: None)  # type: ignore[arg-type]
    shown.show(clip)
    shown.mosaic(SpectrumSettings(), 0, 0, clip.frames, focus=0.0, sounding=())
    assert not asked.waiting
    shown.mosaic(SpectrumSettings(), 0, 0, clip.frames, focus=0.0, sounding=((0, 10_000),))
    assert asked.waiting


def test_a_tone_is_a_bright_line_at_its_height_and_the_cursor_says_what_it_is(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    studio = open_lane(make_clip(tone(1000.0, 10.0)))
    light = brightness(studio.settled())
    area = studio.canvas._spectrum_area()
    top = round(area.top())
    row = int(np.median(light[top:, 100:500].argmax(0))) + top
    expected = area.top() + (1 - to_unit(1000.0, studio.display.settings)) * area.height()
    assert abs(row - expected) <= 3
    cursor = studio.canvas.cursor_at(QPointF(300, expected))
    assert cursor.seconds == pytest.approx(5.0, abs=0.02)
    assert cursor.hz == pytest.approx(1000.0, rel=0.02)
    assert cursor.note == "B5"
    assert cursor.db is not None
    assert cursor.db > -3
    quiet = studio.canvas.cursor_at(QPointF(300, expected - 60))
    assert quiet.db is not None
    assert quiet.db < -60


def test_contrast_and_colours_compute_no_tile_again(
    open_lane: Callable[..., Studio], make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_lane(make_clip(tone(1000.0, 10.0)))
    before = studio.settled()
    submitted: list[object] = []
    monkeypatch.setattr(studio.jobs, "submit", lambda *a, **k: submitted.append(a))
    studio.display.set_levels(-110.0, -20.0)
    studio.display.set_colour_map("inverse")
    after = studio.canvas.grab().toImage()
    assert not submitted
    assert after != before


def test_every_zoom_from_all_to_samples_draws_fast_enough(
    open_lane: Callable[..., Studio], make_clip: MakeClip, qapp: Any
) -> None:
    rng = np.random.default_rng(1)
    studio = open_lane(make_clip(rng.uniform(-0.3, 0.3, (2, 240 * RATE)).astype(np.float32)))
    studio.settled()
    qapp.forget()
    while studio.axis.span > 2 * SHORTEST:
        studio.axis.zoom_at(100.0, 2.0)
        studio.settled()
    assert qapp.longest < 0.05


def test_the_strip_shows_the_true_extremes_at_every_zoom(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    samples = np.zeros((2, 60 * RATE), np.float32)
    samples[1, 30 * RATE] = 1.0  # one loud sample in one channel
    studio = open_lane(make_clip(samples))
    strip = studio.canvas._strip_area()
    for span in (60.0, 10.0, 1.0, 0.05, 0.002):
        studio.axis.set_range(30 - span / 2, 30 + span / 2)
        light = brightness(studio.settled())[: int(strip.height()), 295:306]
        near_top = light[2:8].max()
        assert near_top > light[2:8].min() + 50, f"lost with {span} s in view"


def test_a_lane_being_made_is_hatched_and_fills_with_its_sound(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    clip = make_clip(tone(1000.0, 10.0))
    studio = open_lane(clip, live=True)
    empty = brightness(studio.settled())
    row = round(
        studio.canvas._spectrum_area().top()
        + (1 - to_unit(1000.0, studio.display.settings)) * studio.canvas._spectrum_area().height()
    )
    assert empty[row - 4 : row + 4, 100:500].max() < 250
    studio.session.fill_live(1, 4 * RATE, 6 * RATE)
    studio.qtbot.wait(120)
    partly = brightness(studio.settled())
    assert partly[row - 4 : row + 4, 270:330].max(0).min() > 400
    assert partly[row - 4 : row + 4, 60:200].max() < 250
    studio.session.edit("Separate", Project((Track(1, "Song", "mix", clip),)))
    studio.session.filled.emit(1, 0, clip.frames)
    studio.qtbot.wait(120)
    whole = brightness(studio.settled())
    assert whole[row - 4 : row + 4, 60:540].max(0).min() > 400


def test_wheel_and_keys_move_in_time_and_frequency_and_leave_plain_scrolling_to_the_lanes(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    studio = open_lane(make_clip(tone(440.0, 60.0)))
    canvas, axis, display = studio.canvas, studio.axis, studio.display
    held = Qt.KeyboardModifier
    assert not wheel(canvas, 150, 200, 1, held.NoModifier)
    assert wheel(canvas, 150, 200, 3, held.ControlModifier)
    assert axis.span < 30
    assert canvas._seconds(150) == pytest.approx(15.0)
    start = axis.start
    assert wheel(canvas, 150, 200, -1, held.ShiftModifier)
    assert axis.start > start
    unit = canvas._unit(200)
    assert wheel(canvas, 150, 200, 2, held.AltModifier)
    assert display.high - display.low < 0.7
    assert canvas._unit(200) == pytest.approx(unit)
    height = display.high - display.low
    assert wheel(canvas, 150, 200, 1, held.AltModifier | held.ShiftModifier)
    assert display.high - display.low == pytest.approx(height)


def test_click_seeks_selects_and_middle_drag_pans(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    studio = open_lane(make_clip(tone(440.0, 60.0)))
    with studio.qtbot.waitSignal(studio.axis.seek_requested) as asked:
        studio.qtbot.mouseClick(studio.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert asked.args[0] == pytest.approx(30.0, abs=0.1)
    assert studio.session.selected == 1
    studio.axis.set_range(20.0, 30.0)
    studio.qtbot.mousePress(studio.canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 200))
    studio.qtbot.mouseMove(studio.canvas, QPoint(240, 200))
    studio.qtbot.mouseRelease(studio.canvas, Qt.MouseButton.MiddleButton, pos=QPoint(240, 200))
    assert studio.axis.start == pytest.approx(21.0, abs=0.05)


def test_a_lane_that_goes_while_its_tiles_are_made_leaves_no_trouble(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    studio = open_lane(make_clip(tone(440.0, 60.0)))
    studio.canvas.grab()
    studio.session.edit("Remove", Project())
    studio.canvas.deleteLater()
    studio.qtbot.waitUntil(lambda: not isValid(studio.canvas), timeout=2000)
    studio.qtbot.waitUntil(lambda: not studio.jobs._listeners, timeout=20_000)


def test_the_ruler_seeks_loops_and_lets_go(qtbot: Any) -> None:
    axis = TimeAxis()
    axis.set_total(60.0)
    axis.fit()
    ruler = Ruler(axis)
    ruler.resize(600, ruler.height())
    qtbot.addWidget(ruler)
    ruler.show()
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(ruler, left, pos=QPoint(200, 20))
    assert axis.playhead == pytest.approx(20.0)
    assert axis.loop is None

    def drag(start: int, stop: int) -> None:
        qtbot.mousePress(ruler, left, pos=QPoint(start, 20))
        qtbot.mouseMove(ruler, QPoint(stop, 20))
        qtbot.mouseRelease(ruler, left, pos=QPoint(stop, 20))

    drag(100, 300)
    assert axis.loop == pytest.approx((10.0, 30.0), abs=0.2)
    drag(300, 400)
    assert axis.loop == pytest.approx((10.0, 40.0), abs=0.2)
    assert axis.playhead == pytest.approx(20.0)
    qtbot.keyClick(ruler, Qt.Key.Key_Escape)
    assert axis.loop is None
    wheel(ruler, 300, 10, 2, Qt.KeyboardModifier.NoModifier)
    assert axis.span < 40


@pytest.mark.parametrize("span", [0.0005, 0.003, 0.08, 2.5, 15.0, 203.0, 3600.0, 36_000.0])
def test_ruler_steps_are_round_at_every_zoom(span: float) -> None:
    step, parts = division(span / 12)
    assert span / 12 <= step * (1 + 1e-9)
    assert step <= span / 2
    assert parts in (3, 4, 5, 6)
    texts = [clock(k * step, step, span >= 3600) for k in range(12)]
    assert len(set(texts)) == 12


def test_times_carry_the_decimals_their_step_needs() -> None:
    assert clock(62.5, 0.5, False) == "1:02.5"
    assert clock(3723.0, 1.0, True) == "1:02:03"
    assert clock(59.9999, 0.001, False) == "1:00.000"


@pytest.mark.parametrize("scale", ["log", "mel", "linear"])
@pytest.mark.parametrize("height", [40.0, 190.0, 900.0])
@pytest.mark.parametrize("view", [(0.0, 1.0), (0.4, 0.5), (0.9, 1.0)])
def test_axis_labels_never_crowd_and_never_lack(
    scale: str, height: float, view: tuple[float, float]
) -> None:
    for ticks in (hz_ticks, note_ticks):
        places = sorted(tick.y for tick in ticks(SpectrumSettings(scale=scale), *view, height))
        assert all(b - a >= GAP for a, b in pairwise(places))
        assert places or height < 100
        assert all(0 <= y <= height for y in places)


def test_the_colour_bar_moves_its_ends_by_drag_and_by_key(qtbot: Any) -> None:
    display = Display()
    bar = ColorBar(display)
    bar.resize(68, 268)
    qtbot.addWidget(bar)
    bar.show()
    left, floor = Qt.MouseButton.LeftButton, display.floor_db
    y = round(bar._y(floor))
    qtbot.mousePress(bar, left, pos=QPoint(15, y))
    qtbot.mouseMove(bar, QPoint(15, y + 40))
    qtbot.mouseRelease(bar, left, pos=QPoint(15, y + 40))
    assert display.floor_db == pytest.approx(floor - 20, abs=1)
    qtbot.keyClick(bar, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert display.top_db == pytest.approx(-7.0)
    assert bar.accessibleName()
    assert "dB" in bar.accessibleDescription()


def test_all_lanes_hear_of_the_cursor_and_are_named(
    open_lane: Callable[..., Studio], make_clip: MakeClip
) -> None:
    studio = open_lane(make_clip(tone(440.0, 10.0)))
    heard: list[Cursor | None] = []
    studio.axis.cursor_changed.connect(heard.append)
    studio.qtbot.mouseMove(studio.canvas, QPoint(300, 200))
    studio.qtbot.waitUntil(lambda: bool(heard), timeout=2000)
    assert heard[-1] is not None
    assert heard[-1].seconds == pytest.approx(5.0, abs=0.1)
    assert studio.canvas.accessibleName() == "Song, waveform and spectrogram"
    assert studio.canvas.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_light_and_dark_both_draw(
    open_lane: Callable[..., Studio], make_clip: MakeClip, qapp: QApplication
) -> None:
    studio = open_lane(make_clip(0.5 * tone(440.0, 10.0)))
    studio.settled()
    shades = {}
    for tokens in (theme.DARK, theme.LIGHT):
        qapp.setPalette(theme.palette(tokens))
        image = studio.canvas.grab().toImage()
        shades[tokens.name] = image.pixelColor(300, 2)
        assert shades[tokens.name] == QColor(tokens.canvas)
