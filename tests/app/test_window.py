from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QWidget

from app import settings, theme
from app.commands import COMMANDS
from app.start import Program
from app.views.keys import KeysDialog
from engine.events import State
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_studio import separated, song
from tests.watchdog import LIMIT


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        yield program


def press(desk: Program, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QApplication.processEvents()  # what a command may do follows one turn behind
    QTest.keyClick(desk.window, key, modifier or Qt.KeyboardModifier.NoModifier)
    QApplication.processEvents()


def drop(window: QWidget, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert not window._veil.isHidden()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), copy, data, left, none))
    assert window._veil.isHidden()


def test_songs_dropped_on_the_window_become_lanes_with_pictures(
    desk: Program, tmp_path: Path
) -> None:
    drop(desk.window, [song(tmp_path, 2.0, "One.wav"), song(tmp_path, 2.0, "Two.wav")])
    wait_for(lambda: len(desk.session.project.tracks) == 2)
    wait_for(lambda: desk.jobs.pictures > 0 and not desk.jobs.drawing)
    canvas = desk.window.timeline.canvas(desk.session.lanes[0].track.id)
    image = canvas.grab().toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(10, image.width(), 40)
        for y in range(10, image.height(), 20)
    }
    assert len(colours) > 10
    assert [lane.track.name for lane in desk.session.lanes] == ["One", "Two"]
    desk.session.select(desk.session.lanes[0].track.id)
    QApplication.processEvents()
    assert desk.window.windowTitle() == "One[*] – Melic"


def test_the_song_is_separated_with_one_key_and_fills_before_it_ends(
    desk: Program, tmp_path: Path
) -> None:
    import_song(desk, song(tmp_path, 12.0))
    press(desk, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: any(lane.filled for lane in desk.session.lanes))
    wait_for(lambda: len(desk.window.timeline._rows) == 3)
    wait_for(lambda: len(desk.session.project.tracks) == 3)
    assert all(lane.filled is None for lane in desk.session.lanes)
    press(desk, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.session.lanes) == 1
    press(desk, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.session.lanes) == 3


def test_keys_play_mute_solo_and_move_between_lanes(desk: Program, tmp_path: Path) -> None:
    separated(desk, song(tmp_path))
    press(desk, Qt.Key.Key_Space)
    assert desk.studio.transport.playing
    press(desk, Qt.Key.Key_Space)
    assert not desk.studio.transport.playing
    press(desk, Qt.Key.Key_Down)
    assert desk.session.lane(desk.session.selected).track.role == "vocals"
    press(desk, Qt.Key.Key_M)
    press(desk, Qt.Key.Key_S)
    track = desk.session.lane(desk.session.selected).track
    assert track.muted
    assert track.solo
    press(desk, Qt.Key.Key_End)
    assert desk.axis.playhead == pytest.approx(3.0)
    press(desk, Qt.Key.Key_L)
    assert desk.axis.loop == pytest.approx((0.0, 3.0))
    press(desk, Qt.Key.Key_Escape)
    assert desk.axis.loop is None
    press(desk, Qt.Key.Key_Delete)
    assert [lane.track.role for lane in desk.session.lanes] == ["mix", "instrumental"]


def test_a_focused_fader_keeps_the_arrow_keys_and_its_steps_are_one_undo(
    desk: Program, tmp_path: Path
) -> None:
    id = import_song(desk, song(tmp_path))
    header = desk.window.timeline._rows[id].header
    header._fader.setFocus()
    before = desk.session.undo_stack.count()
    for _ in range(3):
        QTest.keyClick(header._fader, Qt.Key.Key_Right)
    assert desk.session.lane(id).track.gain_db == pytest.approx(1.5)
    assert desk.session.undo_stack.count() == before + 1
    assert desk.session.undo_stack.undoText() == "Change gain of Song"
    assert header._gain.text() == "+1.5 dB"


def test_every_control_has_a_name_and_every_button_says_what_it_does(
    desk: Program, tmp_path: Path
) -> None:
    separated(desk, song(tmp_path))
    desk.window.ask_export()
    kinds = (QAbstractButton, QComboBox, QAbstractSlider)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for kind in kinds
        for widget in desk.window.findChildren(kind)
        if widget.isVisible() and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert not [name for name in nameless if not name.startswith("QScrollBar")]
    silent = [
        widget.accessibleName()
        for widget in desk.window.findChildren(QAbstractButton)
        if widget.isVisible() and not widget.toolTip() and not widget.text()
    ]
    assert not silent


