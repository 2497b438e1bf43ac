"""Train the bundled network for instruments and polyphony from nothing.

    python main.py train polyphony --data DATA --run RUN --minutes 30

`DATA/scores` holds scores (`.mxl`); they and made-up music are played by FluidSynth, so labels are
exact and without limit: `--pieces` of them are made once and kept in the run. Run it again with
the same `--run` and it goes on where it stopped. `--measure` prints the notes found in held-out
pieces, beside the published network's when `--published nmp.onnx` is given; `--export` writes the
weights and the card with those figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import music21
import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from engine import polyphony
from engine.cards import FOLDER, ModelCard, WeightFile, write_card
from engine.models import basic_pitch
from engine.models.basic_pitch import (
    FRAMES,
    HOP,
    LOWEST,
    PER_SEMITONE,
    RATE,
    SEMITONES,
    Config,
    Net,
)
from engine.training import pieces
from engine.training.instruments import heard, published
from engine.training.render import read_score
from engine.weights import BUNDLED, digest

HELD_OUT = (  # scores that no training piece is made of; each is played twice
    "1_Gruss_an_die_Nacht",
    "2_Aufmunterung_zur_Freude",
    "3_Nachwirkung",
    "5_Clasp_mine_closer,_little_dear_white_hand",
    "7_Chanson_catalane",
    "Just_for_Today",
    "The_Bird_and_the_Rose",
)
CROP = 86  # frames of a training example
WARM_UP = 60  # steps
DECAY_FROM = 0.4  # share of the time after which the learning rate falls to nothing
NEAR = 0.3  # what is wanted of the frames beside an onset
STRUCK = 5.0  # how much more an onset weighs than none
SOUNDING = 2.0  # the same of a note
ID = "basic-pitch-s"


def make_pieces(data: Path, folder: Path, count: int) -> None:
    """Play pieces, half of them of scores, until `folder` holds `count`: `(windows, …)` each."""
    folder.mkdir(parents=True, exist_ok=True)
    net = Net(Config())
    scores = [p for p in sorted(data.glob("scores/*.mxl")) if p.stem not in HELD_OUT]
    for number in range(count):
        path = folder / f"{number:04d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng(number)
        from_score = number % 2 and scores
        parts = _score(rng, scores[number // 2 * 7 % len(scores)]) if from_score else []
        sound, notes = _piece(rng, parts or pieces.made_up(rng))
        with torch.inference_mode():
            spectra = torch.cat([net.spectrum(window[None]).half() for window in _windows(sound)])
        part = path.with_name(f"part-{path.name}")
        np.savez(part, spectra=spectra.numpy(), notes=notes)
        part.replace(path)
        if number % 10 == 9:
            print(f"{number + 1} pieces", flush=True)


def _score(rng: np.random.Generator, path: Path) -> list[list[pieces.Event]]:
    try:
        parts, sung = read_score(path)
    except music21.exceptions21.Music21Exception as error:
        print(f"{path.name}: {error}")
        return []
    parts = [part for part in (*parts, sung) if part]
    return pieces.excerpt(rng, parts) if parts else []


def _piece(
    rng: np.random.Generator, parts: list[list[pieces.Event]]
) -> tuple[np.ndarray, np.ndarray]:
    """Sound `(samples,)` and its notes `(notes, 3)`."""
    midi, notes = pieces.performance(rng, pieces.voices(rng, parts), bool(rng.random() < 0.2))
    return pieces.roughen(rng, pieces.play(midi, bool(rng.random() < 0.5))), notes


def held_out(data: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield name, sound and notes of the pieces that are for measuring only."""
    for number, name in enumerate(HELD_OUT):
        for take in range(2):
            rng = np.random.default_rng(90_000 + 10 * number + take)
            parts = _score(rng, data / "scores" / f"{name}.mxl")
            yield f"{name} {take + 1}", *_piece(rng, parts)


def _windows(sound: np.ndarray) -> Iterator[Tensor]:
    """The sound in the windows in which it is transcribed too."""
    padded = np.pad(sound, (polyphony.LEAD, basic_pitch.WINDOW))
    for start in range(0, len(sound) + polyphony.LEAD, polyphony.STEP):
        yield torch.from_numpy(padded[start : start + basic_pitch.WINDOW].astype(np.float32))


