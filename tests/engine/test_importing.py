from __future__ import annotations

import io
import os
import pickle
import random
import shutil
import time
import zipfile
from collections import namedtuple
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import checkpoints, importing, loader, tasks
from engine.cards import card as card_of
from engine.cards import cards, own_cards
from engine.errors import EngineError, UnusableModel, UnwritableTarget
from engine.events import Ended, Progress, State
from engine.importing import Added
from engine.jobs import Runner
from engine.types import AudioClip, Scratch
from engine.weights import digest, resolve
from tests.tiny import TINY, tiny_net

State_ = dict[str, torch.Tensor]
KINDS = ("mel_band_roformer", "bs_roformer")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    loader.unload()
    return tmp_path / "data"


def left(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def finish(work: Any) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


def add(path: Path, **given: Any) -> Added:
    return finish(tasks.add_model(path, **given))


def plain(state: State_, path: Path) -> None:
    torch.save(state, path)


def lightning(state: State_, path: Path) -> None:
    names = {f"model.{name}": tensor for name, tensor in state.items()}
    torch.save({"state_dict": names, "epoch": 3, "optimizer_states": [{"lr": 0.1}]}, path)


def parallel(state: State_, path: Path) -> None:
    names = {f"module._orig_mod.{name}": tensor for name, tensor in state.items()}
    torch.save({"model": names}, path)


def averaged(state: State_, path: Path) -> None:
    raw = {name: torch.zeros_like(tensor) for name, tensor in state.items()}
    torch.save({"model": raw, "ema": {"module": state}}, path)


def averaged_flat(state: State_, path: Path) -> None:
    names = {f"online_model.{name}": torch.zeros_like(each) for name, each in state.items()}
    names |= {f"ema_model.{name}": tensor for name, tensor in state.items()}
    torch.save(names, path)


def old(state: State_, path: Path) -> None:
    torch.save(state, path, _use_new_zipfile_serialization=False)


def safe(state: State_, path: Path) -> None:
    save_file({name: tensor.clone() for name, tensor in state.items()}, path)


def doubled(state: State_, path: Path) -> None:
    torch.save({name: tensor.double() for name, tensor in state.items()}, path)


WAYS = [plain, lightning, parallel, averaged, averaged_flat, old, safe, doubled]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_becomes_a_model(
    tmp_path: Path, home: Path, kind: str, way: Callable[[State_, Path], None]
) -> None:
    net = tiny_net(kind, stft_hop_length=220)
    path = tmp_path / "My Model_v2.ckpt"
    way(net.state_dict(), path)
    added = add(path, licence="CC BY 4.0", source="https://example.org/model")
    made = card_of("my-model-v2")
    assert made == replace(added.card, config=made.config)
    assert (made.title, made.family, made.licence) == ("My Model v2", kind, "CC BY 4.0")
    assert made.source == f"https://example.org/model ({path.name}, SHA-256 {digest(path)})"
    assert made.outputs == ("vocals", "instrumental")
    assert (made.rate, made.channels, made.window) == (44_100, 2, 8.0)
    kept = load_file(resolve(made))
    assert kept.keys() == net.state_dict().keys()
    assert all(torch.equal(kept[name], tensor) for name, tensor in net.state_dict().items())
    assert left(home) == ["my-model-v2.safetensors", "my-model-v2.toml"]
    assert cards()[0].id != made.id
    # 220 is what is assumed for a transform of 1024, so both networks are the same.
    sound = torch.randn(1, 2, 20_000, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(loader.load(made, "cpu")(sound), net(sound))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_kept(tmp_path: Path, dtype: torch.dtype) -> None:
    state = {name: tensor.to(dtype) for name, tensor in tiny_net().state_dict().items()}
    torch.save(state, tmp_path / "half.pt")
    kept = load_file(resolve(add(tmp_path / "half.pt").card))
    assert {tensor.dtype for tensor in kept.values()} == {dtype}


def test_an_added_model_separates(
    tmp_path: Path, make_clip: Callable[..., AudioClip], scratch: Scratch
) -> None:
    net = tiny_net("bs_roformer", num_stems=4)
    torch.save(net.state_dict(), tmp_path / "four.ckpt")
    made = add(tmp_path / "four.ckpt", outputs=("drums", "bass", "other", "vocals")).card
    rng = np.random.default_rng(1)
    mix = make_clip(0.1 * rng.standard_normal((2, 30_000)).astype(np.float32))
    result = finish(tasks.separate(mix, made, scratch, "cpu"))
    assert tuple(result.clips) == ("drums", "bass", "other", "vocals")
    assert all(np.abs(clip.read(0, 30_000)).max() > 1e-4 for clip in result.clips.values())


def test_two_files_of_one_name_have_two_ids(tmp_path: Path) -> None:
    for folder, hop in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        state = tiny_net().state_dict()
        state["mask_estimators.0.to_freqs.0.0.0.bias"] += hop
        torch.save(state, tmp_path / folder / "net.ckpt")
    ids = [add(tmp_path / folder / "net.ckpt").card.id for folder in "ab"]
    assert ids == ["net", "net-2"]
    assert [each.id for each in own_cards()[0]] == ids


def test_the_same_file_twice_is_said(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "net.ckpt"
    torch.save(tiny_net().state_dict(), path)
    add(path)
    before = left(home)
    with pytest.raises(EngineError, match=r"already here: net \(net\)"):
        add(path.rename(tmp_path / "other.ckpt"))
    assert left(home) == before


# Configurations


YAML = """\
audio:
  chunk_size: 132300
  sample_rate: 44100
  dim_f: 1024
model:
  dim: 16
  depth: 1
  stereo: true
  num_stems: 1
  freqs_per_bands: !!python/tuple [{bands}]
  heads: 2
  dim_head: 8
  attn_dropout: 0.1
  stft_n_fft: 1024
  stft_hop_length: 256
  stft_win_length: 1024
  mask_estimator_depth: 2
  mlp_expansion_factor: 1
  multi_stft_resolutions_window_sizes: !!python/tuple
  - 4096
  - 2048
training:
  instruments: [vocals, other]
  target_instrument: {target}
inference:
  num_overlap: 2
"""
BANDS = ", ".join(["8"] * 16 + ["32"] * 8 + ["129"])


def bs_file(tmp_path: Path) -> Path:
    path = tmp_path / "net.ckpt"
    torch.save(tiny_net("bs_roformer").state_dict(), path)
    return path


@pytest.mark.parametrize("given", [True, False])
def test_the_configuration_adds_what_weights_do_not_show(tmp_path: Path, given: bool) -> None:
    path = bs_file(tmp_path)
    yaml = tmp_path / ("config.yaml" if given else "net.yaml")
    yaml.write_text(YAML.format(bands=BANDS, target="other"))
    added = add(path, yaml=yaml if given else None)
    assert added.card.config["stft_hop_length"] == 256
    assert (added.card.window, added.card.overlap) == (3.0, 0.375)
    assert added.card.outputs == ("instrumental", "vocals")
    assert added.notes == (f"{yaml.name} agrees with the weights.",)


def test_without_a_configuration_what_is_assumed_is_said(tmp_path: Path) -> None:
    notes = " ".join(add(bs_file(tmp_path)).notes)
    assert "220 is taken" in notes
    assert "called vocals" in notes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dim: 16", "dim: 17", "says dim 17, and the weights show 16"),
        ("depth: 1\n", "depth: 3\n", "says depth 3"),
        ("129]", "130]", "freqs_per_bands"),
        ("stereo: true", "stereo: false", "says stereo False"),
        ("stft_n_fft: 1024", "stft_n_fft: 2048", "says stft_n_fft 2048"),
        ("mlp_expansion_factor: 1\n", "mlp_expansion_factor: 4\n", "expansion_factor 4"),
        ("heads: 2", "heads: [2]", "says heads"),
        ("hop_length: 256", "hop_length: -3", "stft_hop_length cannot be -3"),
        ("hop_length: 256", "hop_length: many", "stft_hop_length cannot be 'many'"),
        ("hop_length: 256", "hop_length: 3000", "cannot run"),
        ("win_length: 1024", "win_length: 4096", "cannot run"),
        ("heads: 2", "skip_connection: true\n  heads: 2", "skip connections"),
        ("chunk_size: 132300", "chunk_size: long", "not the configuration"),
        ("chunk_size: 132300", "chunk_size: .inf", "not the configuration"),
        ("[vocals, other]", "7", "instruments cannot be 7"),
        ("model:", "model: [", "not the configuration"),
        ("model:", "- model:", "not the configuration"),
        ("dim: 16", "dim: !!python/object/apply:os.mkdir [CANARY]", "not the configuration"),
        ("dim: 16", "dim: !!python/name:os.system ''", "not the configuration"),
        ("dim: 16", "dim: " + "[" * 3_000, "not the configuration"),
    ],
)
def test_a_configuration_of_something_else_is_refused(
    tmp_path: Path, home: Path, old: str, new: str, said: str
) -> None:
    path, canary = bs_file(tmp_path), tmp_path / "canary"
    text = YAML.format(bands=BANDS, target="vocals")
    assert old in text
    yaml = tmp_path / "net.yaml"
    yaml.write_text(text.replace(old, new.replace("CANARY", str(canary))))
    with pytest.raises(UnusableModel, match=said):
        add(path)
    assert not canary.exists()
    assert left(home) == []


def test_a_configuration_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=r"gone\.yaml"):
        add(bs_file(tmp_path), yaml=tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    ("target", "listed", "outputs"),
    [
        ("vocals", ("vocals", "other"), ("vocals", "instrumental")),
        ("Vocals", (), ("vocals", "instrumental")),
        ("other", ("vocals", "other"), ("instrumental", "vocals")),
        ("Instrumental", ("Vocals", "Instrumental"), ("instrumental", "vocals")),
        ("dry", ("dry", "other"), ("dry", "other")),
        ("guitar", ("drums", "guitar", "bass"), ("guitar", "without guitar")),
        ("../../up:*", (), ("up", "without up")),
        ("", (), ("vocals", "instrumental")),
    ],
)
def test_stems_have_names_that_files_can_have(
    target: str, listed: tuple[str, ...], outputs: tuple[str, ...]
) -> None:
    told = checkpoints.Said("x.yaml", {}, 0, target, listed)
    assert importing._outputs(TINY, told, ())[0] == outputs


