"""A few kills of the real program; `python -m tests.kill --kills 50` makes many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill import kills


@pytest.mark.slow
def test_what_was_finished_before_a_kill_comes_back(tmp_path: Path) -> None:
    report = kills(6, tmp_path, seed=1, tell=lambda _: None)
    assert report.kills == 6
    assert report.lost == []
