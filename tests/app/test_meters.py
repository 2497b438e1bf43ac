"""The meters: what they show for a known sound, and how they move."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.views.lane_meter import LaneMeter, TrackLevels
from app.views.live import HIGH_HZ, LOW_HZ
from app.views.meters import LevelMeter, LiveSpectrum, NullMeter

RATE = 44100


def image(widget: QWidget) -> np.ndarray:
    """What a widget shows, int `(rows, columns, 3)` in blue, green, red."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(picture.constBits(), np.uint8)
    return flat.reshape(picture.height(), picture.width(), 4)[:, :, :3].astype(int)


def pixels(widget: QWidget, token: str) -> int:
    """How many of them are about this colour."""
    colour = QColor(token)
    wanted = (colour.blue(), colour.green(), colour.red())
    return int((np.abs(image(widget) - wanted).max(2) < 40).sum())


class Source:
    """What a meter polls."""

    peaks = (0.0, 0.0)
    null = math.nan
    hz = 0.0
    level = 1.0

    def poll(self) -> tuple[float, float]:
        return self.peaks

    def recent(self, frames: int) -> np.ndarray:
        wave = self.level * np.sin(2 * np.pi * self.hz * np.arange(frames) / RATE)
        return np.stack([wave, 0.5 * wave]).astype(np.float32)


@pytest.fixture
def source() -> Source:
    return Source()


def test_the_level_rises_at_once_and_falls_20_db_a_second(qtbot: QtBot, source: Source) -> None:
    meter = LevelMeter(source.poll)
    qtbot.addWidget(meter)
    source.peaks = (0.5, 0.1)
    assert meter.advance(0.016)
    np.testing.assert_allclose(meter.shown, (-6.02, -20.0), atol=0.01)
    source.peaks = (0.0, 0.0)
    for _ in range(50):
        meter.advance(0.02)
    np.testing.assert_allclose(meter.shown, (-26.02, -40.0), atol=0.01)
    np.testing.assert_allclose(meter.held, (-6.02, -20.0), atol=0.01)
    for _ in range(200):
        meter.advance(0.02)
    assert meter.shown.max() == -60.0
    assert meter.held.max() == -60.0
    assert meter.highest == pytest.approx(-6.02, abs=0.01)
    assert not meter.advance(0.02)  # nothing moves: nothing to paint


def test_the_clip_lamp_lights_and_a_click_or_return_puts_it_out(
    qtbot: QtBot, source: Source
) -> None:
    meter = LevelMeter(source.poll)
    qtbot.addWidget(meter)
    meter.resize(meter.sizeHint())
    danger = theme.of(meter).danger
    source.peaks = (0.99, 0.2)
    meter.advance(0.016)
    assert not meter.clipped
    assert pixels(meter, danger) == 0
    source.peaks = (1.0, 0.2)
    meter.advance(0.016)
    assert meter.clipped
    assert "clipped" in meter.accessibleName()
    assert "+0.0 dB" in meter.toolTip()
    assert pixels(meter, danger) > 30
    source.peaks = (0.1, 0.1)
    qtbot.mouseClick(meter, Qt.MouseButton.LeftButton)
    assert not meter.clipped
    assert "clipped" not in meter.accessibleName()
    source.peaks = (1.5, 0.1)
    meter.advance(0.016)
    qtbot.keyClick(meter, Qt.Key.Key_Return)
    assert not meter.clipped


def test_the_bars_are_as_long_as_the_level_says(qtbot: QtBot, source: Source) -> None:
    meter = LevelMeter(source.poll)
    qtbot.addWidget(meter)
    meter.resize(meter.sizeHint())
    lengths = []
    for level in (0.0, 10 ** (-45 / 20), 10 ** (-30 / 20), 10 ** (-15 / 20)):
        source.peaks = (level, level)
        meter.advance(10.0)
        lengths.append(pixels(meter, theme.of(meter).sound))
    assert lengths[0] == 0
    assert lengths[3] - lengths[2] == pytest.approx(lengths[2] - lengths[1], rel=0.25)


def test_a_shown_meter_polls_by_itself_and_a_hidden_one_rests(qtbot: QtBot, source: Source) -> None:
    meter = LevelMeter(source.poll)
    qtbot.addWidget(meter)
    meter.show()
    source.peaks = (0.5, 0.5)
    qtbot.waitUntil(lambda: bool(meter.shown.max() > -7))
    meter.hide()
    source.peaks = (0.9, 0.9)
    qtbot.wait(60)
    assert meter.shown.max() < -5


