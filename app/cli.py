"""The verbs for a terminal and for scripts: no Qt, and engine parts load when they are used."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import cli_batch, cli_models, cli_transcribe, cli_voice
from app.signals import check_stopped, stoppable
from app.terminal import Bar, clock

if TYPE_CHECKING:
    from engine.audio import Encoding
    from engine.cards import ModelCard
    from engine.types import Scratch

PROGRAMS: dict[str, dict[str, str]] = {  # verb → name → "module:function(argv) -> exit code"
    "bench": {
        "separation": "engine.bench:separation",
        "quality": "engine.training.evaluate:main",
        "melody": "engine.training.evaluate_melody:main",
        "meter": "engine.training.evaluate_meter:main",
        "voice": "engine.training.evaluate_voice:main",
        "view": "app.bench_view:main",
        "stretch": "engine.bench_stretch:main",
    },
    "train": {
        "separation": "engine.training.separation:main",
        "bands": "engine.training.render:main",
        "singer": "engine.training.singer:main",
        "melody": "engine.training.melody:main",
        "polyphony": "engine.training.polyphony:main",
        "align": "engine.training.align:main",
        "vocoder": "engine.training.vocoder:main",
        "acoustic": "engine.training.acoustic:main",
    },
}
VERBS = (
    "separate",
    "transcribe",
    "sing",
    "speak",
    "voices",
    "batch",
    "models",
    "doctor",
    *(verb for verb in PROGRAMS if PROGRAMS[verb]),
)


def main(argv: list[str]) -> int:
    """Run one verb; returns 0 if all of it worked, 1 if not, 2 for wrong use, 130 for Ctrl-C."""
    with contextlib.suppress(AttributeError, ValueError):
        sys.stdout.reconfigure(errors="backslashreplace")  # names the terminal cannot show
    try:
        arguments = _parser().parse_args(argv)
        with stoppable():
            return int(arguments.run(arguments))
    except SystemExit as end:  # argparse has said why
        return int(end.code or 0)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our output has gone, for instance `| head`
        sys.stdout = None  # type: ignore[assignment]
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="A studio for the voice in music. With no verb it opens the window.",
        usage="python3 main.py [FILES...] | VERB ...",
        epilog="'python3 main.py test' runs the tests. '--yes': set up without asking.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True, prog="python3 main.py")

    separate = verbs.add_parser("separate", help="take the singer out of songs")
    separate.set_defaults(run=_separate)
    separate.add_argument(
        "songs", nargs="+", type=Path, metavar="SONG", help="file, or folder of them"
    )
    separate.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="default: beside each song"
    )
    separate.add_argument("--format", choices=("wav", "flac", "mp3"), default="wav")
    separate.add_argument(
        "--subtype", choices=("float", "24", "16"), default="24", help="sample format"
    )
    separate.add_argument("--model", metavar="ID", help="see the verb 'models'")
    separate.add_argument(
        "--effort",
        choices=("fast", "balanced", "best"),
        default="balanced",
        help="how much work it may be; fast may calculate in fewer bits",
    )
    separate.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    separate.add_argument("--overwrite", action="store_true", help='instead of writing "Name (2)"')
    separate.add_argument(
        "--template",
        metavar="T",
        default="{source}_({stem})",
        help="file name, default: %(default)s",
    )
    separate.add_argument("--json", action="store_true", help="one object per song on stdout")
    separate.add_argument("--debug", action="store_true", help="tracebacks for unexpected errors")

    transcribe = verbs.add_parser("transcribe", help="write down what is sung: MIDI, scores, …")
    transcribe.set_defaults(run=_transcribe)
    cli_transcribe.add_arguments(transcribe)

    cli_voice.add_verbs(verbs)

    batch = verbs.add_parser("batch", help="take a folder of songs through a chain of steps")
    batch.set_defaults(run=_batch)
    cli_batch.add_arguments(batch)

    models = verbs.add_parser("models", help="list the models, add and remove your own")
    models.set_defaults(run=_models)
    cli_models.add_arguments(models)

    doctor = verbs.add_parser(
        "doctor", help="check this machine: libraries, sound, GPU, disk, weights"
    )
    doctor.set_defaults(run=_doctor)
    doctor.add_argument("--json", action="store_true")

    for verb, programs in PROGRAMS.items():
        if not programs:
            continue
        program = verbs.add_parser(verb, help=", ".join(programs))
        program.set_defaults(run=_program, verb=verb)
        program.add_argument("name", choices=tuple(programs))
        program.add_argument("rest", nargs=argparse.REMAINDER, help="its own options")
    return parser


def _program(arguments: argparse.Namespace) -> int:
    module, function = PROGRAMS[arguments.verb][arguments.name].split(":")
    return int(getattr(importlib.import_module(module), function)(arguments.rest) or 0)


def _transcribe(arguments: argparse.Namespace) -> int:
    return cli_transcribe.run(arguments, _songs(arguments.songs))


def _batch(arguments: argparse.Namespace) -> int:
    return cli_batch.run(arguments)


def _doctor(arguments: argparse.Namespace) -> int:
    from engine import doctor

    findings = []
    marks = {True: "ok  ", False: "FAIL", None: "note"}
    for check in doctor.checks():
        findings.append(check)
        if not arguments.json:
            print(f"{marks[check.ok]}  {check.name:<17} {check.text}", flush=True)
            if check.hint and check.ok is not True:
                print(f"      {'':<17} {check.hint}", flush=True)
    works = all(check.ok is not False for check in findings)
    if arguments.json:
        rows = [{"name": c.name, "ok": c.ok, "text": c.text, "hint": c.hint} for c in findings]
        emit({"works": works, "checks": rows})
    else:
        print("Melic can do its main job here." if works else "Melic cannot do its main job here.")
    return 0 if works else 1


def _models(arguments: argparse.Namespace) -> int:
    return cli_models.run(arguments)


def _separate(arguments: argparse.Namespace) -> int:
    import platformdirs

    from engine import audio, cards
    from engine.effort import with_effort
    from engine.errors import EngineError
    from engine.types import Scratch

    try:
        known = cards.cards("separate")
        card = cards.card(arguments.model) if arguments.model else known[0]
        if card.task != "separate":
            raise EngineError(f"{card.id} is no model for separation.", "See the verb 'models'.")
        encoding = audio.Encoding(format=arguments.format, subtype=arguments.subtype)
    except EngineError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    work = _Separation(arguments, with_effort(card, arguments.effort), encoding)
    failed = False
    for song in _songs(arguments.songs):
        scratch = Scratch(platformdirs.user_cache_path("Melic"))
        try:
            report, bad = attempted(song, arguments.debug, partial(work.one, song, scratch))
        finally:
            scratch.close()
        failed = failed or bad
        if arguments.json:
            emit(report)
    return 1 if failed else 0


def _songs(named: list[Path]) -> Iterator[Path]:
    """What was named, with each folder replaced by the songs in it; files need not exist."""
    from engine import audio

    for path in named:
        if path.is_dir():
            found = audio.find_audio([path])
            if not found:
                print(f"{path}: no songs in this folder", file=sys.stderr)
            yield from found
        else:
            yield path


class _Separation:
    """What all songs of one call share: where results go, as what, and which names are taken."""

    def __init__(self, arguments: argparse.Namespace, card: ModelCard, encoding: Encoding) -> None:
        self.arguments = arguments
        self.card = card
        self.encoding = encoding
        self.written: set[Path] = set()

    def one(self, song: Path, scratch: Scratch) -> dict[str, Any]:
        """Separate one song and write its stems; returns the report. All or nothing is written."""
        from engine import tasks

        began = time.monotonic()
        with Bar(song.name) as bar:
            clip = bar.drain("reading", tasks.decode(song, scratch), 0.0, 0.04)
            remarks = list(clip.origin.notes)
            result = bar.drain(
                "separating",
                tasks.separate(clip, self.card, scratch, self.arguments.device),
                0.04,
                0.94,
            )
            paths: dict[str, Path] = {}
            try:
                for number, (stem, sound) in enumerate(result.clips.items()):
                    start = 0.94 + 0.06 * number / len(result.clips)
                    path = self._path(song, stem)
                    export = tasks.export_clip(
                        sound,
                        path,
                        self.encoding,
                        self._may_replace(path),
                        stem=stem.capitalize(),
                    )
                    paths[stem] = bar.drain("writing", export, start, start + 0.03)
                    self.written.add(paths[stem])
                    if bar.note != f"Written: {paths[stem].name}":  # something had to be changed
                        remarks.append(f"{stem}: {bar.note}")
            except BaseException:
                for path in paths.values():
                    path.unlink(missing_ok=True)
                raise
        taken = time.monotonic() - began
        speed = clip.seconds / taken
        how = f"{speed:.1f} times real time, {result.device}, {self.card.id}"
        remarks.append(f"{clock(clip.seconds)} of sound in {taken:.1f} s ({how})")
        for remark in filter(None, [result.device_note, *remarks]):
            print(f"{song.name}: {remark}", file=sys.stderr)
        if not self.arguments.json:
            for path in paths.values():
                print(path, flush=True)
        return {
            "song": str(song),
            "paths": {stem: str(path) for stem, path in paths.items()},
            "seconds": clip.seconds,
            "seconds_taken": taken,
            "real_time_factor": speed,
            "device": result.device,
            "device_note": result.device_note,
            "model": self.card.id,
            "null_db": result.null_db if math.isfinite(result.null_db) else None,
        }

    def _path(self, song: Path, stem: str) -> Path:
        from engine import audio

        folder = self.arguments.output or song.parent
        folder.mkdir(parents=True, exist_ok=True)
        name = audio.stem_name(
            self.arguments.template, song, stem.capitalize(), self.encoding.format, self.card.id
        )
        return folder / name

    def _may_replace(self, path: Path) -> bool:
        """Only what was there before this call, and only if asked to."""
        return self.arguments.overwrite and path not in self.written


def attempted(
    song: Path, debug: bool, make: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Return what `make` reports and whether it failed; one bad song must not stop the others."""
    from engine.errors import EngineError

    try:
        return make(), False
    except Exception as error:  # what nobody foresaw is told as well, or raised to be looked at
        check_stopped()
        if debug and not isinstance(error, EngineError | OSError):
            raise
        return failure(song, error), True


def failure(song: Path, error: Exception) -> dict[str, Any]:
    """Say on stderr why a song failed, and return the same as an object."""
    message = getattr(error, "message", "")
    hint = getattr(error, "hint", "")
    if not message and isinstance(error, OSError):
        message = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    elif not message:
        message = f"Something unexpected went wrong: {type(error).__name__}: {error}"
        hint = "This is a fault in Melic. Run it again with --debug and report what it prints."
    print(f"{song}: {message}" + (f"\n    {hint}" if hint else ""), file=sys.stderr)
    return {"song": str(song), "error": message, "hint": hint}


def emit(value: dict[str, Any]) -> None:
    print(json.dumps(value, allow_nan=False), flush=True)
