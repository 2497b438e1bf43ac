"""Those who judge a voice and those it is held against; the extra "bench" brings most of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr

from engine.training.voice_measures import Tracked, levelled, spelled

RATE = 16_000  # of the sound that judges hear
WINDOW = 144_160  # samples that DNSMOS hears at once: 9.01 s
# Raw to calibrated, highest power first: published with DNSMOS P.835 (Reddy et al., 2022).
CALIBRATED = (
    (-0.08397278, 1.22083953, 0.0052439),
    (-0.13166888, 1.60915514, -0.39604546),
    (-0.06766283, 1.11546468, 0.04602535),
)
NETWORK = "dnsmos_sig_bak_ovr.onnx"


class Listener:
    """Writes down the words it hears: pocketsphinx with the English models of its package."""

    def __init__(self) -> None:
        import pocketsphinx

        self._decoder = pocketsphinx.Decoder(loglevel="FATAL")

    def words(self, sound: np.ndarray, rate: int) -> list[str]:
        """The words in `(samples,)`; what was heard before makes no difference."""
        mono = soxr.resample(np.asarray(sound, np.float32), rate, RATE)
        pcm = np.round(np.clip(levelled(mono, RATE), -1, 1) * 32_767).astype("<i2")
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm.tobytes(), full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return spelled(found.hypstr) if found else []


class Opinion(NamedTuple):
    """What listeners would say of speech, of its background, and of all of it: 1 to 5 each."""

    speech: float
    background: float
    overall: float


class Judge:
    """DNSMOS P.835 (Reddy et al., 2022), which estimates what listeners would say."""

    def __init__(self, network: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            network, options, providers=["CPUExecutionProvider"]
        )
        self._name = self._session.get_inputs()[0].name

    def opinion(self, sound: np.ndarray, rate: int) -> Opinion:
        """The mean over windows of 9.01 s, a second apart; what is shorter is repeated."""
        mono = soxr.resample(np.asarray(sound, np.float32), rate, RATE)
        mono = levelled(mono, RATE)
        if len(mono) < WINDOW:
            mono = np.tile(mono, -(-WINDOW // max(len(mono), 1)))[:WINDOW]
        starts = range(0, len(mono) - WINDOW + 1, RATE)
        windows = np.stack([mono[start : start + WINDOW] for start in starts])
        raw = np.concatenate(
            [self._session.run(None, {self._name: each[None]})[0] for each in windows]
        )
        scores = [np.polyval(curve, raw[:, k]).mean() for k, curve in enumerate(CALIBRATED)]
        return Opinion(*map(float, scores))


class Tracker:
    """SwiftF0, which had no part in making the sound."""

    def __init__(self) -> None:
        import swift_f0

        self.detector = swift_f0.SwiftF0(threads=1)

    def track(self, sound: np.ndarray, rate: int) -> Tracked:
        """The pitch in `(samples,)`, each 16 ms."""
        mono = soxr.resample(np.asarray(sound, np.float32), rate, RATE)
        found = self.detector.detect(levelled(mono, RATE), RATE)
        return Tracked(found.timestamps, found.pitch_hz, found.confidence)


class Said(NamedTuple):
    """Sound `(samples,)`, and the seconds until the first of it and until the last."""

    sound: np.ndarray
    rate: int
    first: float
    took: float


def espeak(text: str) -> Said:
    """Let espeak-ng say a text as a process of its own: the program if it is installed, else its
    library from a bare Python.
    """
    program = shutil.which("espeak-ng")
    if program:
        command = [program, "-v", "en-us", "--stdin", "--stdout"]
    else:
        import espeakng_loader

        command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("espeak_aloud.py"))]
        command += [espeakng_loader.get_library_path(), espeakng_loader.get_data_path()]
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(text.encode())
        process.stdin.close()
        head = process.stdout.read(44) if program else process.stdout.readline()
        start = process.stdout.read1(64)
        first = time.perf_counter() - began
        pcm = start + process.stdout.read()
        process.wait()
        took = time.perf_counter() - began
    if process.returncode or not pcm:
        raise OSError(f"espeak-ng said nothing ({process.returncode})")
    rate = int.from_bytes(head[24:28], "little") if program else int(head)
    sound = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / 32_768
    return Said(sound, rate, first, took)


def hifi_gan() -> None:
    return None