def test_the_null_meter_says_in_a_word_whether_the_stems_are_the_mix(
    qtbot: QtBot, source: Source
) -> None:
    meter = NullMeter(lambda: source.null)
    qtbot.addWidget(meter)
    meter.resize(240, 24)
    tokens = theme.of(meter)
    assert meter.text == "Mix − stems: not measured"
    for level, text, token in (
        (-132.4, "Mix − stems: −132 dB, good", tokens.good),
        (-41.0, "Mix − stems: −41 dB, bad", tokens.danger),
        (-math.inf, "Mix − stems: −∞ dB, good", tokens.good),
    ):
        source.null = level
        meter.refresh()
        assert meter.text == meter.accessibleName() == text
        assert pixels(meter, token) > 20


@pytest.mark.parametrize("hz", [65.4, 440.0, 5000.0])
def test_a_sine_shows_at_its_pitch_with_its_level(qtbot: QtBot, source: Source, hz: float) -> None:
    spectrum = LiveSpectrum(source.recent, lambda: RATE)
    qtbot.addWidget(spectrum)
    spectrum.resize(400, 160)
    source.hz, source.level = hz, 0.1
    spectrum.advance(0.016)
    column = int(np.argmax(spectrum.curve))
    shown = LOW_HZ * (HIGH_HZ / LOW_HZ) ** ((column + 0.5) / len(spectrum.curve))
    assert abs(12 * np.log2(shown / hz)) < 0.8
    assert spectrum.curve.max() == pytest.approx(-20.0, abs=1.5)
    assert spectrum.curve[0] < -80
    assert spectrum.curve[-1] < -80


def test_the_spectrum_falls_to_nothing_when_it_is_silent(qtbot: QtBot, source: Source) -> None:
    spectrum = LiveSpectrum(source.recent, lambda: RATE)
    qtbot.addWidget(spectrum)
    spectrum.resize(300, 120)
    sound = theme.of(spectrum).sound
    source.hz = 1000.0
    spectrum.advance(0.016)
    assert pixels(spectrum, sound) > 50
    source.level = 0.0
    for _ in range(30):
        spectrum.advance(0.016)
    assert spectrum.curve.max() < -30  # falls
    assert spectrum.held.max() > -1  # while the peak stays
    for _ in range(120):
        spectrum.advance(0.1)
    assert pixels(spectrum, sound) == 0
    assert not spectrum.advance(0.016)


def test_the_pointer_reads_pitch_and_level(qtbot: QtBot, source: Source) -> None:
    spectrum = LiveSpectrum(source.recent, lambda: RATE)
    qtbot.addWidget(spectrum)
    spectrum.resize(300, 120)
    before = image(spectrum)
    spectrum.show()
    qtbot.mouseMove(spectrum, QPoint(100, 40))
    qtbot.waitUntil(lambda: bool((image(spectrum) != before).any()))


def test_a_low_rate_leaves_the_top_empty(qtbot: QtBot, source: Source) -> None:
    spectrum = LiveSpectrum(
        lambda n: np.random.default_rng(0).normal(0, 0.2, (2, n)).astype(np.float32), lambda: 8000
    )
    qtbot.addWidget(spectrum)
    spectrum.resize(300, 120)
    spectrum.advance(0.016)
    assert spectrum.curve[100] > -60
    assert spectrum.curve[-10:].max() == -96.0


def test_one_picture_of_the_spectrum_is_cheap(qtbot: QtBot, source: Source) -> None:
    spectrum = LiveSpectrum(source.recent, lambda: RATE)
    qtbot.addWidget(spectrum)
    spectrum.resize(272, 160)
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.2, (2, 8192)).astype(np.float32)
    spectrum._recent = lambda n: noise[:, :n]
    canvas = QImage(544, 320, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.setDevicePixelRatio(2)
    took = []
    for _ in range(20):
        begun = time.thread_time()
        spectrum.advance(0.016)
        spectrum.render(canvas)
        took.append(time.thread_time() - begun)
    assert np.median(took) < 0.015  # 2 ms on an idle machine


def test_lane_meters_share_one_look_at_the_player_and_cost_little(qtbot: QtBot) -> None:
    class Playing:
        asked = 0

        @property
        def track_levels(self) -> dict[int, tuple[float, float]]:
            self.asked += 1
            return {1: (0.5, 0.25), 2: (1.0, 0.0)}

    playing = Playing()
    levels = TrackLevels(playing)  # type: ignore[arg-type]
    home = QWidget()
    qtbot.addWidget(home)
    meters = [LaneMeter(levels, id, home) for id in (1, 2, 3)]
    for meter in meters:
        meter.resize(7, 120)
        meter.advance(0.016)
    assert playing.asked == 1
    assert meters[0].shown == [pytest.approx(-6.02, abs=0.01), pytest.approx(-12.04, abs=0.01)]
    assert meters[1].shown[0] == 0.0
    assert meters[2].shown == [-48.0, -48.0]
    began = time.thread_time()
    for _ in range(50):
        for meter in meters:
            meter.advance(0.016)
            meter.grab()
    each = (time.thread_time() - began) / 150
    print(f"{1000 * each:.3f} ms a meter and frame")  # noqa: T201
    assert each < 0.0003
