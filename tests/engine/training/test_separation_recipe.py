from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file, save_file

from engine.cards import read_card
from engine.training import evaluate, loop, separation
from engine.training.corpus import pack
from engine.training.evaluate import mixed, sdr
from engine.training.optimise import orthogonalise
from engine.training.remix import Remixes, relevelled
from tests.tiny import TINY, tiny_card

RATE = 16_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two made-up singers over two made-up bands, laid out like MIR-1K."""
    folder = tmp_path / "data" / "mir1k" / "train"
    folder.mkdir(parents=True)
    time = np.arange(RATE * 4) / RATE
    rng = np.random.default_rng(0)
    for number, hz in enumerate((220.0, 330.0)):
        vibrato = hz * (1 + 0.02 * np.sin(2 * np.pi * 6 * time))
        voice = 0.3 * np.sin(2 * np.pi * np.cumsum(vibrato) / RATE)
        band = 0.1 * rng.standard_normal(len(time))
        soundfile.write(
            folder / f"s_{number}_voice.opus", voice, RATE, format="OGG", subtype="OPUS"
        )
        soundfile.write(folder / f"s_{number}_music.opus", band, RATE, format="OGG", subtype="OPUS")
    return tmp_path / "data"


def test_a_remix_is_the_sum_of_its_parts_and_has_no_bad_numbers(data: Path, tmp_path: Path) -> None:
    remixes = Remixes(data, tmp_path / "cache", seconds=1.0, seed=0)
    rng = np.random.default_rng(1)
    for _ in range(40):
        mix, voice = remixes.example(rng)
        assert mix.shape == voice.shape == (2, 44_100)
        assert np.isfinite(mix).all()
        assert np.isfinite(voice).all()
        assert 0 < np.abs(mix).max() <= 1.001


def test_a_narrow_recording_is_never_under_a_wide_band(data: Path, tmp_path: Path) -> None:
    assert {recording.band_hz for recording in pack(data, tmp_path / "cache")} == {8_000.0}
    mix, _ = Remixes(data, tmp_path / "cache", 1.0, 0).example(np.random.default_rng(2))
    spectrum = np.abs(np.fft.rfft(mix[0]))
    assert spectrum[9_000:].max() < 1e-3 * spectrum.max()


def test_training_learns_goes_on_where_it_stopped_and_exports(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.weights import digest, resolve

    monkeypatch.setattr(separation, "COMPACT", TINY)
    run = tmp_path / "run"
    common = ["--data", str(data), "--run", str(run), "--seconds", "1", "--workers", "1"]
    assert separation.main([*common, "--minutes", "0.05"]) == 0
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    longer = str(first["spent"] / 60 + 0.05)
    assert separation.main([*common, "--minutes", longer]) == 0
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert 0 < first["steps"] < second["steps"]
    for name, before in first["net"].items():
        assert ("rotary" in name) == torch.equal(before, second["net"][name]), name

    folder, card = tmp_path / "weights", tmp_path / "vocals-s.toml"
    folder.mkdir()
    card.write_text(separation.CARD.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(separation, "BUNDLED", folder)
    monkeypatch.setattr(separation, "CARD", card)
    assert separation.main(["--run", str(run), "--export"]) == 0
    bundled = resolve(read_card(card), [folder])
    assert bundled.stat().st_size > 10_000

    run, known = tmp_path / "narrow", digest(bundled)
    common = ["--data", str(data), "--run", str(run), "--seconds", "1", "--workers", "1"]
    assert separation.main([*common, "--dim", "32", "--echo", "2", "--minutes", "0.05"]) == 0
    assert separation.main(["--run", str(run), "--export"]) == 0
    assert len(load_file(run / "vocals.safetensors")["layers.0.0.norm.gamma"]) == 32
    assert digest(bundled) == known


def test_a_share_of_what_is_exported_are_the_weights_that_the_run_began_with(
    tmp_path: Path,
) -> None:
    start = tmp_path / "start.safetensors"
    save_file({"a": torch.zeros(3), "b": torch.full((2,), 8.0)}, start)
    average = {"a": torch.full((3,), 4.0), "new": torch.ones(1)}
    torch.save({"average": average, "config": {}}, tmp_path / "checkpoint.pt")
    options = argparse.Namespace(run=tmp_path, start=[start], share=0.75)
    _, weights = loop.finished(options)
    assert weights["a"].tolist() == [3.0, 3.0, 3.0]
    assert set(weights) == {"a", "new"}
    assert weights["new"].item() == 1.0


def test_a_batch_used_again_holds_the_same_band_under_another_level() -> None:
    torch.manual_seed(0)
    mix, voice = torch.randn(2, 3, 2, 500)
    again, louder = relevelled(mix, voice)
    torch.testing.assert_close(again - louder, mix - voice, atol=1e-5, rtol=1e-5)
    gains = (louder / voice).mean((1, 2))
    assert len(set(gains.tolist())) == 3
    assert (20 * gains.log10()).abs().max() < 10


def test_a_deeper_network_begins_with_what_a_shallower_one_hears(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    shallow = separation.Net(TINY).eval()
    for parameter in shallow.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    deep = separation.Net(replace(TINY, depth=3)).eval()
    deep.load_state_dict(separation.deepened(shallow.state_dict(), 3))
    sound = torch.randn(1, 2, 20_000)
    with torch.no_grad():
        torch.testing.assert_close(deep(sound), shallow(sound), atol=1e-5, rtol=1e-4)
    loss, _ = separation.loss(deep, sound, 0.5 * sound)
    loss.backward()
    assert deep.layers[2][0].layers[0][0].to_out[0].weight.grad.abs().max() > 0

    start, run = tmp_path / "start.safetensors", tmp_path / "run"
    save_file(shallow.state_dict(), start)
    monkeypatch.setattr(separation, "COMPACT", replace(TINY, dim=32))  # TINY is not bundled then
    common = ["--run", f"{run}", "--seconds", "1", "--workers", "1", "--start", f"{start}"]
    sizes = ["--data", f"{data}", "--dim", "16", "--depth", "2", "--minutes", "0.02"]
    assert separation.main([*common, *sizes]) == 0
    assert separation.main([*common, "--export", "--share", "0"]) == 0
    made = separation.Net(replace(TINY, depth=2)).eval()
    made.load_state_dict(load_file(run / "vocals.safetensors"))
    with torch.no_grad():
        torch.testing.assert_close(made(sound), shallow(sound), atol=1e-3, rtol=1e-2)


def test_an_example_used_again_comes_in_other_company() -> None:
    torch.manual_seed(0)
    made = [torch.arange(start, start + 8.0) for start in range(0, 3 * loop.ECHOED, 8)]
    batches = ([marks[:, None].expand(8, 3), -marks] for marks in made)
    drawn, opposite = zip(*loop.echoed(batches, 3), strict=True)
    marks = torch.stack(drawn)[..., 0].int()
    assert torch.equal(marks, -torch.stack(opposite).int())
    assert len(marks) == 3 * len(made)
    times = torch.bincount(marks.flatten())[loop.ECHOED : 2 * loop.ECHOED].float()
    assert times.mean() == pytest.approx(3.0, abs=0.2)
    for number, batch in enumerate(marks):
        last = 8 * (number // 3 + 1)
        assert last - loop.ECHOED <= batch.min() <= batch.max() < last
    assert len({tuple(sorted(batch)) for batch in marks[300:].tolist()}) == len(marks) - 300


def test_examples_used_once_come_as_they_are() -> None:
    batches = [[torch.zeros(2)], [torch.ones(2)]]
    assert list(loop.echoed(batches, 1)) == batches


def test_a_measured_model_has_its_medians_printed_and_on_its_card(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    card = tiny_card(precision="reduced", quick_shifts=2)
    monkeypatch.setattr(evaluate, "card", lambda _: card)
    monkeypatch.setattr(evaluate, "FOLDER", tmp_path)
    (data / "mir1k" / "train").rename(data / "mir1k" / "dev")
    assert evaluate.main(["--data", f"{data}", "--no-baselines", "--write-card"]) == 0
    table = capsys.readouterr().out
    cells = {line.split()[0]: line.split()[-3:] for line in table.splitlines()[2:-1]}
    assert set(cells) == {card.id, "on", "best"}
    (name, said), *others = read_card(tmp_path / f"{card.id}.toml").figures.items()
    assert (name, others) == ("SDR MIR-1K", [])
    ours, quick, best = f"{said}".split("; ")
    (voice, _, band) = cells[card.id]
    assert ours == f"voice {voice}, band {band} dB"
    assert best == f"best {' '.join(cells['best'])}"
    assert quick == f"on a graphics card {' '.join(cells['on'])}"


def test_sdr_of_an_error_of_a_tenth_is_20_db() -> None:
    voice = np.ones((2, 1_000), np.float32)
    assert sdr(voice, 0.9 * voice) == pytest.approx(20.0, abs=1e-3)


def test_mir1k_clips_are_mixed_at_equal_energy() -> None:
    rng = np.random.default_rng(0)
    voice, band = rng.standard_normal((2, 2, 500))
    mix, target = mixed("mir1k", voice, 7 * band)
    assert np.square(mix - target).sum() == pytest.approx(np.square(voice).sum(), rel=1e-4)


def test_an_orthogonalised_update_has_singular_values_near_one() -> None:
    matrices = torch.randn(3, 24, 64, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(matrices))
    assert values.min() > 0.6
    assert values.max() < 1.3
