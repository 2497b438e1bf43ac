from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("mido", reason="needs the extra 'train'")
pytest.importorskip("music21", reason="needs the extra 'train'")

from engine import polyphony as program
from engine.cards import read_card
from engine.models.basic_pitch import FRAMES, RATE, Config, Net
from engine.training import pieces
from engine.training import polyphony as recipe
from engine.weights import resolve

SCALE = [(float(n), 0.5, 60 + 2 * n) for n in range(8)]


def test_labels_are_where_the_notes_are_in_every_window() -> None:
    step, lead = program.STEP / RATE, program.LEAD / RATE
    onset, note = recipe.labels(np.array([[1.0, 2.5, 60.0]]), 3)
    assert onset.shape == note.shape == (3, FRAMES, 88)
    for window in range(3):
        first, last = (round((at + lead - window * step) * RATE / 256) for at in (1.0, 2.5))
        sounding = np.flatnonzero(note[window, :, 39])
        wanted = range(max(first, 0), max(min(last, FRAMES), 0))
        assert sounding.tolist() == list(wanted)
        struck = np.flatnonzero(onset[window, :, 39] == 2)
        assert struck.tolist() == [first] * (0 <= first < FRAMES)
    assert not np.delete(note, 39, 2).any()


def test_a_performance_says_when_its_notes_are() -> None:
    rng = np.random.default_rng(0)
    midi, notes = pieces.performance(rng, [pieces.Voice(0, SCALE), pieces.Voice(24, SCALE)], True)
    assert sorted(set(notes[:, 2])) == [pitch for _, _, pitch in SCALE]
    assert len(notes) == len(SCALE)  # of two voices that strike one key together one counts
    assert (notes[:, 1] > notes[:, 0]).all()
    seconds, begun = 0.0, {}
    for message in midi:
        seconds += message.time
        if message.type == "note_on" and message.channel != 9:
            begun.setdefault(message.note, []).append(seconds)
    for start, _, pitch in notes:
        assert min(abs(start - at) for at in begun[pitch]) < 2e-3


@pytest.mark.skipif(
    not shutil.which("fluidsynth") or not pieces.SOUNDFONT.is_file(),
    reason="needs fluidsynth and a soundfont",
)
def test_what_is_played_sounds_when_its_labels_say() -> None:
    rng = np.random.default_rng(1)
    midi, notes = pieces.performance(rng, [pieces.Voice(0, SCALE)], False)
    sound = pieces.roughen(rng, pieces.play(midi, False))
    assert sound.dtype == np.float32
    assert np.abs(sound).max() == pytest.approx(0.7)
    onset, note = (made[0] for made in recipe.labels(notes, 1))
    spectrum = Net(Config()).spectrum(next(recipe._windows(sound))[None])[0].numpy()
    keys = spectrum[:, :264:3]
    assert keys[note > 0].mean() > keys[note == 0].mean() + 0.2
    frame, key = np.argwhere(onset == 2)[0]
    assert keys[frame + 3, key] > keys[frame - 4, key] + 0.1


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run whose pieces are three tones each, so that nothing needs to be played."""
    folder = tmp_path / "run" / "pieces"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number in range(2):
        sound, notes = np.zeros(2 * RATE, np.float32), []
        for start in (0.1, 0.7, 1.3):
            pitch = int(rng.integers(45, 80))
            at = np.arange(len(sound)) / RATE - start
            tone = np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * at)
            sound += 0.2 * np.where((at > 0) & (at < 0.5), tone, 0).astype(np.float32)
            notes.append((start, start + 0.5, pitch))
        windows = [Net(Config()).spectrum(w[None]).half() for w in recipe._windows(sound)]
        spectra = torch.cat(windows).detach().numpy()
        np.savez(folder / f"{number:04d}.npz", spectra=spectra, notes=np.array(notes))
    return tmp_path / "run"


def test_training_learns_goes_on_where_it_stopped_and_exports(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = recipe.Examples(run / "pieces")
    batch = examples.batch(np.random.default_rng(5), 4)

    def lost(net: Net) -> float:
        with torch.no_grad():
            return float(recipe.loss(net, batch[0].float(), batch[1], batch[2]))

    common = ["--data", str(tmp_path), "--run", str(run), "--pieces", "2", "--batch", "1"]
    assert recipe.main([*common, "--minutes", "0.06"]) == 0
    first = recipe.load(run)[1]
    longer = str(first["spent"] / 60 + 0.06)
    assert recipe.main([*common, "--minutes", longer]) == 0
    net, second = recipe.load(run)
    assert 0 < first["steps"] < second["steps"]
    assert any(not torch.equal(first["net"][name], second["net"][name]) for name in first["net"])
    assert lost(net) < lost(recipe.fresh())

    monkeypatch.setattr(recipe, "BUNDLED", tmp_path)
    monkeypatch.setattr(recipe, "FOLDER", tmp_path)
    assert recipe.main(["--run", str(run), "--export"]) == 0
    card = read_card(tmp_path / f"{recipe.ID}.toml")
    assert resolve(card, [tmp_path]).stat().st_size > 10_000
    assert (card.task, card.family) == ("transcribe", "basic_pitch")
