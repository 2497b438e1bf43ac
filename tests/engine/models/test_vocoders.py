from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch.nn.utils.parametrizations import weight_norm

from engine.models import family, istftnet, vocos
from engine.models.istftnet import fold

Tensors = dict[str, torch.Tensor]
CASES = ("case_a", "case_b")
GENERATORS = ("istftnet", "hifigan")
HIFIGAN = {"gen_istft_n_fft": 0, "gen_istft_hop_size": 0}
V1 = istftnet.Config(upsample_rates=(8, 8, 2, 2), upsample_kernel_sizes=(16, 16, 4, 4), **HIFIGAN)
V3 = istftnet.Config(
    resblock="2",
    upsample_rates=(8, 8, 4),
    upsample_kernel_sizes=(16, 16, 8),
    upsample_initial_channel=256,
    resblock_kernel_sizes=(3, 5, 7),
    resblock_dilation_sizes=((1, 2), (2, 6), (3, 12)),
    **HIFIGAN,
)
ENCODEC = vocos.Config(
    n_fft=1280,
    hop_length=320,
    n_mels=128,
    padding="same",
    dim=384,
    intermediate_dim=1152,
    adanorm_num_embeddings=4,
)
PUBLISHED = [
    ("istftnet", "istftnet/published_keys.json", istftnet.Config()),
    ("istftnet", "hifigan/published_keys_v1.json", V1),
    ("istftnet", "hifigan/published_keys_v2.json", replace(V1, upsample_initial_channel=128)),
    ("istftnet", "hifigan/published_keys_v3.json", V3),
    ("vocos", "vocos/published_keys.json", vocos.Config()),
    ("vocos", "vocos/published_keys_encodec_backbone_head.json", ENCODEC),
]


def tupled(value: Any) -> Any:
    return tuple(map(tupled, value)) if isinstance(value, list) else value


def generator(shared: Path, name: str, case: str) -> tuple[istftnet.Net, Tensors]:
    folder = shared / "golden" / name / case
    given = json.loads((folder / "config.json").read_text())["constructor_h"]
    sizes = {key: tupled(value) for key, value in given.items()}
    net = istftnet.Net(istftnet.Config(**(HIFIGAN | sizes))).eval()
    net.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    return net, load_file(folder / "io.safetensors")


def vocos_net(shared: Path, case: str) -> tuple[vocos.Net, Tensors]:
    folder = shared / "golden" / "vocos" / case
    given = json.loads((folder / "config.json").read_text())["config"]
    sizes = given["feature_extractor"] | given["backbone"]
    del sizes["input_channels"]
    net = vocos.Net(vocos.Config(**sizes)).eval()
    net.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    return net, load_file(folder / "io.safetensors")


def agree(ours: torch.Tensor, recorded: torch.Tensor, within: float = 1e-4) -> None:
    assert ours.shape == recorded.shape
    assert (ours - recorded).abs().max() < within * recorded.square().mean().sqrt()


def heard(net: torch.nn.Module, stages: dict[str, str], mel: torch.Tensor) -> Tensors:
    """What comes out of parts of a network, by the names of the records."""
    seen: Tensors = {}
    for stage, path in stages.items():
        module = net.get_submodule(path)
        module.register_forward_hook(lambda _m, _i, out, stage=stage: seen.update({stage: out}))
    seen["output"] = net(mel)
    return seen


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", GENERATORS)
@torch.no_grad()
def test_a_generator_equals_the_reference_at_every_stage(
    shared: Path, name: str, case: str
) -> None:
    net, io = generator(shared, name, case)
    agree(net.features(io["audio_for_mel"]), io["mel"])
    stages = ("conv_pre", "ups.0", "resblocks.0")
    for stage, out in heard(net, {each: each for each in stages}, io["mel"]).items():
        agree(out[:, None] if stage == "output" else out, io[stage])
    if name == "istftnet":
        magnitude, phase = net.spectrum(net.stages(io["mel"]))
        agree(magnitude, io["spec"])
        agree(phase, io["phase"])


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
@torch.no_grad()
def test_vocos_equals_the_reference_at_every_stage(shared: Path, case: str) -> None:
    net, io = vocos_net(shared, case)
    agree(net.features(io["input"]), io["features"])
    stages = ("backbone.embed", "backbone.convnext.0", "backbone")
    for stage, out in heard(net, {each: each for each in stages}, io["features"]).items():
        agree(out, io[stage])


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
def test_the_mel_scale_of_vocos_is_the_one_kept_with_its_weights(shared: Path, case: str) -> None:
    net, _ = vocos_net(shared, case)
    kept = net.feature_extractor.mel_spec.mel_scale.fb
    torch.testing.assert_close(
        vocos.Net(net.config).feature_extractor.mel_spec.mel_scale.fb, kept, atol=1e-5, rtol=0
    )


@pytest.mark.data
@pytest.mark.parametrize(("name", "path", "config"), PUBLISHED, ids=lambda each: str(each)[-40:])
def test_every_published_tensor_has_its_name_and_shape(
    shared: Path, name: str, path: str, config: Any
) -> None:
    published = json.loads((shared / "golden" / path).read_text())["keys"]
    with torch.device("meta"):
        state = fold({key: torch.empty(shape) for key, (shape, _) in published.items()})
        ours = family(name).Net(config).state_dict()
    shapes = {key: tuple(tensor.shape) for key, tensor in state.items()}
    assert {key: tuple(tensor.shape) for key, tensor in ours.items()} == shapes
    said = {"sample_rate": config.sample_rate} if name == "vocos" else {}
    assert family(name).infer(shapes, said) == config


