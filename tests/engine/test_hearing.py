"""Several networks, several hearings, and what is done when there is too little memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import hearing, loader, speeds, tasks
from engine.cards import ModelCard, WeightFile, own_cards, read_card, write_card
from engine.effort import EFFORTS, cost, with_effort
from engine.errors import EngineError, WeightsMissing
from engine.events import Filled, Progress
from engine.hearing import Ear
from engine.models import half, int8
from engine.speeds import Speed
from engine.types import AudioClip, Scratch, Separation
from tests.engine.models.test_int8 import needs_products
from tests.engine.test_separation import finish, noise
from tests.tiny import tiny_card, tiny_net

Make = Callable[..., AudioClip]
Stems = Callable[..., np.ndarray]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights", "speeds"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    loader.unload()
    return tmp_path / "data"


def separated(clip: AudioClip, card: ModelCard, scratch: Scratch) -> Separation:
    return finish(tasks.separate(clip, card, scratch, "cpu"))[1]


def voice(made: Separation) -> np.ndarray:
    clip = made.clips["vocals"]
    return clip.read(0, clip.frames)


def own(card: ModelCard, home: Path) -> ModelCard:
    (home / "models").mkdir(parents=True, exist_ok=True)
    write_card(card, home / "models")
    return card


# Efforts


@pytest.mark.parametrize(
    ("said", "bf16", "int8s"),
    [
        ("16 bits", 4.0, 2.0),
        pytest.param("8 bits", 1.0, 2.0, marks=needs_products),
        ("", 1.0, 1.0),
    ],
)
def test_a_fast_separation_calculates_in_what_is_faster_here_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
    make_clip: Make,
    scratch: Scratch,
    said: str,
    bf16: float,
    int8s: float,
) -> None:
    monkeypatch.setattr(half, "gain", lambda _: bf16)
    monkeypatch.setattr(int8, "gain", lambda: int8s)
    card = tiny_card(net=tiny_net(dim=256, heads=4, dim_head=64))
    clip = make_clip(noise(2, 130_001))
    assert with_effort(card, "fast").precision == "reduced"
    fast = separated(clip, replace(card, precision="reduced"), scratch)
    exact = separated(clip, card, scratch)
    assert said in fast.device_note
    assert "bits" not in exact.device_note
    assert not fast.quick  # a processor has no time for more
    error = np.square(voice(fast) - voice(exact)).sum() / np.square(voice(exact)).sum()
    assert error < 10**-2.0
    assert (error > 0) == bool(said)
    assert fast.null_db < -100


def test_a_card_in_16_bits_is_quick_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half, "gain", lambda _: 4.0)
    for precision in ("full", "reduced"):
        ear = Ear(tiny_card(precision=precision), "cpu")
        assert not ear.quick
        ear.device = "cuda"
        assert ear.quick == (precision == "reduced")


@pytest.mark.parametrize(("quick", "times"), [(True, 2), (False, 1)])
def test_where_it_is_quick_each_window_may_be_heard_more_often(
    monkeypatch: pytest.MonkeyPatch, make_clip: Make, scratch: Scratch, quick: bool, times: int
) -> None:
    monkeypatch.setattr(Ear, "quick", quick)
    heard: list[int] = []
    stems = hearing.stems
    monkeypatch.setattr(hearing, "stems", lambda *given: (heard.append(1), stems(*given))[1])
    card = tiny_card(quick_shifts=2)
    clip = make_clip(noise(2, 130_001))
    assert separated(clip, card, scratch).quick == quick
    usual = len(heard)
    separated(clip, replace(card, quick_shifts=0), scratch)
    assert usual == times * (len(heard) - usual)
    speed = Speed("cpu", 10.0, 8.0, 2, 0.5, 1000, quick=quick)
    once = cost(replace(card, quick_shifts=0), 60.0, speed).seconds - speed.loading
    assert cost(card, 60.0, speed).seconds - speed.loading == pytest.approx(times * once)


def test_the_middle_of_the_efforts_is_the_card_itself() -> None:
    card = tiny_card()
    assert EFFORTS == ("fast", "balanced", "best")
    assert with_effort(card, "balanced") is card
    assert with_effort(replace(card, task="transcribe"), "best").shifts == 1
    assert with_effort(card, "nonsense") is card
    speed = Speed("cpu", 10.0, 8.0, 2, 0.5, 1000)
    fast, usual, best = (cost(with_effort(card, each), 60.0, speed) for each in EFFORTS)
    assert fast.seconds < usual.seconds < best.seconds / 2
    assert {each.bytes for each in (fast, usual, best)} == {1000}


@pytest.mark.parametrize("effort", ["fast", "best"])
def test_other_efforts_give_whole_stems_that_add_up(
    make_clip: Make, scratch: Scratch, effort: str
) -> None:
    mix = make_clip(noise(2, 130_001))
    card = tiny_card()
    made = separated(mix, with_effort(card, effort), scratch)
    assert made.null_db < -100
    usual = voice(separated(mix, card, scratch))
    near = np.corrcoef(voice(made).ravel(), usual.ravel())[0, 1]
    assert 0.9 < near < 1.0 - 1e-9


# Several hearings


def test_shifted_hearings_of_what_hears_all_alike_are_that(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a network makes of a place must come back to that place."""

    def half(_net: Any, mix: np.ndarray, *_: object) -> np.ndarray:
        return mix[None] / 2

    monkeypatch.setattr(hearing, "stems", half)
    for frames in (130_001, 44_100, 700):
        mix = make_clip(noise(2, frames))
        made = separated(mix, tiny_card(shifts=3), scratch)
        np.testing.assert_allclose(voice(made), mix.read(0, frames) / 2, atol=1e-6)


