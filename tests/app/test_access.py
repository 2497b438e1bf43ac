"""What people get who hear the window, or have no mouse: names, an order, and word of changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollBar,
    QWidget,
)

from app import settings
from app.main_window import MainWindow
from app.reading import stops
from app.start import Program
from app.studio import Trouble
from app.voice import progress_words
from engine.events import Progress, Work
from tests.app.desk import import_song, open_desk, wait_for
from tests.app.test_studio import separated, song

INTERACTIVE = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractSpinBox, QLineEdit)
OF_QT = ("qt_", "QComboBoxPrivate", "ScrollLeftButton", "ScrollRightButton")


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Program]:
    kept = settings.store(tmp_path / "settings")
    kept.setValue("hints_known", "0,1,2")
    kept.sync()
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        QApplication.processEvents()
        yield program


def is_part_of_another(widget: QWidget) -> bool:
    """Whether Qt made it as the inside of a control that has a name itself."""
    parent = widget.parentWidget()
    name = widget.objectName()
    return (
        isinstance(widget, QScrollBar | QMenu)
        or name.startswith(OF_QT)
        or isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit)
    )


def tree(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Every visible object that a screen reader can reach from here."""
    yield top
    if isinstance(top.object(), QAbstractItemView):
        return  # its cells are made as they are asked for, and belong to it
    for number in range(top.childCount()):
        child = top.child(number)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from tree(child)


def unnamed(window: QWidget) -> list[str]:
    """Focusable or interactive things without a name, in the tree of the real window."""
    missing = []
    for each in tree(QAccessible.queryAccessibleInterface(window)):
        widget = each.object()
        if not isinstance(widget, QWidget) or is_part_of_another(widget):
            continue
        stops_tab = widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not (isinstance(widget, INTERACTIVE) or stops_tab) or widget is window:
            continue
        if not each.text(QAccessible.Text.Name).strip():
            missing.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
        if each.role() == QAccessible.Role.NoRole:
            missing.append(f"no role: {each.text(QAccessible.Text.Name)}")
    return missing


def unexplained(window: QWidget) -> list[str]:
    """Controls in view without a tooltip that says what and why; a canvas may describe itself."""
    return [
        f"{type(widget).__name__} “{widget.accessibleName()}”"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, INTERACTIVE) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not is_part_of_another(widget)
        and not (widget.toolTip() or widget.accessibleDescription())
    ]


def chain(window: QWidget) -> list[QWidget]:
    """Where Tab stops, in its order, which is a ring, beginning at the first to be read."""
    found, here = [], window.nextInFocusChain()
    while here is not window:
        if (
            here.isVisibleTo(window)
            and here.isEnabled()
            and here.window() is window
            and here.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not here.focusProxy()
        ):
            found.append(here)
        here = here.nextInFocusChain()
    first = next((found.index(stop) for stop in stops(window) if stop in found), 0)
    return found[first:] + found[:first]


def goes_back(one: QWidget, other: QWidget, window: QWidget) -> bool:
    """Whether `other` should have been read before `one`: above it, or left of it in its row."""
    a, b = (QRect(w.mapTo(window, QPoint(0, 0)), w.size()) for w in (one, other))
    same_row = min(a.bottom(), b.bottom()) - max(a.top(), b.top()) > min(a.height(), b.height()) / 2
    if same_row:
        return b.right() <= a.left()
    return b.bottom() <= a.top() and b.left() <= a.right()


def check(window: QWidget, told: bool = True) -> None:
    """Names, tooltips and the order of Tab, all of them."""
    QApplication.processEvents()
    if isinstance(window, MainWindow):
        wait_for(lambda: window.helping.settled)
    assert not unnamed(window)
    if told:
        assert not unexplained(window)
    order = chain(window)
    wanted = {w for w in stops(window) if w.isVisibleTo(window) and w.isEnabled()}
    skipped = [w.accessibleName() for w in wanted - set(order) if not is_part_of_another(w)]
    assert not skipped
    back = [
        f"{one.accessibleName()} → {other.accessibleName()}"
        for one, other in pairwise(order)
        if goes_back(one, other, window)
    ]
    assert not back


def test_the_empty_window_has_names_and_an_order(desk: Program) -> None:
    check(desk.window)


