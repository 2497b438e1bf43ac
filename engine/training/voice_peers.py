"""Those who are heard: a voice as the program uses it, espeak-ng, a tone; and those who judge them.

The extra "bench" in pyproject.toml brings the judges.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import soxr
import torch

from engine import intonation, singing, tasks
from engine.bench import run
from engine.cards import ModelCard
from engine.events import Filled, Work
from engine.loader import cores, load
from engine.melody import Melody
from engine.models.voice import Net, pulses
from engine.phrases import Phrases
from engine.training.voice_measures import Asked, Tracked, asked, levelled, spelled
from engine.types import Scratch, Voicing
from engine.voice_features import HOP, filled
from engine.voice_features import RATE as VOICE_RATE
from engine.voices import load_voice

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


class Performer:
    """A voice as the program uses it; nothing is kept from one call to the next."""

    def __init__(self, model: ModelCard, device: str = "cpu") -> None:
        self.model, self.device = model, device
        self.voice = load_voice(model, device)
        self.net = cast("Net", load(model, device))
        if device == "cpu":
            torch.set_num_threads(cores())

    def says(self, text: str) -> Said:
        """Speak a text."""
        return self._done(
            lambda scratch, phrases: tasks.speak(
                Voicing(self.model.id, text), self.model, scratch, phrases, self.device
            )
        )

    def sings(self, melody: Melody) -> Said:
        """Sing a melody."""
        return self._done(
            lambda scratch, phrases: tasks.sing(
                melody, Voicing(self.model.id), self.model, scratch, phrases, self.device
            )
        )

    def asked(self, melody: Melody) -> Asked:
        """What it is to sing, with the movements that it adds to the notes by itself."""
        frame = self.voice.hop / self.voice.rate
        phrases = singing.phrases(melody, lengths=self.voice.lengths, frame=frame)
        curves = []
        for phrase in phrases:
            phones = [phone for phone, _, _ in phrase.phones]
            speech = self.voice.contour(phones, [length for _, _, length in phrase.phones])
            curves.append(intonation.curve(phrase, frame, speech))
        return asked(phrases, frame, curves)

    @torch.inference_mode()
    def copied(self, measured: Mapping[str, np.ndarray]) -> np.ndarray:
        """The vocoder's sound `(samples,)` of what `voice_corpus.features` measured."""
        envelope = torch.from_numpy(measured["envelope"].astype(np.float32).T.copy())[None]
        hz = torch.from_numpy(filled(measured["hz"]).astype(np.float32))[None]
        voiced = torch.from_numpy(measured["voiced"].astype(np.float32))[None]
        hiss = torch.randn(1, hz.shape[1] * HOP, generator=torch.Generator().manual_seed(0))
        inputs = (part.to(self.device) for part in (envelope, hz, voiced, hiss))
        return self.net.vocoder(*inputs)[0].cpu().numpy()

    def _done(self, verb: Callable[[Scratch, Phrases], Work]) -> Said:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Scratch(Path(folder, "scratch"))
            began, first = time.perf_counter(), []

            def watch(event: Any) -> None:
                if isinstance(event, Filled):
                    first.append(time.perf_counter() - began)

            done = run(verb(scratch, Phrases(Path(folder, "kept"))), watch)
            took = time.perf_counter() - began
            sound = done.clip.read(0, done.clip.frames)[0]
            rate = done.clip.rate
            scratch.close()
        return Said(sound, rate, first[0], took)


def plain_tone(wanted: Asked, rate: int = VOICE_RATE) -> np.ndarray:
    """A tone of all partials, falling by 6 dB an octave, that does what is asked: full in vowels,
    at a tenth in consonants, silent in rests, with edges of 10 ms.
    """
    samples = np.arange(int((wanted.times[-1] + 0.3) * rate)) / rate
    near = np.clip(np.searchsorted(wanted.times, samples, side="right") - 1, 0, None)
    resting = samples - wanted.times[near] > 2 * HOP / VOICE_RATE
    level = np.where(wanted.vowels[near], 1.0, np.where(wanted.hz[near] > 0, 0.1, 0.0))
    level[resting | (samples < wanted.times[0])] = 0.0
    width = rate // 100
    level = np.convolve(level, np.hanning(width) / np.hanning(width).sum(), "same")
    sings = wanted.hz > 0
    hz = np.interp(samples, wanted.times[sings], wanted.hz[sings]).astype(np.float32)
    train = pulses(torch.from_numpy(hz)[None], rate)[0].numpy()
    spectrum = np.fft.rfft(train)
    spectrum /= 1 + np.arange(len(spectrum)) / len(samples) * rate / 300.0
    return (0.3 * level * np.fft.irfft(spectrum, len(samples))).astype(np.float32)


def hifi_gan(seconds: float, device: str = "cpu") -> Callable[[], None]:
    """A call that lets HiFi-GAN V1 (Kong et al., 2020) make sound of that length, 22.05 kHz.

    It has its published size, 13.9 million numbers; they are random, as only time counts.
    """
    from engine.models import istftnet

    torch.manual_seed(0)
    config = istftnet.Config(
        upsample_rates=(8, 8, 2, 2), upsample_kernel_sizes=(16, 16, 4, 4), gen_istft_n_fft=0
    )
    net = istftnet.Net(config).eval().requires_grad_(False).to(device)
    mel = torch.randn(1, config.num_mels, round(seconds * net.rate / net.hop)).to(device)

    @torch.inference_mode()
    def make() -> None:
        net(mel)[0].cpu()

    return make
