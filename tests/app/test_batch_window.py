"""The batch window: chains, songs, states, holding, ending and going on, by real work."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app import settings as remembered
from app.batching import Draft, draft_of
from app.start import Program
from app.views.batch import BatchDialog
from app.views.batch_table import Columns, ItemModel
from app.views.chain_editor import ChainEditor
from engine.batch import Found, Item, ItemState
from engine.chain import FOLDER, Chain, parse, read_chain, save_chain
from engine.events import Progress, State, Work
from engine.report import JSON_NAME
from engine.steps import SONG, Export
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_access import check
from tests.conftest import tone

RATE = 8_000
COPY = Chain("Copy", (Export((SONG,), "flac"),))
MP3 = Chain("Slow copy", (Export((SONG,), "mp3"),))


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    kept = remembered.store(tmp_path / "settings")
    kept.setValue("batch_chain", str(save_chain(COPY, tmp_path / "chains")))
    kept.setValue("batch_folder", str(tmp_path / "out"))
    kept.setValue("hints_known", "0,1,2")
    kept.sync()
    with open_desk(tmp_path) as program:
        program.window.show()
        yield program


@pytest.fixture
def dialog(desk: Program) -> BatchDialog:
    desk.window.actions_["batch"].trigger()
    dialog = desk.window.findChild(BatchDialog)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """A folder of two songs, one further down, and a file that is none."""
    folder = tmp_path / "Songs"
    for name in ("1.wav", "CD 2/歌 🎵.wav"):
        write_song(folder / name)
    (folder / "2.mp3").write_text("no song")
    return folder


def write_song(path: Path, seconds: float = 0.5) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, RATE, 1).T, RATE)
    return path


def cell(dialog: BatchDialog, row: int, column: Columns) -> str:
    model = dialog._table.model()
    return str(model.data(model.index(row, column)))


def column(dialog: BatchDialog, which: Columns) -> list[str]:
    return [cell(dialog, row, which) for row in range(dialog._table.model().rowCount())]


def add(desk: Program, dialog: BatchDialog, *paths: Path) -> None:
    known = len(desk.window.batching.items)
    dialog.add(list(paths))
    wait_for(lambda: len(desk.window.batching.items) > known)
    dialog.refresh()


def finish(desk: Program, dialog: BatchDialog) -> None:
    wait_for(lambda: not desk.window.batching.running)
    dialog.refresh()


def test_a_folder_is_added_made_and_reported(
    desk: Program, dialog: BatchDialog, songs: Path, tmp_path: Path
) -> None:
    assert not dialog._go.isEnabled()
    add(desk, dialog, songs)
    assert column(dialog, Columns.SONG) == [
        "Songs/1.wav", "Songs/2.mp3", "Songs/CD 2/歌 🎵.wav",
    ]  # fmt: skip
    assert column(dialog, Columns.STATE) == ["Waiting"] * 3
    QTest.mouseClick(dialog._go, Qt.MouseButton.LeftButton)
    job = desk.window.batching.job
    assert job is not None
    finish(desk, dialog)
    assert column(dialog, Columns.STATE) == ["Done", "Failed", "Done"]
    assert column(dialog, Columns.PROGRESS)[::2] == ["100 %", "100 %"]
    assert cell(dialog, 0, Columns.WORDS) == "1_(Mix).flac"
    assert "is text, not sound" in cell(dialog, 1, Columns.WORDS)
    assert (tmp_path / "out" / "Songs" / "CD 2" / "歌 🎵_(Mix).flac").is_file()
    assert dialog._state.text() == "2 done, 1 failed"
    status = desk.jobs.status(job)
    assert status.state is State.DONE
    assert status.note == "2 done, 1 failed"
    assert dialog._report.isEnabled()
    report = desk.window.batching.report_file
    assert report == tmp_path / "out" / JSON_NAME
    assert report is not None
    assert json.loads(report.read_text("utf-8"))["counts"] == {"done": 2, "failed": 1}
    assert not dialog._go.isEnabled()


def test_what_was_done_is_skipped_and_a_song_is_tried_again_by_hand(
    desk: Program, dialog: BatchDialog, songs: Path
) -> None:
    add(desk, dialog, songs)
    dialog._go.click()
    finish(desk, dialog)
    desk.window.batching.set_target(desk.window.batching.target)  # as at another start
    assert column(dialog, Columns.STATE) == ["Waiting"] * 3
    dialog._go.click()
    finish(desk, dialog)
    assert column(dialog, Columns.STATE) == ["Done before", "Failed", "Done before"]
    (songs / "2.mp3").unlink()
    soundfile.write(songs / "2.mp3", tone(0.5, RATE, 1).T, RATE, format="MP3")
    dialog._table.selectRow(1)
    assert dialog._copy.isEnabled()
    dialog._copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "2.mp3" in copied
    assert "is text, not sound" in copied
    dialog._retry.click()
    finish(desk, dialog)
    assert column(dialog, Columns.STATE) == ["Done before", "Done", "Done before"]
    assert not dialog._copy.isEnabled()


def test_it_is_held_gone_on_with_ended_within_a_second_and_begun_again(
    desk: Program, dialog: BatchDialog, songs: Path, tmp_path: Path
) -> None:
    batching = desk.window.batching
    write_song(songs / "0.wav", 900.0)
    (songs / "2.mp3").unlink()
    assert batching.use_chain(save_chain(MP3, tmp_path / "chains"))
    add(desk, dialog, songs)
    dialog._go.click()
    wait_for(lambda: batching.items[0].state is ItemState.RUNNING and batching.items[0].share > 0.1)
    dialog.refresh()
    assert dialog._go.accessibleName() == "Pause"
    assert not dialog._chains.isEnabled()
    assert cell(dialog, 0, Columns.STATE) == "Running"
    dialog._go.click()
    wait_for(lambda: "Paused" in getattr(batching.progress, "note", ""))
    held = batching.items
    time.sleep(0.15)
    assert batching.items == held
    dialog.refresh()
    assert "paused" in dialog._state.text()
    assert dialog._go.accessibleName() == "Go on"
    dialog._go.click()
    wait_for(lambda: batching.items != held)
    asked = time.monotonic()
    dialog._cancel.click()
    wait_for(lambda: not batching.running)
    assert time.monotonic() - asked < 1.0
    dialog.refresh()
    assert column(dialog, Columns.STATE) == ["Waiting"] * 3
    assert not list((tmp_path / "out").rglob("*.mp3"))
    dialog._table.selectRow(0)
    QTest.keyClick(dialog._table, Qt.Key.Key_Delete)
    dialog.refresh()
    assert column(dialog, Columns.SONG) == ["Songs/1.wav", "Songs/CD 2/歌 🎵.wav"]
    dialog._go.click()
    finish(desk, dialog)
    assert column(dialog, Columns.STATE) == ["Done", "Done"]


def test_a_persons_own_separation_goes_before_the_rest_of_a_batch(
    desk: Program, dialog: BatchDialog, songs: Path, tmp_path: Path
) -> None:
    batching = desk.window.batching
    write_song(songs / "0.wav", 900.0)
    batching.use_chain(save_chain(MP3, tmp_path / "chains"))
    mix = import_song(desk, songs / "1.wav")
    add(desk, dialog, songs)
    dialog._go.click()
    wait_for(lambda: batching.items[0].state is ItemState.RUNNING and batching.items[0].share > 0.1)
    over = False

    def slow() -> Work:
        while not over:
            time.sleep(0.01)
            yield Progress(0.5)

    desk.jobs.submit("Another", slow, "heavy")
    wait_for(lambda: batching.gives_way)
    held = batching.items
    dialog.refresh()
    assert cell(dialog, 0, Columns.WORDS) == "Waits for your own separation"
    assert "goes first" in dialog._state.text()
    own = desk.studio.separate(mix)
    assert own is not None
    over = True
    wait_for(lambda: desk.jobs.status(own).ended)
    assert desk.jobs.status(own).state is State.DONE
    assert batching.items[0].state is ItemState.RUNNING  # it stood still meanwhile
    assert abs(batching.items[0].share - held[0].share) < 0.5
    wait_for(lambda: not batching.gives_way and batching.items[0].share > held[0].share)
    batching.cancel()
    finish(desk, dialog)


def test_songs_are_dropped_on_the_window(desk: Program, dialog: BatchDialog, songs: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(songs)), QUrl("https://example.org/song.wav")])
    event = QDropEvent(
        QPoint(40, 200), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    dialog.dropEvent(event)
    wait_for(lambda: len(desk.window.batching.items) == 3)


def test_a_folder_without_songs_and_a_target_that_cannot_be_used_are_told_in_the_window(
    desk: Program, dialog: BatchDialog, songs: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    dialog.add([tmp_path / "empty"])
    wait_for(lambda: dialog._strip.isVisible())
    assert "no sound to open in empty" in dialog._strip.text()
    (tmp_path / "file").write_text("x")
    desk.window.batching.set_target(tmp_path / "file")
    add(desk, dialog, songs)
    assert not dialog._strip.isVisible()
    dialog._go.click()
    finish(desk, dialog)
    assert dialog._strip.isVisible()
    assert "file" in dialog._strip.text()
    assert column(dialog, Columns.STATE) == ["Waiting"] * 3


def test_chains_are_listed_chosen_and_a_broken_one_is_told(
    desk: Program, dialog: BatchDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [dialog._chains.itemText(row) for row in range(dialog._chains.count())]
    names = [read_chain(path).name for path in sorted(FOLDER.glob("*.toml"))]
    assert shown[: len(names)] == names
    assert dialog._chains.currentText().startswith("Copy")
    dialog._chains.setCurrentIndex(1)
    dialog._chains.activated.emit(1)
    assert desk.window.batching.chain == read_chain(sorted(FOLDER.glob("*.toml"))[1])
    assert dialog._about.text() == desk.window.batching.chain.about
    broken = tmp_path / "Broken.toml"
    broken.write_text('name = "x"\n[[step]]\ndo = "exprot"', "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(broken), ""))
    last = dialog._chains.count() - 1
    dialog._chains.activated.emit(last)
    assert "line 3" in dialog._strip.text()
    assert "“export”" in dialog._strip.text()
    assert dialog._chains.currentText() == read_chain(sorted(FOLDER.glob("*.toml"))[1]).name


def test_a_chain_is_ticked_together_saved_and_used(
    desk: Program, dialog: BatchDialog, qtbot: object
) -> None:
    dialog._edit.click()
    editor = dialog.findChild(ChainEditor)
    assert editor is not None
    assert [tick.isChecked() for tick in editor._ticks.values()] == [False, False, True]
    editor._ticks[SONG].setChecked(False)
    assert not editor._save.isEnabled()
    assert "Nothing is ticked" in editor._names.text()
    editor._practice.setChecked(True)
    editor._level.setValue(-9.0)
    editor._template.setText("{artist}")
    assert not editor._save.isEnabled()
    assert "{artist}" in editor._names.text()
    editor._template.setText("{stem} of {source}")
    assert editor._names.text() == "Practice of Song.flac"
    editor._name.setText("Üben 🎵")
    check(editor)
    editor._save.click()
    chain = desk.window.batching.chain
    assert chain.name == "Üben 🎵"
    assert draft_of(chain) == Draft(
        "Üben 🎵", (), -9.0, "flac", "24", "{stem} of {source}"
    )  # fmt: skip
    assert read_chain(desk.window.batching.chain_file) == chain
    assert dialog._chains.currentText().startswith("Üben 🎵")
    desk.window.batching.chain_file.unlink()


def test_the_editor_knows_the_bundled_chains_and_says_when_one_is_beyond_it(
    desk: Program, dialog: BatchDialog
) -> None:
    for path in sorted(FOLDER.glob("*.toml")):
        chain = read_chain(path)
        draft = draft_of(chain)
        if path.stem == "karaoke":  # it makes the file fit, which cannot be ticked
            assert draft is None
        else:
            assert draft is not None
            assert draft.chain().digest == Chain(chain.name, draft.chain().steps).digest
    assert draft_of(parse('name = "x"\n[[step]]\ndo = "export"\nwhat = ["song"]\nformat = "mp3"\n'
                          "kbps = 192")) is None  # fmt: skip
    desk.window.batching.use_chain(FOLDER / "karaoke.toml")
    dialog._edit.click()
    editor = dialog.findChild(ChainEditor)
    assert editor is not None
    assert editor._name.text() == "Karaoke, my way"
    editor.reject()


def test_everything_has_a_name_a_tooltip_and_its_place_in_the_order_of_tab(
    desk: Program, dialog: BatchDialog, songs: Path
) -> None:
    add(desk, dialog, songs)
    dialog._table.selectRow(0)
    check(dialog)


def test_the_table_keeps_what_is_selected_while_songs_come_and_go(
    desk: Program, dialog: BatchDialog
) -> None:
    model = dialog._table.model()
    assert isinstance(model, ItemModel)
    items = [Item(number, Path(f"{number}.wav")) for number in range(1, 6)]
    model.show(items)
    dialog._table.selectRow(2)
    model.show([items[0], items[2], items[4], Item(9, Path("9.wav"))])
    assert [index.row() for index in dialog._table.selectionModel().selectedRows()] == [1]
    assert column(dialog, Columns.SONG) == ["1.wav", "3.wav", "5.wav", "9.wav"]
    many = [Item(number, Path(f"{number}.wav")) for number in range(10_000)]
    for change in (many, many[5_000:], many[:3]):
        began = time.thread_time()
        model.show(change)
        assert time.thread_time() - began < 0.05
        assert model.rowCount() == len(change)


def test_a_long_job_is_told_when_nobody_looks_unless_that_is_switched_off(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[object, ...]] = []
    notices = desk.window.notices
    monkeypatch.setattr("app.notices.LONG_SECONDS", 0.05)
    monkeypatch.setattr(notices, "tell", lambda *words: told.append(words))

    def work(seconds: float, fault: bool = False) -> Work:
        yield Progress(0.0)
        time.sleep(seconds)
        if fault:
            raise ValueError("broken")

    def run(title: str, *how: object) -> None:
        job = desk.jobs.submit(title, lambda: work(*how))  # type: ignore[arg-type]
        wait_for(lambda: desk.jobs.status(job).ended)

    run("Short", 0.0)
    assert told == []
    run("Long", 0.1)
    run("Broken", 0.1, True)
    assert told == [("Done", "Long", True), ("Failed", "Broken", False)]
    action = desk.window.actions_["notify"]
    assert action.isChecked()
    action.trigger()
    assert not desk.window.settings.notify
    run("Unheard", 0.1)
    assert len(told) == 2


def test_a_failure_can_be_copied_from_the_closed_list_of_jobs(desk: Program) -> None:
    def work() -> Work:
        yield Progress(0.0)
        raise ValueError("something odd")

    job = desk.jobs.submit("Break", work)
    wait_for(lambda: desk.jobs.status(job).ended)
    view = desk.window.jobs_view
    QApplication.processEvents()
    assert view._copy.isVisible()
    view._copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Break\n")
    assert "ValueError: something odd" in copied


def test_a_batch_of_found_songs_is_not_doubled(desk: Program, songs: Path) -> None:
    batching = desk.window.batching
    batching.add([songs])
    batching.add([songs, songs / "1.wav"])
    wait_for(lambda: len(batching.items) == 3)
    assert Found(batching.items[0].source, batching.items[0].place) == Found(
        songs / "1.wav", Path("Songs")
    )
