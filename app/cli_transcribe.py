"""The verb `transcribe`: songs to notes, without a window."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.terminal import Bar, clock

if TYPE_CHECKING:
    from engine.cards import ModelCard
    from engine.types import AudioClip, Scratch, Transcription

SUFFIXES = {  # format → ending of its files
    "mid": ".mid",
    "musicxml": ".musicxml",
    "ultrastar": ".txt",
    "csv": ".csv",
    "json": ".json",
    "png": ".png",
    "svg": ".svg",
    "pdf": ".pdf",
}
PICTURES = ("png", "svg", "pdf")
ALONE = ("(vocals)", "_vocals", "(voice)", "acapella", "a cappella", "acappella")  # in file names


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the verb understands."""
    parser.add_argument("songs", nargs="+", type=Path, metavar="SONG", help="file, or folder")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE|DIR", help="default: beside each song"
    )
    parser.add_argument(
        "--format", choices=tuple(SUFFIXES), help="default: by the ending of FILE, else mid"
    )
    parser.add_argument(
        "--source",
        choices=("auto", "mix", "vocals"),
        default="auto",
        help="mix: take the singer out first; vocals: the file is a voice alone; auto: by its name",
    )
    parser.add_argument("--model", metavar="ID", help="see the verb 'models'")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--f0", type=Path, metavar="FILE.csv", help="also write the pitch curve")
    parser.add_argument("--quantised", action="store_true", help="on the beat and in key")
    parser.add_argument("--bends", action="store_true", help="pitch bends in MIDI")
    parser.add_argument("--overwrite", action="store_true", help='instead of writing "Name (2)"')
    parser.add_argument("--json", action="store_true", help="one object per song on stdout")
    parser.add_argument("--debug", action="store_true", help="tracebacks for unexpected errors")


def run(arguments: argparse.Namespace, songs: Iterable[Path]) -> int:
    """Transcribe songs one after the other; returns the exit code."""
    import platformdirs

    from app.cli import attempted, emit
    from engine import cards
    from engine.errors import EngineError
    from engine.types import Scratch

    songs = list(songs)
    try:
        card = cards.card(arguments.model) if arguments.model else _voice(cards.cards("transcribe"))
        if card.task != "transcribe":
            raise EngineError(f"{card.id} is no model for transcription.", "See the verb 'models'.")
        form, single = _form(arguments, songs)
    except EngineError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    failed = False
    for song in songs:
        scratch = Scratch(platformdirs.user_cache_path("Melic"))
        write = partial(_one, song, arguments, card, form, single, scratch)
        try:
            report, bad = attempted(song, arguments.debug, write)
        finally:
            scratch.close()
        failed = failed or bad
        if arguments.json:
            emit(report)
    return 1 if failed else 0


def _voice(known: list[ModelCard]) -> ModelCard:
    """The first model that writes down one voice."""
    return next((card for card in known if card.family != "basic_pitch"), known[0])


def _form(arguments: argparse.Namespace, songs: list[Path]) -> tuple[str, Path | None]:
    """The format, and the one file to write if a file was named. Raises `EngineError`."""
    from engine.errors import EngineError

    output = arguments.output
    by_ending = {suffix: form for form, suffix in SUFFIXES.items()} | {".midi": "mid"}
    named = output is not None and output.suffix.lower() in by_ending and not output.is_dir()
    form = arguments.format or (by_ending[output.suffix.lower()] if named else "mid")
    if named and len(songs) > 1:
        raise EngineError(
            f"{len(songs)} songs cannot go into one file, {output.name}.",
            "Name a folder after -o.",
        )
    if arguments.f0 is not None and len(songs) > 1:
        raise EngineError(
            "--f0 names one file: it goes with one song.", "Run the songs one by one."
        )
    return form, output if named else None


def _one(
    song: Path,
    arguments: argparse.Namespace,
    card: ModelCard,
    form: str,
    single: Path | None,
    scratch: Scratch,
) -> dict[str, Any]:
    """Transcribe one song and write its notes; returns the report."""
    from dataclasses import replace

    from engine import cards, meter, tasks

    began = time.monotonic()
    alone = arguments.source == "vocals" or (
        arguments.source == "auto" and any(word in song.stem.lower() for word in ALONE)
    )
    many = card.family == "basic_pitch"
    with Bar(song.name) as bar:
        clip: AudioClip = bar.drain("reading", tasks.decode(song, scratch), 0.0, 0.05)
        remarks = list(clip.origin.notes)
        if alone or many:
            work = tasks.transcribe(clip, card, scratch, arguments.device)
            written: Transcription = bar.drain("transcribing", work, 0.05, 0.9)
            sung = clip
        else:
            separator = cards.cards("separate")[0]
            work = tasks.separate_and_transcribe(clip, separator, card, scratch, arguments.device)
            separated, written = bar.drain("separating, transcribing", work, 0.05, 0.9)
            sung = separated.clips["vocals"]
        beat, key = bar.drain("counting", meter.estimate(clip, written.melody.notes), 0.9, 0.95)
        melody = replace(written.melody, beat=beat, key=key, quantised=arguments.quantised)
        paths = _write(song, arguments, form, single, sung, melody, bar)
    taken = time.monotonic() - began
    speed = clip.seconds / max(taken, 1e-9)
    count = len(melody.notes)
    if not count:
        remarks.append("no notes were found")
    how = f"{count} notes, {beat.tempo:.1f} beats a minute, {key or 'no key'}"
    remarks.append(f"{how}; {clock(clip.seconds)} of sound in {taken:.1f} s ({speed:.1f}x)")
    for remark in filter(None, [written.device_note, *remarks]):
        print(f"{song.name}: {remark}", file=sys.stderr)
    if not arguments.json:
        for path in paths.values():
            print(path, flush=True)
    return {
        "song": str(song),
        "paths": {name: str(path) for name, path in paths.items()},
        "notes": count,
        "tempo": beat.tempo,
        "first_beat_s": beat.first,
        "key": key,
        "seconds": clip.seconds,
        "seconds_taken": taken,
        "real_time_factor": speed,
        "device": written.device,
        "device_note": written.device_note,
        "model": card.id,
        "source": "vocals" if alone else "mix",
    }


def _write(
    song: Path,
    arguments: argparse.Namespace,
    form: str,
    single: Path | None,
    sung: AudioClip,
    melody: Any,
    bar: Bar,
) -> dict[str, Path]:
    """Write the notes, and the pitch curve if it was asked for."""
    from engine import audio, note_files

    if single is not None:
        target = single
    else:
        folder = arguments.output or song.parent
        name = audio.stem_name("{source}_({stem})", song, "Vocals", "wav", "")
        target = folder / Path(name).with_suffix(SUFFIXES[form]).name
    target.parent.mkdir(parents=True, exist_ok=True)
    overwrite = arguments.overwrite
    if form in PICTURES:
        from app import picture

        if target.exists() and not overwrite:
            target = audio.free_name(target)
        work = picture.render_melody(sung, melody, target, title=song.stem)
    else:
        work = note_files.export(
            target,
            form,
            melody,
            title=song.stem,
            seconds=sung.seconds,
            bends=arguments.bends,
            overwrite=overwrite,
        )
    paths = {form: bar.drain("writing", work, 0.95, 0.98)}
    if arguments.f0 is not None:
        arguments.f0.parent.mkdir(parents=True, exist_ok=True)
        work = note_files.f0_csv(arguments.f0, melody, sung.seconds, overwrite)
        paths["f0"] = bar.drain("writing", work, 0.98, 1.0)
    return paths
