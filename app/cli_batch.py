"""The verb `batch`: a folder of songs through a chain, on a terminal or in a script."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.signals import check_stopped
from app.terminal import clock, pace

if TYPE_CHECKING:
    from engine.batch import Batch, Item
    from engine.report import Report


CHAINS = Path(__file__).parents[1] / "resources" / "chains"  # named without loading the engine


def add_arguments(batch: argparse.ArgumentParser) -> None:
    """What can be said after the verb."""
    there = ", ".join(sorted(file.stem for file in CHAINS.glob("*.toml")))
    batch.add_argument("chain", metavar="CHAIN", help=f"a TOML file, or a name: {there}, your own")
    batch.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="folder of songs")
    batch.add_argument(
        "-o", "--output", type=Path, metavar="DIR", required=True,
        help="where files go, in the same sub-folders",
    )  # fmt: skip
    batch.add_argument("--retry-failed", action="store_true", help="try again what failed before")
    batch.add_argument("--force", action="store_true", help="make everything anew")
    batch.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    batch.add_argument("--json", action="store_true", help="one object per song on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Run a batch; 0 only if every song is done, now or before, 2 for wrong use."""
    import platformdirs

    from engine.batch import Batch, find_songs
    from engine.chain import find_chain
    from engine.errors import EngineError

    missing = next((folder for folder in arguments.folders if not folder.exists()), None)
    try:
        chain = find_chain(arguments.chain)
        if missing is not None:
            raise EngineError(f"{missing} is not there.", "Check its name.")
        batch = Batch(
            chain,
            arguments.output,
            platformdirs.user_cache_path("Melic"),
            arguments.device,
            arguments.retry_failed,
            arguments.force,
        )
        several = len(arguments.folders) > 1
        batch.add(find_songs(arguments.folders, batch.target, keep_names=several))
        if not batch.items:
            raise EngineError(f"There are no songs in {arguments.folders[0]}.")
    except EngineError as error:
        print(str(error), file=sys.stderr)
        return 2
    try:
        report = _drain(batch, arguments.json)
    except EngineError as error:
        print(str(error), file=sys.stderr)
        return 1
    counts = ", ".join(f"{number} {state}" for state, number in report.counts.items())
    print(f"{chain.name}: {counts} in {clock(report.seconds_taken)}", file=sys.stderr)
    return 0 if report.worked else 1


def _drain(batch: Batch, as_json: bool) -> Report:
    """Run to the end with a line of progress; say each item as it ends."""
    from tqdm import tqdm

    from engine.batch import ENDED
    from engine.events import Progress

    tqdm.monitor_interval = 0  # no thread of its own
    bar = tqdm(
        total=1.0,
        bar_format="{percentage:3.0f} %|{bar:20}|{postfix}",
        leave=False,
        disable=not sys.stderr.isatty(),
        file=sys.stderr,
        dynamic_ncols=True,
    )
    told: set[int] = set()

    def tell() -> None:
        for item in batch.items:
            if item.state in ENDED and item.id not in told:
                told.add(item.id)
                bar.clear()
                _say(item, as_json)

    with bar, contextlib.closing(batch.run()) as work:
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                tell()
                return end.value
            check_stopped()
            if isinstance(event, Progress):
                if math.isfinite(event.done):
                    bar.n = event.done
                bar.set_postfix_str(pace(event.note, event.rate, event.seconds_left))
            tell()


def _say(item: Item, as_json: bool) -> None:
    from engine.report import row

    if as_json:
        print(json.dumps(row(item), allow_nan=False), flush=True)
    else:
        for path in item.outputs:
            print(path, flush=True)
    words = [f"{item.source}: {item.state.value}"]
    if item.state.value == "done":
        rate = item.seconds / max(item.seconds_taken, 1e-6)
        took = f"{item.seconds_taken:.1f} s"
        words.append(f"{clock(item.seconds)} of sound in {took} ({rate:.1f} times real time)")
    words += [item.note] if item.note and item.state.value != "done" else []
    print(" · ".join([*words, *item.remarks]), file=sys.stderr)
    if item.error:
        print(f"    {item.error}" + (f" {item.hint}" if item.hint else ""), file=sys.stderr)
