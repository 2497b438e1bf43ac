"""Fetch published checkpoints: resumed where they broke off, checked before they count as there."""

from __future__ import annotations

import hashlib
import os
import queue
import re
import shutil
import ssl
import threading
import tomllib
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, build_opener

from platformdirs import user_data_path

from engine.cards import FOLDER, own_cards
from engine.errors import DownloadFailed, EngineError, UnwritableTarget
from engine.events import Progress, Work
from engine.locks import Held, take

HUB = "https://huggingface.co"
MIRROR = "HF_ENDPOINT"  # the variable that the hub's own program goes by
BLOCK = 1 << 18  # bytes
ROOM = 64e6  # bytes that stay free on the disk
TIMEOUT = 20.0  # seconds without a byte
TRIES = 3  # connections in a row, as long as each brings something
LOOK = 0.1  # seconds after which a cancelled download ends at the latest
SHARE = 0.85  # of the progress; the rest is taking it in


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint that anyone may download from the Hugging Face hub, and what is known of it.

    `outputs` names its stems, in its order; `figures` are as its makers or others published them.
    """

    id: str
    title: str
    task: str
    outputs: tuple[str, ...]
    repository: str
    path: str  # in the repository
    sha256: str
    bytes: int
    licence: str
    figures: Mapping[str, str]

    @property
    def page(self) -> str:
        """Where a person can read about it."""
        return f"{HUB}/{self.repository}"

    @property
    def file(self) -> str:
        """What it is called while it is fetched."""
        return self.id + Path(self.path).suffix


@lru_cache(maxsize=1)
def published() -> tuple[Published, ...]:
    """Every checkpoint that can be downloaded, from `resources/models/public`."""
    found = []
    for path in sorted((FOLDER / "public").glob("*.toml")):
        stored = tomllib.loads(path.read_text("utf-8"))
        found.append(Published(**stored | {"outputs": tuple(stored["outputs"])}))
    return tuple(found)


def downloads() -> Path:
    """Where what is being downloaded lies."""
    return user_data_path("Melic") / "downloads"


def waiting(wanted: Published) -> int:
    """How many bytes an earlier download left, to be gone on with."""
    with suppress(OSError):
        return _part(wanted).stat().st_size
    return 0


def _part(wanted: Published) -> Path:
    return downloads() / f"{wanted.file}.part"


def fetch_model(wanted: Published) -> Work:
    """Download a checkpoint and take it in; see `tasks.fetch_model`."""
    yield Progress(float("nan"), f"Looking for {wanted.title}")
    for card in own_cards()[0]:
        if wanted.sha256 in card.source:
            raise EngineError(f"{wanted.title} is already here.")
    folder = downloads()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = take(folder / f".{wanted.file}.lock")
    except Held:
        raise DownloadFailed(
            f"{wanted.title} is being downloaded already.", "Wait until that is done."
        ) from None
    except OSError as error:
        raise _unwritable(wanted, error) from error
    try:
        return (yield from _take_in(wanted, (yield from _fetch(wanted))))
    finally:
        lock.release()


def _take_in(wanted: Published, file: Path) -> Work:
    """Import a file that is whole; unless that goes well, it can be gone on with."""
    from engine import importing

    work = importing.add_model(
        file, None, wanted.title, wanted.licence, wanted.page, wanted.outputs
    )
    try:
        try:
            while True:
                event = next(work)
                if isinstance(event, Progress):
                    event = Progress(SHARE + (1 - SHARE) * event.done, event.note)
                yield event
        except StopIteration as stop:
            file.unlink(missing_ok=True)
            return stop.value
    finally:
        work.close()
        if file.exists():
            file.replace(_part(wanted))


def _fetch(wanted: Published) -> Generator[Any, None, Path]:
    """Download to a `.part`, check it, and give it its name; returns the file."""
    part = _part(wanted)
    whole = part.with_suffix("")
    try:
        if whole.exists():  # a program was killed while it took it in
            whole.replace(part)
        if waiting(wanted) > wanted.bytes:
            part.unlink()
        _check_room(wanted)
        for attempt in range(1, TRIES + 1):
            before = waiting(wanted)
            if before == wanted.bytes:
                break
            fault = yield from _receive(wanted, part)
            if fault is not None and (attempt == TRIES or waiting(wanted) <= before):
                raise fault
        if (yield from _digest(part, wanted)) != wanted.sha256:
            part.unlink()
            raise DownloadFailed(
                f"{wanted.path} is not the file it should be: its SHA-256 is another.",
                "Nothing of it was kept. The server, or a mirror, has other contents now.",
            )
        part.replace(whole)
    except OSError as error:
        raise _unwritable(wanted, error) from error
    return whole


def _receive(wanted: Published, part: Path) -> Generator[Any, None, DownloadFailed | None]:
    """Append what one connection brings; returns what ended it too early, None if nothing did.

    Raises `DownloadFailed` where another try would not help, `OSError` when the disk is full.
    """
    url = _address(wanted)
    host, start, began = urlsplit(url).hostname or url, waiting(wanted), monotonic()
    incoming = _Incoming(url, start)
    try:
        with part.open("ab") as file:
            while True:
                got = incoming.next()
                if isinstance(got, HTTPResponse):
                    start = _check_answer(got, wanted, start, host)
                    file.truncate(start)
                    file.seek(start)
                elif isinstance(got, Exception):
                    return _fault(got, wanted, host)
                elif got == b"":
                    break
                elif got is not None:
                    file.write(got[: wanted.bytes - file.tell()])
                done = file.tell()
                speed = (done - start) / max(monotonic() - began, 1e-6)
                left = (wanted.bytes - done) / speed if done > start else float("nan")
                yield Progress(
                    SHARE * done / wanted.bytes,
                    f"Downloading: {done / 1e6:.0f} of {wanted.bytes / 1e6:.0f} MB",
                    0.0,
                    left,
                )
    finally:
        incoming.stop()
        if waiting(wanted) == 0:
            part.unlink(missing_ok=True)
    return None if waiting(wanted) == wanted.bytes else _broken(wanted, host)


class _Incoming:
    """A file that a thread of its own reads, so that nobody has to wait for a silent server."""

    def __init__(self, url: str, start: int) -> None:
        self._items: queue.Queue[HTTPResponse | Exception | bytes] = queue.Queue(8)
        self._over = threading.Event()
        headers = {"User-Agent": "Melic", **({"Range": f"bytes={start}-"} if start else {})}
        request = Request(url, headers=headers)
        threading.Thread(target=self._read, args=(request,), name="download", daemon=True).start()

    def next(self) -> HTTPResponse | Exception | bytes | None:
        """The answer, then its bytes, then b""; None when nothing came in a tenth of a second."""
        try:
            return self._items.get(timeout=LOOK)
        except queue.Empty:
            return None

    def stop(self) -> None:
        """Read no more; the thread ends with what it waits for."""
        self._over.set()

    def _read(self, request: Request) -> None:
        try:
            # A new opener, so that the proxies are those of now.
            with build_opener().open(request, timeout=TIMEOUT) as response:
                self._put(response)
                while not self._over.is_set():
                    block = response.read1(BLOCK)
                    self._put(block)
                    if not block:
                        return
        except (OSError, HTTPException, ValueError) as error:
            self._put(error)

    def _put(self, item: HTTPResponse | Exception | bytes) -> None:
        while not self._over.is_set():
            with suppress(queue.Full):
                self._items.put(item, timeout=LOOK)
                return


def _address(wanted: Published) -> str:
    home = os.environ.get(MIRROR, "").strip().rstrip("/") or HUB
    if urlsplit(home).scheme not in ("http", "https") or not urlsplit(home).hostname:
        raise DownloadFailed(
            f"{MIRROR} is no address: {home}.", f"Take it away, or give it one like {HUB}"
        )
    return f"{home}/{wanted.repository}/resolve/main/{quote(wanted.path)}"


def _check_answer(response: HTTPResponse, wanted: Published, start: int, host: str) -> int:
    """Where in the file the bytes of an answer begin; raises if it is another file's."""
    total = response.headers.get("Content-Length")
    if response.status == 206:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers["Content-Range"] or "")
        if found is None or int(found[1]) != start:
            raise DownloadFailed(f"{host} sends another part of the file than it was asked for.")
        total = found[2] if found[2] != "*" else None
    else:
        start = 0
    if total is not None and total != str(wanted.bytes):
        raise DownloadFailed(
            f"{host} has another file: {total} bytes instead of {wanted.bytes}.",
            "A network that asks for a login answers so, too: open a web page first.",
        )
    return start


