"""The verbs `speak`, `sing` and `voices`: voices made here, without a window."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.terminal import Bar, clock

if TYPE_CHECKING:
    from engine.cards import ModelCard
    from engine.events import Work
    from engine.types import AudioClip, Scratch

FORMATS = {".wav": "wav", ".flac": "flac", ".mp3": "mp3"}
MOST_TOLD = 5  # mute notes that are told of one by one


def add_verbs(verbs: Any) -> None:
    """Add the verbs to a parser's."""
    speak = verbs.add_parser("speak", help="let a voice speak a text")
    speak.set_defaults(run=_speak)
    speak.add_argument("text", metavar="TEXT", help="what to say; - reads it from the input")
    _add_common(speak)
    speak.add_argument("--speed", type=_number(0.1, 10.0), default=1.0, metavar="X")
    speak.add_argument("--pitch", type=_number(-48.0, 48.0), default=0.0, metavar="SEMITONES")
    speak.add_argument("--energy", type=_number(0.0, 10.0), default=1.0, metavar="X")

    sing = verbs.add_parser("sing", help="let a voice sing a score with its lyrics")
    sing.set_defaults(run=_sing)
    sing.add_argument(
        "score", type=Path, metavar="SCORE", help="MIDI, MusicXML, UltraStar, .ds, CSV or JSON"
    )
    _add_common(sing)
    sing.add_argument(
        "--transpose", type=_number(-48.0, 48.0), default=0.0, metavar="N", help="in semitones"
    )

    voices = verbs.add_parser("voices", help="list the voices")
    voices.set_defaults(run=_voices)
    voices.add_argument("--json", action="store_true", help="one object per voice on stdout")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT.wav", required=True, help="or .flac, .mp3"
    )
    parser.add_argument("--voice", metavar="ID", help="see the verb 'voices'")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another take")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--overwrite", action="store_true", help='instead of writing "Name (2)"')
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--debug", action="store_true", help="tracebacks for unexpected errors")


def _number(least: float, most: float) -> Callable[[str], float]:
    """What reads a number between two others from the command line."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"must be a number from {least:g} to {most:g}, not {text!r}"
            )
        return value

    return read


def _voices(arguments: argparse.Namespace) -> int:
    from app.cli import emit

    for card in _known():
        if arguments.json:
            emit(
                {
                    "id": card.id,
                    "title": card.title,
                    "rate": card.rate,
                    "licence": card.licence,
                    "source": card.source,
                    "data": card.data,
                    "figures": dict(card.figures),
                }
            )
        else:
            print(f"{card.id:<14} {card.title}, {card.rate / 1000:g} kHz. {card.licence}")
            for name, value in card.figures.items():
                print(f"{'':<14} {name}: {value}")
    if not _known():
        print("There are no voices here.", file=sys.stderr)
    return 0


def _known() -> list[ModelCard]:
    from engine import cards

    return [card for card in cards.cards("sing") if card.outputs == ("voice",)]


def _speak(arguments: argparse.Namespace) -> int:
    text = sys.stdin.read() if arguments.text == "-" else arguments.text

    def one(card: ModelCard, scratch: Scratch, bar: Bar) -> tuple[AudioClip, dict[str, Any]]:
        from engine import phonemes, tasks
        from engine.types import Voicing

        voicing = Voicing(
            card.id, text, arguments.speed, arguments.pitch, arguments.energy, arguments.seed
        )
        work = tasks.speak(voicing, card, scratch, _phrases(scratch), arguments.device)
        spoken = bar.drain("speaking", work, 0.0, 0.95)
        remarks = filter(None, [spoken.device_note, phonemes.unspeakable(text)])
        return spoken.clip, {
            "words": [[start, stop, word] for start, stop, word in spoken.words],
            "speed": arguments.speed,
            "pitch": arguments.pitch,
            "energy": arguments.energy,
            "device": spoken.device,
            "remarks": list(remarks),
        }

    return _run(arguments, Path("Speech"), one)


def _sing(arguments: argparse.Namespace) -> int:
    def one(card: ModelCard, scratch: Scratch, bar: Bar) -> tuple[AudioClip, dict[str, Any]]:
        from engine import note_files, singing, tasks
        from engine.errors import EngineError
        from engine.types import Voicing

        read = note_files.read(arguments.score)
        notes = read.melody.notes
        if not notes:
            raise EngineError(f"There are no notes in “{arguments.score.name}”.")
        voicing = Voicing(card.id, pitch=arguments.transpose, seed=arguments.seed)
        work = tasks.sing(read.melody, voicing, card, scratch, _phrases(scratch), arguments.device)
        sung = bar.drain("singing", work, 0.0, 0.95)
        if not singing.breaths(read.melody, arguments.transpose)[0]:
            raise EngineError(
                f"None of the notes in “{arguments.score.name}” can be sung. {sung.mute[0][1]}",
                "--transpose moves all notes, in semitones." if "Hz" in sung.mute[0][1] else "",
            )
        mute = [[index, notes[index].start, why] for index, why in sung.mute]
        remarks = [f"note at {clock(start)}: {why}" for _, start, why in mute[:MOST_TOLD]]
        if len(mute) > MOST_TOLD:
            remarks.append(f"{len(mute)} of {len(notes)} notes are not sung as written")
        return sung.clip, {
            "score": str(arguments.score),
            "notes": len(notes),
            "mute": mute,
            "transpose": arguments.transpose,
            "device": sung.device,
            "remarks": [*filter(None, [sung.device_note, read.note]), *remarks],
        }

    return _run(arguments, arguments.score, one)


def _phrases(scratch: Scratch) -> Any:
    """Kept for this call only, so that its speed is the voice's; a refrain is sung once."""
    from engine.phrases import Phrases

    return Phrases(scratch.folder / "phrases")


