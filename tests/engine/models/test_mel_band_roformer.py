from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.models.mel_band_roformer import Config, Net, convert
from tests.tiny import TINY

CASES = ("case_a", "case_b")


def golden(shared: Path, case: str) -> tuple[Net, dict[str, torch.Tensor]]:
    folder = shared / "golden" / "mel_band_roformer" / case
    given = json.loads((folder / "config.json").read_text())["constructor"]
    known = {field.name for field in fields(Config)}
    net = Net(Config(**{key: value for key, value in given.items() if key in known})).eval()
    net.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    return net, load_file(folder / "io.safetensors")


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_output_equals_the_reference(shared: Path, case: str) -> None:
    net, io = golden(shared, case)
    out = net(io["input"], match_length=io["output"].shape == io["input"].shape)
    scale = io["output"].std()
    assert out.shape == io["output"].shape
    assert (out - io["output"]).abs().max() < 1e-4 * scale


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_band_layout_equals_the_reference(shared: Path, case: str) -> None:
    net, io = golden(shared, case)
    assert torch.equal(net.rows, io["buf_freq_indices"])
    assert torch.equal(net.bands_per_bin, io["buf_num_bands_per_freq"])


@pytest.mark.data
def test_every_published_tensor_has_its_name_and_shape(shared: Path) -> None:
    path = shared / "golden" / "mel_band_roformer" / "published_keys.json"
    published = json.loads(path.read_text())["keys"]
    ours = Net(Config()).state_dict()
    assert {name: list(tensor.shape) for name, tensor in ours.items()} == {
        name: shape for name, (shape, _) in published.items()
    }


def test_wrapped_checkpoints_are_unwrapped() -> None:
    state = Net(TINY).state_dict()
    wrapped = {"state_dict": {f"model.{name}": tensor for name, tensor in state.items()}}
    assert convert(wrapped).keys() == state.keys()


def test_a_mask_of_one_gives_the_sound_back() -> None:
    net = Net(TINY)
    sound = torch.randn(1, 2, 20_000, generator=torch.Generator().manual_seed(0))
    spectrum = net.spectrum(sound)
    torch.testing.assert_close(net.sound(spectrum, 20_000), sound, atol=1e-5, rtol=0)


def test_all_parameters_learn() -> None:
    torch.manual_seed(0)
    net = Net(TINY)
    net(torch.randn(1, 2, 9_000)).square().mean().backward()
    for name, parameter in net.named_parameters():
        assert not parameter.requires_grad or parameter.grad.abs().sum() > 0, name
