from __future__ import annotations

from pathlib import Path

import pytest

from engine.cards import FOLDER, card, cards, read_card
from engine.errors import EngineError
from engine.models import family
from engine.weights import BUNDLED, resolve


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_card_is_complete_and_its_weights_load(path: Path) -> None:
    from engine.loader import load

    each = read_card(path)
    assert each.id == path.stem
    assert each.licence
    assert each.data
    assert each.measure
    assert each.figures
    resolve(each, [BUNDLED])
    assert set(each.config) <= set(family(each.family).Config.__dataclass_fields__)
    load(each, "cpu")


def test_there_is_a_model_for_separation() -> None:
    assert cards("separate")


def test_bundled_weights_stay_small() -> None:
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) < 60e6


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(EngineError, match=cards()[0].id):
        card("no-such-model")


def test_a_card_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    original = next(FOLDER.glob("*.toml")).read_text("utf-8")
    (tmp_path / "odd.toml").write_text("surprise = 1\n" + original, "utf-8")
    with pytest.raises(EngineError, match=r"odd\.toml"):
        cards(folder=tmp_path)


def test_an_unknown_family_is_said_in_words() -> None:
    with pytest.raises(EngineError, match="No model family"):
        family("wave_u_net")