def test_several_stems_have_the_names_of_the_configuration_or_none() -> None:
    three = replace(TINY, num_stems=3)
    told = checkpoints.Said("x.yaml", {}, 0, "", ("Drums", "Drums", "Bass"))
    assert importing._outputs(three, told, ())[0] == ("drums", "drums 2", "bass")
    assert importing._outputs(three, checkpoints.Said(), ())[0] == ("stem 1", "stem 2", "stem 3")
    with pytest.raises(UnusableModel, match="gives 3 stems, but 2 are named"):
        importing._outputs(three, told, ("a", "b"))


# Files that are no networks


class Evil:
    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.canary),)


def pickled(value: Any) -> bytes:
    return pickle.dumps(value)


def torched(value: Any, zipped: bool = True) -> bytes:
    out = io.BytesIO()
    torch.save(value, out, _use_new_zipfile_serialization=zipped)
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [pickled, torched, lambda value: torched(value, False)],
    ids=["pickle", "zip", "old"],
)
@pytest.mark.parametrize("name", ["net.ckpt", "net.safetensors", "net"])
def test_code_in_a_file_is_never_run(
    tmp_path: Path, home: Path, make: Callable[[Any], bytes], name: str
) -> None:
    canary, path = tmp_path / "canary", tmp_path / name
    path.write_bytes(make({"state_dict": tiny_net().state_dict(), "x": Evil(canary)}))
    with pytest.raises(UnusableModel, match=r"mkdir|damaged"):
        add(path)
    assert not canary.exists()
    assert left(home) == []


