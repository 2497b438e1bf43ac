from __future__ import annotations

import re

import pytest

from engine import bench


def test_the_separation_benchmark_says_how_fast_and_how_large(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.separation(["--minutes", "0.1", "--device", "cpu", "--stages"]) == 0
    said = capsys.readouterr().out
    factor = re.search(r"real-time factor +([\d.]+) x", said)
    assert factor is not None
    assert float(factor[1]) > 0.1
    for stage in ("decoding", "separating", "writing", "peak memory", "mask heads"):
        assert stage in said
