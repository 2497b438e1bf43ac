"""Networks that give other stems than vocals and instrumental, in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.start import Program
from engine.events import State
from tests.app.desk import import_song, open_desk, wait_for
from tests.tiny import tiny_card, tiny_net


@pytest.fixture
def desk(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    outputs = ("drums", "bass", "other")
    card = tiny_card(net=tiny_net("bs_roformer", num_stems=3), id="three", outputs=outputs)
    monkeypatch.setattr("tests.app.desk.tiny_card", lambda: card)
    with open_desk(tmp_path) as program:
        yield program


def test_each_stem_is_a_lane_of_the_song(desk: Program, tone_file: Path) -> None:
    mix = import_song(desk, tone_file)
    job = desk.studio.separate(mix)
    assert job is not None
    wait_for(lambda: desk.jobs.status(job).ended)
    assert desk.jobs.status(job).state is State.DONE, desk.jobs.status(job).ended
    assert [lane.track.name for lane in desk.studio.stems_of(mix)] == ["Drums", "Bass", "Other"]
    assert not desk.studio.can_separate(mix)
    assert desk.studio.can_hear_residual(mix)
    assert desk.studio.heard(mix) == "stems"
    left = desk.studio.residual(mix)
    assert left is not None
    wait_for(lambda: desk.jobs.status(left).ended)
    assert desk.jobs.status(left).state is State.DONE
    assert len(desk.studio.stems_of(mix)) == 3
