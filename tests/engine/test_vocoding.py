from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine import loader, tasks
from engine.cards import card as card_of
from engine.cards import cards, unused
from engine.errors import UnusableModel
from engine.importing import Added
from engine.models import fastspeech2, istftnet, vocos
from engine.vocoding import copied, through

HIFIGAN = istftnet.Config(
    upsample_rates=(8, 8, 2, 2),
    upsample_kernel_sizes=(16, 16, 4, 4),
    upsample_initial_channel=16,
    gen_istft_n_fft=0,
    gen_istft_hop_size=0,
)
VOCOS = vocos.Config(dim=12, intermediate_dim=16, num_layers=2)
SPEECH = fastspeech2.Config(
    symbols=9,
    encoder_layer=1,
    encoder_hidden=8,
    decoder_layer=1,
    conv_filter_size=12,
    filter_size=6,
    n_bins=16,
    max_seq_len=30,
    postnet_dim=7,
)
TINIES: list[tuple[str, Any, Any]] = [
    ("istftnet", istftnet.Net, HIFIGAN),
    ("istftnet", istftnet.Net, istftnet.Config(upsample_initial_channel=16)),
    ("vocos", vocos.Net, VOCOS),
]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    loader.unload()
    return tmp_path / "data"


def add(path: Path, **given: Any) -> Added:
    work = tasks.add_model(path, **given)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def net_of(kind: Callable[[Any], Any], config: Any) -> Any:
    torch.manual_seed(5)
    return kind(config).eval()


