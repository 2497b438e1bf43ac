"""What batches have made in a folder, remembered there, so that they can go on after any end.

One file, `.melic-batch.json`, is replaced as a whole after each song. Files are made in a hidden
folder beside it and moved to their names only when all of a song's are there; what is about to be
moved is written down first, so that after a kill at any moment nothing half-made is kept and
nothing of a person's is overwritten.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import EngineError, UnwritableTarget
from engine.events import Progress, Work

STATE = ".melic-batch.json"
PARTS = ".melic-batch.parts"  # a folder for files that are being made
LOCK = ".melic-batch.lock"
VERSION = 1
BLOCK = 2**22  # bytes read between two chances to cancel


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a source is known again: size and time, and where that fails its SHA-256."""

    size: int
    mtime_ns: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was made: `path` in the target folder, with `/`; size and time when made."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one source in one chain: "done", "failed", or "moving" its files."""

    state: str
    stamp: Stamp
    outputs: tuple[Output, ...] = ()
    seconds: float = 0.0
    null_db: float | None = None
    error: str = ""
    hint: str = ""


class Ledger:
    """The memory of a target folder. Holds a lock: one batch at a time writes to a folder."""

    def __init__(self, target: Path) -> None:
        """Open, or begin. Raises `UnwritableTarget`, `EngineError` (in use, not readable)."""
        self.target = target
        self._entries: dict[tuple[str, str], Entry] = {}
        try:
            target.mkdir(parents=True, exist_ok=True)
            self._lock = _take_lock(target / LOCK)
            try:
                shutil.rmtree(target / PARTS, ignore_errors=True)  # of a batch that was killed
                self._load()
                self._save()  # shows now, not after an hour, whether it may be written
            except BaseException:
                self._release()
                raise
        except OSError as error:
            raise unwritable(target, error) from error

    def close(self) -> None:
        """Give the folder free and leave no working files."""
        shutil.rmtree(self.target / PARTS, ignore_errors=True)
        self._release()

    def entry(self, source: Path, chain: str) -> Entry | None:
        """What is known of a source in a chain (its digest)."""
        return self._entries.get(_key(source, chain))

    def is_complete(self, entry: Entry) -> bool:
        """Whether a song is done and all its files are still there and hold something."""
        if entry.state != "done" or not entry.outputs:
            return False
        return all(_size(self.target / output.path) > 0 for output in entry.outputs)

    @contextlib.contextmanager
    def part_folder(self) -> Iterator[Path]:
        """A folder for one song's files; what stays in it goes. Raises `UnwritableTarget`."""
        folder = self.target / PARTS / secrets.token_hex(6)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise unwritable(self.target, error) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(
        self, source: Path, chain: str, entry: Entry, files: Sequence[Path], place: Path
    ) -> tuple[Path, ...]:
        """Move finished files into the sub-folder `place` and remember them as `entry`.

        A file that is not this song's own gets no harm: all files of the song then take the
        first number that is free for them, as in "Song_(Vocals) (2).wav". Returns their paths.
        Raises `UnwritableTarget`.
        """
        before = self.entry(source, chain)
        try:
            (self.target / place).mkdir(parents=True, exist_ok=True)
            paths = self._free_names(self.target / place, [file.name for file in files], before)
            known = {o.path: o for o in before.outputs} if before else {}
            moving = {name: Output(name, -1, -1) for name in map(self._inside, paths)}
            intent = replace(entry, state="moving", outputs=tuple((known | moving).values()))
            self._put(source, chain, intent)
            for file, path in zip(files, paths, strict=True):
                os.replace(file, path)
            made = tuple(self._output(path) for path in paths)
            for name, old in known.items():
                if name not in moving and self._is_as_made(old):
                    (self.target / name).unlink(missing_ok=True)
            self._put(source, chain, replace(entry, outputs=made))
        except OSError as error:
            raise unwritable(self.target, error) from error
        return tuple(paths)

    def fail(self, source: Path, chain: str, entry: Entry) -> None:
        """Remember that a song cannot be done; its older files stay known."""
        before = self.entry(source, chain)
        outputs = before.outputs if before is not None else ()
        try:
            self._put(source, chain, replace(entry, outputs=outputs))
        except OSError as error:
            raise unwritable(self.target, error) from error

    def refresh(self, source: Path, chain: str, stamp: Stamp) -> None:
        """Remember a source's new time, found to hold the same bytes."""
        entry = self.entry(source, chain)
        if entry is not None:
            with contextlib.suppress(OSError):
                self._put(source, chain, replace(entry, stamp=stamp))

    # Names

    def _free_names(self, folder: Path, names: list[str], before: Entry | None) -> list[Path]:
        number = 1
        while True:
            more = f" ({number})" if number > 1 else ""
            paths = [(folder / name).with_stem(Path(name).stem + more) for name in names]
            if all(self._may_take(path, before) for path in paths):
                return paths
            number += 1

    def _may_take(self, path: Path, before: Entry | None) -> bool:
        if not os.path.lexists(path):
            return True
        name = self._inside(path)
        own = [output for output in (before.outputs if before else ()) if output.path == name]
        return bool(own) and self._is_as_made(own[0])

    def _is_as_made(self, output: Output) -> bool:
        """Whether a file is still the one that was made, or was about to be when it all ended."""
        if output.size < 0:
            return True
        try:
            return self._output(self.target / output.path) == output
        except OSError:
            return False

    def _inside(self, path: Path) -> str:
        return path.relative_to(self.target).as_posix()

    def _output(self, path: Path) -> Output:
        found = path.stat()
        return Output(self._inside(path), found.st_size, found.st_mtime_ns)

    # The file

    def _load(self) -> None:
        path = self.target / STATE
        try:
            values = json.loads(path.read_text("utf-8"))
            version = values["version"]
            if isinstance(version, int) and version > VERSION:
                raise EngineError(
                    f"{path} was written by a newer Melic.",
                    "Update Melic, or choose another folder.",
                )
            for row in values["songs"]:
                key = (row.pop("source"), row.pop("chain"))
                self._entries[key] = _entry(row)
        except FileNotFoundError:
            return
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EngineError(
                f"{path} is damaged: what was made here before cannot be told.",
                "Delete that file to begin anew; nothing that is there will be overwritten.",
            ) from error

    def _put(self, source: Path, chain: str, entry: Entry) -> None:
        self._entries[_key(source, chain)] = entry
        self._save()

    def _save(self) -> None:
        rows = [
            {"source": source, "chain": chain, **asdict(entry)}
            for (source, chain), entry in self._entries.items()
        ]
        write_whole(
            self.target / STATE, json.dumps({"version": VERSION, "songs": rows}, indent=1).encode()
        )

    def _release(self) -> None:
        _give_lock(self.target / LOCK, self._lock)


