"""What is open but not saved: a folder for each window, so that a killed program loses nothing.

A workspace holds the sound of its window's lanes and a journal, the document as it is now. Every
edit writes the journal as a new file before it returns; older files go once a thread of their own
saw the newest one safely on the disk. A workspace whose lock nobody holds belongs to a program
that ended without closing its window.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine import document as documents
from engine import locks
from engine.document import Damaged, Document, Lost
from engine.errors import EngineError
from engine.events import Work
from engine.store import Loaded, claim, opened, text_of
from engine.types import AudioClip, Scratch

LOCK = "lock"
PREFIX = "window-"
REST_SECONDS = 0.2  # without an edit, before the journal is forced to the disk
_JOURNAL = re.compile(r"journal-(\d{1,15})\.json")


class Workspace:
    """One window's folder and journal. `note` may be called from one thread only."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self.lock = locks.take(self.folder / LOCK)
        self.scratch = Scratch(folder=self.folder)
        self.trouble: OSError | None = None  # why the journal cannot be written, if so
        self._number = 0  # of the newest journal
        self._tended: tuple[locks.Lock, ...] = (self.lock,)
        self._state = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._rest, name="journal", daemon=True)
        self._thread.start()

    def note(self, document: Document) -> None:
        """Write the journal; what goes wrong is in `trouble`.

        The file is left to the system's cache, out of reach of a kill: a tenth of a millisecond,
        where handing it to a thread takes five on a busy machine and up to some hundred. Only
        what the disk has to do is left to a thread.
        """
        try:
            self._write(self._number + 1, document)
        except OSError as error:
            self.trouble = error
            return
        self.trouble = None
        with self._state:
            self._number += 1
            self._state.notify_all()

    def tend(self, held: Iterable[locks.Lock]) -> None:
        """Touch these locks, beside its own, whenever the journal was written."""
        self._tended = (self.lock, *held)

    def settle(self) -> bool:
        """Force the newest journal to the disk, from any thread; False when that fails."""
        number = self._number
        try:
            _settle(self.folder, number)
        except OSError:
            return False
        return number > 0 and self.trouble is None

    def close(self) -> None:
        """Delete everything: it is saved, or not wanted."""
        self.leave()
        self.scratch.close()

    def leave(self) -> None:
        """Stop, and keep everything for the next start."""
        with self._state:
            self._ending = True
            self._state.notify_all()
        self._thread.join(5.0)
        self.lock.release()

    def _rest(self) -> None:
        """Force the newest journal to the disk whenever nothing happens for a moment."""
        settled = 0
        while True:
            with self._state:
                self._wait_past(settled)
                number = self._number
                busy = self._wait_past(number, REST_SECONDS)
                if self._ending:
                    return
            if not busy:
                settled = number
                self.settle()
                for lock in self._tended:
                    lock.touch()

    def _wait_past(self, number: int, patience: float | None = None) -> bool:
        """Wait until a newer journal is written, or the end; False if `patience` ran out."""
        return self._state.wait_for(lambda: self._ending or self._number != number, patience)

    def _write(self, number: int, document: Document) -> None:
        clips = document.project.clips
        names = {
            clip: clip.path.name if clip.path.parent == self.folder else str(clip.path)
            for clip in clips
        }
        text = documents.written(document, names, self.folder, time.time())
        path = self.folder / f"journal-{number}.json"
        try:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise


def _settle(folder: Path, newest: int) -> None:
    """Force the newest journal to the disk; then the older ones are not needed."""
    # A journal that is gone was deleted by another thread, for one that is newer still.
    with suppress(FileNotFoundError), open(folder / f"journal-{newest}.json", "rb+") as file:
        os.fsync(file.fileno())
        for path, number in _journals(folder):
            if number < newest:
                path.unlink(missing_ok=True)


def _journals(folder: Path) -> Iterator[tuple[Path, int]]:
    for name in os.listdir(folder):
        found = _JOURNAL.fullmatch(name)
        if found is not None:
            yield folder / name, int(found[1])


