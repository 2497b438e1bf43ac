"""Measure separation on held-out clips, beside two classical methods.

    python main.py bench quality --data DATA [--model ID] [--write-card]

prints median SDR of voice and band per set: MIR-1K's four held-out singers mixed at 0 dB, real
excerpts (DSD100), and one whole electronic pop song (EIF). The model is measured as a processor
runs it, heard as often as a graphics card does, and at the effort "best".
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import soxr
import torch
from torch import Tensor

from engine import tasks
from engine.cards import FOLDER, ModelCard, card, cards, write_card
from engine.effort import EFFORTS, with_effort
from engine.types import Origin, Scratch, Separation

RATE = 44_100
BEST = EFFORTS[-1]  # the effort that is measured beside the usual one
QUICK = "on a graphics card"


def sdr(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Signal-to-distortion ratio `10 log10(|s|^2 / |s - s'|^2)` in dB over a whole clip."""
    error = np.sum(np.square(reference - estimate, dtype=np.float64))
    return float(
        10 * np.log10((np.sum(np.square(reference, dtype=np.float64)) + 1e-9) / (error + 1e-9))
    )


def load(path: Path) -> np.ndarray:
    """Read a file as float32 `(2, frames)` at 44.1 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = soxr.resample(samples, rate, RATE) if rate != RATE else samples
    return np.ascontiguousarray(np.broadcast_to(samples.T, (2, len(samples))))


def pairs(data: Path) -> list[tuple[str, str, Path, Path]]:
    """All held-out clips: `(set, clip, voice file, band file)`."""
    found = []
    for voice in sorted(data.glob("mir1k/dev/*_voice.opus")):
        name = voice.name.removesuffix("_voice.opus")
        found.append(("mir1k", name, voice, voice.with_name(f"{name}_music.opus")))
    for folder in sorted(data.glob("stems/dev/*/")):
        found.append(("real", folder.name, folder / "vocals.ogg", folder / "accompaniment.ogg"))
    return found


def mixed(kind: str, voice: np.ndarray, band: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `(mix, voice)`; MIR-1K is mixed at equal energy (0 dB), real songs as they are."""
    frames = min(voice.shape[1], band.shape[1])
    voice, band = voice[:, :frames], band[:, :frames]
    if kind == "mir1k":
        band = band * np.sqrt((np.square(voice).sum() + 1e-9) / (np.square(band).sum() + 1e-9))
    return (voice + band).astype(np.float32), voice


def development_clips(data: Path, every: int) -> list[tuple[str, Tensor, Tensor]]:
    """Held-out `(set, mix, voice)` in memory: every n-th MIR-1K clip, all real excerpts."""
    clips = []
    for number, (kind, _, voice, band) in enumerate(pairs(data)):
        if kind == "real" or number % every == 0:
            mix, target = mixed(kind, load(voice), load(band))
            clips.append((kind, torch.from_numpy(mix), torch.from_numpy(target)))
    return clips