def normed(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The state as it is published: weights apart as length and direction."""
    apart = {}
    for name, tensor in state.items():
        if name.endswith(".weight"):
            length = torch.linalg.vector_norm(tensor, dim=(1, 2), keepdim=True)
            apart |= {f"{name}_g": length, f"{name}_v": 3 * tensor}
        else:
            apart[name] = tensor
    return apart


@pytest.mark.parametrize(("family", "kind", "config"), TINIES)
def test_a_published_vocoder_is_taken_in_and_sounds_the_same(
    tmp_path: Path, family: str, kind: Any, config: Any
) -> None:
    net = net_of(kind, config)
    state = normed(net.state_dict()) if family == "istftnet" else net.state_dict()
    torch.save({"generator": state, "steps": 9}, tmp_path / "g_025.pt")
    added = add(tmp_path / "g_025.pt")
    made = card_of("g-025")
    assert (made.task, made.family, made.outputs) == ("vocode", family, ("voice",))
    assert made.rate == net.rate
    assert asdict(config).keys() == made.config.keys()
    assert f"{net.rate} Hz is taken" in added.notes[0]
    assert "no verb and no window uses it yet" in added.notes[-1]
    assert made in cards("vocode")
    sound = 0.1 * np.random.default_rng(0).standard_normal(9_000).astype(np.float32)
    ours = copied(sound, made.rate, made)
    assert ours.shape == sound.shape
    np.testing.assert_allclose(ours, through(net, sound), atol=1e-6)


def test_a_published_fastspeech_is_taken_in(tmp_path: Path) -> None:
    net = net_of(fastspeech2.Net, SPEECH)
    state = net.state_dict()
    assert state["postnet.convolutions.0.1.num_batches_tracked"].dtype == torch.int64
    moments = {"exp_avg": torch.zeros(2)}
    torch.save({"model": state, "optimizer": {"state": {0: moments}}}, tmp_path / "900000.pth.tar")
    made = add(tmp_path / "900000.pth.tar").card
    assert (made.task, made.family, made.rate) == ("speak", "fastspeech2", 22_050)
    assert "mel spectrograms, not sound" in unused(made)
    again = loader.load(made, "cpu")
    text = torch.tensor([[1, 2, 3]])
    wanted = fastspeech2.Wanted(torch.full_like(text, 4))
    assert torch.equal(again(text, wanted=wanted).refined, net(text, wanted=wanted).refined)


def test_several_speakers_and_other_features_are_kept(tmp_path: Path) -> None:
    config = replace(SPEECH, n_speaker=3, encoder_head=4, energy_feature="frame_level")
    torch.save(net_of(fastspeech2.Net, config).state_dict(), tmp_path / "three.pt")
    yaml = tmp_path / "three.yaml"
    yaml.write_text(
        "transformer: {encoder_head: 4, encoder_hidden: 8, conv_kernel_size: [9, 1]}\n"
        "preprocessing:\n  pitch: {feature: phoneme_level}\n  energy: {feature: frame_level}\n"
    )
    found = add(tmp_path / "three.pt").card.config
    assert fastspeech2.Config(**{**found, "conv_kernel_size": (9, 1)}) == config


def test_a_configuration_says_the_rate_of_a_vocoder(tmp_path: Path) -> None:
    torch.save({"generator": net_of(istftnet.Net, HIFIGAN).state_dict()}, tmp_path / "g.pt")
    said = {"sampling_rate": 24_000, "hop_size": 256, "fmax": None, "resblock": "1"}
    (tmp_path / "config.json").write_text(json.dumps(said))
    added = add(tmp_path / "g.pt", yaml=tmp_path / "config.json")
    assert (added.card.rate, added.card.config["fmax"]) == (24_000, 12_000.0)
    assert added.notes[0] == "config.json agrees with the weights."
    said["resblock"] = "2"
    (tmp_path / "config.json").write_text(json.dumps(said))
    torch.save(net_of(istftnet.Net, HIFIGAN).state_dict(), tmp_path / "h.pt")
    with pytest.raises(UnusableModel, match="says resblock 2, and the weights show 1"):
        add(tmp_path / "h.pt", yaml=tmp_path / "config.json")


def test_vocos_reads_its_own_configuration(tmp_path: Path) -> None:
    config = replace(VOCOS, sample_rate=44_100, padding="same")
    torch.save(net_of(vocos.Net, config).state_dict(), tmp_path / "v.bin")
    (tmp_path / "v.yaml").write_text(
        "feature_extractor:\n  class_path: vocos.MelSpectrogramFeatures\n"
        "  init_args: {sample_rate: 44100, n_fft: 1024, hop_length: 256, padding: same}\n"
        "backbone:\n  init_args: {input_channels: 100, dim: 12}\n"
    )
    made = add(tmp_path / "v.bin").card
    assert vocos.Config(**made.config) == config


def without(state: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {key: tensor for key, tensor in state.items() if key != name}


def test_what_melic_cannot_use_is_said(tmp_path: Path, home: Path) -> None:
    generator = net_of(istftnet.Net, HIFIGAN).state_dict()
    codes = replace(VOCOS, n_mels=128, padding="same", adanorm_num_embeddings=4)
    encodec = net_of(vocos.Net, codes).state_dict()
    encodec |= {"feature_extractor.encodec.encoder.model.0.weight": torch.zeros(2)}
    one = torch.zeros(3)
    cases = [
        (encodec, "Melic has no EnCodec"),
        (without(generator, "conv_post.weight"), "conv_post.weight is missing"),
        (without(generator, "resblocks.2.convs2.1.bias"), "1 of .* are missing"),
        (generator | {"noise_convs.0.weight": one}, "source of pitch"),
        (generator | {"resblocks.0.activations.0.act.alpha": one}, "Snake"),
        (generator | {"cond.weight": one}, "have no place"),
        ({n: torch.zeros_like(t) for n, t in generator.items()}, "gives silence"),
        (generator | {"conv_post.bias": torch.tensor([float("nan")])}, "no numbers"),
    ]
    for state, said in cases:
        torch.save({"generator": state}, tmp_path / "x.pt")
        with pytest.raises(UnusableModel, match=said):
            add(tmp_path / "x.pt")
    torch.save({"generator": generator}, tmp_path / "x.pt")
    with pytest.raises(UnusableModel, match="gives no stems"):
        add(tmp_path / "x.pt", outputs=("vocals",))
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("family", "kind", "config"), TINIES)
def test_a_long_sound_is_copied_window_by_window_without_a_seam(
    monkeypatch: pytest.MonkeyPatch, family: str, kind: Any, config: Any
) -> None:
    net = net_of(kind, config)
    sound = 0.1 * np.random.default_rng(0).standard_normal(60_001).astype(np.float32)
    whole = through(net, sound)
    monkeypatch.setattr("engine.vocoding.WINDOW", 1.2)
    monkeypatch.setattr("engine.vocoding.OVERLAP", 0.5)
    parts = through(net, sound)
    assert parts.shape == sound.shape
    # Only where windows meet do the first and last frames hear an edge that is not there.
    assert np.abs(parts - whole).max() < 0.05 * np.abs(whole).max()


@pytest.mark.parametrize("samples", [1, 300, 1_024, 5_000])
def test_any_length_and_rate_is_copied(tmp_path: Path, samples: int) -> None:
    torch.save(net_of(vocos.Net, VOCOS).state_dict(), tmp_path / "v.bin")
    made = add(tmp_path / "v.bin").card
    assert copied(np.ones(samples, np.float32), 24_000, made).shape == (samples,)
    assert copied(np.ones(2 * samples, np.float32), 48_000, made).shape == (samples,)


@pytest.mark.data
@pytest.mark.parametrize("case", ["case_a", "case_b"])
@pytest.mark.parametrize("name", ["istftnet", "hifigan", "vocos", "fastspeech2"])
def test_the_recorded_references_are_understood(shared: Path, name: str, case: str) -> None:
    made = add(shared / "golden" / name / case / "weights.safetensors", title=name).card
    assert made.family == ("istftnet" if name == "hifigan" else name)
