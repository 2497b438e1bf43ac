from __future__ import annotations

import weakref
from dataclasses import replace

import pytest

from engine import loader, tasks
from engine.errors import WeightsMissing
from tests.tiny import tiny_card


@pytest.fixture(autouse=True)
def _nothing_loaded() -> None:
    loader.unload()


def test_a_network_stays_loaded() -> None:
    card = tiny_card()
    assert loader.load(card, "cpu") is loader.load(card, "cpu")


def test_small_networks_stay_beside_each_other_and_a_large_one_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = tiny_card()
    cards = [replace(card, id=f"tiny-{number}") for number in range(3)]
    size = loader.weigh(loader.load(card, "cpu"))
    loader.unload()
    monkeypatch.setattr(loader, "KEPT_BYTES", 2.5 * size)
    nets = [weakref.ref(loader.load(each, "cpu")) for each in cards]
    assert [net() is not None for net in nets] == [False, True, True]
    assert loader.load(cards[1], "cpu") is nets[1]()  # and is now the last one used
    loader.load(cards[0], "cpu")
    assert [net() is not None for net in nets] == [False, True, False]
    monkeypatch.setattr(loader, "KEPT_BYTES", 0.5 * size)
    loader.load(cards[2], "cpu")
    assert nets[1]() is None


def test_an_old_network_goes_before_a_new_one_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    card = tiny_card()
    monkeypatch.setattr(loader, "KEPT_BYTES", 0)
    old = weakref.ref(loader.load(card, "cpu"))
    build = loader.build

    def watched(*given: object) -> object:
        assert old() is None
        return build(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(loader, "build", watched)
    loader.load(replace(card, id="other"), "cpu")


def test_unloading_gives_the_memory_back() -> None:
    net = weakref.ref(loader.load(tiny_card(), "cpu"))
    assert net() is not None
    assert list(tasks.unload())
    assert net() is None


@pytest.mark.parametrize("config", [{"dim": -4}, {"dim": "x"}, {"colour": 1}, {"num_bands": -1}])
def test_a_card_with_impossible_sizes_is_refused(config: dict[str, object]) -> None:
    card = tiny_card()
    wrong = replace(card, id="wrong", config={**card.config, **config})
    with pytest.raises(WeightsMissing, match="do not fit"):
        loader.load(wrong, "cpu")
