"""Measure a voice on sentences and scores it has never met, beside recordings and espeak-ng.

    python main.py bench voice --data DATA [--peers DIR] [--quick] [--json] [--write-card]

prints two tables. Sentences: 30 held-out ones, as recorded, with the room's noise taken off, by our
vocoder from what it was measured to be (copy-synthesis), by the voice, and by espeak-ng. Told are
the words pocketsphinx gets wrong (one language model for all), drops and adds, DNSMOS P.835, and
the mel-cepstral distortion of the copy. Scores: the first 30 s of ten songs, sung by the voice and
by a plain tone that does exactly what is asked (what the measures themselves get wrong): the pitch
that SwiftF0 hears, onsets, and vowels that are heard voiced; see `voice_measures`. At last the
speed, all in one run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch

from engine import intonation, note_files, singing, tasks
from engine.cards import FOLDER, ModelCard, card, cards, write_card
from engine.events import Filled, Work
from engine.loader import cores, load
from engine.melody import Melody, Note
from engine.models.voice import Net, pulses
from engine.phonemes import PAUSE, spoken
from engine.phrases import Phrases
from engine.training.voice_corpus import cleaned, features, held_out, sound_of
from engine.training.voice_measures import (
    ON_TIME,
    Asked,
    Kept,
    Words,
    asked,
    compared,
    distortion,
    kept,
    spelled,
)
from engine.training.voice_peers import (
    NETWORK,
    Judge,
    Listener,
    Opinion,
    Said,
    Tracker,
    espeak,
    hifi_gan,
)
from engine.types import Scratch, Voicing
from engine.voice_features import HOP, RATE, filled
from engine.voices import load_voice

SECONDS = 30.0  # of each score, from its first note on
BEFORE = 0.5  # seconds of rest before that note
ROUNDS = 7  # of which times are the median
SENTENCE = "The old boat drifted slowly past the quiet harbour walls."  # ten words
SCORES = (  # with English words
    "1_It_was_a_Lover_and_His_Lass.mxl",
    "1_Orpheus.mxl",
    "2_Take,_O_Take_those_Lips_Away.mxl",
    "4_She_sat_and_sang_alway.mxl",
    "5_April_Weather.mxl",
    "5_The_lads_in_their_hundreds.mxl",
    "7_A_Song_of_the_South.mxl",
    "Just_for_Today.mxl",
    "The_Brook.mxl",
    "When_Love_is_Kind.mxl",
)
NATURAL, QUIET, COPY, ESPEAK = "recordings", "noise taken off", "copy-synthesis", "espeak-ng"
TONE = "plain tone"
PARTS = ("sentences", "scores", "speed")


def run(work: Work, on_event: Callable[[Any], None] = lambda _: None) -> Any:
    """Run a verb to its end; returns its result."""
    while True:
        try:
            on_event(next(work))
        except StopIteration as stop:
            return stop.value


class Performer:
    """A voice as the program uses it; nothing is kept from one call to the next."""

    def __init__(self, model: ModelCard, device: str = "cpu") -> None:
        self.model, self.device = model, device
        self.voice = load_voice(model, device)
        self.net: Net = load(model, device)  # type: ignore[assignment]
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


@dataclass
class Spoken:
    """What one speaker's sentences scored."""

    words: list[Words] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)  # dB from the recording

    def figures(self) -> dict[str, float]:
        """Means and sums over the sentences."""
        said = sum(words.said for words in self.words)
        found = {
            "word errors, %": 100 * sum(words.errors for words in self.words) / max(said, 1),
            "words": said,
            "dropped": sum(words.dropped for words in self.words),
            "added": sum(words.added for words in self.words),
            "repeated": sum(words.repeated for words in self.words),
        }
        if self.opinions:
            found |= dict(
                zip(("SIG", "BAK", "OVRL"), np.mean(self.opinions, 0).tolist(), strict=True)
            )
        if self.apart:
            found["MCD, dB"] = float(np.mean(self.apart))
        return found


def sung(scores: Sequence[Kept]) -> dict[str, float]:
    """What scores came to, all frames and notes together."""
    curve, notes, voiced, late = (np.concatenate(part) for part in zip(*scores, strict=True))
    heard = late[np.isfinite(late)]
    return {
        "f0 to curve, median": float(np.median(curve)),
        "f0 to curve, 95 %": float(np.percentile(curve, 95)),
        "to notes, median": float(np.median(notes)),
        "to notes, 95 %": float(np.percentile(notes, 95)),
        "voiced kept, %": 100 * float(voiced.mean()),
        "onsets": len(late),
        "onsets within 30 ms, %": 100 * float((np.abs(late) <= ON_TIME).mean()),
        "median late, ms": 1000 * float(np.median(heard)) if len(heard) else float("nan"),
    }


