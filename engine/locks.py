"""Files that one process holds, so that two programs do not write to one place."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STALE_SECONDS = 240.0  # `touch` is called each minute; who is silent for longer is gone
_FAR = 1 << 30  # the byte that Windows locks: far from what others want to read
_MANY = 65_536  # bytes; no lock says more


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock."""

    host: str = ""
    pid: int = 0


class Held(Exception):
    """Somebody else holds the lock."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(f"held by process {owner.pid} on {owner.host}")
        self.owner = owner


class Lock:
    """A lock that ends with the process that took it, however that ends; made by `take`.

    The system's own lock decides where it works, so a lock left by a killed program is free at
    once. Some network drives do not pass it on to other computers: therefore the file also says
    who holds it, and a lock of another computer counts as held while it is touched.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle
        self._closing = weakref.finalize(self, os.close, handle)

    def touch(self) -> None:
        """Say that the owner lives; to be called each minute."""
        with suppress(OSError):
            os.utime(self.path)

    def release(self) -> None:
        """Let others in; may be called twice."""
        if not self._closing.alive:
            return
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
        with suppress(OSError):
            if os.name != "nt" and _same(self._handle, self.path):
                self.path.unlink()
        self._closing()
        if os.name == "nt":
            with suppress(OSError):  # Windows keeps files that are open
                self.path.unlink()


def take(path: Path) -> Lock:
    """Hold `path`, made if it is not there. Raises `Held`, and `OSError` where none can be made."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        try:
            got = _grab(handle)
            if got and os.name != "nt" and not _same(handle, path):
                os.close(handle)  # its owner removed it a moment ago
                continue
            owner = _owner(handle)
            elsewhere = owner is not None and (got is None or owner.host != socket.gethostname())
            fresh = time.time() - os.fstat(handle).st_mtime < STALE_SECONDS
            if got is False or (elsewhere and fresh):
                raise Held(owner or Owner())
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(
                handle, json.dumps({"host": socket.gethostname(), "pid": os.getpid()}).encode()
            )
        except BaseException:
            os.close(handle)
            raise
        return Lock(path, handle)


def _same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def _owner(handle: int) -> Owner | None:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        said = json.loads(os.read(handle, _MANY))
        return Owner(str(said["host"]), int(said["pid"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _grab(handle: int) -> bool | None:
        """Lock an open file: True, False when another has it, None when that cannot be known."""
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError:
            return None
        return True

else:
    import fcntl

    def _grab(handle: int) -> bool | None:
        """Lock an open file: True, False when another has it, None when that cannot be known."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True
