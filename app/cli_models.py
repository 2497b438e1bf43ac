"""The verb `models`: what there is and what was measured of it; taking one in and out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.terminal import Bar

if TYPE_CHECKING:
    from engine.cards import ModelCard


class Added(Protocol):
    """What taking a model in returns; see `engine.importing`, which loads torch."""

    card: ModelCard
    notes: tuple[str, ...]


def add_arguments(models: argparse.ArgumentParser) -> None:
    """What can be said after the verb; nothing lists them all."""
    models.add_argument("--json", action="store_true", help="one object per model on stdout")
    verbs = models.add_subparsers(metavar="[add | get | remove]", dest="action", required=False)

    add = verbs.add_parser("add", help="take in a checkpoint of someone else")
    kinds = ".ckpt, .pt, .pth, .bin, .safetensors, .onnx"
    add.add_argument("file", type=Path, metavar="FILE", help=kinds)
    add.add_argument(
        "--yaml", type=Path, metavar="FILE", help="its configuration, default: the one beside it"
    )
    add.add_argument(
        "--stems", default="", metavar="A,B", help="what it gives, where no configuration says it"
    )
    add.add_argument("--title", default="", metavar="T", help="its name, default: the file's")
    add.add_argument("--licence", default="", metavar="L", help="as its makers state it")
    add.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    add.add_argument("--source", default="", metavar="S", help="where it is from")

    get = verbs.add_parser("get", help="download a published model: go on, check it, take it in")
    get.add_argument("id", metavar="ID", help="without it, those that can be had", nargs="?")
    get.add_argument("--json", action="store_true", default=argparse.SUPPRESS)

    remove = verbs.add_parser("remove", help="delete a model that was added")
    remove.add_argument("id", metavar="ID")


def run(arguments: argparse.Namespace) -> int:
    """List, add, download or remove; 0 if it worked, 1 if not."""
    from engine.errors import EngineError

    try:
        match arguments.action:
            case "add":
                _add(arguments)
            case "get":
                _get(arguments.id, arguments.json)
            case "remove":
                _remove(arguments.id)
            case _:
                _list(arguments.json)
    except EngineError as error:
        print(error.message + (f"\n    {error.hint}" if error.hint else ""), file=sys.stderr)
        return 1
    return 0


def _add(arguments: argparse.Namespace) -> None:
    from engine import tasks

    stems = tuple(stem.strip() for stem in arguments.stems.split(",") if stem.strip())
    with Bar(arguments.file.name) as bar:
        work = tasks.add_model(
            arguments.file,
            arguments.yaml,
            arguments.title,
            arguments.licence,
            arguments.source,
            stems,
        )
        added = bar.drain("adding", work, 0.0, 1.0)
    _tell(added, arguments.json)


def _get(id: str | None, as_json: bool) -> None:
    from engine import downloads, tasks
    from engine.errors import EngineError

    known = {each.id: each for each in downloads.published()}
    if id is None:
        for each in known.values():
            print(
                f"{each.id}: {each.title}, {each.bytes / 1e6:.0f} MB, {each.licence}; {each.page}"
            )
        return
    if id not in known:
        raise EngineError(
            f"No published model is called {id!r}.", f"Known ones: {', '.join(known)}."
        )
    with Bar(id) as bar:
        added = bar.drain("downloading", tasks.fetch_model(known[id]), 0.0, 1.0)
    _tell(added, as_json)


def _tell(added: Added, as_json: bool) -> None:
    for note in added.notes:
        print(note, file=sys.stderr)
    if as_json:
        _emit(_row(added.card, own=True, default=False))
    else:
        _show(added.card, own=True, default=False)


def _remove(id: str) -> None:
    from engine import tasks

    with Bar(id) as bar:
        bar.drain("removing", tasks.remove_model(id), 0.0, 1.0)
    print(f"Removed {id}.")


def _list(as_json: bool) -> None:
    from engine import cards

    own, broken = cards.own_cards()
    show = (lambda *given: _emit(_row(*given))) if as_json else _show
    known = cards.cards()
    first = {card.task: card.id for card in reversed(known)}
    for card in known:
        show(card, card in own, card.id == first[card.task])
    for path, error in broken.items():
        if as_json:
            _emit({"id": path.stem, "own": True, "error": error.message, "hint": error.hint})
        else:
            print(f"{path.stem} (yours, cannot be used): {error}")


def _row(card: ModelCard, own: bool, default: bool) -> dict[str, Any]:
    from engine import cards

    return {
        "id": card.id, "title": card.title, "task": card.task, "family": card.family,
        "rate": card.rate, "channels": card.channels, "outputs": list(card.outputs),
        "bytes": card.weights.bytes, "sha256": card.weights.sha256,
        "licence": card.licence, "source": card.source, "data": card.data,
        "measure": card.measure,
        "figures": dict(card.figures), "default": default, "own": own,
        "unused": cards.unused(card),
    }  # fmt: skip


def _show(card: ModelCard, own: bool, default: bool) -> None:
    from engine import cards

    print(f"{card.id}{' (default)' if default else ' (yours)' if own else ''}: {card.title}")
    print(f"    {card.task}: {', '.join(card.outputs)}; {card.rate} Hz, {card.channels} channels")
    print(f"    {card.weights.bytes / 1e6:.1f} MB, licence {card.licence}")
    if own:
        print(f"    source: {card.source}")
    if remark := cards.unused(card):
        print(f"    {remark}")
    for name, value in card.figures.items():
        print(f"    {name}: {value}")


def _emit(value: dict[str, Any]) -> None:
    print(json.dumps(value, allow_nan=False), flush=True)
