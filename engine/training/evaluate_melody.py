"""Measure melodies on held-out singing, beside the trackers of others.

    python main.py bench melody --data DATA [--model ID] [--every N] [--write-card] [--no-peers]

prints one table. MIR-1K's four held-out singers, alone and mixed at 0 dB: raw pitch accuracy, raw
chroma accuracy, voicing recall and false alarm (mir_eval.melody), mean over clips. Three UltraStar
songs, from the mix: F1 of notes by onset (COn), onset and pitch (COnP), and offset too (COnPOff)
(mir_eval.transcription), mean over songs, of everybody's notes as the program writes them: in the
song's key. Of vocadito there are no labels here, only what Basic Pitch makes of its first six
seconds: told is how far the others agree with that.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import mir_eval
import numpy as np
import soundfile

from engine import meter, quantise, tasks
from engine.cards import FOLDER, card, cards, write_card
from engine.melody import Melody, Note
from engine.training.evaluate import mixed
from engine.training.melody_peers import Asking, Timed, available, clip_of, frequencies, run
from engine.types import Scratch

TOLERANCES = (0.05, 0.1)  # seconds an onset may be off
CENTS = 50.0
OFFSET_RATIO = 0.2  # of a note's length that its end may be off, if that is more than the tolerance
OCTAVES = range(-4, 5)  # the shifts of a whole song that are tried
NEAR = 0.25  # seconds; how far apart onsets are paired to tell how late they are
LABELS = 0.02  # seconds between MIR-1K's labels; the first one is there


class PitchScores(NamedTuple):
    """Shares from 0 to 1, as `mir_eval.melody` counts them (within 50 cents)."""

    accuracy: float  # raw pitch: of the sung frames, whether or not they were called sung
    chroma: float  # the same, octaves apart
    recall: float  # of the sung frames, called sung
    false_alarm: float  # of the other frames, called sung
    overall: float  # of all frames, right in voicing and pitch


class NoteScores(NamedTuple):
    """F1 from 0 to 1; `octave` octaves were added to the estimate before pitches were compared.

    `late` is the median onset of the estimate against the reference's, in seconds, over notes of
    the right pitch less than `NEAR` apart: for information only, as nothing is shifted by it.
    """

    onset: float
    pitch: float
    offset: float
    octave: int
    late: float


class Clip(NamedTuple):
    """A held-out clip with its pitch: `voice` and `mix` are `(frames,)`; `hz` is 0 at rests."""

    name: str
    voice: np.ndarray
    mix: np.ndarray
    rate: int
    times: np.ndarray
    hz: np.ndarray


class Song(NamedTuple):
    """A held-out song with its notes `(notes, 3)`: start and stop in seconds, MIDI pitch."""

    name: str
    sound: np.ndarray  # (channels, frames)
    rate: int
    notes: np.ndarray


def pitch_scores(
    reference_times: np.ndarray,
    reference_hz: np.ndarray,
    estimated_times: np.ndarray,
    estimated_hz: np.ndarray,
) -> PitchScores:
    """Compare pitch curves; 0 Hz is a rest, a negative estimate a guess that is not called sung."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what is all rest, which may well be
        found = mir_eval.melody.evaluate(
            reference_times, reference_hz, estimated_times, np.asarray(estimated_hz, np.float64)
        )
    return PitchScores(
        accuracy=float(found["Raw Pitch Accuracy"]),
        chroma=float(found["Raw Chroma Accuracy"]),
        recall=float(found["Voicing Recall"]),
        false_alarm=float(found["Voicing False Alarm"]),
        overall=float(found["Overall Accuracy"]),
    )


