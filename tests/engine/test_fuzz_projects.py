"""Some damaged projects; `python -m tests.fuzz_projects --count 500` opens many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="pipes and memory of POSIX")

from tests.fuzz_projects import fuzz


@pytest.mark.skipif(sys.platform == "win32", reason="makes pipes and links")
def test_no_damaged_project_crashes_or_holds_up_the_program(tmp_path: Path) -> None:
    report = fuzz(60, tmp_path)
    assert report.crashed == []
    assert min(report.refused, report.partly, report.whole) > 0, "the damage is too alike"
    assert report.grown_mb < 300
