"""Commands: found in a menu, by name and by key; and keys that a person changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app import settings
from app.command import ON_NOTES
from app.commands import COMMANDS, MENUS, SCOPES
from app.shortcuts import Shortcuts, plain
from app.start import Program
from app.views.colorbar import ColorBar
from app.views.keys import KeysDialog
from app.views.palette import entries, rank
from tests.app.desk import import_song, open_desk
from tests.app.test_studio import song

DEFAULTS = {command.id: command.keys for command in COMMANDS}
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        yield program


def kept(tmp_path: Path) -> settings.Settings:
    return settings.load(settings.store(tmp_path / "settings"))


# The table


def inside(menu: QMenu) -> Iterator[QAction]:
    """The actions of a menu and of those in it."""
    for action in menu.actions():
        yield action  # a command may itself open a menu, as that of recent projects
        if action.menu() is not None:
            yield from inside(action.menu())


def test_every_command_is_in_a_menu_and_has_a_key_and_a_reason(desk: Program) -> None:
    menus = {menu.text(): menu.menu() for menu in desk.window.menuBar().actions()}
    assert list(menus) == list(MENUS)
    reachable = {action.objectName() for menu in menus.values() for action in inside(menu)}
    assert reachable - {""} == {command.id for command in COMMANDS}
    assert not [c.id for c in COMMANDS if not c.keys]
    assert not [c.id for c in COMMANDS if not c.why]


def test_no_two_commands_share_a_key_in_one_part_of_the_window() -> None:
    keys = [(command.scope, plain(key)) for command in COMMANDS for key in command.keys]
    assert all(key for _, key in keys)
    assert sorted(keys) == sorted(set(keys))


def test_a_key_on_notes_is_not_taken_from_what_it_does_elsewhere() -> None:
    shortcuts = Shortcuts(DEFAULTS, scopes=SCOPES)
    assert shortcuts.owner("Up") == "lane_up"
    assert shortcuts.owner("Up", scope=ON_NOTES) == "note_up"
    assert shortcuts.owner("Up", but="note_down") == "note_up"
    shortcuts.give("note_down", ("Up", "S"))
    assert shortcuts.keys("note_up") == ()
    assert shortcuts.keys("lane_up") == ("Up",)
    assert shortcuts.keys("solo") == ("S",)
    again = Shortcuts(DEFAULTS, shortcuts.kept(), SCOPES)
    assert again.keys("note_down") == ("Up", "S")
    assert again.keys("solo") == ("S",)


def test_every_key_of_the_table_runs_its_command(desk: Program) -> None:
    for command in COMMANDS:
        bound = [key.toString() for key in desk.window.actions_[command.id].shortcuts()]
        assert bound == [plain(key) for key in command.keys]


# Keys of one's own


def test_a_key_taken_over_is_gone_from_the_other_command_and_kept() -> None:
    shortcuts = Shortcuts(DEFAULTS)
    assert shortcuts.owner("Ctrl+E") == "separate"
    shortcuts.give("demo", ("Ctrl+E",))
    assert shortcuts.keys("demo") == ("Ctrl+E",)
    assert shortcuts.keys("separate") == ()
    again = Shortcuts(DEFAULTS, shortcuts.kept())
    assert again.keys("demo") == ("Ctrl+E",)
    assert again.keys("separate") == ()
    assert again.is_changed("separate")
    again.reset("separate")
    assert again.keys("separate") == ("Ctrl+E",)
    assert again.keys("demo") == ()
    again.reset()
    assert again.kept() == ""


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"gone": ["X"]}', '{"demo": 3}', '{"demo": [7]}'])
def test_damaged_keys_in_the_settings_do_no_harm(kept: str) -> None:
    shortcuts = Shortcuts(DEFAULTS, kept)
    assert shortcuts.keys("separate") == ("Ctrl+E",)


def test_a_key_is_changed_in_the_list_and_a_clash_is_shown_first(
    desk: Program, tmp_path: Path
) -> None:
    desk.window.actions_["keys"].trigger()
    (dialog,) = desk.window.findChildren(KeysDialog)
    dialog.search.setText("demo")
    dialog.choose("demo")
    dialog._change.click()
    dialog.press.setKeySequence(QKeySequence("Ctrl+E"))
    assert dialog._question.text() == "Ctrl+E runs “Separate vocals” now."
    assert dialog.take.text() == "Take it over"
    dialog.take.click()
    assert [k.toString() for k in desk.window.actions_["demo"].shortcuts()] == ["Ctrl+E"]
    assert desk.window.actions_["separate"].shortcuts() == []
    assert "(Ctrl+E)" in desk.window.actions_["demo"].toolTip()
    assert Shortcuts(DEFAULTS, kept(tmp_path).shortcuts).keys("demo") == ("Ctrl+E",)
    dialog._reset_all.click()
    assert kept(tmp_path).shortcuts == ""
    assert [k.toString() for k in desk.window.actions_["separate"].shortcuts()] == ["Ctrl+E"]
    dialog.close()


def test_escape_leaves_the_key_as_it_is(desk: Program) -> None:
    desk.window.actions_["keys"].trigger()
    (dialog,) = desk.window.findChildren(KeysDialog)
    dialog.choose("separate")
    dialog._change.click()
    assert dialog.press.isVisible()
    QTest.keyClick(dialog.press, Qt.Key.Key_Escape)
    assert not dialog.press.isVisible()
    assert dialog.isVisible()
    assert desk.window.actions_.shortcuts.kept() == ""
    dialog.close()


@pytest.mark.parametrize(
    ("query", "id"), [("ctrl+e", "separate"), ("separ", "separate"), ("f11", "full_screen")]
)
def test_the_list_is_searched_by_name_and_by_key(desk: Program, query: str, id: str) -> None:
    desk.window.actions_["keys"].trigger()
    (dialog,) = desk.window.findChildren(KeysDialog)
    dialog.search.setText(query)
    dialog.choose(id)
    assert dialog._chosen() == id
    assert dialog.table.rowCount() < 12
    dialog.close()


# The palette


def test_commands_are_ranked_by_how_well_they_fit() -> None:
    assert rank("sep", "Separate vocals") > rank("sep", "Open separately") > 0
    assert rank("voc sep", "Separate vocals") > 0
    assert rank("spv", "Separate vocals") > 0
    assert rank("zzz", "Separate vocals") == 0


def test_a_command_is_found_by_a_part_of_its_name_and_run_with_return(
    desk: Program, tmp_path: Path
) -> None:
    import_song(desk, song(tmp_path))
    desk.window.actions_["palette"].trigger()
    palette = desk.window.helping._palette
    assert palette.isVisible()
    QTest.keyClicks(palette._line, "full scr")
    assert palette._model.item(0).text() == "Full screen"
    QTest.keyClick(palette._line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert desk.window.isFullScreen()
    assert entries(desk.window.actions_, "", desk.window.helping._recent())[0].id == "full_screen"


def test_what_cannot_be_done_is_listed_with_the_reason_and_not_run(desk: Program) -> None:
    desk.window.actions_.refresh()
    (first, *_) = entries(desk.window.actions_, "go to end")
    assert (first.id, first.enabled, first.below) == ("end", False, "There is no song yet.")
    spoken: list[str] = []
    desk.window.helping.voice.spoken.connect(spoken.append)
    desk.window.actions_["palette"].trigger()
    palette = desk.window.helping._palette
    QTest.keyClicks(palette._line, "go to end")
    QTest.keyClick(palette._line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert spoken[-1] == "There is no song yet."
    palette.close()


# History and hints


def test_the_history_lists_every_change_and_goes_to_any(desk: Program, tmp_path: Path) -> None:
    id = import_song(desk, song(tmp_path))
    desk.session.set_track(id, gain_db=-3.0)
    desk.session.set_track(id, muted=True)
    desk.window.actions_["history"].trigger()
    assert desk.window.helping.history_is_open
    steps = desk.window.helping._history.steps
    texts = [steps.model().index(row, 0).data() for row in range(steps.model().rowCount())]
    assert texts == ["As it was opened", "Import Song.wav", "Change gain of Song", "Mute Song"]
    steps.setCurrentIndex(steps.model().index(1, 0))
    track = desk.session.lane(id).track
    assert (track.gain_db, track.muted) == (0.0, False)
    desk.window.actions_.refresh()
    assert desk.window.actions_["undo"].text() == "Undo: Import Song.wav"
    assert desk.window.actions_["redo"].text() == "Redo: Change gain of Song"


def test_hints_come_one_at_a_time_and_never_again(desk: Program, tmp_path: Path) -> None:
    hints = desk.window.helping.hints
    assert hints.isVisible()
    assert hints.number == 0
    hints.dismiss()
    assert not hints.isVisible()  # the next one fits once there is a song
    import_song(desk, song(tmp_path))
    QApplication.processEvents()
    assert hints.number == 1
    assert "Ctrl+E" in hints._text.text()
    desk.window.actions_.used.emit("separate")  # done: known
    assert hints.number == 2
    hints.dismiss()
    assert not hints.isVisible()
    desk.window.close()
    assert set(kept(tmp_path).hints_known.split(",")) == {"0", "1", "2"}


# Nothing by dragging alone


def press(desk: Program, id: str) -> None:
    desk.window.actions_.refresh()
    assert desk.window.actions_[id].isEnabled()
    desk.window.actions_[id].trigger()


def test_the_loop_is_set_with_keys(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    desk.axis.seek(1.0)
    press(desk, "loop_start")
    assert desk.axis.loop == pytest.approx((1.0, 3.0))
    desk.axis.seek(2.0)
    press(desk, "loop_end")
    assert desk.axis.loop == pytest.approx((1.0, 2.0))
    desk.axis.seek(0.5)
    press(desk, "loop_start")
    assert desk.axis.loop == pytest.approx((0.5, 2.0))


def test_gain_and_pan_are_set_with_keys_as_one_step(desk: Program, tmp_path: Path) -> None:
    id = import_song(desk, song(tmp_path))
    before = desk.session.undo_stack.count()
    for _ in range(3):
        press(desk, "louder")
    assert desk.session.lane(id).track.gain_db == pytest.approx(3.0)
    assert desk.session.undo_stack.count() == before + 1
    for _ in range(20):
        press(desk, "louder")
    assert desk.session.lane(id).track.gain_db == pytest.approx(12.0)
    for _ in range(12):
        press(desk, "pan_left")
    assert desk.session.lane(id).track.pan == pytest.approx(-1.0)
    press(desk, "usual_level")
    track = desk.session.lane(id).track
    assert (track.gain_db, track.pan) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("command", "kept"), [("next_colours", "colour_map"), ("next_scale", "scale")]
)
def test_a_view_goes_round_with_one_key(
    desk: Program, tmp_path: Path, command: str, kept: str
) -> None:
    import_song(desk, song(tmp_path))
    seen = []
    for _ in range(4):
        seen.append(getattr(desk.window.display, kept))
        press(desk, command)
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


def test_the_colour_range_is_set_with_keys(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    press(desk, "usual_levels")
    floor, top = desk.window.display.floor_db, desk.window.display.top_db
    press(desk, "floor_up")
    press(desk, "top_down")
    display = desk.window.display
    assert (display.floor_db, display.top_db) == (floor + 2, top - 2)
    bar = desk.window.findChildren(ColorBar)[0]
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Up)
    assert display.floor_db == floor + 4


# Kept for the next start


def test_the_layout_is_there_again_at_the_next_start(qapp: object, tmp_path: Path) -> None:
    with open_desk(tmp_path) as program:
        program.window.show()
        id = import_song(program, song(tmp_path))
        program.window.timeline._rows[id].own_height = 333
        program.window.jobs_view.toggle()
        program.window.toggle_inspector()
        program.window.close()
    with open_desk(tmp_path) as program:
        program.window.show()
        id = import_song(program, song(tmp_path))
        assert program.window.timeline._rows[id].own_height == 333
        assert program.window.jobs_view.is_open
        assert not program.window.inspector_wanted


def test_a_window_that_closes_keeps_what_another_one_changed(tmp_path: Path) -> None:
    store = settings.store(tmp_path)
    one, other = settings.load(store), settings.load(store)
    one.shortcuts = '{"demo": ["X"]}'
    settings.save(one, store)
    other.scale = "mel"
    settings.save(other, store)
    now = settings.load(settings.store(tmp_path))
    assert (now.shortcuts, now.scale) == ('{"demo": ["X"]}', "mel")


def test_language_and_size_are_kept_for_the_next_start(desk: Program, tmp_path: Path) -> None:
    desk.window.actions_["language_de"].trigger()
    desk.window.actions_["larger"].trigger()
    assert (kept(tmp_path).language, kept(tmp_path).scale_percent) == ("de", 125)
    assert not desk.window.actions_["language_en"].isChecked()