def note_scores(
    reference_notes: np.ndarray, estimated_notes: np.ndarray, tolerance: float
) -> NoteScores:
    """Compare notes `(notes, 3)` whose onsets may be `tolerance` seconds off.

    The estimate is moved by the whole octaves with which most notes match in onset and pitch (the
    fewest octaves among equals). Ends may be off by a fifth of the note or the tolerance, whichever
    is more.
    """
    reference, estimate = _usable(reference_notes), _usable(estimated_notes)
    if not len(reference) or not len(estimate):
        same = 1.0 if len(reference) == len(estimate) else 0.0
        return NoteScores(same, same, same, 0, float("nan"))
    spans, pitches = reference[:, :2], frequencies(reference[:, 2])
    found, rules = estimate[:, :2], {"onset_tolerance": tolerance, "pitch_tolerance": CENTS}

    def heard(octave: int) -> np.ndarray:
        return frequencies(estimate[:, 2]) * 2.0**octave

    def matches(octave: int) -> int:
        return len(
            mir_eval.transcription.match_notes(
                spans, pitches, found, heard(octave), offset_ratio=None, **rules
            )
        )

    octave = max(sorted(OCTAVES, key=abs), key=matches)
    onset = mir_eval.transcription.onset_precision_recall_f1(spans, found, tolerance)[2]
    scores = [
        mir_eval.transcription.precision_recall_f1_overlap(
            spans,
            pitches,
            found,
            heard(octave),
            offset_ratio=ratio,
            offset_min_tolerance=tolerance,
            **rules,
        )[2]
        for ratio in (None, OFFSET_RATIO)
    ]
    pairs = mir_eval.transcription.match_notes(
        spans, pitches, found, heard(octave), NEAR, CENTS, offset_ratio=None
    )
    late = np.median([found[b, 0] - spans[a, 0] for a, b in pairs]) if pairs else np.nan
    return NoteScores(float(onset), float(scores[0]), float(scores[1]), octave, float(late))


def _usable(notes: np.ndarray) -> np.ndarray:
    """Notes of some length and pitch, none before 0."""
    notes = np.asarray(notes, np.float64).reshape(-1, 3).copy()
    notes[:, :2] = np.maximum(notes[:, :2], 0)
    return notes[(notes[:, 1] > notes[:, 0]) & (notes[:, 2] > 0)]


def read_song(text: str) -> np.ndarray:
    """Read the notes that have a pitch from an UltraStar text: start and stop in s, MIDI pitch.

    The notes of both singers of a duet are taken, those spoken (F, R, G) are not. Raises
    `ValueError` for what is not such a text.
    """
    tags: dict[str, str] = {}
    notes: list[tuple[int, int, int]] = []
    zero = 0  # the beat that a line's own beats count from
    for line in text.lstrip("\ufeff").splitlines():
        kind, words = line[:1], line[1:].split()
        if kind == "#":
            name, _, value = line[1:].partition(":")
            tags[name.strip().upper()] = value.strip()
        elif kind in (":", "*"):
            start, length, pitch = (int(word) for word in words[:3])
            notes.append((zero + start, length, pitch))
        elif kind == "-" and tags.get("RELATIVE", "").upper() == "YES":
            zero += int(words[-1])
        elif kind == "P":
            zero = 0
        elif kind == "B":
            raise ValueError("changes of tempo inside a song are not read")
        elif kind == "E":
            break
    if "BPM" not in tags:
        raise ValueError("no #BPM")
    unit = 15.0 / float(tags["BPM"].replace(",", "."))
    gap = float(tags.get("GAP", "0").replace(",", ".") or 0) / 1000
    starts = [(gap + start * unit, gap + (start + n) * unit, 60 + p) for start, n, p in notes]
    return np.array(sorted(starts), np.float64).reshape(-1, 3)


def mir1k_dev(data: Path, every: int = 1) -> Iterator[Clip]:
    """Yield every n-th clip of MIR-1K's held-out singers, mixed at equal energy (0 dB)."""
    with np.load(data / "mir1k" / "pitch.npz") as labels:
        for path in sorted(data.glob("mir1k/dev/*_voice.opus"))[::every]:
            name = path.name.removesuffix("_voice.opus")
            voice, rate = soundfile.read(path, dtype="float32")
            band, _ = soundfile.read(path.with_name(f"{name}_music.opus"), dtype="float32")
            mix, voice = mixed("mir1k", voice[None], band[None])
            hz = frequencies(labels[name])
            times = LABELS * (1 + np.arange(len(hz)))
            yield Clip(name, voice[0], mix[0], rate, times, hz)


def ultrastar_songs(data: Path) -> Iterator[Song]:
    """Yield the songs that are for evaluation only: the last three by name."""
    for folder in sorted(path.parent for path in data.glob("ultrastar/*/song.txt"))[-3:]:
        raw = (folder / "song.txt").read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:  # older editors wrote the code page of Windows
            text = raw.decode("cp1252", errors="replace")
        scratch = Scratch()
        clip = run(tasks.decode(folder / "audio.opus", scratch))
        sound = clip.read(0, clip.frames)
        scratch.close()
        yield Song(folder.name, sound, clip.rate, read_song(text))