@dataclass(frozen=True, slots=True)
class Left:
    """A workspace that a program left behind; `lock` keeps others from offering it too."""

    folder: Path
    lock: locks.Lock
    title: str
    lanes: int
    written_at: float  # seconds since 1970

    def discard(self) -> None:
        """Delete it."""
        self.lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def left(parent: Path) -> Work:
    """Look for workspaces whose programs are gone; returns a tuple of `Left`, newest first.

    Those that hold nothing to lose are deleted.
    """
    found = []
    for folder in sorted(parent.glob(f"{PREFIX}*")) if parent.is_dir() else ():
        try:
            lock = locks.take(folder / LOCK)
        except (locks.Held, OSError):
            continue
        offer = _offer(folder, lock)
        if offer is None:
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)
        else:
            found.append(offer)
    return tuple(sorted(found, key=lambda offer: -offer.written_at))
    yield  # a generator like every verb, with nothing to say on the way


def _offer(folder: Path, lock: locks.Lock) -> Left | None:
    value = _newest(folder)
    tracks = value.get("tracks") if value is not None else None
    if value is None or not isinstance(tracks, list) or not tracks:
        return None
    home = value.get("folder")
    if isinstance(home, str) and value.get("modified") is not True and Path(home).is_dir():
        return None  # it is all saved
    name = tracks[0].get("name") if isinstance(tracks[0], dict) else ""
    title = Path(home).stem if isinstance(home, str) else name
    at = value.get("written_at")
    return Left(
        folder,
        lock,
        str(title),
        len(tracks),
        float(at) if isinstance(at, int | float) else folder.stat().st_mtime,
    )


def _newest(folder: Path) -> dict[str, object] | None:
    """The newest journal that is whole."""
    try:
        journals = sorted(_journals(folder), key=lambda each: -each[1])
    except OSError:
        return None
    for path, _ in journals:
        with suppress(OSError, Damaged):
            return documents.parsed(text_of(path))
    return None


def recover(folder: Path, scratch: Scratch) -> Work:
    """Bring the document of a workspace back, its sound linked into `scratch`.

    Returns a `store.Loaded`: the project it belongs to is locked again if that is possible.
    Raises `EngineError` when there is no journal that can be read.
    """
    value = _newest(folder)
    if value is None:
        raise EngineError("What was open cannot be recovered: its journal is damaged.")

    clips: dict[str, AudioClip] = {}

    def find(name: str, title: str) -> AudioClip:
        if name not in clips:
            clips[name] = _brought(folder / name, title, scratch)
        return clips[name]

    document = replace(documents.read(value, folder, find), modified=True)
    home = document.folder
    if home is None or not home.is_dir():
        return Loaded(None, document, {}, None)
    return Loaded(home, document, {}, *claim(home, document.newer))
    yield  # a generator like every verb


def replace_left(folder: Path, workspace: Workspace, offer: Left | None) -> Work:
    """Delete what was recovered into `workspace`, once that holds it safely."""
    if workspace.settle():
        if offer is not None:
            offer.discard()
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return None
    yield  # a generator like every verb


def discard(offer: Left) -> Work:
    """Delete what was left."""
    offer.discard()
    return None
    yield  # a generator like every verb


def _brought(path: Path, title: str, scratch: Scratch) -> AudioClip:
    clip = opened(path, title, scratch)
    if clip.path.parent == scratch.folder or not path.parent.name.startswith(PREFIX):
        return clip
    near = scratch.fresh()  # no links here: it would be deleted
    try:
        os.replace(path, near)
    except OSError as error:
        raise Lost(f"The sound of “{title}” cannot be brought back; left out.") from error
    moved = AudioClip(near, clip.channels, clip.frames, clip.rate, clip.origin, clip.offset)
    return scratch.adopt(moved)


def sweep(parent: Path) -> Work:
    """Delete scratch folders of programs that are gone; see `types.Scratch`."""
    for folder in sorted(parent.glob("melic-*")) if parent.is_dir() else ():
        beside = parent / f".{folder.name}.lock"
        with suppress(OSError):
            if not stat.S_ISDIR(folder.lstat().st_mode):
                continue
            if not beside.exists() and time.time() - folder.stat().st_mtime < 86_400:
                continue  # it may be of a version that took no locks, and alive
            try:
                lock = locks.take(beside)
            except locks.Held:
                continue
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
    return None
    yield  # a generator like every verb
