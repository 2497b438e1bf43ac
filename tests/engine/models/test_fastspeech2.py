from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from engine.models.fastspeech2 import FRAMES, Config, Net, Utterance, Wanted, infer

Tensors = dict[str, torch.Tensor]
CASES = ("case_a", "case_b")
CONTROLS = {"length": 1.1, "pitch": 1.2}
NAMES = {
    "mel": "mel",
    "mel_postnet": "refined",
    "mel_len": "frames",
    "pitch_pred": "pitch",
    "energy_pred": "energy",
    "log_duration_pred": "log_lengths",
    "duration_rounded": "lengths",
}
TINY = Config(
    symbols=9,
    encoder_layer=1,
    encoder_hidden=8,
    decoder_layer=1,
    conv_filter_size=12,
    filter_size=6,
    n_bins=16,
    max_seq_len=30,
    postnet_dim=7,
    n_mel_channels=5,
)


def shapes_of(state: Tensors) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def golden(shared: Path, case: str) -> tuple[Net, Tensors]:
    folder = shared / "golden" / "fastspeech2" / case
    given = json.loads((folder / "config.json").read_text())
    told = given["preprocess_config"]["preprocessing"]
    state = load_file(folder / "weights.safetensors")
    features = {f"{which}_feature": told[which]["feature"] for which in ("pitch", "energy")}
    net = Net(infer(shapes_of(state), features)).eval()
    net.load_state_dict(state, strict=True)
    return net, load_file(folder / "io.safetensors")


def agree(ours: torch.Tensor, recorded: torch.Tensor, within: float = 1e-4) -> None:
    assert ours.shape == recorded.shape
    assert (ours - recorded).abs().max() <= within * recorded.float().square().mean().sqrt()


def compare(made: Utterance, io: Tensors, group: str) -> None:
    recorded = {name: io[f"{group}.{name}"] for name in NAMES if f"{group}.{name}" in io}
    assert len(recorded) >= 4
    for name, values in recorded.items():
        agree(getattr(made, NAMES[name]), values)


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_speech_equals_the_reference(shared: Path, case: str) -> None:
    net, io = golden(shared, case)
    compare(net(io["phoneme_ids"], io["speakers"]), io, "neutral")


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_energy_is_scaled_by_its_own_control_as_the_reference_means_to(
    shared: Path, case: str
) -> None:
    net, io = golden(shared, case)
    text = io["phoneme_ids"], io["speakers"]
    compare(net(*text, energy=0.8, **CONTROLS), io, "fixed")
    # The reference itself was asked for an energy of 0.8, and scaled by its pitch's 1.2.
    compare(net(*text, energy=1.2, **CONTROLS), io, "ref")


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_every_stage_equals_the_reference(shared: Path, case: str) -> None:
    net, io = golden(shared, case)
    seen: Tensors = {}
    stages = {
        "encoder.layer0": net.encoder.layer_stack[0],
        "encoder": net.encoder,
        "variance_adaptor": net.variance_adaptor,
        "decoder": net.decoder,
    }
    for stage, module in stages.items():
        module.register_forward_hook(lambda _m, _i, out, stage=stage: seen.update({stage: out}))
    net(io["phoneme_ids"], io["speakers"], energy=1.2, **CONTROLS)
    seen["variance_adaptor"] = seen["variance_adaptor"][0]
    for stage in stages:
        agree(seen[stage], io[f"ref.{stage}"])


@pytest.mark.data
@torch.no_grad()
def test_what_is_wanted_takes_the_place_of_what_is_predicted(shared: Path) -> None:
    net, io = golden(shared, "case_b")
    wanted = Wanted(io["teacher.in.d"], io["teacher.in.p"], io["teacher.in.e"])
    compare(net(io["phoneme_ids"], io["speakers"], wanted=wanted), io, "teacher")


@pytest.mark.data
def test_what_it_is_taught_of_sound_equals_the_reference(shared: Path) -> None:
    net, io = golden(shared, "case_a")
    mel, energy = net.features(io["frontend.audio"])
    agree(mel, io["frontend.mel"])
    agree(energy, io["frontend.energy"])


