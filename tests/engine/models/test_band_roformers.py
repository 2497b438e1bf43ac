from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from engine.models import family, layers
from engine.models.bs_roformer import Config as BsConfig
from engine.models.bs_roformer import Net as BsNet
from engine.models.layers import BandRoformer
from engine.models.mel_band_roformer import Config as MelConfig
from tests.tiny import TINY, TINY_BS

RECORDS = [
    (name, case) for name in ("mel_band_roformer", "bs_roformer") for case in ("case_a", "case_b")
]
TINIES = [("mel_band_roformer", TINY), ("bs_roformer", TINY_BS)]
Tensors = dict[str, torch.Tensor]


def config_of(name: str, given: dict[str, Any]) -> Any:
    kind = family(name).Config
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in given.items() if key in known})


def golden(shared: Path, name: str, case: str, **changes: Any) -> tuple[BandRoformer, Tensors]:
    folder = shared / "golden" / name / case
    given = json.loads((folder / "config.json").read_text())["constructor"]
    net = family(name).Net(config_of(name, given | changes)).eval()
    net.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    return net, load_file(folder / "io.safetensors")


def agree(ours: torch.Tensor, recorded: torch.Tensor, within: float = 1e-4) -> None:
    assert ours.shape == recorded.shape
    assert (ours - recorded).abs().max() < within * recorded.square().mean().sqrt()


@pytest.mark.data
@pytest.mark.parametrize(("name", "case"), RECORDS)
@torch.no_grad()
def test_output_equals_the_reference(shared: Path, name: str, case: str) -> None:
    net, io = golden(shared, name, case)
    agree(net(io["input"], match_length=io["output"].shape == io["input"].shape), io["output"])


@pytest.mark.data
@pytest.mark.parametrize(("name", "case"), RECORDS)
def test_every_stage_equals_the_reference(shared: Path, name: str, case: str) -> None:
    net, io = golden(shared, name, case)
    seen: Tensors = {}
    stages = {
        "band_split": net.band_split,
        "layer0_time": net.layers[0][0],
        "last_freq": net.layers[-1][1],
        "mask_estimator0": net.mask_estimators[0],
    }
    for stage, module in stages.items():
        module.register_forward_hook(lambda _m, _i, out, stage=stage: seen.update({stage: out}))
    net(io["input"])
    for stage, out in seen.items():
        recorded = io.get(stage)
        if recorded is None:
            recorded = io[f"{stage}_first_rows"]
            out = out.flatten(0, -2)[: len(recorded)]
        # The rounding of float32 alone moves the last stage by 2e-4 of its level.
        agree(out.detach().reshape(recorded.shape), recorded, within=1e-3)
    assert seen.keys() == stages.keys()


@pytest.mark.parametrize(("name", "config"), TINIES)
@pytest.mark.parametrize("part", [1, 300, 10**9])
def test_work_in_parts_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, config: Any, part: int
) -> None:
    torch.manual_seed(0)
    net, sound = family(name).Net(config).eval(), torch.randn(2, 2, 20_000)
    whole = net(sound).detach()  # with gradients: everything at once
    monkeypatch.setattr(layers, "PART", part)
    with torch.inference_mode():
        agree(net(sound), whole)


@pytest.mark.parametrize("tokens", [40, 200])
@pytest.mark.parametrize("learning", [False, True])
def test_plain_products_attend_as_the_fused_ones_do(tokens: int, learning: bool) -> None:
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 2, 3, tokens, 32)
    wanted = torch.nn.functional.scaled_dot_product_attention(query, key, value)
    with torch.set_grad_enabled(learning):
        torch.testing.assert_close(layers.attended(query, key, value, 0.0), wanted)
    coarse = layers.attended(query.bfloat16(), key.bfloat16(), value.bfloat16(), 0.0)
    torch.testing.assert_close(coarse.float(), wanted, atol=0.02, rtol=0.02)


@pytest.mark.data
@torch.no_grad()
def test_the_variant_without_a_constant_part_equals_its_reference(shared: Path) -> None:
    net, io = golden(shared, "bs_roformer", "case_a", zero_dc=True)
    agree(net(io["input"]), io["output_zero_dc_fulllength"])


