"""Models in the window: dropped, browsed, tried, compared, measured, removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import blind, settings
from app.modelling import Modelling, separator, speed_text
from app.start import Program
from app.studio import Trouble
from app.views.blind import BlindDialog
from app.views.budget import BudgetPanel
from app.views.models import ModelItem, ModelsDialog, OfferItem
from engine import cards, downloads, loader
from engine.events import State
from engine.jobs import Job
from engine.speeds import Speed
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_access import check
from tests.app.test_studio import song
from tests.tiny import tiny_card, tiny_net
from tests.watchdog import watch

YAML = "model:\n  num_stems: 1\ntraining:\n  target_instrument: vocals\n"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights", "downloads", "speeds"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    loader.unload()
    return tmp_path / "data"


@pytest.fixture
def desk(qapp: object, home: Path, tmp_path: Path) -> Iterator[Program]:
    kept = settings.store(tmp_path / "settings")
    kept.setValue("hints_known", "0,1,2")
    kept.sync()
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        yield program


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "Their_singer.ckpt"
    torch.save({"state_dict": tiny_net().state_dict()}, path)
    return path


def drop(program: Program, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    program.window.dropEvent(event)


def ended(program: Program, job: Job | None) -> State:
    assert job is not None
    wait_for(lambda: program.jobs.status(job).ended)
    return program.jobs.status(job).state


def troubles(program: Program) -> list[Trouble]:
    told: list[Trouble] = []
    program.studio.trouble.connect(told.append)
    return told


def browser(program: Program) -> ModelsDialog:
    program.window.actions_["models"].trigger()
    (dialog,) = program.window.findChildren(ModelsDialog)
    wanted = [*program.window.modelling.models(), *program.window.modelling.offered()]
    wait_for(lambda: all(dialog.item(each.id) for each in wanted))
    return dialog


def item(dialog: ModelsDialog, id: str) -> ModelItem:
    found = dialog.item(id)
    assert isinstance(found, ModelItem)
    return found


# Bringing one in


def test_a_dropped_checkpoint_becomes_the_model_that_separates(
    desk: Program, checkpoint: Path, tmp_path: Path
) -> None:
    song_ = import_song(desk, song(tmp_path))
    assert desk.studio.separator().id == "tiny"
    with watch():
        drop(desk, checkpoint)
        wait_for(lambda: cards.own_cards()[0] and not desk.jobs.unfinished)
    (card,) = cards.own_cards()[0]
    assert card.title == "Their singer"
    assert desk.studio.separator().id == card.id == desk.window.settings.separation_model
    assert "used from now on" in desk.jobs.status(desk.jobs.jobs[-1]).note
    menu = desk.window.actions_["separate_with"].menu()
    menu.aboutToShow.emit()
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["Their singer"]
    assert ended(desk, desk.studio.separate(song_)) is State.DONE
    assert desk.session.lanes[1].track.clip.origin.model == card.id
    assert len(desk.session.project.tracks) == 3  # nothing else came of the file


def test_a_configuration_dropped_with_it_is_used_and_alone_it_is_explained(
    desk: Program, checkpoint: Path, tmp_path: Path
) -> None:
    yaml = tmp_path / "else" / "anything.yaml"
    yaml.parent.mkdir()
    yaml.write_text(YAML.replace("num_stems: 1", "dim: 99"))
    told = troubles(desk)
    drop(desk, yaml)
    assert "belongs to a model" in told[-1].message
    drop(desk, yaml, checkpoint)
    wait_for(lambda: len(told) == 2)
    assert "it says dim 99" in told[-1].message
    assert cards.own_cards()[0] == []
    yaml.write_text(YAML.replace("vocals", "drums"))
    drop(desk, checkpoint, yaml)
    wait_for(lambda: cards.own_cards()[0])
    assert cards.own_cards()[0][0].outputs == ("drums", "without drums")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.ckpt", b"", "is empty"), ("b.safetensors", b"<!doctype html>", "is a web page"),
     ("c.pth", b"PK\x03\x04 half", "cut off or damaged")],
)  # fmt: skip
def test_a_bad_file_is_explained_and_nothing_is_kept(
    desk: Program, tmp_path: Path, home: Path, name: str, content: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(content)
    told = troubles(desk)
    drop(desk, tmp_path / name)
    wait_for(lambda: told)
    assert why in told[0].message
    assert told[0].hint
    assert not list(home.rglob("*.safetensors")) or desk.studio.separator().id == "tiny"
    assert cards.own_cards()[0] == []


def test_a_chosen_model_that_is_gone_gives_way_to_the_usual_one() -> None:
    kept = settings.Settings(separation_model="gone")
    assert separator(kept, tiny_card).id == "tiny"
    kept.effort = "best"
    assert separator(kept, tiny_card).shifts == 3


# The browser


def test_the_browser_shows_what_is_known_of_every_model(desk: Program) -> None:
    with watch():
        dialog = browser(desk)
        wait_for(lambda: not desk.jobs.unfinished)
    for card in cards.cards():
        text = " ".join(words.text() for words in item(dialog, card.id).findChildren(type(
            item(dialog, card.id).title)))  # fmt: skip
        assert card.title in text
        assert card.licence in text
        assert card.source in text
        for name, figure in card.figures.items():
            assert f"{name}: {figure}" in text
        assert not item(dialog, card.id).remove.isVisible()
    check(dialog)
    dialog.close()


def test_a_model_is_chosen_measured_unloaded_and_removed_in_the_browser(
    desk: Program, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modelling = desk.window.modelling
    dialog = browser(desk)
    dialog.add([checkpoint])
    wait_for(lambda: not desk.jobs.unfinished and dialog.item("their-singer"))
    mine = item(dialog, "their-singer")
    wait_for(lambda: "in use" in mine.mark.text())
    assert not mine.use.isEnabled()
    usual = cards.cards("separate")[0]
    item(dialog, usual.id).use.click()
    wait_for(lambda: mine.use.isEnabled())
    assert desk.studio.separator().id == usual.id
    mine.use.click()
    assert "not measured" in mine.speed.text()
    mine.measure.click()
    job = modelling.job("their-singer")
    assert ended(desk, job) is State.DONE
    speed = modelling.speed(mine.card)
    assert speed is not None
    wait_for(lambda: mine.speed.text() == speed_text(speed))
    wait_for(lambda: "in memory" in mine.mark.text())
    mine.unload.click()
    wait_for(lambda: "in memory" not in mine.mark.text())
    assert loader.loaded() == frozenset()
    asked: list[str] = []
    answers = iter((False, True))

    def really(title: str) -> bool:
        asked.append(title)
        return next(answers)

    desk.window.projects.questions.really_remove = really
    mine.remove.click()
    assert asked == ["Their singer"]
    assert len(cards.own_cards()[0]) == 1
    mine.remove.click()
    wait_for(lambda: not cards.own_cards()[0] and dialog.item("their-singer") is None)
    assert desk.studio.separator().id == "tiny"
    dialog.close()


def test_what_can_be_downloaded_is_offered_and_trouble_is_told_where_one_looks(
    desk: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(downloads, "_check_room", lambda _: None)
    (wanted, *_) = downloads.published()
    dialog = browser(desk)
    offer = dialog.item(wanted.id)
    assert isinstance(offer, OfferItem)
    offer.load.click()
    wait_for(lambda: not desk.jobs.unfinished and dialog._strip.isVisible())
    assert "There is no connection to 127.0.0.1" in dialog._strip.text()
    wait_for(offer.load.isEnabled)
    dialog.close()


# Trying and comparing


def test_a_model_is_tried_on_ten_seconds_from_the_playhead(desk: Program, tmp_path: Path) -> None:
    mix = import_song(desk, song(tmp_path, 14.0))
    desk.axis.seek(3.0)
    desk.session.select(mix)
    modelling = desk.window.modelling
    assert ended(desk, modelling.try_out(tiny_card())) is State.DONE
    lane = desk.session.lanes[-1].track
    assert desk.axis.loop == pytest.approx((3.0, 13.0), abs=1e-3)
    assert lane.solo
    assert lane.clip.seconds == pytest.approx(14.0)
    rate = lane.clip.rate
    assert not lane.clip.read(0, round(2.99 * rate)).any()
    assert lane.clip.read(round(3.5 * rate), round(12.5 * rate)).any()
    assert not lane.clip.read(round(13.01 * rate), lane.clip.frames).any()
    assert desk.studio.can_separate(mix)  # a try is no separation
    desk.session.select(mix)
    assert ended(desk, modelling.try_out(tiny_card())) is State.DONE
    assert [t.solo for t in desk.session.project.tracks] == [False, False, True]
    desk.session.undo_stack.undo()
    assert [t.solo for t in desk.session.project.tracks] == [False, True]


def test_a_model_that_transcribes_is_tried_too(desk: Program, tmp_path: Path) -> None:
    mix = import_song(desk, song(tmp_path, 4.0))
    desk.session.select(mix)
    card = next(c for c in cards.cards("transcribe") if c.family != "basic_pitch")
    assert ended(desk, desk.window.modelling.try_out(card)) is State.DONE
    melody = desk.session.project.tracks[-1].melody
    assert melody is not None
    assert all(0 <= note.start < 4.0 for note in melody.notes)


def test_two_lanes_are_compared_blindly_at_one_loudness(desk: Program, tmp_path: Path) -> None:
    mix = import_song(desk, song(tmp_path, 6.0))
    assert ended(desk, desk.studio.separate(mix)) is State.DONE
    _, a, b = (track.id for track in desk.session.project.tracks)
    desk.window.actions_.refresh()
    desk.window.actions_["compare_blind"].trigger()
    (dialog,) = desk.window.findChildren(BlindDialog)
    for chooser, id in ((dialog.first, a), (dialog.second, b)):
        chooser.setCurrentIndex(chooser.findData(id))
    dialog.first.activated.emit(0)
    compared = desk.window.blind
    wait_for(lambda: compared.ready)
    check(dialog)
    gains = [compared.gain(id) for id in (a, b)]
    assert max(gains) == 0.0
    assert min(gains) == pytest.approx(-abs(compared._loud[a] - compared._loud[b]))
    heard = {}
    for which in ("a", "b"):
        QTest.keyClick(dialog, {"a": Qt.Key.Key_A, "b": Qt.Key.Key_B}[which])
        (track,) = desk.studio.player._tracks
        assert track.id == blind.NOBODY
        heard[which] = track.clip
    for _ in range(12):
        dialog.buttons["x"].click()
        (track,) = desk.studio.player._tracks
        true = "a" if track.clip is heard["a"] else "b"
        QTest.keyClick(dialog, Qt.Key.Key_1 if true == "a" else Qt.Key.Key_2)
        assert dialog.told.text() == "That was right."
    assert (compared.right, compared.count) == (12, 12)
    assert "12 of 12 right" in dialog.score.text()
    assert "You hear it." in dialog.score.text()
    assert ended(desk, compared.difference()) is State.DONE
    assert desk.session.project.tracks[-1].muted
    dialog.close()
    assert len(desk.studio.player._tracks) == len(desk.session.project.tracks)


def test_guessing_is_told_from_hearing() -> None:
    assert blind.chance(0, 8) == 1.0
    assert blind.chance(8, 8) == pytest.approx(1 / 256)
    assert blind.chance(4, 8) > 0.5


# The budget


def test_the_budget_says_what_a_song_will_take(
    desk: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix = import_song(desk, song(tmp_path, 4.0))
    desk.session.select(mix)
    (panel,) = desk.window.findChildren(BudgetPanel)
    assert panel.isVisible()
    assert "not known" in panel.cost.text()
    speed = Speed("cpu", 0.1, 0.1, 2, 0.0, 600_000_000)
    monkeypatch.setattr(Modelling, "speed", lambda *_: speed)
    panel.refresh()
    usual = panel.cost.text()
    assert usual == "about 60 s, 600 MB of memory"
    panel.budget.setValue(2)
    assert desk.window.settings.effort == "best"
    assert panel.name.text() == "Best"
    assert panel.cost.text() == "about 3 min, 600 MB of memory"
    assert desk.studio.separator().shifts == 3
    check(desk.window)
    assert panel.mapTo(desk.window, QPoint(0, 0)).x() > 900
    assert ended(desk, desk.studio.separate(mix)) is State.DONE
    assert not panel.isVisible()