@pytest.mark.data
@pytest.mark.parametrize(("file", "speakers"), [("", 0), ("_libritts", 904)])
def test_every_published_tensor_has_its_name_and_shape(
    shared: Path, file: str, speakers: int
) -> None:
    path = shared / "golden" / "fastspeech2" / f"published_keys{file}.json"
    published = json.loads(path.read_text())["keys"]
    shapes = {key: tuple(shape) for key, (shape, _) in published.items()}
    with torch.device("meta"):
        assert shapes_of(Net(Config(n_speaker=speakers)).state_dict()) == shapes
    assert infer(shapes, {}) == Config(n_speaker=speakers)


VARIANTS: list[dict[str, Any]] = [
    {},
    {"n_speaker": 3, "encoder_layer": 2, "decoder_layer": 3, "n_bins": 5},
    {"conv_kernel_size": (5, 3), "kernel_size": 5, "postnet_layers": 3, "postnet_kernel": 3},
    {"encoder_head": 4, "decoder_head": 1, "pitch_feature": FRAMES, "energy_feature": FRAMES},
    {"sampling_rate": 24_000, "hop_length": 300, "filter_length": 2048, "mel_fmax": 12_000.0},
]


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
@torch.no_grad()
def test_sizes_are_read_off_names_and_shapes(changes: dict[str, Any]) -> None:
    torch.manual_seed(0)
    config = replace(TINY, **changes)
    net = Net(config).eval()
    assert infer(shapes_of(net.state_dict()), changes) == config
    text = torch.tensor([[3, 4, 5, 0], [1, 2, 3, 4]])
    speakers = torch.tensor([0, 1]) if config.n_speaker else None
    made = net(text, speakers, wanted=Wanted(torch.tensor([[2, 0, 3, 0], [20, 20, 1, 1]])))
    assert made.frames.tolist() == [5, 42]
    assert made.refined.shape == (2, 42, 5)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"encoder_head": 3}, "cannot be shared by heads"),
        ({"decoder_head": 0}, "cannot be shared by heads"),
        ({"pitch_feature": "syllable_level"}, "syllable_level"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(said: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        infer(shapes_of(Net(TINY).state_dict()), said)


@torch.no_grad()
def test_a_text_says_the_same_beside_a_longer_one() -> None:
    torch.manual_seed(0)
    net = Net(TINY).eval()
    lengths = torch.tensor([[2, 3, 2, 0, 0], [4, 4, 4, 4, 4]])
    values = torch.randn(2, 5)  # given: as published, predictions hear what follows a text
    both = net(
        torch.tensor([[3, 4, 5, 0, 0], [1, 2, 3, 4, 5]]), wanted=Wanted(lengths, values, values)
    )
    first = (each[:1, :3] for each in (lengths, values, values))
    alone = net(torch.tensor([[3, 4, 5]]), wanted=Wanted(*first))
    torch.testing.assert_close(both.mel[:1, :7], alone.mel)


@torch.no_grad()
def test_each_control_moves_what_it_is_called_after() -> None:
    torch.manual_seed(0)
    net = Net(TINY).eval()
    net.variance_adaptor.duration_predictor.linear_layer.bias += 2
    text = torch.tensor([[3, 4, 5, 6]])
    plain = net(text)
    for name in ("length", "pitch", "energy"):
        moved = net(text, **{name: 2.0})
        if name == "length":
            assert moved.frames == 2 * plain.frames
            assert torch.equal(moved.pitch, plain.pitch)
        else:
            assert torch.equal(getattr(moved, name), 2 * getattr(plain, name))
            assert torch.equal(moved.lengths, plain.lengths)
    assert torch.equal(net(text, energy=2.0).pitch, plain.pitch)


def test_several_speakers_ask_for_one() -> None:
    with pytest.raises(ValueError, match="none is chosen"):
        Net(replace(TINY, n_speaker=2)).eval()(torch.tensor([[1]]))


def test_all_parameters_learn() -> None:
    torch.manual_seed(0)
    net = Net(replace(TINY, n_speaker=2))
    made = net(
        torch.tensor([[1, 2, 3]]),
        torch.tensor([1]),
        wanted=Wanted(torch.tensor([[3, 4, 5]])),
    )
    parts = (made.refined, made.mel, made.pitch, made.energy, made.log_lengths)
    sum(part.square().sum() for part in parts).backward()
    for name, parameter in net.named_parameters():
        assert not parameter.requires_grad or parameter.grad.abs().sum() > 0, name