def speakers(
    data: Path, performer: Performer | None
) -> dict[str, Callable[[str, str], tuple[np.ndarray, int]]]:
    """Those who say a sentence, by name: `(id, text)` to sound and rate."""

    def recorded(id: str, _text: str) -> tuple[np.ndarray, int]:
        sound, rate = soundfile.read(_recording(data, id), dtype="float32", always_2d=True)
        return sound.mean(1), rate

    found: dict[str, Callable[[str, str], tuple[np.ndarray, int]]] = {
        NATURAL: recorded,
        QUIET: lambda id, _: (cleaned(sound_of(_recording(data, id))), RATE),
    }
    if performer:
        tracker = Tracker()
        found[COPY] = lambda id, _: (
            performer.copied(features(found[QUIET](id, "")[0], tracker.detector)),
            RATE,
        )
        found[performer.model.title] = lambda _, text: performer.says(text)[:2]
    found[ESPEAK] = lambda _, text: espeak(text)[:2]
    return found


def _recording(data: Path, id: str) -> Path:
    return data / "kathleen" / f"{id}.opus"


def sentences(
    data: Path,
    texts: Sequence[tuple[str, str]],
    performer: Performer | None,
    judge: Judge | None,
    keep: Path | None,
) -> dict[str, Spoken]:
    """Let everybody say the texts, and judge them."""
    listener, everybody = Listener(), speakers(data, performer)
    table: dict[str, Spoken] = {}
    for id, text in texts:
        quiet = None
        for name, say in everybody.items():
            sound, rate = say(id, text)
            scores = table.setdefault(name, Spoken())
            scores.words.append(compared(spelled(text), listener.words(sound, rate)))
            if judge:
                scores.opinions.append(judge.opinion(sound, rate))
            if name == QUIET:
                quiet = sound
            if name == COPY and quiet is not None:
                scores.apart.append(distortion(quiet, sound, RATE))
            _keep(keep, f"{id} {name}", sound, rate)
    return table


def excerpt(path: Path) -> Melody:
    """The first `SECONDS` of a score, from its first note on."""
    melody = note_files.read(path).melody
    zero = melody.notes[0].start - BEFORE
    notes = [
        replace(note, start=note.start - zero)
        for note in melody.notes
        if note.start < melody.notes[0].start + SECONDS
    ]
    return Melody().with_notes(notes)


def plain_tone(wanted: Asked, rate: int = RATE) -> np.ndarray:
    """A tone of all partials, falling by 6 dB an octave, that does what is asked: full in vowels,
    at a tenth in consonants, silent in rests, with edges of 10 ms.
    """
    samples = np.arange(int((wanted.times[-1] + 0.3) * rate)) / rate
    near = np.clip(np.searchsorted(wanted.times, samples, side="right") - 1, 0, None)
    resting = samples - wanted.times[near] > 2 * HOP / RATE
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


def scores(
    data: Path, names: Sequence[str], performer: Performer, keep: Path | None
) -> dict[str, list[Kept]]:
    """Sing the scores and hold them against what was asked."""
    tracker = Tracker()
    table: dict[str, list[Kept]] = {TONE: [], performer.model.title: []}
    for name in names:
        melody = excerpt(data / "scores" / name)
        wanted = performer.asked(melody)
        for singer, (sound, rate) in {
            TONE: (plain_tone(wanted), RATE),
            performer.model.title: performer.sings(melody)[:2],
        }.items():
            table[singer].append(kept(sound, rate, tracker.track(sound, rate), wanted))
            _keep(keep, f"{Path(name).stem} {singer}", sound, rate)
    return table


def _keep(folder: Path | None, name: str, sound: np.ndarray, rate: int) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / f"{name}.wav", sound, rate)


