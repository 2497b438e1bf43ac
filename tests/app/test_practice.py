"""Practice in the window: strip, badge, count-in, comparison, mute ranges, as they are heard."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QWidget

from app.export import Export, plan, write
from app.practice import Comparison
from app.sinks import NullSink
from app.start import Program
from app.views.practice import Number
from engine.encode import Encoding
from engine.regions import Box, Region
from engine.types import Track
from tests.app.desk import import_song, open_desk, wait_for
from tests.conftest import tone

RATE = 44_100


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.show()
        yield program


@pytest.fixture
def song(desk: Program, tmp_path: Path) -> int:
    path = tmp_path / "Song.wav"
    soundfile.write(path, tone(6.0).T, RATE, subtype="FLOAT")
    return import_song(desk, path)


@pytest.fixture
def stems(desk: Program, song: int, make_clip: Any) -> tuple[int, int]:
    """Two lanes of the song: a loud high tone and a quiet low one."""
    project = desk.session.project
    high = Track(98, "Vocals", "vocals", make_clip(tone(6.0, hz=1000.0) * 2), group=song)
    low = Track(99, "Instrumental", "instrumental", make_clip(tone(6.0, hz=300.0) / 4), group=song)
    desk.session.edit("Stems", project.with_tracks([high, low], song))
    return 98, 99


def sink_of(desk: Program) -> NullSink:
    sink = desk.player._sink
    assert isinstance(sink, NullSink)
    return sink


def pull(desk: Program, frames: int) -> np.ndarray:
    out = sink_of(desk).pull(frames)
    desk.studio.transport.follow()
    return out


def press(desk: Program, id: str) -> None:
    desk.window.actions_.refresh()
    action = desk.window.actions_[id]
    assert action.isEnabled()
    action.trigger()


def hertz(wave: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.argmax(spectrum) * RATE / len(wave))


# Speed and pitch.


def test_keys_change_speed_and_pitch_while_it_plays(desk: Program, song: int) -> None:
    press(desk, "play")
    pull(desk, RATE)
    for _ in range(10):
        press(desk, "slower")
    press(desk, "transpose_up")
    press(desk, "transpose_up")
    assert desk.window.practice.pace == (0.5, 200.0)
    out = pull(desk, RATE)
    assert desk.axis.playhead == pytest.approx(1.5, abs=0.05)
    assert hertz(out[0, 8192:]) == pytest.approx(440 * 2 ** (2 / 12), abs=1.5)
    press(desk, "normal_speed")
    press(desk, "normal_pitch")
    pull(desk, RATE)
    where = round(desk.player.position * RATE)
    np.testing.assert_array_equal(pull(desk, 4096), tone(6.0)[:, where : where + 4096])


def test_speed_and_pitch_stop_at_their_ends(desk: Program, song: int) -> None:
    practice = desk.window.practice
    for _ in range(60):
        press(desk, "faster")
        press(desk, "transpose_down")
    assert practice.pace == (2.0, -1200.0)
    for _ in range(60):
        press(desk, "slower")
        press(desk, "transpose_up")
    assert practice.pace == (0.25, 1200.0)


def test_steps_go_to_whole_figures(desk: Program) -> None:
    practice = desk.window.practice
    practice.set_pace(0.83, 37.0)
    practice.step_speed(1)
    practice.step_pitch(1)
    assert practice.pace == (0.85, 100.0)
    practice.set_pace(0.83, 37.0)
    practice.step_speed(-1)
    practice.step_pitch(-1)
    assert practice.pace == (0.8, 0.0)


def test_the_strip_shows_and_sets_what_is_heard(desk: Program, song: int) -> None:
    practice, strip = desk.window.practice, desk.window.strip
    assert not strip.isVisible()
    press(desk, "practice")
    assert strip.isVisible()
    strip.speed.setValue(60)
    strip.semitones.setValue(-3)
    strip.cents.setValue(25)
    assert practice.pace == (0.6, -275.0)
    assert desk.player.pace == practice.pace
    assert strip.figure.text().strip() == "0.60×"
    strip.figure.click()
    assert practice.pace == (1.0, -275.0)
    practice.set_pace(cents=160.0)
    assert (strip.semitones.value(), strip.cents.value()) == (2, -40)
    strip.semitones.setValue(12)
    assert (practice.pace.cents, strip.cents.value()) == (1160.0, -40)
    press(desk, "practice")
    assert not strip.isVisible()


def test_numbers_are_typed_with_and_without_a_sign(desk: Program, song: int) -> None:
    press(desk, "practice")
    box = desk.window.strip.semitones
    for text, value in (("-5", -5), ("+4", 4), ("7", 7), ("12", 12)):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value
        assert desk.window.practice.pace.cents == 100 * value


def test_the_badge_tells_what_is_not_as_usual_even_without_the_strip(
    desk: Program, song: int
) -> None:
    badge = desk.window.badge
    assert not badge.isVisible()
    desk.window.practice.set_pace(0.75, -250.0)
    assert badge.isVisible()
    assert badge.text() == "0.75×   −2.5 st"
    assert badge.accessibleName() == "Practice: 0.75×   −2.5 st"
    desk.window.practice.set_pace(1.0, 0.0)
    assert not badge.isVisible()


def test_every_control_of_the_strip_is_named_and_reached_by_tab(desk: Program, song: int) -> None:
    press(desk, "practice")
    strip = desk.window.strip
    controls = [
        child
        for child in strip.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.isEnabled()
        and not isinstance(child.parent(), QAbstractSpinBox)
    ]
    assert len(controls) >= 10
    for control in controls:
        assert control.accessibleName(), control
        assert control.toolTip(), control.accessibleName()
    strip.speed.setFocus()
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in seen:
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    assert set(controls) <= set(seen)
    inside = [control for control in seen if control in controls]
    assert [control.x() for control in inside] == sorted(control.x() for control in inside)


def test_what_is_heard_otherwise_is_announced_once_it_rests(desk: Program, song: int) -> None:
    spoken: list[str] = []
    desk.window.helping.voice.spoken.connect(spoken.append)
    for speed in (0.9, 0.8, 0.7):
        desk.window.practice.set_pace(speed=speed)
    wait_for(lambda: spoken)
    desk.window.practice.set_pace(speed=1.0)
    wait_for(lambda: len(spoken) > 1)
    assert spoken == ["0.70×", "Heard as usual"]


# Count-in.


def test_counting_in_clicks_at_the_tempo_and_the_playhead_waits(desk: Program, song: int) -> None:
    practice = desk.window.practice
    press(desk, "count_in")
    practice.set_tempo(240.0)
    desk.axis.seek(2.0)
    press(desk, "play")
    pull(desk, RATE // 2)
    practice._count()
    assert practice.beats_left == 2
    assert desk.axis.playhead == 2.0
    assert "2" in desk.window.strip.count_in.text()
    pull(desk, RATE)
    practice._count()
    assert practice.beats_left == 0
    assert desk.axis.playhead == pytest.approx(2.5, abs=0.01)
    press(desk, "play")  # pause
    press(desk, "count_in")
    press(desk, "play")
    pull(desk, 4096)
    assert desk.player.count_in == 0.0


def test_beats_and_choice_are_remembered_and_off_at_first(
    qapp: QApplication, tmp_path: Path
) -> None:
    with open_desk(tmp_path) as first:
        assert not first.window.practice.counts_in
        assert first.window.practice.beats == 4
        first.window.practice.toggle_count_in()
        first.window.strip.beats.setValue(3)
        first.window.practice.toggle_strip()
    with open_desk(tmp_path) as again:
        assert again.window.practice.counts_in
        assert again.window.practice.beats == 3
        assert again.window.practice.shown


def test_the_tempo_is_an_undo_step_and_taps_set_it(
    desk: Program, song: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice, session = desk.window.practice, desk.session
    desk.window.strip.tempo.setValue(96.5)
    assert session.project.tempo == 96.5
    assert session.undo_stack.undoText() == "Tempo 96.5"
    session.undo_stack.undo()
    assert session.project.tempo == 120.0
    assert desk.window.strip.tempo.value() == 120.0
    now = [100.0]
    monkeypatch.setattr("app.practice.time.perf_counter", lambda: now[0])
    for gap in (0.0, 0.4, 0.4, 0.4):
        now[0] += gap
        press(desk, "tap")
    assert session.project.tempo == 150.0
    now[0] += 60.0  # much later: a new song
    press(desk, "tap")
    assert session.project.tempo == 150.0
    now[0] += 1.0
    press(desk, "tap")
    assert practice.tempo == 60.0


# A and B.


def measured(desk: Program) -> None:
    practice = desk.window.practice
    wait_for(lambda: practice.matched_gain(practice.comparison.heard) is not None)  # type: ignore[union-attr]


def test_two_lanes_take_turns_equally_loud_and_only_one_sounds(
    desk: Program, stems: tuple[int, int]
) -> None:
    high, low = stems
    desk.session.select(high)
    before = desk.session.project
    steps = desk.session.undo_stack.count()
    press(desk, "play")
    press(desk, "compare")
    assert desk.window.practice.comparison == Comparison(high, low)
    measured(desk)
    pull(desk, 8192)
    first = pull(desk, RATE)
    press(desk, "compare")
    pull(desk, 8192)
    second = pull(desk, RATE)
    assert hertz(first[0]) == pytest.approx(1000, abs=2)
    assert hertz(second[0]) == pytest.approx(300, abs=2)
    spectrum = np.abs(np.fft.rfft(first[0] * np.hanning(RATE)))
    assert 20 * np.log10(spectrum[300] / spectrum[1000]) < -100
    # 8 times the amplitude is 18 dB, which K-weighting changes by less than 1 between these.
    louder = desk.window.practice.matched_gain(high)
    assert louder == pytest.approx(-18.06, abs=1.0)
    assert desk.window.practice.matched_gain(low) == 0.0
    levels = [20 * np.log10(np.sqrt((part**2).mean())) for part in (first, second)]
    assert levels[0] == pytest.approx(levels[1], abs=1.0)
    assert desk.session.project is before
    assert desk.session.undo_stack.count() == steps
    press(desk, "compare_end")
    pull(desk, 8192)
    assert np.abs(pull(desk, RATE)).max() > 0.5  # all three lanes again


def test_switching_leaves_no_gap_and_no_click(desk: Program, stems: tuple[int, int]) -> None:
    _, low = stems
    desk.session.select(low)
    press(desk, "compare")
    measured(desk)
    press(desk, "play")
    pull(desk, RATE // 2)
    steepest = 0.08 * 2 * math.pi * 1000 / RATE
    for _ in range(6):
        press(desk, "compare")
        out = pull(desk, RATE // 4)
        assert np.abs(np.diff(out, axis=1)).max() < steepest + 0.08 / 100
        window = np.abs(out[0, : RATE // 8 // 441 * 441].reshape(-1, 441)).max(1)
        assert window.min() > 0.02  # every hundredth of a second sounds
        where = desk.player.position
    assert where == pytest.approx(0.5 + 6 * 0.25, abs=0.01)
    assert desk.player.dropouts == 0


def test_the_badge_says_which_is_heard_and_how_far_it_is_turned_down(
    desk: Program, stems: tuple[int, int]
) -> None:
    high, _ = stems
    desk.session.select(high)
    badge = desk.window.badge
    press(desk, "compare")
    measured(desk)
    QApplication.processEvents()
    gain = desk.window.practice.matched_gain(high)
    assert badge.text() == f"A Vocals −{abs(gain or 0):.1f} dB"
    press(desk, "compare")
    assert badge.text() == "B Instrumental 0 dB"
    press(desk, "clear")  # Esc
    assert not badge.isVisible()


def test_partners_are_the_other_stem_then_the_song_then_all_else(
    desk: Program, song: int, stems: tuple[int, int], tmp_path: Path
) -> None:
    high, low = stems
    path = tmp_path / "Other.wav"
    soundfile.write(path, tone(1.0).T, RATE)
    other = import_song(desk, path)
    practice = desk.window.practice
    assert practice.partners(high) == [low, song, other]
    assert practice.partners(song) == [high, low, other]
    desk.session.select(high)
    press(desk, "compare")
    press(desk, "compare_next")
    assert practice.comparison == Comparison(high, song, second=True)
    strip = desk.window.strip
    assert strip.partner.currentText() == "Song"
    practice.compare_with(other)
    assert practice.comparison == Comparison(high, other, second=True)
    desk.studio.remove(other)
    assert practice.comparison is None


def test_mute_and_solo_stay_as_they_are(desk: Program, stems: tuple[int, int]) -> None:
    high, low = stems
    desk.session.set_track(low, muted=True)
    desk.session.set_track(high, solo=True)
    desk.session.select(high)
    press(desk, "compare")
    press(desk, "compare")
    press(desk, "play")
    pull(desk, 8192)
    assert hertz(pull(desk, RATE)[0]) == pytest.approx(300, abs=2)
    press(desk, "compare_end")
    pull(desk, 8192)
    assert hertz(pull(desk, RATE)[0]) == pytest.approx(1000, abs=2)
    assert desk.session.lane(low).track.muted  # type: ignore[union-attr]


# Mute ranges.


def test_a_loop_in_the_selected_lane_is_muted_heard_written_and_undone(
    desk: Program, song: int, tmp_path: Path
) -> None:
    desk.window.actions_.refresh()
    assert not desk.window.actions_["mute_range"].isEnabled()
    desk.axis.set_loop(1.0, 2.0)
    press(desk, "mute_range")
    desk.axis.set_loop(None)
    track = desk.session.project.track(song)
    assert track is not None
    assert track.silences == ((1.0, 2.0),)
    assert desk.session.undo_stack.undoText() == "Mute 00:01.0 to 00:02.0 of Song"
    press(desk, "play")
    out = pull(desk, 3 * RATE)
    inside = slice(round(1.005 * RATE) + 1, round(1.995 * RATE) - 1)
    assert not out[:, inside].any()
    np.testing.assert_array_equal(out[:, :RATE], tone(6.0)[:, :RATE])
    np.testing.assert_array_equal(out[:, 2 * RATE :], tone(6.0)[:, 2 * RATE : 3 * RATE])
    wish = Export((track,), (track,), Encoding("wav", "float"), tmp_path, "{source}_{stem}")
    items = plan(wish)
    list(write(wish, items))
    for item in items:
        samples, _ = soundfile.read(item.path, dtype="float32", always_2d=True)
        assert not samples.T[:, inside].any(), item.path
    desk.session.undo_stack.undo()
    assert desk.session.project.track(song).silences == ()  # type: ignore[union-attr]


def test_the_selection_goes_before_the_loop_and_says_the_lane(
    desk: Program, song: int, stems: tuple[int, int]
) -> None:
    high, low = stems
    desk.session.select(high)
    desk.axis.set_loop(3.0, 4.0)
    desk.window.selection.set(low, Region.of(Box(0.5, 1.0, 100.0, 900.0)))
    press(desk, "mute_range")
    assert desk.session.lane(low).track.silences == ((0.5, 1.0),)  # type: ignore[union-attr]
    assert desk.session.lane(high).track.silences == ()  # type: ignore[union-attr]


def test_unmuting_frees_what_is_marked_or_all_of_the_lane(desk: Program, song: int) -> None:
    def silences() -> object:
        return desk.session.project.track(song).silences  # type: ignore[union-attr]

    desk.axis.set_loop(1.0, 3.0)
    press(desk, "mute_range")
    desk.axis.set_loop(1.5, 2.0)
    press(desk, "unmute_range")
    assert silences() == ((1.0, 1.5), (2.0, 3.0))
    desk.axis.set_loop(None)
    press(desk, "unmute_range")
    assert silences() == ()
    desk.window.actions_.refresh()
    assert not desk.window.actions_["unmute_range"].isEnabled()


def test_muting_while_it_plays_is_heard_without_a_click(desk: Program, song: int) -> None:
    press(desk, "play")
    pull(desk, RATE // 2)
    desk.axis.set_loop(0.0, 5.0)
    press(desk, "mute_range")
    out = pull(desk, RATE // 4)
    assert np.abs(np.diff(out, axis=1)).max() < 0.25 * 2 * math.pi * 440 / RATE + 0.25 / 100
    assert not out[:, 3000:].any()


def test_a_mute_range_is_hatched_over_its_lane(desk: Program, song: int) -> None:
    row = next(iter(desk.window.timeline._rows.values()))
    desk.axis.fit()
    row.canvas.grab()  # asks for its pictures
    wait_for(lambda: not desk.jobs.drawing)
    before = row.canvas.grab().toImage()
    desk.axis.set_loop(2.0, 4.0)
    press(desk, "mute_range")
    desk.axis.set_loop(None)
    QApplication.processEvents()
    after = row.canvas.grab().toImage()
    changed = [
        x
        for x in range(after.width())
        if any(before.pixel(x, y) != after.pixel(x, y) for y in range(0, after.height(), 3))
    ]
    share = after.width() / desk.axis.span
    left, right = (2.0 - desk.axis.start) * share, (4.0 - desk.axis.start) * share
    assert min(changed) == pytest.approx(left, abs=2)
    assert max(changed) == pytest.approx(right, abs=2)


def test_a_number_shows_its_sign_and_no_needless_zeros(qapp: QApplication) -> None:
    box = Number("n", "w", (-12, 12), signed=True)
    assert [box.textFromValue(v) for v in (-3, 0, 5)] == ["-3", "0", "+5"]
    fine = Number("n", "w", (20.0, 400.0), decimals=1)
    assert fine.textFromValue(120.0) == "120"
    assert fine.textFromValue(96.5) in ("96.5", "96,5")
    assert fine.valueFromText(fine.textFromValue(96.5)) == 96.5