def test_no_key_means_two_things() -> None:
    keys = [(command.scope, key) for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_the_shortcut_window_lists_every_command_that_has_a_key(desk: Program) -> None:
    press(desk, Qt.Key.Key_F2)
    (dialog,) = desk.window.findChildren(KeysDialog)
    table = dialog.findChildren(QWidget, "keys")[0]
    shown = {table.item(row, 0).text() for row in range(table.rowCount()) if table.item(row, 0)}
    assert {c.text.rstrip("…") for c in COMMANDS if c.keys} <= shown
    dialog.close()


def test_the_inspector_folds_away_where_there_is_no_room(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, 1.0))
    assert desk.window.inspector.isVisible()
    desk.window.resize(1024, 640)
    QApplication.processEvents()
    assert not desk.window.inspector.isVisible()
    assert desk.window.minimumSizeHint().width() <= 1024
    assert desk.window.width() == 1024


def test_a_failed_import_is_told_in_a_strip_and_in_the_list_of_jobs(
    desk: Program, tmp_path: Path
) -> None:
    (tmp_path / "Song.mp3").write_text("la la la\n" * 100)
    drop(desk.window, [tmp_path / "Song.mp3"])
    wait_for(lambda: desk.window.timeline._strips.count() == 1)
    (job,) = desk.jobs.jobs
    assert desk.jobs.status(job).state is State.FAILED
    strip = desk.window.timeline._strips.itemAt(0).widget()
    assert "Song.mp3" in strip.accessibleName()


def test_export_shows_the_names_and_writes_them(desk: Program, tmp_path: Path) -> None:
    separated(desk, song(tmp_path))
    desk.window.ask_export()
    dialog = desk.window._export
    assert dialog.files.names == ["Song_(Vocals).wav", "Song_(Instrumental).wav"]
    dialog._template.setText("{stem} - {source}")
    assert dialog.files.names == ["Vocals - Song.wav", "Instrumental - Song.wav"]
    dialog._go.click()
    wait_for(lambda: not desk.jobs.unfinished)
    vocals, rate = soundfile.read(tmp_path / "Vocals - Song.wav", dtype="float32")
    clip = desk.session.project.tracks[1].clip
    assert rate == 44_100
    assert np.abs(vocals.T - clip.read(0, clip.frames)).max() < 2**-22


def test_closing_while_a_job_runs_takes_less_than_two_seconds_and_leaves_nothing(
    desk: Program, tmp_path: Path
) -> None:
    import_song(desk, song(tmp_path, 120.0))
    desk.studio.separate()
    wait_for(lambda: any(lane.filled for lane in desk.session.lanes))
    asked: list[object] = []
    desk.window._sure = lambda *about: asked.append(about) or True
    folder = desk.scratch.folder
    began = time.monotonic()
    assert desk.close()
    assert time.monotonic() - began < 2.0
    assert len(asked) == 1
    assert not folder.exists()


def test_closing_asks_nothing_when_nothing_would_be_lost(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path, 1.0))
    asked: list[object] = []
    desk.window._sure = lambda *about: asked.append(about) or True
    desk.window.close()
    assert not asked


def test_choices_are_kept_for_the_next_start(desk: Program, tmp_path: Path) -> None:
    desk.window.display.set_analysis(scale="mel", n_fft=4096)
    desk.window.display.set_colour_map("grey")
    desk.window.close()
    kept = settings.load(settings.store(tmp_path / "settings"))
    assert (kept.scale, kept.n_fft, kept.colour_map) == ("mel", 4096, "grey")
    assert not kept.first_start


def test_the_light_and_the_dark_look_are_readable(desk: Program) -> None:
    for tokens in (theme.DARK, theme.LIGHT):
        for back in (tokens.canvas, tokens.panel, tokens.raised):
            for ink in (tokens.text, tokens.dim):
                assert contrast(ink, back) >= 4.5, (tokens.name, ink, back)
        for ink in (tokens.accent, tokens.danger, tokens.good, tokens.sound):
            assert contrast(ink, tokens.panel) >= 4.5, (tokens.name, ink)
        assert contrast(tokens.on_accent, tokens.accent) >= 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_window_never_stalls_while_a_song_is_opened_and_separated(
    desk: Program, tmp_path: Path
) -> None:
    path = song(tmp_path, 30.0)
    import_song(desk, song(tmp_path, 1.0, "First.wav"))  # what happens once only is done now
    wait_for(lambda: not desk.jobs.drawing)
    watched = QApplication.instance()
    watched.forget()
    mix = import_song(desk, path)
    job = desk.studio.separate(mix)
    desk.studio.transport.play_pause()
    wait_for(lambda: desk.jobs.status(job).ended)
    wait_for(lambda: not desk.jobs.drawing)
    assert desk.jobs.status(job).state is State.DONE
    assert 0 < watched.longest < LIMIT