def speeds(performer: Performer, texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Times real time and first sounds, the median of rounds in which all take their turns.

    Everything is warm but espeak-ng, which starts anew each time.
    """
    voice, text = performer.voice, " ".join(texts)
    said = [
        [PAUSE, *(phone for word in spoken(each) for phone in word.phones), PAUSE] for each in texts
    ]
    measured = {
        "envelope": np.full((20 * RATE // HOP, performer.net.config.bands), -9.0, np.float32),
        "hz": np.full(20 * RATE // HOP, 220.0),
        "voiced": np.ones(20 * RATE // HOP),
    }
    generator = hifi_gan()
    spent: dict[str, list[float]] = {}
    note = Melody().with_notes([Note(0.0, 0.6, 64.0, lyric="la")])

    def count(name: str, value: float) -> None:
        spent.setdefault(name, []).append(value)

    def networks() -> float:
        length = 0.0
        for phones in said:
            lengths = voice.lengths(phones)
            hz, _ = voice.contour(phones, lengths)
            length += len(voice.sound(phones, lengths, hz)) / voice.rate
        return length

    for turn in range(rounds + 1):
        began = time.perf_counter()
        length = networks()
        took = {"acoustic + vocoder, x real time": length / (time.perf_counter() - began)}
        whole = performer.says(text)
        took["speaking, x real time"] = len(whole.sound) / whole.rate / whole.took
        took["first sound of ten words, ms"] = 1000 * performer.says(SENTENCE).first
        took["first sound of a note, ms"] = 1000 * performer.sings(note).first
        began = time.perf_counter()
        sound = performer.copied(measured)
        took["vocoder, x real time"] = len(sound) / RATE / (time.perf_counter() - began)
        other = espeak(text)
        took["espeak-ng, x real time"] = len(other.sound) / other.rate / other.took
        took["espeak-ng, first sound of ten words, ms"] = 1000 * espeak(SENTENCE).first
        if generator:
            took["HiFi-GAN V1 as vocoder, x real time"] = generator()
        for name, value in took.items():
            if turn:  # the first round warms up
                count(name, value)
    found = {name: float(np.median(values)) for name, values in spent.items()}
    if generator:
        ours, theirs = found["vocoder, x real time"], found["HiFi-GAN V1 as vocoder, x real time"]
        found["our vocoder to HiFi-GAN V1, times as fast"] = ours / theirs
    ours, theirs = found["speaking, x real time"], found["espeak-ng, x real time"]
    found["espeak-ng to ours, times as fast"] = theirs / ours
    return found


def told_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """All that was measured, for a terminal."""
    for part in ("sentences", "scores"):
        if part in found:
            yield from lines(found[part])
            yield ""
    for name, value in found.get("speed", {}).items():
        yield f"{name:48}{value:9.1f}"
    yield f"on {found['cores']} cores"


def lines(table: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Rows for a terminal; what a row lacks is a dash."""
    heads = list(dict.fromkeys(head for row in table.values() for head in row))
    widths = [max(8, len(head)) for head in heads]
    first = max(map(len, table), default=0)
    yield " " * first + "".join(f"  {h:>{w}}" for h, w in zip(heads, widths, strict=True))
    for name, row in table.items():
        shown = ["-" if head not in row else _shown(row[head]) for head in heads]
        yield f"{name:{first}}" + "".join(
            f"  {cell:>{w}}" for cell, w in zip(shown, widths, strict=True)
        )


def _shown(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.2f}"


def figures(found: Mapping[str, Any], title: str) -> dict[str, str]:
    """What the card says of its voice."""
    out = {}
    spoken = found.get("sentences", {})
    for name, label in ((title, "speech"), (COPY, COPY), (NATURAL, NATURAL), (ESPEAK, ESPEAK)):
        if name in spoken:
            row = spoken[name]
            text = f"word errors {row['word errors, %']:.1f} %"
            text += f", DNSMOS OVRL {row['OVRL']:.2f}" if "OVRL" in row else ""
            text += f", MCD {row['MCD, dB']:.2f} dB" if "MCD, dB" in row else ""
            out[label] = text
    row = found.get("scores", {}).get(title)
    if row:
        out["singing"] = (
            f"f0 {row['f0 to curve, median']:.1f} cents off (95 %: {row['f0 to curve, 95 %']:.0f}),"
            f" {row['onsets within 30 ms, %']:.0f} % of onsets within 30 ms,"
            f" {row['voiced kept, %']:.1f} % of vowels voiced"
        )
    if "speed" in found:
        out["speed"] = (
            f"{found['speed']['acoustic + vocoder, x real time']:.0f} times real time on "
            f"{found['cores']} cores"
        )
    return out


def main(arguments: Sequence[str]) -> int:
    """Parse the command line, measure, print the tables; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure a voice beside recordings and espeak-ng.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path, help=f"where {NETWORK} is; default: beside DATA")
    parser.add_argument("--voice", metavar="ID", help="a card's id; default: the first voice")
    parser.add_argument("--no-voice", action="store_true", help="recordings and espeak-ng alone")
    parser.add_argument("--quick", action="store_true", help="three sentences and two scores")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write what is heard there")
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    parser.add_argument("--write-card", action="store_true", help="put the figures on the card")
    options = parser.parse_args(arguments)
    network = (options.peers or options.data.parent / "peers") / NETWORK
    judge = Judge(network) if network.is_file() else None
    if judge is None:
        print(f"left out: DNSMOS, as there is no {network}", file=sys.stderr)
    known = [] if options.no_voice else cards("sing")
    model = card(options.voice) if options.voice else known[0] if known else None
    performer = Performer(model, options.device) if model else None
    texts = held_out(options.data)[: 3 if options.quick else None]
    found: dict[str, Any] = {"voice": model.id if model else "", "cores": cores()}
    if "sentences" in options.parts:
        table = sentences(options.data, texts, performer, judge, options.keep)
        found["sentences"] = {name: row.figures() for name, row in table.items()}
    if performer and "scores" in options.parts:
        names = SCORES[: 2 if options.quick else None]
        told = scores(options.data, names, performer, options.keep)
        found["scores"] = {name: sung(rows) for name, rows in told.items()}
    if performer and "speed" in options.parts:
        said = [text for _, text in texts[:6]]
        found["speed"] = speeds(performer, said, 2 if options.quick else ROUNDS)
    if options.json:
        print(json.dumps(found, allow_nan=False))
    else:
        print("\n".join(told_lines(found)))
    if model and options.write_card:
        write_card(replace(model, figures=figures(found, model.title)), FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