def zip_of(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


NET = torched(tiny_net().state_dict())
OLD = torched(tiny_net().state_dict(), zipped=False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"hello world, this is no checkpoint", "no checkpoint that Melic knows"),
        (b"<!DOCTYPE html><html>Sign in</html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras"),
        (b"\x08\x08\x12\x07pytorch\x1a\x032.0" + bytes(100), "ONNX file that is cut off"),
        (b"\x08\x08\x12\x07pytorch\x3a\x08\x0a\x06\x22\x04Relu", "ONNX file of another network"),
        (b"\x1f\x8b" + bytes(100), "packed archive"),
        (zip_of(net_ckpt=NET), "packed archive"),
        (zip_of(data_pkl=b"\x80\x02}."), "cut off or damaged"),
        (zip_of(data_pkl=b"", constants_pkl=b""), "TorchScript"),
        (cut(NET, 0.5), "cut off or damaged"),
        (cut(NET, 0.99), "cut off or damaged"),
        (cut(OLD, 0.5), "damaged"),
        (bytes(range(256)) * 10, "no checkpoint"),
        (b"\x80\x02" + bytes(100), "damaged"),
        ((1 << 60).to_bytes(8, "little") + b"{" + bytes(50), "cut off or damaged"),
        (torched([1, 2, 3]), "holds no network"),
        (torched({"a": {"b": torch.zeros(2)}}), "holds no network"),
    ],
)
def test_what_is_no_network_is_said_in_words(
    tmp_path: Path, home: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "net.ckpt"
    path.write_bytes(data)
    with pytest.raises(UnusableModel, match=said):
        add(path)
    assert left(home) == []


def test_a_folder_and_a_file_that_is_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="is a folder"):
        add(tmp_path)
    with pytest.raises(UnusableModel, match="cannot be read: No such file"):
        add(tmp_path / "gone.ckpt")