def _fault(error: Exception, wanted: Published, host: str) -> DownloadFailed:
    """What ended a connection, in words; raised at once where another try would not help."""
    if isinstance(error, HTTPError):
        error.close()
        if error.code in (401, 403, 404, 410, 451):
            raise DownloadFailed(
                f"{host} does not give {wanted.path} away ({error.code}).",
                f"It may have moved: look at {wanted.page}, and add its file by hand.",
            )
        return DownloadFailed(f"{host} cannot answer now ({error.code}).", _later(wanted))
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLError):
        return DownloadFailed(
            f"The connection to {host} is not secure: {reason.reason or reason}.",
            "Check the computer's date, and whether a proxy stands between.",
        )
    if isinstance(error, URLError):
        return DownloadFailed(f"There is no connection to {host}.", _later(wanted))
    return _broken(wanted, host)


def _broken(wanted: Published, host: str) -> DownloadFailed:
    return DownloadFailed(f"The connection to {host} broke off.", _later(wanted))


def _later(wanted: Published) -> str:
    done = waiting(wanted)
    kept = f" {done / 1e6:.0f} MB are kept, and it goes on from there." if done else ""
    return f"Try again when you are online.{kept}"


def _check_room(wanted: Published) -> None:
    """The file has to fit, and what it is converted to beside it."""
    free = shutil.disk_usage(downloads()).free
    needed = 2 * wanted.bytes - waiting(wanted)
    if free < needed + ROOM:
        raise UnwritableTarget(
            f"There is not enough room: {needed / 1e6:.0f} MB are needed in {downloads()}, "
            f"{free / 1e6:.0f} MB are free.",
            "Free some space on the disk and try again.",
        )


def _digest(path: Path, wanted: Published) -> Generator[Any, None, str]:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK << 5):
            sha.update(block)
            yield Progress(SHARE, f"Checking {wanted.title}")
    return sha.hexdigest()


def _unwritable(wanted: Published, error: OSError) -> UnwritableTarget:
    return UnwritableTarget(
        f"{wanted.title} could not be kept: {error.strerror or error}.",
        f"It would be in {downloads()}.",
    )
