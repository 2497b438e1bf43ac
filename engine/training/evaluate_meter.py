"""Measure tempo, beat and key against songs and scores that tell them.

    python3 main.py bench meter --data DATA

Songs: those of DATA/ultrastar, whose #BPM is a multiple of the beat in most of them, and some other
fine grid in a few. Scores: songs of DATA/scores, rendered at a tempo of their own, as they are and
with drums; needs the program `fluidsynth` and a General MIDI soundfont. Clicks: made here. A tempo
counts as right within 1 % of the true one or of its half or double; the mode of a score is told by
its last bass note, and where that is no tonic only the key signature counts.
"""

from __future__ import annotations

import argparse
import math
import re
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mido
import numpy as np
import soundfile

from engine import audio, keys, meter
from engine.events import Work
from engine.melody import Beat, Note
from engine.training.render import SOUNDFONT
from engine.types import AudioClip, Origin, Scratch

RATE = 44_100
TICKS = 480
NEAR = 0.01  # share of a tempo
CLOSE = 0.07  # seconds from a true beat, as beat trackers are judged
SOUNDS = {"sung": 73, "other": 0}  # General MIDI programs
FLATS_TO_SHARPS = range(-6, 7)  # fifths of a key signature
MAJOR = dict(
    zip(
        FLATS_TO_SHARPS,
        ["F#", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#"],
        strict=True,
    )
)
MINOR = {
    fifths: f"{tonic} minor"
    for fifths, tonic in zip(
        FLATS_TO_SHARPS,
        ["Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "Eb"],
        strict=True,
    )
}


@dataclass
class Score:
    """`parts` hold (start, length, MIDI number) in quarters; `bars` where each bar begins."""

    key: str
    relative: str
    sure: bool  # whether the mode is known
    beats: int
    parts: list[tuple[str, list[tuple[float, float, int]]]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)


def read_score(path: Path) -> Score | None:
    """Read a compressed MusicXML file; None where it changes its time or is not in quarters."""
    with zipfile.ZipFile(path) as packed:
        name = next(n for n in packed.namelist() if n.endswith("xml") and "META" not in n)
        root = ElementTree.fromstring(packed.read(name))
    times = {(e.findtext("beats"), e.findtext("beat-type")) for e in root.iter("time")}
    fifths = next((int(e.text or 0) for e in root.iter("fifths")), 0)
    if len(times) != 1 or not times <= {("2", "4"), ("3", "4"), ("4", "4")} or abs(fifths) > 6:
        return None
    score = Score(MAJOR[fifths], MINOR[fifths], False, int(next(iter(times))[0] or 4))
    for part in root.iter("part"):
        notes, bars = _part(part)
        score.parts.append(("sung" if part.find(".//lyric") is not None else "other", notes))
        score.bars = score.bars or bars
    everything = [note for _, notes in score.parts for note in notes]
    if not everything or not any(kind == "sung" and notes for kind, notes in score.parts):
        return None
    end = max(start + length for start, length, _ in everything)
    last = min(pitch for start, length, pitch in everything if start + length > end - 1e-3) % 12
    tonics = [_tonic(score.key), _tonic(score.relative)]
    score.sure = last in tonics
    if last == tonics[1]:
        score.key, score.relative = score.relative, score.key
    return score


def _tonic(key: str) -> int:
    names = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    return (names[key[0]] + {"#": 1, "b": -1}.get(key[1:2], 0)) % 12


def _part(part: ElementTree.Element) -> tuple[list[tuple[float, float, int]], list[float]]:
    notes: list[tuple[float, float, int]] = []
    bars: list[float] = []
    now, divisions = 0.0, 1
    for measure in part.iter("measure"):
        bars.append(now)
        at = last = end = now
        for item in measure:
            divisions = int(item.findtext("divisions") or divisions)
            length = float(item.findtext("duration") or 0) / divisions
            if item.tag == "backup":
                at -= length
            elif item.tag == "forward":
                at += length
            elif item.tag == "note" and item.find("grace") is None:
                start = last if item.find("chord") is not None else at
                last = start
                pitch = item.find("pitch")
                if pitch is not None:
                    step = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
                    number = step[pitch.findtext("step", "C")]
                    number += int(float(pitch.findtext("alter") or 0))
                    number += 12 * (int(pitch.findtext("octave", "4")) + 1)
                    ties = {tie.get("type") for tie in item.iter("tie")}
                    before = next((k for k in range(len(notes) - 1, max(len(notes) - 12, -1), -1)
                                   if notes[k][2] == number), None)  # fmt: skip
                    if "stop" in ties and before is not None:
                        notes[before] = (
                            notes[before][0],
                            start + length - notes[before][0],
                            number,
                        )
                    else:
                        notes.append((start, length, number))
                at = start + length
            end = max(end, at)
        now = end
    return notes, bars


def render(score: Score, tempo: float, drums: bool, seconds: float) -> np.ndarray:
    """Return the score as float32 `(2, frames)`."""
    events: list[tuple[int, int, mido.Message]] = []

    def add(channel: int, start: float, length: float, pitch: int, velocity: int) -> None:
        args = {"channel": channel, "note": pitch}
        events.append((round(start * TICKS), 1, mido.Message("note_on", velocity=velocity, **args)))
        events.append((round((start + length * 0.97) * TICKS), 0, mido.Message("note_off", **args)))

    for channel, (kind, notes) in enumerate(score.parts[:8]):
        events.append(
            (0, -1, mido.Message("program_change", channel=channel, program=SOUNDS[kind]))
        )
        for start, length, pitch in notes:
            add(channel, start, length, pitch, 90 if kind == "sung" else 75)
    for bar, after in zip(score.bars, score.bars[1:], strict=False):
        for beat in np.arange(0, after - bar, 0.5) if drums else ():
            add(9, bar + float(beat), 0.2, 42, 70 if beat % 1 == 0 else 45)
            if beat in (0, 2) and (beat == 0 or score.beats != 3):
                add(9, bar + float(beat), 0.2, 36, 100)
            elif beat in (1, 3) and score.beats != 3:
                add(9, bar + float(beat), 0.2, 38, 90)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=round(6e7 / tempo))])
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    with tempfile.TemporaryDirectory() as folder:
        midi, sound = Path(folder) / "a.mid", Path(folder) / "a.wav"
        mido.MidiFile(ticks_per_beat=TICKS, tracks=[track]).save(midi)
        command = ["fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(RATE), "-F", sound, SOUNDFONT]
        subprocess.run([*command, midi], check=True, capture_output=True)
        samples, _ = soundfile.read(sound, frames=round(seconds * RATE), dtype="float32")
    return np.ascontiguousarray(samples.T)


def finish(work: Work) -> Any:
    """Run work to its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def octaves(tempo: float, true: float) -> float:
    """The error of a tempo as a share, halves and doubles forgiven."""
    turns = math.log2(tempo / true)
    return 2.0 ** (turns - round(turns)) - 1


def off_beat(beat: Beat, first: float, true: float) -> float:
    """Seconds from the first beat to the nearest true one, `first` being one of these."""
    return abs((beat.first - first + true / 2) % true - true / 2)


def clip_of(scratch: Scratch, samples: np.ndarray, rate: int = RATE) -> AudioClip:
    """Samples `(channels, frames)` as a clip."""
    clip = scratch.clip(samples.shape[0], samples.shape[1], rate, Origin())
    clip.write(0, samples)
    return clip


def clicks(tempo: float, first: float, seconds: float, per_bar: int = 4) -> np.ndarray:
    """Clicks in faint noise; the first of each bar is lower and stronger."""
    rng = np.random.default_rng(round(tempo))
    out = rng.standard_normal(round(seconds * RATE)) * 1e-3
    times = np.arange(round(0.03 * RATE)) / RATE
    for number, at in enumerate(np.arange(first, seconds - 0.1, 60 / tempo)):
        low = number % per_bar == 0
        hz, loud = (120, 0.8) if low else (1500, 0.4)
        begin = round(at * RATE)
        out[begin : begin + len(times)] += (
            loud * np.sin(2 * np.pi * hz * times) * np.exp(-times * 150)
        )
    return out[None].astype(np.float32)


def songs(folder: Path, scratch: Scratch) -> None:
    """Print a line for each UltraStar song."""
    right = total = 0
    for song in sorted(path for path in folder.iterdir() if path.is_dir()):
        text = (song / "song.txt").read_text("utf-8-sig", errors="replace")
        bpm, gap = (float(re.search(rf"#{word}:([\d.,]+)", text)[1].replace(",", "."))  # type: ignore[index]
                    for word in ("BPM", "GAP"))  # fmt: skip
        clip = finish(audio.decode(next(song.glob("audio.*")), scratch))
        began = time.thread_time()
        beat, key = finish(meter.estimate(clip))
        took = time.thread_time() - began
        error = octaves(beat.tempo, bpm)
        right, total = right + (abs(error) < NEAR), total + 1
        gap_off = 1000 * off_beat(beat, gap / 1000, beat.seconds / 2)
        print(
            f"{song.name[:44]:44}  #BPM {bpm:6.1f}  tempo {beat.tempo:8.3f}  "
            f"{100 * error:+8.3f} %  by the end {error * clip.seconds:+7.2f} s  "
            f"{beat.per_bar}/bar  first {beat.first:.3f}  #GAP to half a beat {gap_off:4.0f} ms  "
            f"{key:8}  {took:.2f} s for {clip.seconds:.0f} s",
            flush=True,
        )
    print(f"within 1 %, halves and doubles forgiven: {right} of {total}\n")


def scores(folder: Path, count: int, seconds: float, scratch: Scratch) -> None:
    """Print how many tempi, beats and keys of rendered scores are right."""
    rng = np.random.default_rng(0)
    paths = sorted(folder.glob("*.mxl"))
    rng.shuffle(paths)  # type: ignore[arg-type]
    tally: dict[str, list[float]] = {}
    keys: dict[str, list[str]] = {}
    done = 0
    for path in paths:
        if done >= count:
            break
        score = read_score(path)
        if score is None or len(score.bars) < 12:
            continue
        done += 1
        tempo = float(rng.uniform(65, 150))
        quarter = 60 / tempo
        sung = [Note(s * quarter, n * quarter, p) for kind, notes in score.parts
                if kind == "sung" for s, n, p in notes if s * quarter < seconds]  # fmt: skip
        found = {"sung notes": keys.key_of(sung)}
        for way, drums in (("plain", False), ("drums", True)):
            clip = clip_of(scratch, render(score, tempo, drums, seconds))
            heard = finish(meter.estimate(clip, sung))
            beat = heard[0]
            error = octaves(beat.tempo, tempo)

            def note(what: str, value: float, way: str = way) -> None:
                tally.setdefault(f"{way}: {what}", []).append(value)

            note("tempo", abs(error) < NEAR)
            note("its octave as well", abs(beat.tempo / tempo - 1) < NEAR)
            if abs(error) < NEAR:
                off = off_beat(beat, score.bars[1] * quarter, quarter)
                bar = off_beat(beat, score.bars[1] * quarter, score.beats * quarter)
                note("a beat, where the tempo is", off < CLOSE)
                note("ms off", 1000 * off if off < CLOSE else math.nan)
                note("first of a bar", bar < CLOSE)
                three = (beat.per_bar == 3) == (score.beats == 3)
                note("three or four", three)
                note("drift in ms a minute", abs(error) * 60_000)
            if not drums:
                found["both"] = heard[1]
                found["sound"] = finish(meter.estimate(clip))[1]
        for source, key in found.items():
            keys.setdefault(source, []).append(_verdict(key, score))
        print(f"{path.stem[:36]:36} {tempo:7.2f} {beat.tempo:7.2f} {score.beats} {beat.per_bar}  "
              f"{score.key if score.sure else score.key + '?':9} {found}", flush=True)  # fmt: skip
    for name, values in tally.items():
        figure = np.nanmedian(values) if " ms" in name else 100 * np.mean(values)
        print(f"{name:36} {figure:6.1f} {'' if ' ms' in name else '%'} of {len(values)}")
    for source, verdicts in keys.items():
        known = [v for v in verdicts if v != "pair"]
        exact = sum(v == "exact" for v in known)
        pair = sum(v in ("exact", "relative", "pair") for v in verdicts)
        signature = f"signature {pair} of {len(verdicts)}"
        print(f"key from {source:12} exact {exact} of {len(known)}, {signature}")


def _verdict(key: str, score: Score) -> str:
    if keys.scale(key) != keys.scale(score.key):
        return "wrong" if score.sure else "lost"
    if not score.sure:
        return "pair"
    return "exact" if key == score.key else "relative"


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and measure; returns the exit code."""
    parser = argparse.ArgumentParser(description="Measure tempo, beat and key.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scores", type=int, default=24, help="how many; default: %(default)s")
    parser.add_argument("--seconds", type=float, default=75.0, help="of each score")
    options = parser.parse_args(arguments)
    scratch = Scratch()
    try:
        for tempo, first, per_bar in (
            (60, 0.3, 4),
            (90.5, 0.11, 3),
            (123.4, 1.0, 4),
            (174, 0.2, 4),
        ):
            clip = clip_of(scratch, clicks(tempo, first, 240, per_bar))
            beat, _ = finish(meter.estimate(clip))
            beat_off = 1000 * off_beat(beat, first, 60 / tempo)
            bar_off = 1000 * off_beat(beat, first, per_bar * 60 / tempo)
            print(f"clicks at {tempo:5.1f}: {beat.tempo:9.4f}, {beat.per_bar} a bar, "
                  f"{beat_off:.1f} ms off a beat, {bar_off:.1f} ms off a bar")  # fmt: skip
        print()
        songs(options.data / "ultrastar", scratch)
        scores(options.data / "scores", options.scores, options.seconds, scratch)
    finally:
        scratch.close()
    return 0