@pytest.mark.parametrize(
    ("names", "look"),
    [
        (["encoder.0.conv.weight", "crosstransformer.layers.0.x"], "Demucs"),
        (["first_conv.weight", "encoder_blocks.0.tfc_tdf.blocks.0.x"], "MDX23C"),
        (["stg1_low_band_net.0.enc1.conv.0.weight"], "VR network"),
        (["band_split.norm_fc_modules.0.norm.weight"], "Bandit"),
        (["lstm.weight_ih_l0", "fc1.weight"], "Open-Unmix"),
        (["conv_pre.weight_g"], "holds no network"),
    ],
)
def test_other_kinds_of_networks_are_named(tmp_path: Path, names: list[str], look: str) -> None:
    torch.save({"state": {name: torch.zeros(2) for name in names}}, tmp_path / "x.th")
    with pytest.raises(UnusableModel, match=look):
        add(tmp_path / "x.th")


def test_a_demucs_package_is_named_by_its_class(tmp_path: Path) -> None:
    kind = type("HTDemucs", (), {"__module__": "demucs.htdemucs"})
    blob = pickle.dumps({"klass": 0})
    glob = b"\x80\x02cdemucs.htdemucs\nHTDemucs\n."
    assert kind.__module__.encode() in glob
    path = tmp_path / "955717e8.th"
    out = io.BytesIO(torched({"klass": 0}))
    with zipfile.ZipFile(out) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, glob if name.endswith("data.pkl") else data)
    assert blob
    with pytest.raises(UnusableModel, match=r"Python code \(demucs\.htdemucs.* of Demucs"):
        add(path)


def changed(**changes: Any) -> State_:
    """A tiny network's state with tensors replaced, or without them (None)."""
    state = tiny_net().state_dict()
    for name, tensor in changes.items():
        name = next(each for each in state if each.endswith(name.replace("__", ".")))
        if tensor is None:
            del state[name]
        else:
            state[name] = tensor
    return state


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (changed(to_gates__weight=None), "to_gates.weight is missing"),
        (changed(to_gates__bias=None), "1 of .* are missing, the first is"),
        (changed(to_features__11__1__bias=None), "1 of .* are missing"),
        (changed() | {"extra.weight": torch.zeros(3)}, "have no place .* extra.weight"),
        (changed() | {"layers.0.2.weight": torch.zeros(3)}, "linear attention"),
        (changed() | {"layers.0.0.to_value_residual.x": torch.zeros(3)}, "later kind"),
        (changed(to_features__7__1__bias=torch.zeros(3)), "another shape"),
        (changed(to_features__7__0__gamma=torch.zeros(33)), "12 bands are not those"),
        (changed(to_gates__weight=torch.zeros(0, 16)), "no Mel-Band RoFormer that Melic can"),
        (changed(to_gates__weight=torch.zeros(())), "no Mel-Band RoFormer that Melic can"),
        (changed(to_gates__bias=torch.zeros(2, dtype=torch.int8)), "no plain numbers"),
        (changed(to_gates__bias=torch.tensor([1.0, float("nan")])), "no numbers"),
        ({n: torch.zeros_like(t) for n, t in changed().items()}, "gives silence"),
        (changed(to_gates__bias=torch.zeros(1).expand(10**15)), "damaged"),
    ],
)
def test_what_does_not_fit_is_said_in_words(
    tmp_path: Path, home: Path, state: State_, said: str
) -> None:
    torch.save(state, tmp_path / "net.ckpt")
    with pytest.raises(UnusableModel, match=said):
        add(tmp_path / "net.ckpt")
    assert left(home) == []


