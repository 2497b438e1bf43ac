from __future__ import annotations

from pathlib import Path

from tests.app.desk import open_desk
from tests.app.test_studio import song
from tests.monkey import Monkey


def test_a_hand_at_random_finds_no_error(qapp: object, tmp_path: Path) -> None:
    with open_desk(tmp_path) as program:
        program.window.resize(1280, 800)
        program.window.show()
        monkey = Monkey(program, seed=1)
        monkey.play(10.0, [song(tmp_path, 8.0)])
        assert len(monkey.trail) > 20
        assert not monkey.errors