def _run(
    arguments: argparse.Namespace,
    source: Path,
    make: Callable[[ModelCard, Scratch, Bar], tuple[AudioClip, dict[str, Any]]],
) -> int:
    """Make a voice's sound and write it; returns the exit code."""
    import platformdirs

    from app.cli import attempted, emit
    from engine.errors import EngineError
    from engine.types import Scratch

    try:
        card = _card(arguments.voice)
        target, form = _target(arguments.output, source)
    except EngineError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    scratch = Scratch(platformdirs.user_cache_path("Melic"))
    made = partial(_made, arguments, card, target, form, scratch, make)
    try:
        report, failed = attempted(source, arguments.debug, made)
    finally:
        scratch.close()
    if arguments.json:
        emit(report)
    return 1 if failed else 0


def _card(id: str | None) -> ModelCard:
    """The voice that was named, or the first. Raises `EngineError`."""
    from engine import cards
    from engine.errors import EngineError

    known = _known()
    if not id:
        if not known:
            raise EngineError("There is no voice here.", "Install Melic again.")
        return known[0]
    if id not in [card.id for card in known]:
        names = ", ".join(card.id for card in known) or "none"
        raise EngineError(f"There is no voice called {id!r}.", f"Known voices: {names}.")
    return cards.card(id)


def _target(output: Path, source: Path) -> tuple[Path, str]:
    """The file to write and its format. Raises `EngineError`."""
    from engine.errors import EngineError

    if output.is_dir():
        output = output / f"{source.stem}_(Voice).wav"
    form = FORMATS.get(output.suffix.lower())
    if form is None:
        raise EngineError(
            f"“{output.name}” names no kind of sound file that Melic writes.",
            "Let it end in .wav, .flac or .mp3.",
        )
    return output, form


def _made(
    arguments: argparse.Namespace,
    card: ModelCard,
    target: Path,
    form: str,
    scratch: Scratch,
    make: Callable[[ModelCard, Scratch, Bar], tuple[AudioClip, dict[str, Any]]],
) -> dict[str, Any]:
    """Make the sound, write it and say how it went; returns the report."""
    from engine import tasks
    from engine.encode import Encoding

    began = time.monotonic()
    with Bar(target.name) as bar:
        clip, report = make(card, scratch, bar)
        target.parent.mkdir(parents=True, exist_ok=True)
        export: Work = tasks.export_clip(clip, target, Encoding(form), arguments.overwrite)
        path = bar.drain("writing", export, 0.95, 1.0)
        remarks = report.pop("remarks")
        if bar.note != f"Written: {path.name}":  # something had to be changed
            remarks.append(bar.note)
    taken = time.monotonic() - began
    speed = clip.seconds / max(taken, 1e-9)
    how = f"{card.id}, {report['device']}, {speed:.1f} times real time"
    remarks.append(f"{clock(clip.seconds)} of sound in {taken:.1f} s ({how})")
    for remark in remarks:
        print(f"{path.name}: {remark}", file=sys.stderr)
    if not arguments.json:
        print(path, flush=True)
    return {
        "path": str(path),
        "voice": card.id,
        "seed": arguments.seed,
        **report,
        "seconds": clip.seconds,
        "seconds_taken": taken,
        "real_time_factor": speed,
        "remarks": remarks,
    }
