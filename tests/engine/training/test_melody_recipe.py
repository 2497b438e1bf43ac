"""The recipe of the melody network, on examples made up for the purpose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("mir_eval", reason="needs the extra 'train'")

from engine.cards import read_card
from engine.training import melody
from engine.training.sung import OFFSET, ONSET, PITCH, SURE, VOICED, with_notes
from engine.weights import resolve
from tests.engine.test_transcription import TINY


def labelled(pitch: float, frames: int = 60) -> np.ndarray:
    """Labels of one note in the middle."""
    pitches = np.zeros(frames)
    pitches[15:45] = pitch
    return with_notes(pitches)


def test_labels_say_where_notes_begin_and_end() -> None:
    labels = labelled(60.0)
    assert np.flatnonzero(labels[ONSET]).tolist() == [15]
    assert np.flatnonzero(labels[OFFSET]).tolist() == [45]
    assert labels[VOICED].sum() == labels[SURE].sum() == 30
    assert (labels[PITCH, 15:45] == 60).all()


def test_a_peak_near_an_onset_costs_less_than_one_elsewhere_or_none() -> None:
    moments = torch.zeros(1, 50)
    moments[0, 20] = 1

    def cost(*peaks: int) -> float:
        logits = torch.full((1, 50), -5.0)
        logits[0, list(peaks)] = 5.0
        return melody.moment_loss(logits, moments).item()

    assert cost(20) == pytest.approx(cost(18)) == pytest.approx(cost(22))
    assert cost(20) < cost() < cost(30)


def test_where_not_all_onsets_are_known_a_peak_costs_less() -> None:
    logits = torch.full((1, 50), -5.0)
    logits[0, 30] = 5.0
    nothing = torch.zeros(1, 50)
    sure = melody.moment_loss(logits, nothing).item()
    assert melody.moment_loss(logits, nothing, 0.2 + nothing).item() == pytest.approx(0.2 * sure)


def test_heads_learn_from_what_was_heard_go_on_where_they_stopped_and_are_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(melody, "COMPACT", TINY)
    monkeypatch.setattr(melody.Melody, "held_out", lambda self, options: None)
    net = melody.Melody().net()
    frozen = {name: p.clone() for name, p in net.named_parameters() if not p.requires_grad}
    assert frozen
    run, rng = tmp_path / "run", np.random.default_rng(0)
    (run / "heard").mkdir(parents=True)
    for number in range(8):
        labels = labelled(50.0 + 3 * number)
        level = 1e-3 * rng.random((2, net.top, 60)).astype(np.float16)
        for harmonic in (1, 2, 3):
            hz = 440 * 2 ** ((50.0 + 3 * number - 69) / 12) * harmonic
            level[:, round(hz * TINY.stft_n_fft / TINY.sample_rate), 15:45] = 0.5 / harmonic
        tokens = rng.standard_normal((60, TINY.kept_bands * TINY.dim)).astype(np.float16)
        np.savez(run / "heard" / f"{number}.npz", level=level, tokens=tokens, labels=labels)
    torch.manual_seed(0)
    batch = next(iter(torch.utils.data.DataLoader(melody.Heard(run / "heard", 0), 8)))
    before = melody.loss(net, *batch)[0].item()
    common = ["--data", str(tmp_path), "--run", str(run), "--workers", "1", "--batch", "8"]
    common += ["--muon-lr", "0.06", "--adam-lr", "0.01"]  # a busy machine takes few steps
    assert melody.main([*common, "--minutes", "0.05"]) == 0
    first = torch.load(run / "checkpoint.pt", weights_only=True)
    longer = str(first["spent"] / 60 + 0.05)
    assert melody.main([*common, "--minutes", longer]) == 0
    second = torch.load(run / "checkpoint.pt", weights_only=True)
    assert 0 < first["steps"] < second["steps"]
    net.load_state_dict(second["net"])
    assert melody.loss(net, *batch)[0].item() < before

    folder, card = tmp_path / "weights", tmp_path / "melody-s.toml"
    folder.mkdir()
    card.write_text(melody.CARD.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(melody, "BUNDLED", folder)
    monkeypatch.setattr(melody, "CARD", card)
    assert melody.main(["--run", str(run), "--export"]) == 0
    assert resolve(read_card(card), [folder]).stat().st_size > 1_000


def test_a_coarse_note_asks_for_its_tone_in_any_octave_and_no_frame_costs_much() -> None:
    odds = torch.zeros(1, 4, melody.BINS)
    for frame, midi in enumerate((60.0, 72.5, 66.0, 65.0)):
        odds[0, frame, round((midi - melody.LOWEST) * melody.PER_SEMITONE)] = 1.0
    bins = torch.full((1, 4), (48.0 - melody.LOWEST) * melody.PER_SEMITONE)
    same, higher, far, other = melody.tone_loss(odds, bins)[0].tolist()
    assert same == pytest.approx(higher)
    assert same < 0
    assert far == pytest.approx(other)
    assert 0 < far < 4


def test_the_whole_network_learns_from_sound_from_what_the_heads_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(melody, "COMPACT", TINY)
    torch.manual_seed(0)
    weights = melody.Melody().net().state_dict()
    recipe = melody.Whole()
    net = recipe.net()
    recipe.start(net, weights)
    assert all(torch.equal(tensor, net.state_dict()[name]) for name, tensor in weights.items())
    labels = torch.from_numpy(labelled(60.0))[None]
    mix = torch.randn(1, 2, (labels.shape[2] - 1) * TINY.stft_hop_length)
    value, _ = recipe.loss(net, [mix, mix, labels])
    value.backward()
    for part in (net.band_split, net.layers, net.mask_estimators, net.pitch):
        gradients = [p.grad for p in part.parameters() if p.requires_grad]
        assert any(g is not None and g.abs().max() > 0 for g in gradients)
