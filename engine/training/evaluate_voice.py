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
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from engine import note_files
from engine.cards import FOLDER, card, cards, write_card
from engine.loader import cores
from engine.melody import Melody, Note
from engine.phonemes import PAUSE, spoken
from engine.training.voice_corpus import cleaned, features, held_out, sound_of
from engine.training.voice_measures import (
    ON_TIME,
    Kept,
    Words,
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
    Performer,
    Tracker,
    espeak,
    hifi_gan,
    plain_tone,
)
from engine.voice_features import HOP, RATE

SECONDS = 30.0  # of each score, from its first note on
BEFORE = 0.5  # seconds of rest before that note
ROUNDS = 5  # of which times are the median
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
NETWORKS, VOCODER = "acoustic and vocoder, x real time", "vocoder, x real time"
SPEAKING, FIRST = "text to sound, x real time", "first sound of ten words, ms"
VOCODED = 10.0  # seconds that vocoders are timed with
PARTS = ("sentences", "scores", "speed")


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
    """What scores came to, all frames and notes together; what nothing was heard of is left out."""
    curve, notes, voiced, late = (np.concatenate(part) for part in zip(*scores, strict=True))
    heard = late[np.isfinite(late)]
    found: dict[str, float] = {}
    for name, cents in (("f0 to curve", curve), ("f0 to notes", notes)):
        if len(cents):
            found[f"{name}, median"] = float(np.median(cents))
            found[f"{name}, 95 %"] = float(np.percentile(cents, 95))
    if len(voiced):
        found["voiced kept, %"] = 100 * float(voiced.mean())
    found["onsets"] = len(late)
    if len(late):
        found["onsets within 30 ms, %"] = 100 * float((np.abs(late) <= ON_TIME).mean())
    if len(heard):
        found["median late, ms"] = 1000 * float(np.median(heard))
    return found


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
    phones = [
        [PAUSE, *(phone for word in spoken(each) for phone in word.phones), PAUSE] for each in texts
    ]
    note = Melody().with_notes([Note(0.0, 0.6, 64.0, lyric="la")])
    frames = round(VOCODED * RATE / HOP)
    measured = {
        "envelope": np.full((frames, performer.net.config.bands), -9.0, np.float32),
        "hz": np.full(frames, 220.0, np.float32),
        "voiced": np.ones(frames, np.float32),
    }
    generator = hifi_gan(VOCODED, performer.device)
    spent: dict[str, list[float]] = {}

    def count(name: str, value: float, turn: int) -> None:
        if turn:  # the first warms up
            spent.setdefault(name, []).append(value)

    for turn in range(rounds + 1):
        began, length = time.perf_counter(), 0.0
        for each in phones:
            lengths = voice.lengths(each)
            hz, _ = voice.contour(each, lengths)
            length += len(voice.sound(each, lengths, hz)) / voice.rate
        count(NETWORKS, length / (time.perf_counter() - began), turn)
        whole, other = performer.says(text), espeak(text)
        count(SPEAKING, len(whole.sound) / whole.rate / whole.took, turn)
        count(f"{ESPEAK}, {SPEAKING}", len(other.sound) / other.rate / other.took, turn)
        count(FIRST, 1000 * performer.says(SENTENCE).first, turn)
        count(f"{ESPEAK}, {FIRST}", 1000 * espeak(SENTENCE).first, turn)
        count("first sound of a note, ms", 1000 * performer.sings(note).first, turn)
        began = time.perf_counter()
        performer.copied(measured)
        count(VOCODER, VOCODED / (time.perf_counter() - began), turn)
        began = time.perf_counter()
        generator()
        count(f"HiFi-GAN V1, {VOCODER}", VOCODED / (time.perf_counter() - began), turn)
    found = {name: float(np.median(values)) for name, values in spent.items()}
    found["our vocoder, times as fast as HiFi-GAN V1"] = (
        found[VOCODER] / found[f"HiFi-GAN V1, {VOCODER}"]
    )
    found["our voice, times as fast as espeak-ng"] = (
        found[SPEAKING] / found[f"{ESPEAK}, {SPEAKING}"]
    )
    return found


def told_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """All that was measured, for a terminal."""
    for part in ("sentences", "scores"):
        if part in found:
            yield from lines(found[part])
            yield ""
    for name, value in found.get("speed", {}).items():
        yield f"{name:48}{value:9.2f}"
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
    if row and "f0 to curve, median" in row:
        out["singing"] = (
            f"f0 {row['f0 to curve, median']:.1f} cents off (95 %: {row['f0 to curve, 95 %']:.0f}),"
            f" {row['onsets within 30 ms, %']:.0f} % of onsets within 30 ms,"
            f" {row['voiced kept, %']:.1f} % of vowels voiced"
        )
    if "speed" in found:
        out["speed"] = f"{found['speed'][NETWORKS]:.0f} times real time on {found['cores']} cores"
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
        found["speed"] = speeds(performer, said, 1 if options.quick else ROUNDS)
    if options.json:
        print(json.dumps(found, allow_nan=False))
    else:
        print("\n".join(told_lines(found)))
    if model and options.write_card:
        write_card(replace(model, figures=figures(found, model.title)), FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