def vocadito(data: Path) -> Iterator[Song]:
    """Yield the excerpt with the notes that Basic Pitch, not a person, makes of it."""
    from safetensors.numpy import load_file

    path = data.parent / "golden" / "basic_pitch" / "case_a" / "io.safetensors"
    if path.is_file():
        kept = load_file(path)
        pitches = kept["events.default.frame_start_end_pitch"][:, 2:]
        notes = np.concatenate([kept["events.default.start_end_s"], pitches], 1)
        yield Song("vocadito_10, 6 s", kept["audio_22050"][None], 22_050, notes)


class Table:
    """What every system scored: one row for each, columns for each set."""

    def __init__(self) -> None:
        self.pitch: dict[tuple[str, str], list[PitchScores]] = {}  # by system and set
        self.notes: dict[tuple[str, float], dict[str, NoteScores]] = {}  # … tolerance, then song
        self.agreement: dict[str, NoteScores] = {}
        self.seconds: dict[str, np.ndarray] = {}  # of sound, and taken for it

    def count(self, system: str, timed: Timed) -> None:
        """Add to the time that a system took."""
        spent = self.seconds.setdefault(system, np.zeros(2))
        spent += (timed.sound, timed.took)

    def pitches(self, system: str, kind: str) -> np.ndarray | None:
        """The mean `PitchScores` of a set, None where it was not asked."""
        found = self.pitch.get((system, kind))
        return np.mean(found, 0) if found else None

    def songs(self, system: str, tolerance: float) -> np.ndarray | None:
        """The mean of COn, COnP and COnPOff, None where they were not asked."""
        found = self.notes.get((system, tolerance))
        return np.mean([scores[:3] for scores in found.values()], 0) if found else None

    def lines(self) -> Iterator[str]:
        """The table for a terminal."""
        pitch, notes = ("RPA", "RCA", "VR", "VFA"), ("COn", "COnP", "COnPOff")
        names = max((len(name) for name in self.seconds), default=0)
        heads = [("MIR-1K voice", 7, pitch), ("MIR-1K mix", 7, pitch)]
        heads += [(f"songs, {tolerance * 1000:.0f} ms", 8, notes) for tolerance in TOLERANCES]
        yield " " * names + "".join(f" |{head:^{w * len(parts)}}" for head, w, parts in heads)
        yield (
            " " * names
            + "".join(" |" + "".join(f"{part:>{w}}" for part in parts) for _, w, parts in heads)
            + " |  x real time"
        )
        for system, (sound, took) in self.seconds.items():
            groups = [self.pitches(system, kind) for kind in ("voice", "mix")]
            groups += [self.songs(system, tolerance) for tolerance in TOLERANCES]
            cells = ""
            for (_, width, parts), group in zip(heads, groups, strict=True):
                shown = ["-"] * len(parts) if group is None else [f"{x:.3f}" for x in group]
                cells += " |" + "".join(f"{x:>{width}}" for x in shown[: len(parts)])
            yield f"{system:{names}}{cells} |{sound / took:13.1f}"

    def remarks(self) -> Iterator[str]:
        """Song by song: COnP at the wider tolerance, octaves added, how late onsets are."""
        for (system, tolerance), found in self.notes.items():
            if tolerance == TOLERANCES[-1]:
                for name, scores in found.items():
                    yield (
                        f"{system}: {name}: COnP {scores.pitch:.3f}, octaves {scores.octave:+d}, "
                        f"onsets {scores.late * 1000:+.0f} ms"
                    )
        for system, scores in self.agreement.items():
            yield (
                f"{system}: agrees with Basic Pitch on vocadito_10 (no labels): COn "
                f"{scores.onset:.3f}, COnP {scores.pitch:.3f}, COnPOff {scores.offset:.3f}"
            )

    def figures(self, model: str, separator: str, every: int) -> dict[str, str]:
        """What a model's card says of it; where it was separated first, that too."""
        thinned = f", every {every}th clip" if every > 1 else ""
        found: dict[str, str] = {}
        for kind in ("voice", "mix"):
            for system, first in ((model, ""), (f"{separator} + {model}", ", separated first")):
                scores = self.pitches(system, kind)
                if scores is not None:
                    found[f"MIR-1K {kind}{first}"] = (
                        f"RPA {scores[0]:.3f}, RCA {scores[1]:.3f}, voicing recall "
                        f"{scores[2]:.3f}, false alarm {scores[3]:.3f}{thinned}"
                    )
        for system, first in ((model, ""), (f"{separator} + {model}", ", separated first")):
            scores = self.songs(system, TOLERANCES[-1])
            if scores is not None:
                found[f"UltraStar songs{first}"] = (
                    f"COn {scores[0]:.3f}, COnP {scores[1]:.3f}, COnPOff {scores[2]:.3f} at 100 ms"
                )
        return found