def known_outputs(target: Path) -> set[Path]:
    """Every file that batches made in a folder, without opening its ledger."""
    try:
        rows = json.loads((target / STATE).read_text("utf-8"))["songs"]
        return {target.absolute() / o["path"] for row in rows for o in row["outputs"]}
    except (OSError, ValueError, TypeError, KeyError):
        return set()


def stamp(path: Path) -> Stamp:
    """Size and time of a source, without reading it. Raises `OSError`."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns)


def digest(path: Path) -> Work:
    """Read a file and return its SHA-256; can be cancelled on the way. Raises `OSError`."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
            yield Progress(float("nan"), f"Looking at {path.name}")
    return total.hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all, whatever happens. Raises `OSError`.

    For the holder of the folder's lock alone: what a kill leaves is written over the next time.
    """
    part = path.with_name(f".{path.name.lstrip('.')}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def unwritable(target: Path, error: OSError) -> UnwritableTarget:
    """Words for a target folder that takes no files."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UnwritableTarget(
            f"The disk of {target} is full.", "Free some space; what is done is kept."
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UnwritableTarget(f"{target} may not be written to.", "Choose a folder of your own.")
    reason = error.strerror or str(error)
    return UnwritableTarget(f"{target} cannot be used: {reason}.", "Choose another folder.")


def _key(source: Path, chain: str) -> tuple[str, str]:
    return str(source.absolute()), chain


def _entry(row: dict[str, Any]) -> Entry:
    outputs = tuple(Output(**output) for output in row.pop("outputs"))
    return Entry(stamp=Stamp(**row.pop("stamp")), outputs=outputs, **row)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


# -- one batch at a time ---------------------------------------------------------------------------


def _take_lock(path: Path) -> int:
    """Lock a file until this process ends, however it ends; returns its handle."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EACCES, errno.EDEADLK}:
                os.close(handle)
                raise EngineError(
                    f"Another batch is writing to {path.parent}.",
                    "Wait until it is done, or choose another folder.",
                ) from error
            return handle  # a file system without locks
        with contextlib.suppress(OSError):
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        os.close(handle)  # its last holder took the file away in between


def _give_lock(path: Path, handle: int) -> None:
    if sys.platform != "win32":
        path.unlink(missing_ok=True)
    os.close(handle)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
