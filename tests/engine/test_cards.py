from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.cards import FOLDER, card, cards, own_cards, own_folder, read_card, write_card
from engine.errors import EngineError
from engine.models import family
from engine.weights import BUNDLED, resolve
from tests.tiny import tiny_card


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


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder that stands for the user's."""
    monkeypatch.setattr("engine.cards.own_folder", lambda: tmp_path)
    return tmp_path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    odd = 'A "name" \\ with\ttabs, \x7f, \u2028 and ünïcode'
    made = replace(
        tiny_card(title=odd, figures={"SDR of √2": 1e-7, odd: "5 dB"}),
        config={"dim": 4, "ff_mult": 1 / 3, "stereo": True, "freqs_per_bands": (2, 3), "x": -1},
    )
    again = read_card(write_card(made, tmp_path))
    assert again == replace(made, config={**made.config, "freqs_per_bands": [2, 3]})
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.toml"]


def test_cards_of_the_user_come_after_melics_own(own: Path) -> None:
    before = cards()
    write_card(tiny_card(id="aaa"), own)
    assert [each.id for each in cards()] == [*(each.id for each in before), "aaa"]
    assert card("aaa").title == "Tiny"
    assert cards("juggle") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "tiny"', 'id = "tiny"\nsurprise = 1', "surprise"),
        ("rate = 44100", 'rate = "fast"', "rate cannot be 'fast'"),
        ("rate = 44100", "rate = 0", "of 0 Hz"),
        ("channels = 2", "channels = 6", "6 channels"),
        ("window = 1.0", "window = nan", "windows of nan"),
        ("overlap = 0.25", "overlap = 0.6", "overlap by 0.6"),
        ('"tiny-mel', '"../tiny-mel', "plain name"),
        ('["vocals", "instrumental"]', '["a", "a"]', "one name"),
        ('["vocals", "instrumental"]', "[1]", "names of stems"),
        ('["vocals", "instrumental"]', "[]", "names of stems"),
        ('id = "tiny"', 'id = "other"', "card of 'other'"),
        ('id = "tiny"', "id =", "not a model card"),
        ("[config]", "[config", "not a model card"),
        ('id = "tiny"', 'id = "tiny"\nx = ' + "[" * 5_000, "not a model card"),
    ],
)
def test_a_broken_card_of_the_user_is_left_out_and_its_reason_known(
    own: Path, old: str, new: str, said: str
) -> None:
    path = write_card(tiny_card(), own)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    usable, broken = own_cards()
    assert usable == []
    assert said in str(broken[path])
    assert cards()[0].id == "vocals-s"


def test_a_card_of_the_user_cannot_take_the_place_of_melics_own(own: Path) -> None:
    ours = cards()[0]
    path = write_card(replace(ours, title="Impostor"), own)
    assert cards()[0].title == ours.title
    assert "of its own" in str(own_cards()[1][path])


def test_bytes_that_are_no_text_are_no_card(own: Path) -> None:
    (own / "noise.toml").write_bytes(bytes(range(256)))
    (own / "folder.toml").mkdir()
    assert len(own_cards()[1]) == 2


def test_the_users_folder_is_not_in_the_program() -> None:
    assert FOLDER not in (own_folder(), *own_folder().parents)


def test_an_unknown_family_is_said_in_words() -> None:
    with pytest.raises(EngineError, match="No model family"):
        family("wave_u_net")