class Alike(torch.nn.Module):
    """A network to whom everything is the singer; `heard` are the strongest frequencies in Hz."""

    config = type("Config", (), {"num_stems": 1})()

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[float] = []

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        spectrum = torch.fft.rfft(sound[0, 0] * torch.hann_window(sound.shape[-1])).abs()
        self.heard.append(float(spectrum.argmax()) * 44_100 / sound.shape[-1])
        return sound


@pytest.mark.parametrize("tuned", [False, True])
def test_hearings_are_semitones_apart_and_all_in_tune_if_the_card_asks_for_it(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch, tuned: bool
) -> None:
    net, above = Alike(), 2 ** (30 / 1200)
    hz = 880 * above
    tone = 0.5 * np.sin(2 * np.pi * hz * np.arange(132_300) / 44_100).astype(np.float32)
    monkeypatch.setattr(hearing, "load", lambda *_: net)
    card = tiny_card(shifts=3, in_tune=tuned)
    made = separated(make_clip(np.stack([tone, tone])), card, scratch)
    first = hz / above if tuned else hz
    for pitch, heard in zip(sorted(hearing.PITCHES), np.split(np.sort(net.heard), 3), strict=True):
        assert heard == pytest.approx(first * 2 ** (pitch / 12), abs=0.7)
    error = np.square(voice(made) - tone)[:, 1_000:-1_000].mean() / np.square(tone).mean()
    assert error < 10**-8.0
    assert made.null_db < -100


# Several networks


def test_an_ensemble_is_the_weighted_mean_of_its_members_window_by_window(
    make_clip: Make, scratch: Scratch, home: Path
) -> None:
    one = own(tiny_card(id="one"), home)
    two = own(
        replace(tiny_card(net=tiny_net("bs_roformer")), id="two", outputs=("vocals", "rest")), home
    )
    both = replace(
        one, id="both", outputs=("vocals",), members={"one": 3, "two": 1},
        weights=WeightFile("", "", 0),
    )  # fmt: skip
    stored = read_card(write_card(both, home / "models"))
    assert stored.members == {"one": 3, "two": 1}
    mix = make_clip(noise(2, 130_001))
    events, made = finish(tasks.separate(mix, stored, scratch, "cpu"))
    first = next(k for k, e in enumerate(events) if isinstance(e, Filled))
    assert any(isinstance(e, Progress) and e.done < 0.9 for e in events[first:])
    each = [voice(separated(mix, card, scratch)) for card in (one, two)]
    np.testing.assert_allclose(voice(made), (3 * each[0] + each[1]) / 4, atol=1e-6)
    finish_quietly(tasks.warm_up(stored, "cpu"))
    assert loader.loaded() == {"one", "two"}
    finish_quietly(tasks.unload_model(one))
    assert loader.loaded() == {"two"}
    finish_quietly(tasks.remove_model("both"))
    assert sorted(each.id for each in own_cards()[0]) == ["one", "two"]
    assert (home / "weights" / "tiny-mel_band_roformer.safetensors").exists()