@pytest.mark.parametrize("way", [plain, old, safe], ids=lambda way: way.__name__)
def test_damaged_files_end_in_words_or_in_a_model_that_runs(
    tmp_path: Path, home: Path, way: Callable[[State_, Path], None]
) -> None:
    rng = random.Random(7)
    whole = tmp_path / "whole.ckpt"
    way(tiny_net().state_dict(), whole)
    data = whole.read_bytes()
    path = tmp_path / "net.ckpt"
    refused = 0
    for _ in range(30):
        mutant = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            place = rng.choice((rng.randrange(len(data)), rng.randrange(min(len(data), 4_000))))
            mutant[place] = rng.randrange(256)
        if rng.random() < 0.3:
            mutant = mutant[: rng.randrange(len(data))]
        path.write_bytes(mutant)
        try:
            finish(tasks.remove_model(add(path).card.id))
        except UnusableModel:
            refused += 1
        assert left(home) == []
    assert refused > 7


def test_a_dictionary_that_holds_itself_is_read_once(tmp_path: Path) -> None:
    saved: dict[str, Any] = {"state_dict": tiny_net().state_dict()}
    for level in range(60):  # 2 to the 60th paths
        saved[f"n{level}"] = saved
    torch.save(saved, tmp_path / "net.ckpt")
    assert add(tmp_path / "net.ckpt").card.id == "net"


# Disk and cancelling


def test_a_full_disk_is_known_before_anything_is_written(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10_000))
    with pytest.raises(UnwritableTarget, match="not enough room"):
        add(bs_file(tmp_path))
    assert left(home) == []


@pytest.mark.parametrize("where", ["engine.importing.write_card", "pathlib.Path.replace"])
def test_a_failing_disk_leaves_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    path = bs_file(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, full)
    with pytest.raises(UnwritableTarget, match="No space left"):
        add(path)
    assert left(home) == []


def test_cancelled_at_any_moment_it_leaves_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BLOCK", 1 << 17)
    path, steps = bs_file(tmp_path), 0
    while True:
        work = tasks.add_model(path)
        events = [event for _, event in zip(range(steps + 1), work, strict=False)]
        if len(events) <= steps:
            break
        work.close()
        assert left(home) == []
        steps += 1
    assert steps > 5
    assert left(home) == ["net.safetensors", "net.toml"]
    shares = [event.done for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)


def test_cancelled_inside_the_trial_it_leaves_nothing(tmp_path: Path, home: Path) -> None:
    runner = Runner()
    try:
        path = bs_file(tmp_path)
        job = runner.submit("Add", lambda: tasks.add_model(path), "heavy")
        while True:
            _, event = runner.mailbox.get(timeout=60)
            if isinstance(event, Progress) and event.note.startswith("Trying"):
                job.cancel()
            if isinstance(event, Ended):
                assert event.state is State.CANCELLED
                break
    finally:
        runner.close()
    assert left(home) == []


def test_what_a_killed_import_left_goes_with_a_later_one(tmp_path: Path, home: Path) -> None:
    (home / "weights").mkdir(parents=True)
    yesterday = home / "weights" / "import-old.part"
    running = home / "weights" / "import-new.part"
    for part in (yesterday, running):
        part.write_bytes(b"x")
    os.utime(yesterday, (time.time() - 2 * importing.STALE,) * 2)
    add(bs_file(tmp_path))
    assert not yesterday.exists()
    assert running.exists()


# Removing


def test_a_model_that_was_added_can_be_removed(tmp_path: Path, home: Path) -> None:
    made = add(bs_file(tmp_path)).card
    loader.load(made, "cpu")
    finish(tasks.remove_model(made.id))
    assert left(home) == []
    with pytest.raises(EngineError, match="no model called"):
        card_of(made.id)


