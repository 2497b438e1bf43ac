"""Work in small pieces: one step a turn, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtWidgets import QApplication

from app.turns import Turns
from tests.app.desk import wait_for


def steps(taken: list[str], name: str, count: int) -> Iterator[None]:
    for number in range(count):
        taken.append(f"{name}{number}")
        yield


def test_each_turn_takes_one_step_and_what_was_added_last_comes_first(qapp: object) -> None:
    turns, taken = Turns(), []
    turns.add(steps(taken, "a", 2))
    QApplication.processEvents()
    assert taken == ["a0"]
    turns.add(steps(taken, "b", 2))
    wait_for(lambda: len(taken) == 4)
    assert taken == ["a0", "b0", "b1", "a1"]


def test_steps_that_fail_hold_up_no_others(qtbot: Any) -> None:
    turns, taken = Turns(), []

    def fails() -> Iterator[None]:
        yield
        raise ValueError("no")

    turns.add(steps(taken, "a", 1))
    turns.add(fails())
    with qtbot.captureExceptions() as caught:
        wait_for(lambda: taken, patience=10.0)
    assert [str(value) for _, value, _ in caught] == ["no"]
    assert taken == ["a0"]
