"""A folder of songs through a chain: item by item, to be stopped and gone on with at any time."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import math
import shutil
import threading
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from engine import tasks
from engine.chain import Chain
from engine.errors import (
    Cancelled,
    DeviceUnavailable,
    EngineError,
    UnwritableTarget,
    WeightsMissing,
)
from engine.events import Progress, Work
from engine.ledger import Entry, Ledger, Stamp, digest, stamp
from engine.report import Report, write_report
from engine.steps import Piece, run, within
from engine.types import Scratch

READING = 0.04  # the part of an item's progress that is reading it
PAUSE_SECONDS = 0.05  # between two looks whether to go on
# What says nothing about the song: such an item is tried again at the next run without asking.
PASSING = (UnwritableTarget, WeightsMissing, DeviceUnavailable, OSError, MemoryError)


class ItemState(Enum):
    """Where an item is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"  # done before, from the same song with the same chain
    FAILED = "failed"


ENDED = frozenset({ItemState.DONE, ItemState.SKIPPED, ItemState.FAILED})


@dataclass(frozen=True, slots=True)
class Item:
    """One song of a batch. `place` is the sub-folder of the target that its files go to."""

    id: int
    source: Path
    place: Path = Path()
    state: ItemState = ItemState.WAITING
    share: float = 0.0  # done of it, 0…1
    note: str = ""
    seconds: float = 0.0  # of sound; 0 while nobody knows
    seconds_taken: float = 0.0
    seconds_left: float = math.nan
    outputs: tuple[Path, ...] = ()
    null_db: float | None = None
    device: str = ""
    error: str = ""
    hint: str = ""
    details: str = ""  # for a report of what failed
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A song and the sub-folder that it was found in."""

    source: Path
    place: Path = Path()


def find_songs(paths: Iterable[Path], target: Path, keep_names: bool = False) -> list[Found]:
    """Songs that were named, and those in folders at any depth, with their sub-folders.

    `keep_names`: sub-folders begin with the named folder's own name. What batches made in
    `target` is not a song, also when the target is one of these folders or inside one.
    """
    from engine.audio import find_audio
    from engine.ledger import known_outputs

    made = known_outputs(target)
    found: dict[Path, Found] = {}
    for path in map(Path.absolute, paths):
        root = path.parent if keep_names or not path.is_dir() else path
        inner = target.absolute() != path and target.absolute().is_relative_to(path)
        for song in find_audio([path]):
            ours = song in made or (inner and song.is_relative_to(target.absolute()))
            if path.is_file() or not ours:
                found.setdefault(song, Found(song, song.parent.relative_to(root)))
    return list(found.values())


class Batch:
    """Songs, a chain and a target folder; `run` is the work, everything else may be called at any
    time from any thread.

    `items` is a snapshot: what changed since is another object. `retry_failed` tries again what
    failed for the song's own sake, `force` makes everything anew. Working files go to a folder in
    `cache` that is the target's own, so that those of a batch that was killed are found and freed.
    """

    def __init__(
        self,
        chain: Chain,
        target: Path,
        cache: Path,
        device: str = "auto",
        retry_failed: bool = False,
        force: bool = False,
    ) -> None:
        self.chain, self.target, self.device = chain, target.absolute(), device
        self.paused = False
        self._cache = cache / f"batch-{hashlib.sha256(bytes(self.target)).hexdigest()[:12]}"
        self._retry_failed, self._force = retry_failed, force
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._items: dict[int, Item] = {}
        self._looked: set[int] = set()  # ids of items whose length and past are known
        self._insist: set[int] = set()  # ids of items to be tried whatever happened before
        self._began = self._heard = 0.0  # since when, and seconds of sound done since then

    @property
    def items(self) -> tuple[Item, ...]:
        """All items as they are now."""
        with self._lock:
            return tuple(self._items.values())

    def add(self, songs: Iterable[Found]) -> None:
        """Add songs that are not here yet."""
        with self._lock:
            here = {item.source for item in self._items.values()}
            for song in songs:
                if song.source not in here:
                    here.add(song.source)
                    id = next(self._numbers)
                    self._items[id] = Item(id, song.source, song.place)

    def remove(self, ids: Iterable[int]) -> None:
        """Take items away; one that runs ends at its next step and leaves nothing."""
        with self._lock:
            for id in ids:
                self._items.pop(id, None)

    def retry(self, ids: Iterable[int]) -> None:
        """Let ended items wait again, to be made whatever is known of them."""
        with self._lock:
            for id in ids:
                item = self._items.get(id)
                if item is not None and item.state in ENDED:
                    self._insist.add(id)
                    self._items[id] = Item(id, item.source, item.place, seconds=item.seconds)

    def count(self, *states: ItemState) -> int:
        """How many items are in one of these states."""
        return sum(item.state in states for item in self.items)

    def run(self) -> Work:
        """Do what waits, one item after the other; returns the `Report`, which is also written.

        `Progress` is that of the whole, with its note naming the item. An item that fails does
        not stop the others. Raises `UnwritableTarget` when nothing can be written at all, and
        `EngineError` when another batch writes to the target.
        """
        yield Progress(math.nan, f"Looking at {self.target.name}")
        began = time.monotonic()
        ledger = Ledger(self.target)
        try:
            shutil.rmtree(self._cache, ignore_errors=True)  # of a batch that was killed
            known = self.chain.digest
            self._began, self._heard = time.monotonic(), 0.0
            while True:
                yield from self._look(ledger, known)
                item = next((i for i in self.items if i.state is ItemState.WAITING), None)
                if item is None:
                    break
                yield from self._one(item, ledger, known)
        finally:
            try:
                shutil.rmtree(self._cache, ignore_errors=True)
                report = Report(self.chain.name, self.target, self.items, time.monotonic() - began)
                with contextlib.suppress(OSError):  # a full disk; what was made is what counts
                    write_report(report)
            finally:
                ledger.close()
        return report

    # One item

    def _one(self, item: Item, ledger: Ledger, known: str) -> Work:
        """Make an item's files; whatever happens to it, the batch goes on unless it was ended."""
        began = time.monotonic()
        self._change(item.id, state=ItemState.RUNNING, share=0.0, note="", error="", hint="")
        work = self._make(item, ledger, known)
        before: Stamp | None = None
        try:
            before = stamp(item.source)
            entry, outputs = yield from self._drive(item, work)
        except (Cancelled, GeneratorExit, KeyboardInterrupt, SystemExit):
            self._change(item.id, state=ItemState.WAITING, share=0.0, seconds_left=math.nan)
            raise
        except _Gone:
            return
        except Exception as error:  # noqa: BLE001 - one song must not stop the others
            message, hint = _words(error, item.source)
            self._change(
                item.id, state=ItemState.FAILED, error=message, hint=hint,
                details="".join(traceback.format_exception(error)),
                seconds_taken=time.monotonic() - began, seconds_left=math.nan,
            )  # fmt: skip
            if before is not None and not isinstance(error, PASSING):
                failed = Entry("failed", before, error=message, hint=hint)
                with contextlib.suppress(UnwritableTarget):  # then it is tried again next time
                    ledger.fail(item.source, known, failed)
        else:
            self._heard += entry.seconds
            self._change(
                item.id, state=ItemState.DONE, share=1.0, seconds=entry.seconds, outputs=outputs,
                null_db=entry.null_db, seconds_taken=time.monotonic() - began, seconds_left=0.0,
            )  # fmt: skip
        finally:
            work.close()
        yield self._progress(item, "")

    def _make(self, item: Item, ledger: Ledger, known: str) -> Work:
        """Take one song through the chain; returns its entry and the files' paths."""
        before = stamp(item.source)
        scratch = Scratch(self._cache)
        try:
            clip = yield from within(tasks.decode(item.source, scratch), 0.0, READING)
            self._change(item.id, seconds=clip.seconds)
            with ledger.part_folder() as folder:
                piece = Piece(item.source.stem, clip, scratch, folder, self.device)
                yield from within(run(self.chain.steps, piece), READING, 0.99)
                sha256 = yield from within(digest(item.source), 0.99, 1.0)
                remarks = (*clip.origin.notes, *piece.remarks)
                self._change(item.id, device=piece.device_used, remarks=remarks)
                after = Stamp(before.size, before.mtime_ns, sha256)
                entry = Entry("done", after, seconds=clip.seconds, null_db=piece.null_db)
                outputs = ledger.keep(item.source, known, entry, piece.files, item.place)
            return entry, outputs
        finally:
            scratch.close()

    def _drive(self, item: Item, work: Work) -> Work:
        """Run an item's work, with pauses, as long as the item is wanted."""
        share, at = 0.0, time.monotonic()
        while True:
            while self.paused:
                yield self._progress(item, "Paused")
                paused = time.monotonic()
                time.sleep(PAUSE_SECONDS)
                self._began += time.monotonic() - paused
                at += time.monotonic() - paused
            try:
                event = next(work)
            except StopIteration as end:
                return end.value
            if item.id not in self._items:
                raise _Gone
            if isinstance(event, Progress):
                share = max(share, event.done)
                taken = time.monotonic() - at
                left = taken * (1 - share) / share if share > 2 * READING else math.nan
                self._change(item.id, share=share, note=event.note, seconds_left=left)
                yield self._progress(item, event.note)

    # What is known before

    def _look(self, ledger: Ledger, known: str) -> Work:
        """Settle what needs no work, and learn how long the rest is."""
        from engine import audio

        for item in self.items:
            if item.id in self._looked or item.state is not ItemState.WAITING:
                continue
            self._looked.add(item.id)
            yield Progress(math.nan, f"Looking at {item.source.name}")
            if item.id not in self._insist and not self._force:
                entry = ledger.entry(item.source, known)
                same = yield from _is_same(item.source, entry, ledger, known)
                if entry is not None and same and self._settle(item, entry, ledger):
                    continue
            with contextlib.suppress(EngineError, OSError):  # says so when it is its turn
                self._change(item.id, seconds=audio.probe(item.source).seconds)

    def _settle(self, item: Item, entry: Entry, ledger: Ledger) -> bool:
        """Take over what an earlier run found out about an unchanged song, if that is enough."""
        if ledger.is_complete(entry):
            outputs = tuple(self.target / output.path for output in entry.outputs)
            self._change(
                item.id, state=ItemState.SKIPPED, share=1.0, outputs=outputs,
                seconds=entry.seconds, null_db=entry.null_db, note="Done before",
            )  # fmt: skip
            return True
        if entry.state == "failed" and not self._retry_failed:
            self._change(
                item.id, state=ItemState.FAILED, error=entry.error, hint=entry.hint,
                note="Failed before and was not tried again",
            )  # fmt: skip
            return True
        return False

    # Keeping count

    def _change(self, id: int, **fields: Any) -> None:
        with self._lock:
            if id in self._items:
                self._items[id] = replace(self._items[id], **fields)

    def _progress(self, item: Item, note: str) -> Progress:
        items = self.items
        active = [i for i in items if i.state is not ItemState.SKIPPED]
        known = [i.seconds for i in active if i.seconds > 0]
        usual = sum(known) / len(known) if known else 1.0  # of those whose length nobody knows
        total = done = running = 0.0
        for each in active:
            seconds = each.seconds or usual
            total += seconds
            if each.state in ENDED:
                done += seconds
            elif each.state is ItemState.RUNNING:
                running = seconds * each.share
        rate = (self._heard + running) / max(time.monotonic() - self._began, 1e-6)
        rest = max(total - done - running, 0.0)
        left = 0.0 if not rest else rest / rate if rate > 0 else math.nan
        ended = sum(i.state in ENDED for i in items)
        number = min(ended + 1, len(items))
        words = f"{number} of {len(items)}: {item.source.name}"
        return Progress(
            (done + running) / total if total else 1.0,
            f"{words} · {note}" if note else words,
            rate if running or self._heard else 0.0,
            left,
        )


class _Gone(Exception):
    """The item that runs was removed."""


def _is_same(source: Path, entry: Entry | None, ledger: Ledger, known: str) -> Work:
    """Whether a source holds what it held when its entry was made."""
    if entry is None:
        return False
    try:
        now = stamp(source)
        if now.size != entry.stamp.size:
            return False
        if now.mtime_ns == entry.stamp.mtime_ns:
            return True
        if not entry.stamp.sha256 or (yield from digest(source)) != entry.stamp.sha256:
            return False
    except OSError:
        return False
    ledger.refresh(source, known, replace(now, sha256=entry.stamp.sha256))
    return True


def _words(error: Exception, source: Path) -> tuple[str, str]:
    """What to tell a person about an item that failed."""
    if isinstance(error, EngineError):
        return error.message, error.hint
    if isinstance(error, MemoryError):
        return f"There is too little memory for “{source.name}”.", "Close other programs."
    if isinstance(error, OSError):
        return f"“{source.name}”: {error.strerror or error}.", "Check that it is still there."
    return (
        f"Something went wrong that Melic did not foresee ({type(error).__name__}: {error}).",
        "Copy the details and report it; the song is untouched.",
    )