def test_a_broken_card_can_be_removed(tmp_path: Path, home: Path) -> None:
    made = add(bs_file(tmp_path)).card
    (home / "models" / "net.toml").write_text("broken")
    assert made.id not in [each.id for each in cards()]
    finish(tasks.remove_model(made.id))
    assert left(home) == []


def test_weights_that_another_card_names_stay(tmp_path: Path, home: Path) -> None:
    made = add(bs_file(tmp_path)).card
    importing.write_card(replace(made, id="twin"), home / "models")
    finish(tasks.remove_model("net"))
    assert left(home) == ["net.safetensors", "twin.toml"]
    resolve(card_of("twin"))


@pytest.mark.parametrize("id", ["vocals-s", "nothing", "../models/net", ""])
def test_what_was_not_added_cannot_be_removed(tmp_path: Path, home: Path, id: str) -> None:
    add(bs_file(tmp_path))
    with pytest.raises(EngineError, match=r"Melic's own|no model called") as caught:
        finish(tasks.remove_model(id))
    assert "net" in caught.value.hint
    assert left(home) == ["net.safetensors", "net.toml"]
    assert cards()[0].id == "vocals-s"


@pytest.mark.parametrize(
    ("title", "id"),
    [("Mélodie №1!", "melodie-no1"), ("人声", "model"), ("CON", "model-con"), ("a" * 99, "a" * 40)],
)
def test_ids_are_plain_names(title: str, id: str) -> None:
    assert importing._free_id(title, set()) == id
    assert importing._free_id(title, {id}) == f"{id}-2"


@pytest.mark.data
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", ["case_a", "case_b"])
def test_the_recorded_references_are_understood(shared: Path, kind: str, case: str) -> None:
    import json

    folder = shared / "golden" / kind / case
    added = add(folder / "weights.safetensors", title=kind)
    given = json.loads((folder / "config.json").read_text())["constructor"]
    given |= {"freqs_per_bands": tuple(given.get("freqs_per_bands", ()))}
    found = asdict(checkpoints.family(kind).Config(**added.card.config))
    for key, value in given.items():
        if key in found and key != "stft_hop_length" and not key.endswith("dropout"):
            assert found[key] == value, key


@pytest.mark.data
def test_the_published_basic_pitch_is_taken_in_to_transcribe(
    shared: Path, tmp_path: Path, home: Path, scratch: Scratch, make_clip: Callable[..., AudioClip]
) -> None:
    made = add(shared / "peers" / "basic_pitch_nmp.onnx", licence="Apache-2.0").card
    assert (made.task, made.family) == ("transcribe", "basic_pitch")
    assert (made.rate, made.channels, made.outputs) == (22_050, 1, ("curves",))
    assert left(home) == ["basic-pitch-nmp.safetensors", "basic-pitch-nmp.toml"]
    assert made.id in [card.id for card in cards("transcribe")]
    time_axis = np.arange(44_100) / 44_100
    tone = make_clip(0.3 * np.sin(2 * np.pi * 440 * time_axis)[None].astype(np.float32))
    result = finish(tasks.transcribe(tone, card_of(made.id), scratch, "cpu"))
    assert [note.pitch for note in result.melody.notes] == [69.0]
    again = tmp_path / "again.safetensors"  # what was kept is taken in too
    shutil.copy(resolve(made), again)
    assert add(again).card.config == made.config


@pytest.mark.data
def test_a_damaged_onnx_file_is_refused_in_words(shared: Path, tmp_path: Path, home: Path) -> None:
    data = (shared / "peers" / "basic_pitch_nmp.onnx").read_bytes()
    for share in (0.01, 0.3, 0.9, 0.999):
        path = tmp_path / "nmp.onnx"
        path.write_bytes(cut(data, share))
        with pytest.raises(UnusableModel, match="is an ONNX file that is cut off"):
            add(path)
    weights = data.index(b"const_fold_opt__680")
    other = data[:weights] + b"const_fold_opt__000" + data[weights + 19 :]
    path.write_bytes(other)
    with pytest.raises(UnusableModel, match="2 of 14 tensors are missing"):
        add(path)
    with pytest.raises(UnusableModel, match="gives no stems"):
        add(shared / "peers" / "basic_pitch_nmp.onnx", outputs=("vocals",))
    assert left(home) == []