def held_out(data: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield `(set, mix, voice)`, float32 `(2, frames)`, for everything kept out of training."""
    for kind, _, voice, band in pairs(data):
        yield kind, *mixed(kind, load(voice), load(band))
    song = data / "eif" / "caesium"
    if song.is_dir():
        parts = {path.stem: load(path) for path in sorted(song.glob("*.opus"))}
        frames = min(part.shape[1] for part in parts.values())
        mix = np.sum([part[:, :frames] for part in parts.values()], axis=0, dtype=np.float32)
        yield "eif", mix, parts["vocals"][:, :frames]


def with_model(model: ModelCard, device: str) -> Callable[[np.ndarray], np.ndarray]:
    """Separate as the program does, through its own pipeline."""

    def voice(mix: np.ndarray) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Scratch(Path(folder))
            clip = scratch.clip(2, mix.shape[1], RATE, Origin())
            clip.write(0, mix)
            work = tasks.separate(clip, model, scratch, device)
            while True:
                try:
                    next(work)
                except StopIteration as stop:
                    result: Separation = stop.value
                    return result.clips["vocals"].read(0, mix.shape[1])

    return voice


def repet_sim(mix: np.ndarray) -> np.ndarray:
    """REPET-SIM (Rafii and Pardo, 2012) with librosa: what does not repeat is the voice."""
    import librosa

    spectrum = librosa.stft(mix, n_fft=2048, hop_length=1024)
    size = np.abs(spectrum.mean(0))
    # Frames are compared within 30 s, as a whole song's comparison does not fit in memory.
    band = np.concatenate(
        [
            np.minimum(
                part,
                librosa.decompose.nn_filter(
                    part, aggregate=np.median, metric="cosine", width=min(43, part.shape[1] // 8)
                ),
            )
            for part in np.array_split(size, max(1, size.shape[1] // 1300), axis=1)
        ],
        axis=1,
    )
    mask = librosa.util.softmask(size - band, 10 * band, power=2)
    return librosa.istft(spectrum * mask, hop_length=1024, length=mix.shape[1])


def hpss(mix: np.ndarray) -> np.ndarray:
    """Harmonic part (Fitzgerald, 2010; margin 1) between 100 Hz and 8 kHz with librosa."""
    import librosa

    spectrum = librosa.stft(mix, n_fft=4096, hop_length=1024)
    hz = librosa.fft_frequencies(sr=RATE, n_fft=4096)[:, None]
    harmonic, _ = librosa.decompose.hpss(spectrum)
    return librosa.istft(
        harmonic * ((hz > 100) & (hz < 8_000)), hop_length=1024, length=mix.shape[1]
    )


def main(arguments: Sequence[str]) -> int:
    """Parse the command line, measure, print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure separation on held-out clips.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default=cards("separate")[0].id)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="use every n-th clip")
    parser.add_argument("--write-card", action="store_true", help="put the figures on the card")
    options = parser.parse_args(arguments)
    model = card(options.model)
    systems: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        model.id: with_model(replace(model, quick_shifts=0), options.device)
    }
    if model.quick_shifts:
        often = replace(model, shifts=model.quick_shifts)
        systems[QUICK] = with_model(often, options.device)
    systems[BEST] = with_model(with_effort(model, BEST), options.device)
    if not options.no_baselines:
        systems |= {"the mix itself": lambda mix: mix, "REPET-SIM": repet_sim, "HPSS": hpss}
    scores: dict[tuple[str, str], list[tuple[float, float]]] = {}
    began = time.monotonic()
    for number, (kind, mix, target) in enumerate(held_out(options.data)):
        if number % options.every:
            continue
        for name, system in systems.items():
            estimate = system(mix)
            pair = sdr(target, estimate), sdr(mix - target, mix - estimate)
            scores.setdefault((name, kind), []).append(pair)
    kinds = list(dict.fromkeys(kind for _, kind in scores))
    medians = {key: np.median(np.array(found), axis=0) for key, found in scores.items()}
    print("median SDR in dB, voice / band")
    print(f"{'':18}" + "".join(f"{kind:>16}" for kind in kinds))
    for name in systems:
        cells = ("{:7.2f} /{:6.2f}".format(*medians[name, kind]) for kind in kinds)
        print(f"{name:18}" + "".join(f"{cell:>16}" for cell in cells))
    counts = ", ".join(f"{kind} {len(scores[model.id, kind])}" for kind in kinds)
    print(f"clips: {counts}; {time.monotonic() - began:.0f} s")
    figures = {}
    for kind in kinds:
        told = "voice {:.2f}, band {:.2f} dB".format(*medians[model.id, kind])
        for name in systems:
            if name in (QUICK, BEST):
                told += "; {} {:.2f} / {:.2f}".format(name, *medians[name, kind])
        figures[f"SDR {SETS[kind]}"] = told
    if options.write_card:
        write_card(replace(model, figures=figures), FOLDER)
    return 0


SETS = {
    "mir1k": "MIR-1K",
    "real": "DSD100",
    "eif": "Caesium",
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