@pytest.mark.data
@pytest.mark.parametrize("case", ["case_a", "case_b"])
def test_mel_bands_equal_the_reference(shared: Path, case: str) -> None:
    net, io = golden(shared, "mel_band_roformer", case)
    assert torch.equal(net.rows, io["buf_freq_indices"])
    assert torch.equal(net.bands_per_bin, io["buf_num_bands_per_freq"])


def shapes_of(net: BandRoformer) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}


@pytest.mark.data
@pytest.mark.parametrize(("name", "tensors"), [("mel_band_roformer", 684), ("bs_roformer", 699)])
def test_every_published_tensor_has_its_name_and_shape(
    shared: Path, name: str, tensors: int
) -> None:
    path = shared / "golden" / name / "published_keys.json"
    published = json.loads(path.read_text())["keys"]
    shapes = {key: tuple(shape) for key, (shape, _) in published.items()}
    assert len(shapes) == tensors
    with torch.device("meta"):
        assert shapes_of(family(name).Net(family(name).Config())) == shapes
    assert family(name).infer(shapes, {}) == family(name).Config()


VARIANTS = [
    {},
    {"stereo": False},
    {"num_stems": 3, "time_transformer_depth": 2},
    {"freq_transformer_depth": 3, "heads": 3, "dim_head": 4, "ff_mult": 1.3},
    {"mask_estimator_depth": 3, "mlp_expansion_factor": 2.7},
    {"dim": 11, "ff_mult": 1.37},  # 15, and int(11 * (15 / 11)) is 14
]


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
@pytest.mark.parametrize(("name", "tiny"), TINIES)
def test_sizes_are_read_off_names_and_shapes(name: str, tiny: Any, changes: dict[str, Any]) -> None:
    kind = family(name)
    with torch.device("meta"):
        net = kind.Net(replace(tiny, **changes))
        found = kind.infer(shapes_of(net), {"stft_hop_length": tiny.stft_hop_length})
        assert shapes_of(kind.Net(found)) == shapes_of(net)
    exact = {"ff_mult": found.ff_mult, "mlp_expansion_factor": found.mlp_expansion_factor}
    assert found == replace(tiny, **changes | exact)


@pytest.mark.parametrize("rate", [44_100, 48_000, 24_000, 16_000])
@pytest.mark.parametrize("n_fft", [1024, 2048, 4096])
def test_the_width_of_mel_bands_tells_rate_and_transform(rate: int, n_fft: int) -> None:
    kind = family("mel_band_roformer")
    made = MelConfig(dim=4, depth=1, sample_rate=rate, stft_n_fft=n_fft, stft_win_length=n_fft)
    with torch.device("meta"):
        found = kind.infer(shapes_of(kind.Net(made)), {})
    assert (found.sample_rate, found.stft_n_fft) == (rate, n_fft)


def test_bands_that_no_mel_scale_has_are_said() -> None:
    kind = family("mel_band_roformer")
    with torch.device("meta"):
        shapes = shapes_of(kind.Net(TINY))
    shapes["band_split.to_features.3.0.gamma"] = (44_444,)
    with pytest.raises(ValueError, match="12 bands"):
        kind.infer(shapes, {})


def test_bands_that_leave_bins_out_are_refused() -> None:
    with pytest.raises(ValueError, match="10 bins instead of 1025"):
        BsNet(BsConfig(freqs_per_bands=(4, 6)))


def test_a_mask_of_one_gives_the_sound_back() -> None:
    net = family("mel_band_roformer").Net(TINY)
    sound = torch.randn(1, 2, 20_000, generator=torch.Generator().manual_seed(0))
    spectrum = net.spectrum(sound)
    torch.testing.assert_close(net.sound(spectrum, 20_000), sound, atol=1e-5, rtol=0)


@pytest.mark.parametrize(("name", "tiny"), TINIES)
def test_all_parameters_learn(name: str, tiny: Any) -> None:
    torch.manual_seed(0)
    net = family(name).Net(tiny)
    net(torch.randn(1, 2, 9_000)).square().mean().backward()
    for parameter_name, parameter in net.named_parameters():
        assert not parameter.requires_grad or parameter.grad.abs().sum() > 0, parameter_name


@pytest.mark.parametrize(("name", "tiny"), TINIES)
@torch.no_grad()
def test_several_stems_have_an_axis_of_their_own(name: str, tiny: Any) -> None:
    net = family(name).Net(replace(tiny, num_stems=3, stereo=False)).eval()
    assert net(torch.randn(2, 1, 9_000)).shape == (2, 3, 1, 9_000)