def test_the_window_with_a_song_has_names_and_an_order(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    check(desk.window)


def test_the_window_with_stems_messages_and_jobs_has_names_and_an_order(
    desk: Program, tmp_path: Path
) -> None:
    separated(desk, song(tmp_path))
    import_song(desk, song(tmp_path, 1.0, "Two.wav"))
    desk.window.jobs_view.toggle()
    lane = desk.session.lanes[1].track.id
    desk.studio.trouble.emit(Trouble("It broke.", "Mend it.", "details", lane))
    desk.studio.trouble.emit(Trouble("It broke, too.", "Mend it.", "details"))
    check(desk.window)


def test_a_hint_can_be_reached_and_dismissed_with_the_keyboard(desk: Program) -> None:
    desk.window.actions_["hints"].trigger()
    hints = desk.window.helping.hints
    assert hints.isVisible()
    assert not unnamed(desk.window)
    QApplication.processEvents()
    button = next(w for w in chain(desk.window) if w.parent() is hints)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert hints.number != 0


@pytest.mark.parametrize("id", ["listen", "select_box", "tool_brush", "tool_harmonic", "jobs"])
def test_every_panel_has_names_and_an_order(desk: Program, tmp_path: Path, id: str) -> None:
    separated(desk, song(tmp_path))
    desk.window.actions_.refresh()
    desk.window.actions_[id].trigger()
    wait_for(lambda: not desk.jobs.unfinished)
    check(desk.window)
    desk.window.actions_["clear"].trigger()


def test_rows_of_jobs_that_come_while_the_list_is_open_are_in_order(
    desk: Program, tmp_path: Path
) -> None:
    separated(desk, song(tmp_path))
    desk.window.jobs_view.toggle()
    wait_for(lambda: not desk.jobs.unfinished)
    check(desk.window)

    def nothing() -> Work:
        yield Progress(1.0, "Doing nothing")

    desk.jobs.submit("Nothing", nothing, "light", lambda event: None)  # a row, and no lane
    wait_for(lambda: not desk.jobs.unfinished)
    check(desk.window)


@pytest.mark.parametrize(
    "id", ["keys", "about", "export", "history", "palette", "batch", "models", "compare_blind"]
)
def test_every_dialog_has_names_and_an_order(desk: Program, tmp_path: Path, id: str) -> None:
    separated(desk, song(tmp_path))
    before = set(QApplication.topLevelWidgets())
    desk.window.actions_.refresh()
    desk.window.actions_[id].trigger()
    QApplication.processEvents()
    opened = [w for w in QApplication.topLevelWidgets() if w not in before and w.isVisible()] or [
        w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not desk.window
    ]
    for dialog in opened:
        check(dialog)
        dialog.close()
    assert opened


def test_tab_leaves_every_control(desk: Program, tmp_path: Path) -> None:
    import_song(desk, song(tmp_path))
    QApplication.processEvents()
    window = desk.window
    window.activateWindow()
    for stop in chain(window):
        stop.setFocus()
        QTest.keyClick(stop, Qt.Key.Key_Tab)
        assert window.focusWidget() is not stop, stop.accessibleName()


def test_changes_are_announced(desk: Program, tmp_path: Path) -> None:
    spoken: list[str] = []
    desk.window.helping.voice.spoken.connect(spoken.append)
    separated(desk, song(tmp_path))
    assert "Separate Song: done" in spoken
    desk.session.select(desk.session.lanes[1].track.id)
    desk.studio.toggle("muted")
    desk.studio.toggle("solo")
    desk.studio.toggle("solo")
    assert spoken[-4:] == [
        "Vocals selected",
        "Vocals muted",
        "Vocals solo",
        "Vocals no longer solo",
    ]
    desk.studio.transport.play_pause()
    desk.studio.transport.play_pause()
    assert spoken[-2:] == ["Playing", "Paused"]
    desk.studio.trouble.emit(Trouble("It broke.", "Mend it.", ""))
    assert spoken[-1] == "It broke. Mend it."


def test_progress_is_announced_now_and_then(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.voice.EVERY_SECONDS", 0.05)
    spoken: list[str] = []
    desk.window.helping.voice.spoken.connect(spoken.append)

    def work() -> Iterator[Progress]:
        import time

        for step in range(20):
            time.sleep(0.02)
            yield Progress(step / 20, seconds_left=40.0)

    job = desk.jobs.submit("Vocals", work)
    wait_for(lambda: desk.jobs.status(job).ended)
    told = [text for text in spoken if text.startswith("Vocals, ")]
    assert 2 <= len(told) <= 12
    assert told[-1].endswith(" %, about 40 s left")
    assert spoken[-1] == "Vocals: done"


def test_time_left_is_said_as_a_person_would() -> None:
    nan = float("nan")
    assert progress_words("Vocals", 0.62, 41.0) == "Vocals, 62 %, about 40 s left"
    assert progress_words("Vocals", nan, nan) == "Vocals"
    assert progress_words("Vocals", 0.1, 200.0) == "Vocals, 10 %, about 3 min left"