def written(song: Song, found: np.ndarray) -> np.ndarray:
    """Notes `(notes, 3)` of a song as they are written to files: in its key, as that is heard."""
    notes = tuple(Note(start, stop - start, pitch) for start, stop, pitch in found.tolist())
    scratch = Scratch()
    _, key = run(meter.estimate(clip_of(scratch, song.sound, song.rate), notes))
    scratch.close()
    named = quantise.named(Melody(notes, key=key))
    return np.array([(n.start, n.stop, n.pitch) for n in named], np.float64).reshape(-1, 3)


def measure(asking: Asking, data: Path, sets: Sequence[str], every: int) -> Table:
    """Ask about everything in the named `sets`."""
    table = Table()
    wanted = {"voice", "mix"} & set(sets)
    for clip in mir1k_dev(data, every) if wanted else ():
        for kind in sorted(wanted):
            sound = clip.voice if kind == "voice" else clip.mix
            answers = asking.ask(f"{clip.name} {kind}", sound[None], clip.rate, kind == "voice")
            for system, timed in answers.items():
                table.count(system, timed)
                scores = pitch_scores(clip.times, clip.hz, timed.heard.times, timed.heard.hz)
                table.pitch.setdefault((system, kind), []).append(scores)
    for song in ultrastar_songs(data) if "songs" in sets else ():
        for system, timed in asking.ask(song.name, song.sound, song.rate, False).items():
            table.count(system, timed)
            notes = written(song, timed.heard.notes)
            for tolerance in TOLERANCES:
                scores = note_scores(song.notes, notes, tolerance)
                table.notes.setdefault((system, tolerance), {})[song.name] = scores
    for song in vocadito(data) if "vocadito" in sets else ():
        for system, timed in asking.ask(song.name, song.sound, song.rate, True).items():
            table.count(system, timed)
            table.agreement[system] = note_scores(song.notes, timed.heard.notes, TOLERANCES[0])
    return table


def main(arguments: Sequence[str]) -> int:
    """Parse the command line, measure, print the table; returns the exit code."""
    sets = ("voice", "mix", "songs", "vocadito")
    parser = argparse.ArgumentParser(description="Measure melodies on held-out singing.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", action="append", help="a card's id; all of them otherwise")
    parser.add_argument("--no-models", action="store_true", help="ask the peers only")
    parser.add_argument("--no-peers", action="store_true", help="ask our models only")
    parser.add_argument("--peers", nargs="+", metavar="WORD", help="those whose names begin so")
    parser.add_argument("--separator", default=cards("separate")[0].id, help='"" for none')
    parser.add_argument("--sets", nargs="+", choices=sets, default=sets)
    parser.add_argument("--every", type=int, default=1, help="use every n-th MIR-1K clip")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--cache", type=Path, help="where the peers' answers are kept")
    parser.add_argument("--write-card", action="store_true", help="put the figures on the cards")
    options = parser.parse_args(arguments)
    models = [card(id) for id in options.model] if options.model else cards("transcribe")
    models = [] if options.no_models else models
    trackers = {} if options.no_peers else dict(available(options.data.parent / "peers"))
    if options.peers:
        wanted = tuple(options.peers)
        trackers = {name: each for name, each in trackers.items() if name.startswith(wanted)}
    if not models and not trackers:
        parser.error("nobody is left to be asked")
    separator = card(options.separator) if options.separator else None
    asking = Asking(trackers, models, separator, options.device, options.cache)
    began = time.monotonic()
    table = measure(asking, options.data, options.sets, max(options.every, 1))
    for line in (*table.lines(), "", *table.remarks()):
        print(line)
    clips = max((len(found) for found in table.pitch.values()), default=0)
    thinned = f" (every {options.every}th)" if options.every > 1 else ""
    print(f"clips of MIR-1K: {clips}{thinned}; {time.monotonic() - began:.0f} s")
    if asking.kept:
        print(f"{asking.kept} answers and their times were kept from earlier runs")
    if options.write_card:
        for model in models:
            figures = table.figures(model.id, options.separator, options.every)
            write_card(replace(model, figures=figures), FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