TINY = replace(V1, upsample_initial_channel=16, num_mels=6)
OTHERS = [
    (replace(TINY, resblock_dilation_sizes=((1, 2, 7),) * 3), ("resblock_dilation_sizes",)),
    (
        replace(
            TINY,
            upsample_rates=(6, 4, 2, 2),
            hop_size=96,
            n_fft=512,
            win_size=400,
            sampling_rate=16_000,
            fmax=7_600.0,
        ),
        ("upsample_rates", "n_fft", "win_size", "sampling_rate", "fmax"),
    ),
    (replace(TINY, fmin=40.0, fmax=11_025.0), ("fmin", "fmax")),
    (
        replace(TINY, gen_istft_n_fft=24, gen_istft_hop_size=4, hop_size=1024, n_fft=4096,
                win_size=4096),
        ("gen_istft_hop_size",),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("config", "needed"), OTHERS, ids=lambda each: str(each)[:40])
def test_what_no_tensor_shows_is_taken_from_the_configuration(
    config: istftnet.Config, needed: tuple[str, ...]
) -> None:
    with torch.device("meta"):
        shapes = {k: tuple(t.shape) for k, t in istftnet.Net(config).state_dict().items()}
    said = {key: getattr(config, key) for key in needed}
    assert istftnet.infer(shapes, said) == config


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"upsample_rates": (8, 8, 2)}, "do not go with kernels"),
        ({"upsample_rates": (8, 8, 2, 5)}, "do not go with kernels"),
        ({"upsample_rates": (7, 8, 2, 2)}, "do not go with kernels"),
        ({"resblock_dilation_sizes": ((1, 2),) * 3}, "do not go with kernels"),
        ({"hop_size": 128}, "256 samples of a frame, and 128 are said"),
        ({"n_fft": 128}, "do not exist"),
        ({"fmin": 9_000}, "do not exist"),
        ({"fmax": 12_000}, "do not exist"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(said: dict[str, Any], fault: str) -> None:
    with torch.device("meta"):
        shapes = {k: tuple(t.shape) for k, t in istftnet.Net(TINY).state_dict().items()}
    with pytest.raises(ValueError, match=fault):
        istftnet.infer(shapes, said)


@torch.no_grad()
def test_weight_norm_is_folded_whichever_way_it_is_written() -> None:
    conv = torch.nn.Conv1d(3, 5, 7)
    weight_norm(conv)
    state = conv.state_dict()
    assert "parametrizations.weight.original0" in state
    older = {
        re.sub(
            r"parametrizations\.weight\.original(\d)", lambda m: "weight_" + "gv"[int(m[1])], k
        ): t
        for k, t in state.items()
    }
    for each in (state, older):
        folded = fold(each)
        assert folded.keys() == {"weight", "bias"}
        torch.testing.assert_close(folded["weight"], conv.weight)
    lonely = {"a.weight_g": torch.ones(2, 1, 1), "b.weight_v": torch.ones(2, 2, 1)}
    assert fold(lonely) == lonely


@pytest.mark.parametrize("padding", ["center", "same"])
def test_the_head_of_vocos_makes_a_spectrum_sound_again(padding: str) -> None:
    config = vocos.Config(n_fft=64, hop_length=16, n_mels=8, dim=66, padding=padding)
    head = vocos.Head(config)
    torch.nn.init.eye_(head.out.weight)
    torch.nn.init.zeros_(head.out.bias)
    sound = torch.randn(1, 64 * 16, generator=torch.Generator().manual_seed(0))
    edge = 0 if padding == "center" else 24
    spectrum = torch.stft(
        torch.nn.functional.pad(sound, (edge, edge)), 64, 16, window=torch.hann_window(64),
        center=padding == "center", return_complex=True,
    )  # fmt: skip
    polar = torch.cat((spectrum.abs().log(), spectrum.angle()), 1).mT
    torch.testing.assert_close(head(polar), sound, atol=1e-4, rtol=0)


@torch.no_grad()
def test_a_setting_of_the_norms_is_chosen() -> None:
    torch.manual_seed(0)
    net = vocos.Net(replace(ENCODEC, dim=12, intermediate_dim=16, num_layers=1))
    for module in net.modules():
        if isinstance(module, vocos.ChosenNorm):
            torch.nn.init.normal_(module.scale.weight)
    codes = torch.randn(1, 128, 30)
    first = net(codes)
    assert first.shape == (1, 30 * 320)
    assert torch.equal(net(codes), first)
    for module in net.modules():
        if isinstance(module, vocos.ChosenNorm):
            module.chosen = 2
    assert not torch.allclose(net(codes), first)


TINIES = [
    istftnet.Net(replace(V1, upsample_initial_channel=16)),
    istftnet.Net(replace(V3, upsample_initial_channel=16)),
    istftnet.Net(istftnet.Config(upsample_initial_channel=16)),
    vocos.Net(vocos.Config(dim=12, intermediate_dim=16, num_layers=2)),
    vocos.Net(vocos.Config(dim=12, intermediate_dim=16, num_layers=2, padding="same")),
]


@pytest.mark.parametrize("net", TINIES, ids=lambda net: type(net).__module__)
def test_a_vocoder_makes_a_hop_of_sound_for_each_frame_and_all_of_it_learns(net: Any) -> None:
    torch.manual_seed(0)
    mel = net.features(torch.randn(2, 20 * net.hop))
    sound = net(mel)
    assert sound.shape == (2, 20 * net.hop)
    sound.square().mean().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name