def labels(notes: np.ndarray, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """Onsets and notes of windows, uint8 `(windows, FRAMES, 88)`: an onset is 2, beside it 1."""
    onset = np.zeros((windows, FRAMES, SEMITONES), np.uint8)
    note = np.zeros((windows, FRAMES, SEMITONES), np.uint8)
    for window in range(windows):
        begin = (window * polyphony.STEP - polyphony.LEAD) / RATE
        first = np.round((notes[:, 0] - begin) * RATE / HOP).astype(int)
        last = np.round((notes[:, 1] - begin) * RATE / HOP).astype(int)
        for a, b, pitch in zip(first, last, notes[:, 2].astype(int) - LOWEST, strict=True):
            note[window, max(a, 0) : max(b, a + 1, 0), pitch] = 1
            if -1 <= a <= FRAMES:
                near = onset[window, max(a - 1, 0) : a + 2, pitch]
                np.maximum(near, 1, out=near)
            if 0 <= a < FRAMES:
                onset[window, a, pitch] = 2
    return onset, note


def loss(net: Net, spectra: Tensor, onset: Tensor, note: Tensor) -> Tensor:
    """Cross-entropy of the three outputs; onsets and notes weigh more than their absence."""
    struck, sounding, contour = net.logits(spectra)
    wanted = torch.where(onset == 2, 1.0, NEAR * onset)
    lines = torch.zeros_like(contour)
    lines[..., 1::PER_SEMITONE] = note.float()
    some = torch.ones(())
    return (
        F.binary_cross_entropy_with_logits(struck, wanted, pos_weight=some * STRUCK)
        + F.binary_cross_entropy_with_logits(sounding, note.float(), pos_weight=some * SOUNDING)
        + F.binary_cross_entropy_with_logits(contour, lines, pos_weight=some * SOUNDING)
    )


class Examples:
    """All pieces of a folder in memory; `batch` cuts random examples from them."""

    def __init__(self, folder: Path) -> None:
        spectra, onsets, notes = [], [], []
        for path in sorted(folder.glob("[0-9]*.npz")):
            with np.load(path) as kept:
                spectra.append(torch.from_numpy(kept["spectra"]))
                made = labels(kept["notes"], len(spectra[-1]))
            onsets.append(torch.from_numpy(made[0]))
            notes.append(torch.from_numpy(made[1]))
        self.parts = torch.cat(spectra), torch.cat(onsets), torch.cat(notes)

    def batch(self, rng: np.random.Generator, size: int) -> list[Tensor]:
        """`CROP` frames of `size` random windows: spectra, onsets, notes."""
        chosen = rng.integers(len(self.parts[0]), size=size)
        starts = rng.integers(FRAMES - CROP + 1, size=size)
        return [
            torch.stack([part[w, s : s + CROP] for w, s in zip(chosen, starts, strict=True)])
            for part in self.parts
        ]


def fresh(config: Config | None = None) -> Net:
    """A network that has learnt nothing but that silence is likely."""
    torch.manual_seed(0)
    net = Net(config or Config())
    for layer in (net.contour[2], net.note[2], net.onset):
        nn.init.constant_(layer.bias, -3.0)
    return net


def train(options: argparse.Namespace) -> None:
    """Go on with a run until its minutes are spent."""
    examples = Examples(options.run / "pieces")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = fresh().to(device, memory_format=torch.channels_last)
    average = {name: tensor.detach().clone() for name, tensor in net.state_dict().items()}
    optim = torch.optim.AdamW(net.parameters(), options.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    steps, spent = 0, 0.0
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        optim.load_state_dict(saved["optim"])
        average, steps, spent = saved["average"], saved["steps"], saved["spent"]
    rng = np.random.default_rng(steps)

    def save() -> None:
        state: dict[str, Any] = {
            "net": net.state_dict(),
            "average": average,
            "optim": optim.state_dict(),
            "steps": steps,
            "spent": spent,
            "config": asdict(net.config),
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    losses: list[float] = []
    reported = spent
    while spent < options.minutes * 60:
        began = time.monotonic()
        share = spent / (options.minutes * 60)
        slope = min(1.0, (steps + 1) / WARM_UP, (1 - share) / (1 - DECAY_FROM))
        optim.param_groups[0]["lr"] = options.lr * slope
        batch = [part.to(device) for part in examples.batch(rng, options.batch)]
        value = loss(net, batch[0].float(), batch[1], batch[2])
        optim.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optim.step()
        steps += 1
        for name, tensor in net.state_dict().items():
            average[name].lerp_(tensor, 1 - min(0.99, steps / (steps + 10)))
        losses.append(value.item())
        spent += time.monotonic() - began
        if spent - reported > 60:
            entry = {"steps": steps, "minutes": round(spent / 60, 1)}
            entry["loss"] = round(float(np.mean(losses)), 4)
            losses, reported = [], spent
            save()
            with (options.run / "log.jsonl").open("a") as report:
                print(json.dumps(entry), file=report)
    save()


def measure(net: nn.Module, data: Path) -> tuple[float, float]:
    """Mean F1 of notes in the held-out pieces: by onset and pitch, and by their ends too.

    Onsets within 50 ms and pitches within 50 cents; ends within 50 ms or a fifth of the note.
    """
    from mir_eval.transcription import precision_recall_f1_overlap as score
    from mir_eval.util import midi_to_hz

    scores = []
    for _, sound, known in held_out(data):
        found = np.array(
            [(note.start, note.stop, note.pitch) for note in heard(net, sound)], np.float64
        ).reshape(-1, 3)
        pair = known[:, :2], midi_to_hz(known[:, 2]), found[:, :2], midi_to_hz(found[:, 2])
        scores.append([score(*pair, offset_ratio=ratio)[2] for ratio in (None, 0.2)])
    begun, whole = np.mean(scores, 0).tolist()
    return begun, whole


def load(run: Path) -> tuple[Net, dict[str, Any]]:
    """The averaged network of a run, and what else is known of it."""
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    net = Net(Config(**saved["config"]))
    net.load_state_dict(saved["average"])
    return net.eval(), saved


def export(run: Path, figures: dict[str, float | str]) -> ModelCard:
    """Write the averaged weights of a run and a card of them into the program's resources."""
    net, saved = load(run)
    path = BUNDLED / f"{ID}.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in net.state_dict().items()}, path)
    card = ModelCard(
        id=ID,
        title="Melic instruments, small",
        task="transcribe",
        family="basic_pitch",
        rate=RATE,
        channels=1,
        outputs=("curves",),
        window=basic_pitch.WINDOW / RATE,
        overlap=2 * polyphony.LEAD / RATE,
        licence="Weights: free to use (scores CC0, soundfont MIT)",
        source="Trained from nothing on a processor: python3 main.py train polyphony",
        data="OpenScore Lieder (CC0) and made-up music, played by FluidSynth with FluidR3 GM (MIT)",
        measure="python3 main.py train polyphony --data DATA --run RUN --measure",
        weights=WeightFile(path.name, digest(path), path.stat().st_size),
        config=asdict(net.config),
        figures=figures,
    )
    write_card(card, FOLDER)
    print(f"{saved['steps']} steps in {saved['spent'] / 60:.0f} minutes -> {path}")
    return card


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="folder of the corpora; scores are in it")
    parser.add_argument("--run", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--pieces", type=int, default=80, help="how many to train on, 50 s each")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--lr", type=float, default=4e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--measure", action="store_true", help="find notes in held-out pieces")
    parser.add_argument("--published", type=Path, help="an ONNX file to measure beside it")
    parser.add_argument("--export", action="store_true", help="write the run's weights and card")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    if not options.measure and not options.export:
        if options.data is None:
            parser.error("--data is needed to train")
        make_pieces(options.data, options.run / "pieces", options.pieces)
        train(options)
        return 0
    figures: dict[str, float | str] = {}
    for name, net in (
        (ID, load(options.run)[0]),
        *([("published", published(options.published))] if options.published else []),
    ):
        if options.data is None:
            break
        begun, whole = measure(net, options.data)
        print(f"{name:16} F1 of notes {begun:.3f}, with their ends {whole:.3f}", flush=True)
        title = "F1 of notes" if name == ID else "Published network"
        figures[f"{title}, rendered"] = f"{begun:.2f}, with ends {whole:.2f}"
    if options.export:
        export(options.run, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
