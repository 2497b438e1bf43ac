"""Decode damaged and lying sound files: no crash, no hang, bounded memory, plain words.

    python -m tests.fuzz_audio [--count 2000] [--seed 1] [--keep FOLDER]

Each file is a small sound file of one of many kinds with something done to it. A child process
decodes it as the program does. It must end within 5 s of its processor time, stay below 1 GB, and
answer with a clip or an `EngineError`. What fails is kept in FOLDER with its number.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
RATE = 22_050
LIMIT_SECONDS = 5.0  # of the child's processor time
PATIENCE = 30.0  # seconds on the clock: other programs may have the processor
LIMIT_BYTES = 1_000_000_000  # of resident memory
LIMIT_ADDRESSES = 4 << 30  # of address space: makes a greedy allocation fail instead of swapping
PLAIN = {  # suffix: format and subtype of soundfile
    "wav": ("WAV", "PCM_16"),
    "24.wav": ("WAV", "PCM_24"),
    "float.wav": ("WAV", "FLOAT"),
    "x.wav": ("WAVEX", "PCM_16"),
    "adpcm.wav": ("WAV", "IMA_ADPCM"),
    "rf64": ("RF64", "PCM_16"),
    "w64": ("W64", "PCM_16"),
    "aiff": ("AIFF", "PCM_16"),
    "caf": ("CAF", "PCM_16"),
    "au": ("AU", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "24.flac": ("FLAC", "PCM_24"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
CODED = {  # suffix: container and codec of FFmpeg
    "m4a": ("ipod", "aac"),
    "alac.m4a": ("ipod", "alac"),
    "mp4": ("mp4", "aac"),
    "mkv": ("matroska", "libopus"),
    "flac.mkv": ("matroska", "flac"),
    "webm": ("webm", "libopus"),
    "aac": ("adts", "aac"),
    "xing.mp3": ("mp3", "libmp3lame"),
    "avi": ("avi", "ac3"),
    "ts": ("mpegts", "aac"),
}


def seeds() -> dict[str, bytes]:
    """A healthy file of every kind, by suffix."""
    import soundfile

    t = np.arange(2 * RATE) / RATE
    rng = np.random.default_rng(0)
    sound = np.stack([0.4 * np.sin(2 * np.pi * 440 * t), 0.1 * rng.standard_normal(t.size)])
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for suffix, (form, subtype) in PLAIN.items():
            path = Path(folder, f"seed.{suffix}")
            rate = 24_000 if subtype == "OPUS" else RATE
            soundfile.write(path, sound.T, rate, subtype, format=form)
            made[suffix] = path.read_bytes()
        for suffix, (container, codec) in CODED.items():
            path = Path(folder, f"seed.{suffix}")
            _encode(path, container, codec, sound.astype(np.float32), suffix == "mp4")
            made[suffix] = path.read_bytes()
    return made


def _encode(path: Path, container: str, codec: str, sound: np.ndarray, picture: bool) -> None:
    import av

    with av.open(str(path), "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=48_000)
        stream.layout = "stereo"
        video: Any = None
        if picture:
            video = file.add_stream("mpeg4", rate=5)
            video.width = video.height = 32
            video.pix_fmt = "yuv420p"
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", "stereo")
        frame.rate, frame.pts = RATE, 0
        fit = av.AudioResampler(stream.codec_context.format.name, "stereo", 48_000)
        fifo = av.AudioFifo()
        for piece in [*fit.resample(frame), *fit.resample(None)]:
            fifo.write(piece)
        for _ in range(10 if picture else 0):
            still = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
            file.mux(video.encode(still))
        while (chunk := fifo.read(stream.codec_context.frame_size or 1024, True)) is not None:
            file.mux(stream.encode(chunk))
        file.mux(stream.encode(None))
        if picture:
            file.mux(video.encode(None))


# -- what is done to a file -----------------------------------------------------------------------

Mutation = Callable[[random.Random, bytearray, dict[str, bytes]], bytearray]
EXTREMES = (0, 1, 2, 3, 7, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
WORST = (1 << 31, (1 << 63) - 1, (1 << 64) - 1)


def flip_bits(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    for _flip in range(rng.choice((1, 3, 10, 100, 1000))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def flip_head(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    for _flip in range(rng.choice((1, 2, 5, 20))):
        data[rng.randrange(min(len(data), 400))] = rng.randrange(256)
    return data


def truncate(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    return data[: rng.choice((rng.randrange(len(data)), rng.randrange(min(len(data), 200))))]


def behead(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    return data[rng.randrange(len(data)) :]


def swap_chunks(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    cuts = sorted(rng.randrange(len(data)) for _ in range(3))
    return data[: cuts[0]] + data[cuts[1] : cuts[2]] + data[cuts[0] : cuts[1]] + data[cuts[2] :]


def repeat_chunk(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    start = rng.randrange(len(data))
    chunk = data[start : start + rng.choice((4, 30, 500, 5000))]
    return data[:start] + chunk * rng.choice((2, 3, 50)) + data[start:]


def lie(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    """Put extreme numbers where headers hold sizes, rates and channels."""
    for _lie in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(min(len(data), 300))
        order = rng.choice("<>")
        number = rng.choice((*EXTREMES, *WORST))
        form = "B" if number < 256 and rng.random() < 0.3 else "H" if number < 65536 else "I"
        if number > 0xFFFFFFFF:
            form = "Q"
        elif form == "H" and rng.random() < 0.5:
            form = "I"
        packed = struct.pack(order + form, number)
        data[at : at + len(packed)] = packed
    return data


def lie_in_wav(rng: random.Random, _: bytearray, all: dict[str, bytes]) -> bytearray:
    """Say something absurd in one named field of a WAV, AIFF or FLAC header."""
    kind = rng.choice(("wav", "float.wav", "aiff", "flac", "w64", "rf64"))
    data = bytearray(all[kind])
    if kind.endswith("wav"):
        at, form = rng.choice(
            ((4, "<I"), (16, "<I"), (20, "<H"), (22, "<H"), (24, "<I"), (32, "<H"), (34, "<H"),
             (40, "<I"))
        )  # fmt: skip
    elif kind == "aiff":
        at = data.index(b"COMM") + 8
        at, form = rng.choice(((at, ">H"), (at + 2, ">I"), (at + 6, ">H"), (at + 8, ">H")))
    elif kind == "flac":  # 20 bits of rate, 3 of channels, 5 of depth, 36 of length
        at, form = rng.choice(((8, ">H"), (10, ">H"), (18, ">I"), (21, ">I"), (18, ">Q")))
    else:
        at, form = rng.randrange(16, 120), rng.choice(("<I", "<Q"))
    top = (1 << (8 * struct.calcsize(form))) - 1
    number = rng.choice([n for n in (*EXTREMES, *WORST) if n <= top])
    data[at : at + struct.calcsize(form)] = struct.pack(form, number)
    return data


def splice(rng: random.Random, data: bytearray, all: dict[str, bytes]) -> bytearray:
    other = all[rng.choice(sorted(all))]
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


def noise_with_magic(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    return data[: rng.choice((4, 12, 36, 64, 200))] + rng.randbytes(rng.choice((50, 5000, 50000)))


def blank(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    start = rng.randrange(len(data))
    size = rng.choice((10, 1000, 20000))
    data[start : start + size] = bytes([rng.choice((0, 0xFF))]) * size
    return data[: max(len(data), 1)]


def unchanged(rng: random.Random, data: bytearray, _: dict[str, bytes]) -> bytearray:
    return data


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits, flip_bits, flip_head, flip_head, truncate, behead, swap_chunks, repeat_chunk,
    lie, lie, lie_in_wav, splice, noise_with_magic, blank,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file to decode."""

    number: int
    name: str
    what: str
    data: bytes


