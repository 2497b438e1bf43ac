"""When each phone is spoken in the recordings of a reader, found by pocketsphinx.

    python main.py train align --data DATA --out alignments.json

The words are pronounced as `engine.phonemes` says, so that a voice learns the phones it will be
asked for. pocketsphinx first finds the words with optional silence between them, then the phones in
them; what it cannot find is named and left out. The result is

    {id: {"seconds": 3.2, "phones": [["pau", 0.0, 0.21], ["HH", 0.21, 0.27], ...]}}

with phones that touch, from 0 to the end of the recording.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pocketsphinx
import soxr
from tqdm import tqdm

from engine.phonemes import PAUSE, Word, spoken
from engine.training.corpus import RATE, decode

HEARS = 16_000  # Hz that the acoustic model hears
FRAME = 0.01  # seconds
# A frame is known by its 25.6 ms from its start on: between two of them lies this much later.
CENTRE = 0.0128 - FRAME / 2
PAD = 0.3  # seconds of faint noise put around a recording that was cut closely
FAINT = 6e-4  # its level
LONGEST = 0.8  # seconds a phone may last before the alignment is not believed
Phone = tuple[str, float, float]  # symbol with stress, start and stop in seconds


class Unaligned(Exception):
    """The words of a sentence were not found in its recording."""


class Aligner:
    """pocketsphinx with its English model, which learns words as they come."""

    def __init__(self) -> None:
        pocketsphinx.set_loglevel("FATAL")
        self._decoder = pocketsphinx.Decoder(
            lm=None,
            loglevel="FATAL",
            beam=1e-80,
            wbeam=1e-60,
            pbeam=1e-80,
            remove_noise=False,
            bestpath=False,  # it makes words shorter than their phones can be
        )
        self._known: dict[str, str] = {}  # plain phones -> name of the word

    def align(self, sound: np.ndarray, words: Sequence[Word]) -> list[Phone]:
        """The phones of one sentence, whose sound is `(n,)` float32 at 44.1 kHz.

        Raises `Unaligned` if they are not all found.
        """
        if not words:
            raise Unaligned("there are no words")
        inside = soxr.resample(sound, RATE, HEARS)
        heard = np.pad(inside, round(PAD * HEARS))
        heard += FAINT * np.random.default_rng(0).standard_normal(len(heard))
        data = (np.clip(heard, -1, 1) * 32_767).astype("<i2").tobytes()
        try:
            self._decoder.set_align_text(" ".join(self._name(word) for word in words))
            self._decode(data)
            if self._decoder.hyp() is None:
                raise Unaligned("its words are not in the recording")
            self._decoder.set_alignment()
            self._decode(data)
            alignment = self._decoder.get_alignment()
        except RuntimeError as error:
            raise Unaligned(str(error)) from error
        if alignment is None:
            raise Unaligned("no phones were found")
        entries = [(e.name, e.start, e.start + e.duration) for e in alignment.phones()]
        return timed(entries, [p for word in words for p in word.phones], len(sound) / RATE)

    def _name(self, word: Word) -> str:
        """The name under which the decoder knows a pronunciation."""
        phones = " ".join(bare(phone) for phone in word.phones)
        if phones not in self._known:
            name = f"w{len(self._known)}"
            self._decoder.add_word(name, phones, True)
            self._known[phones] = name
        return self._known[phones]

    def _decode(self, data: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(data, full_utt=True)
        self._decoder.end_utt()


def bare(phone: str) -> str:
    """A phone without its stress."""
    return phone.rstrip("01")


def timed(
    entries: Sequence[tuple[str, int, int]], phones: Sequence[str], seconds: float
) -> list[Phone]:
    """Phones with stress and times in seconds, of `(name, first frame, frame after the last)`.

    Raises `Unaligned` if the entries are not those phones, or cannot be believed.
    """
    left = iter(phones)
    found: list[tuple[str, float]] = []  # symbols and their starts
    for name, begin, _ in entries:
        symbol = PAUSE
        if name.isalpha() and name != "SIL":
            symbol = next(left, "")
            if bare(symbol) != name:
                raise Unaligned(f"{name} was found where {symbol or 'nothing'} is")
        if not found or symbol != PAUSE or found[-1][0] != PAUSE:
            found.append((symbol, begin * FRAME + CENTRE - PAD))
    if missing := next(left, ""):
        raise Unaligned(f"{missing} was not found")
    if found[0][0] != PAUSE:
        found.insert(0, (PAUSE, 0.0))
    if found[-1][0] != PAUSE:
        found.append((PAUSE, seconds))
    # What is cut closely has silence all the same: a stop begins with the silence of its closure.
    inside = [round(min(max(start, FRAME), seconds - FRAME), 4) for _, start in found[1:]]
    edges = [0.0, *inside, round(seconds, 4)]
    for (symbol, _), start, stop in zip(found, edges, edges[1:], strict=False):
        if stop - start < FRAME / 2 or (symbol != PAUSE and stop - start > LONGEST):
            raise Unaligned(f"{symbol} lasts {stop - start:.2f} s at {start:.2f} s")
    return [
        (symbol, start, stop)
        for (symbol, _), start, stop in zip(found, edges, edges[1:], strict=False)
    ]


def sentences(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """`(id, text, recording)` of what was read, from metadata.csv."""
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE):
            yield row[0], row[1], folder / f"{row[0]}.opus"


def statistics(found: dict[str, dict], loudness: dict[str, np.ndarray]) -> str:
    """What was found, in lines: mean lengths, silence, and how loud it is there.

    `loudness` is the level in dB of each 10 ms of a recording.
    """
    lengths: dict[str, list[float]] = defaultdict(list)
    levels: dict[bool, list[float]] = defaultdict(list)
    for name, entry in found.items():
        at = np.arange(len(loudness[name])) * FRAME
        for symbol, start, stop in entry["phones"]:
            lengths[symbol].append(stop - start)
            levels[symbol == PAUSE] += loudness[name][(at >= start) & (at + FRAME <= stop)].tolist()
    total = sum(map(sum, lengths.values()))
    edges = [entry["phones"][k][0] == PAUSE for entry in found.values() for k in (0, -1)]
    quiet, loud = (np.percentile(levels[key] or [0.0], (10, 50, 90)) for key in (True, False))
    return "\n".join(
        [
            "ms: " + ", ".join(f"{p} {1e3 * np.mean(lengths[p]):.0f}" for p in sorted(lengths)),
            f"{sum(map(len, lengths.values()))} phones in {total / 60:.1f} minutes; "
            f"silence {sum(lengths[PAUSE]) / max(total, 1e-9):.0%}; "
            f"{np.mean(edges):.1%} of starts and ends are silent",
            "level in silence {:.0f}, {:.0f}, {:.0f} dB; ".format(*quiet)
            + "in phones {:.0f}, {:.0f}, {:.0f} dB (10th, 50th, 90th percentile)".format(*loud),
        ]
    )


def levels(sound: np.ndarray) -> np.ndarray:
    """The level in dB re full scale of each 10 ms of a sound at 44.1 kHz."""
    hop = round(RATE * FRAME)
    frames = sound[: len(sound) // hop * hop].reshape(-1, hop)
    return 10 * np.log10((frames**2).mean(1) + 1e-10)


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and align; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--corpus", default="kathleen", help="the reader's folder in it")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--limit", type=int, help="only so many sentences")
    options = parser.parse_args(arguments)
    aligner = Aligner()
    found: dict[str, dict] = {}
    loudness: dict[str, np.ndarray] = {}
    failed: list[str] = []
    read = list(sentences(options.data / options.corpus))[: options.limit]
    for name, text, path in tqdm(read, unit="sentence", mininterval=5):
        sound = decode([path])[0].mean(1)
        try:
            phones = aligner.align(sound, spoken(text))
        except Unaligned as error:
            failed.append(f"{name}: {error}: {text}")
            continue
        found[name] = {"seconds": round(len(sound) / RATE, 4), "phones": phones}
        loudness[name] = levels(sound)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    part = options.out.with_suffix(".part")
    part.write_text(json.dumps(found))
    part.replace(options.out)
    print(*failed, sep="\n")
    if found:
        print(statistics(found, loudness))
    print(f"{len(found)} of {len(read)} sentences -> {options.out}")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