def finish_quietly(work: Any) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def test_a_member_that_lacks_a_stem_is_refused(
    make_clip: Make, scratch: Scratch, home: Path
) -> None:
    own(tiny_card(id="one"), home)
    card = tiny_card(id="both", outputs=("drums",), members={"one": 1.0})
    with pytest.raises(WeightsMissing, match="does not give drums"):
        separated(make_clip(noise(2, 5000)), card, scratch)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"shifts": 0}, "heard 0 times"), ({"shifts": 99}, "heard 99"),
     ({"quick_shifts": -1}, "heard -1 times"), ({"quick_shifts": 98}, "heard 98"),
     ({"members": {"a": -1.0}}, "numbers above 0"), ({"members": {"a": "x"}}, "numbers above 0")],
)  # fmt: skip
def test_a_card_with_impossible_hearings_is_refused(
    home: Path, change: dict[str, Any], said: str
) -> None:
    path = home / "models" / "tiny.toml"
    own(tiny_card(**change), home)
    with pytest.raises(EngineError, match=said):
        read_card(path)


# Too little memory


def short_of(
    monkeypatch: pytest.MonkeyPatch, seconds: float, devices: tuple[str, ...]
) -> list[int]:
    """Let networks on `devices` find no memory for more than `seconds` at once."""
    real, heard = hearing.stems, []

    def stems(
        net: Any, mix: np.ndarray, rate: int, card: ModelCard, device: str, _: Any
    ) -> np.ndarray:
        heard.append(mix.shape[1])
        if device in devices and mix.shape[1] > seconds * rate:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(net, mix, rate, card, "cpu")

    monkeypatch.setattr(hearing, "stems", stems)
    return heard


def test_a_window_too_large_for_the_memory_is_heard_in_halves(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = tiny_card(window=6.0, overlap=1.0)
    mix = make_clip(noise(2, 44_100 * 9))
    usual = voice(separated(mix, card, scratch))
    heard = short_of(monkeypatch, 2.0, ("cpu",))
    events, made = finish(tasks.separate(mix, card, scratch, "cpu"))
    assert "too little memory" in made.device_note
    assert any("too little memory" in e.note for e in events if isinstance(e, Progress))
    assert made.null_db < -100
    assert max(heard[-4:]) <= 2.0 * 44_100  # it has learnt
    assert np.corrcoef(voice(made).ravel(), usual.ravel())[0, 1] > 0.9


def test_when_even_a_second_is_too_much_the_processor_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = tiny_card(window=6.0)
    loads: list[str] = []

    def load(card: ModelCard, device: str) -> torch.nn.Module:
        loads.append(device)
        return loader.load(card, "cpu")

    monkeypatch.setattr(hearing, "load", load)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    short_of(monkeypatch, 0.1, ("cuda",))
    with Ear(card, "cuda") as ear:
        made = ear.hear(noise(2, 44_100 * 6), 44_100)
        assert made.shape == (1, 2, 44_100 * 6)
        assert made.any()
        assert ear.device == "cpu"
        assert "too little memory" in ear.said
    assert loads == ["cuda", "cpu"]


def test_no_memory_at_all_is_said_in_words(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, 0.1, ("cpu",))
    with pytest.raises(EngineError, match="not enough memory for Tiny"):
        separated(make_clip(noise(2, 200_000)), tiny_card(window=3.0), scratch)


def test_other_faults_of_a_network_are_not_taken_for_that(
    make_clip: Make, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stems(*_: object) -> np.ndarray:
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(hearing, "stems", stems)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        separated(make_clip(noise(2, 5000)), tiny_card(), scratch)


# Speed


def test_a_speed_is_measured_on_real_windows_and_remembered(scratch: Scratch, home: Path) -> None:
    card = tiny_card()
    assert speeds.remembered(card) is None
    before = sorted(scratch.folder.iterdir())
    speed = finish_quietly(tasks.measure_model(card, scratch, "cpu"))
    assert speed.device == "cpu"
    assert speed.rate > 0
    assert speed.song > 0
    assert speed.at_once == loader.cores()
    assert speeds.remembered(card) == speed
    assert speeds.remembered(with_effort(card, "best")) == speed  # of the same network
    assert speeds.remembered(replace(card, weights=replace(card.weights, sha256="x"))) is None
    assert sorted(scratch.folder.iterdir()) == before
    (home / "speeds.json").write_text("{")
    assert speeds.remembered(card) is None
