"""Recordings for training separation, packed once for fast random access.

`pack` decodes every recording it knows in a data folder to 44.1 kHz int16 files with an index;
run again, it adds what is new (what was rendered since).
A recording is a *voice* (someone singing alone) or a *bed* (music without a singer); those that
belong to one song share its name, so a batch can use the true pair or remix across songs.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 44_100
EVALUATION_SONGS = {"eif/caesium"}  # kept out of training whole


@dataclass(frozen=True, slots=True)
class Recording:
    """One packed file: int16 `(frames, channels)` at 44.1 kHz."""

    file: str
    kind: str  # "voice" | "bed"
    source: str  # the corpus it came from
    song: str
    frames: int
    channels: int
    band_hz: float  # nothing above this frequency


def find(data: Path, cache: Path) -> Iterator[tuple[str, str, str, list[Path]]]:
    """Yield `(source, song, kind, files)` for all training material; several files are summed.

    `cache` may hold what `engine.training.render` and `engine.training.singer` made of scores.
    """
    for voice in sorted(data.glob("mir1k/train/*_voice.opus")):
        clip = voice.name.removesuffix("_voice.opus")
        yield "mir1k", f"mir1k/{clip}", "voice", [voice]
        yield "mir1k", f"mir1k/{clip}", "bed", [voice.with_name(f"{clip}_music.opus")]
    for folder in sorted(data.glob("eif/*/")):
        song = f"eif/{folder.name}"
        if song in EVALUATION_SONGS:
            continue
        yield "eif", song, "voice", [folder / "vocals.opus"]
        beds = [p for p in sorted(folder.glob("*.opus")) if p.stem != "vocals"]
        yield "eif", song, "bed", beds
        for part in beds:
            yield "parts", f"{song}/{part.stem}", "bed", [part]
    for folder in sorted(data.glob("stems/train/*/")):
        song = f"stems/{folder.name}"
        if folder.name == "audiouniversity":  # its start is not confirmed: never as a true pair
            yield "stems", song + "/voice", "voice", [folder / "vocals.opus"]
            yield "stems", song + "/bed", "bed", [folder / "accompaniment.opus"]
        else:
            yield "stems", song, "voice", [folder / "vocals.opus"]
            yield "stems", song, "bed", [folder / "accompaniment.opus"]
    for bed in sorted(data.glob("beds/*.opus")):
        yield "beds", f"beds/{bed.stem}", "bed", [bed]
    for bed in sorted((cache / "rendered").glob("*.flac")):
        yield "rendered", f"rendered/{bed.stem}", "bed", [bed]
    for source in ("singing/gtsinger", "singing/choir", "makam"):
        for voice in sorted((data / source).rglob("*.opus")):
            name = voice.relative_to(data).with_suffix("").as_posix()
            yield source.split("/")[-1], name, "voice", [voice]
    for voice in sorted((cache / "singer").glob("*.flac")):
        yield "singer", f"singer/{voice.stem}", "voice", [voice]


def _read(path: Path) -> tuple[np.ndarray, int]:
    """Read float32 `(frames, channels)` at the file's own rate."""
    try:
        return soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:  # some Opus streams: FFmpeg is more patient
        import av

        with av.open(str(path)) as container:
            resampler = av.AudioResampler(format="fltp")
            frames = [
                part.to_ndarray()
                for frame in container.decode(audio=0)
                for part in resampler.resample(frame)
            ]
            return np.concatenate(frames, 1).T, container.streams.audio[0].rate


def decode(files: list[Path]) -> tuple[np.ndarray, float]:
    """Sum the files at 44.1 kHz; return `(frames, channels)` float32 and the highest frequency."""
    total: np.ndarray | None = None
    rate = RATE
    for path in files:
        samples, rate = _read(path)
        if total is None:
            total = samples
        else:
            frames = max(len(total), len(samples))
            grown = np.zeros((frames, max(total.shape[1], samples.shape[1])), np.float32)
            grown[: len(total)] += total
            grown[: len(samples)] += samples
            total = grown
    assert total is not None
    # An Opus file may decode at 48 kHz: the band of a 16 kHz recording shows in its spectrum.
    spectrum = np.abs(np.fft.rfft(total[: rate * 60].mean(1))) ** 2
    above = spectrum[int(len(spectrum) * 8_200 * 2 / rate) :].sum() if rate > 17_000 else 0.0
    band = 8_000.0 if above < 1e-6 * spectrum.sum() else 22_050.0
    if total.shape[1] == 2 and np.array_equal(total[:, 0], total[:, 1]):
        total = total[:, :1]
    return (total if rate == RATE else soxr.resample(total, rate, RATE)), band


def _packed(cache: Path, number: int, found: tuple[str, str, str, list[Path]]) -> Recording | None:
    """Pack one recording, unless it is silent or under a second."""
    source, song, kind, files = found
    samples, band = decode(files)
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < 1e-3 or len(samples) < RATE:
        return None
    name = f"{number:05d}.i16"
    part = cache / f"{name}.{os.getpid()}.part"  # other processes may pack, or read, the same
    (samples * (32_000 / max(peak, 1.0))).round().astype(np.int16).tofile(part)
    part.replace(cache / name)
    return Recording(name, kind, source, song, len(samples), samples.shape[1], band)


def pack(data: Path, cache: Path) -> list[Recording]:
    """Decode what is not yet in `cache` of the corpora under `data`; return all that is there."""
    cache.mkdir(parents=True, exist_ok=True)
    index = cache / "index.json"
    packed = [Recording(**e) for e in json.loads(index.read_text())] if index.exists() else []
    known = {(entry.kind, entry.song) for entry in packed}
    new = [found for found in find(data, cache) if (found[2], found[1]) not in known]
    first = int(packed[-1].file[:5]) + 1 if packed else 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(partial(_packed, cache), itertools.count(first), new)
        packed += [recording for recording in made if recording]
    index.write_text(json.dumps([asdict(entry) for entry in packed]))
    return packed


def open_recording(cache: Path, recording: Recording) -> np.ndarray:
    """Map one recording: int16 `(frames, channels)`, read-only."""
    shape = (recording.frames, recording.channels)
    return np.memmap(cache / recording.file, np.int16, "r", shape=shape)