def cases(count: int, seed: int) -> Iterator[Case]:
    """`count` files, always the same for a seed; the first ones are unharmed."""
    healthy = seeds()
    kinds = sorted(healthy)
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        kind = kinds[number % len(kinds)]
        done = [unchanged] if number < len(kinds) else [rng.choice(MUTATIONS)]
        while number >= len(kinds) and rng.random() < 0.25:
            done.append(rng.choice(MUTATIONS))
        data = bytearray(healthy[kind])
        for mutate in done:
            data = mutate(rng, data or bytearray(1), healthy)
        what = " + ".join(mutate.__name__ for mutate in done)
        yield Case(number, f"{number}.{kind}", what, bytes(data))


# -- the child that decodes -----------------------------------------------------------------------


def child() -> None:
    """Decode the files named on standard input, one per line, and say of each how it went."""
    import resource

    from engine import audio, tasks
    from engine.errors import EngineError
    from engine.events import Opened
    from engine.types import Scratch

    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_ADDRESSES, LIMIT_ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    audio.PREVIEW_FROM = 0.0  # seconds: look ahead in these short files too
    scratch = Scratch(Path(sys.argv[2]))
    for line in sys.stdin:
        began, answer = time.process_time(), {}
        try:
            work = tasks.decode(Path(line.rstrip("\n")), scratch, watched=True)
            while True:
                match next(work):
                    case Opened({"audio": clip}) if clip.preview is not None:
                        for part in range(5):
                            at = part * clip.frames // 5
                            assert np.isfinite(clip.preview.read(at, at + 2048)).all()
        except StopIteration as stop:
            clip = stop.value
            finite = all(
                np.isfinite(clip.read(at, at + 65536)).all() for at in range(0, clip.frames, 65536)
            )
            answer = {"end": "clip" if finite and clip.frames else "bad clip"}
            del clip, stop
        except EngineError as error:
            plain = error.message and error.hint and "\n" not in str(error)
            answer = {"end": "refused" if plain else "not plain", "said": str(error)}
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is reported
            answer = {"end": "unforeseen", "said": f"{type(error).__name__}: {error}"}
        del work
        answer["seconds"] = time.process_time() - began
        answer["bytes"] = _peak_bytes()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _peak_bytes() -> int:
    """Highest resident memory of this process; on Linux `getrusage` begins with its parent's."""
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource  # POSIX alone

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Child:
    """A process that decodes, started again when it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None

    def decode(self, path: Path) -> dict[str, Any]:
        """What became of a file: `end` is "clip" or "refused" where all is well."""
        import select

        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz_audio", "--child", str(self._folder)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        began = time.monotonic()
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        if line:
            answer: dict[str, Any] = json.loads(line)
            if answer["seconds"] > LIMIT_SECONDS:
                answer["end"] = "slow"
            if answer["bytes"] > LIMIT_BYTES:
                answer["end"] = "greedy"
                self.close()
            return answer
        self.close()
        end = "hang" if not ready else f"crash ({process.returncode})"
        return {"end": end, "seconds": time.monotonic() - began, "bytes": 0}

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def fuzz(count: int, seed: int, keep: Path | None = None) -> tuple[Counter[str], list[str]]:
    """Decode `count` files; returns how many ended how, and a line for each that should not."""
    ends: Counter[str] = Counter()
    faults = []
    slowest, largest = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder, "scratch")
        worker = Child(scratch)
        try:
            for case in cases(count, seed):
                path = Path(folder, case.name)
                path.write_bytes(case.data)
                answer = worker.decode(path)
                ends[answer["end"]] += 1
                slowest = max(slowest, answer["seconds"])
                largest = max(largest, answer["bytes"])
                if answer["end"] not in ("clip", "refused"):
                    said = answer.get("said", "")
                    faults.append(f"{case.name} ({case.what}): {answer['end']} {said}")
                    if keep is not None:
                        keep.mkdir(parents=True, exist_ok=True)
                        (keep / case.name).write_bytes(case.data)
                path.unlink()
        finally:
            worker.close()
    ends["slowest, ms"] = round(1000 * slowest)
    ends["memory, MB"] = largest // 1_000_000
    return ends, faults


def main() -> int:
    """Print the figures; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    began = time.monotonic()
    ends, faults = fuzz(given.count, given.seed, given.keep)
    write = sys.stdout.write
    write("\n".join([*faults, ""]))
    figures = ", ".join(f"{name}: {number}" for name, number in ends.most_common())
    write(
        f"{given.count} files, {len(faults)} faults, {time.monotonic() - began:.0f} s; {figures}\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child()
    else:
        sys.exit(main())
