"""Downloads from a real server that behaves well, badly, or not at all."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import threading
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import downloads, loader, tasks
from engine.cards import own_cards
from engine.downloads import Published, published
from engine.errors import DownloadFailed, EngineError, UnusableModel, UnwritableTarget
from engine.events import Ended, Progress, State
from engine.importing import Added
from engine.jobs import Runner
from tests.tiny import tiny_net


class Server(ThreadingHTTPServer):
    """Holds one file; `asked` are the paths and ranges of the requests."""

    daemon_threads = True
    content = b""
    ranges = True  # whether it can begin in the middle
    breaks_after: int | None = None  # bytes that a connection brings at most
    stalls_after: int | None = None
    code = 200
    length = True  # whether it says how much will come

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.released = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append((self.path, wanted))
        found = re.fullmatch(r"bytes=(\d+)-", wanted) if self.server.ranges else None
        whole, start = self.server.content, int(found[1]) if found else 0
        self.send_response(self.server.code if not found else 206)
        if found:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        if self.server.length:
            self.send_header("Content-Length", str(len(whole) - start))
        self.end_headers()
        body = whole[start:]
        for limit in (self.server.breaks_after, self.server.stalls_after):
            body = body[:limit] if limit is not None else body
        self.wfile.write(body)
        self.wfile.flush()
        if self.server.stalls_after is not None:
            self.server.released.wait(20)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place that stands for the user's data."""
    for module in ("cards", "weights", "downloads"):
        monkeypatch.setattr(f"engine.{module}.user_data_path", lambda _: tmp_path / "data")
    loader.unload()
    return tmp_path / "data"


@pytest.fixture(scope="module")
def checkpoint() -> bytes:
    """A whole network as its makers would publish it."""
    file = io.BytesIO()
    torch.save(tiny_net().state_dict(), file)
    return file.getvalue()


@pytest.fixture
def wanted(server: Server, checkpoint: bytes) -> Published:
    server.content = checkpoint
    return known(checkpoint)


def known(content: bytes) -> Published:
    digest = hashlib.sha256(content).hexdigest()
    return Published(
        "tiny-public", "Tiny, public", "separate", ("vocals",), "someone/tiny", "a b/Tiny.ckpt",
        digest, len(content), "CC0", {},
    )  # fmt: skip


def finish(work: Any, say: Callable[[Progress], object] = lambda _: None) -> Any:
    while True:
        try:
            say(next(work))
        except StopIteration as stop:
            return stop.value


def left(home: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in home.rglob("*") if path.is_file()}


def test_what_is_published_names_its_size_its_digest_and_its_licence() -> None:
    assert published()
    for each in published():
        assert re.fullmatch(r"[0-9a-f]{64}", each.sha256)
        assert each.bytes > 1e6
        assert each.licence
        assert each.outputs
        assert each.page == f"https://huggingface.co/{each.repository}"
    assert len({each.id for each in published()}) == len(published())


def test_a_download_becomes_a_model_and_leaves_nothing_else(
    server: Server, wanted: Published, home: Path
) -> None:
    said: list[Progress] = []
    added = finish(tasks.fetch_model(wanted), said.append)
    assert isinstance(added, Added)
    card = added.card
    assert (card.title, card.licence) == (wanted.title, "CC0")
    assert card.outputs == ("vocals", "instrumental")
    assert wanted.page in card.source
    assert wanted.sha256 in card.source
    assert own_cards()[0] == [card]
    assert sorted(left(home)) == sorted([card.weights.name, f"{card.id}.toml"])
    assert server.asked == [("/someone/tiny/resolve/main/a%20b/Tiny.ckpt", "")]
    shares = [p.done for p in said if p.done == p.done]
    assert shares == sorted(shares)
    assert any(re.match(r"Downloading: \d of 1 MB", p.note) for p in said)
    assert not any("nan" in p.note for p in said)
    with pytest.raises(EngineError, match="already here"):
        finish(tasks.fetch_model(wanted))


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_goes_on_where_it_broke_off(
    server: Server, wanted: Published, home: Path, ranges: bool
) -> None:
    server.breaks_after, server.ranges = 30_000, ranges
    with pytest.raises(DownloadFailed, match="broke off"):
        finish(tasks.fetch_model(wanted))
    tries = len(server.asked)
    assert tries == (downloads.TRIES if ranges else 2)
    kept = 30_000 * tries if ranges else 30_000
    assert left(home) == {"tiny-public.ckpt.part": kept}
    assert downloads.waiting(wanted) == kept
    server.breaks_after = None
    finish(tasks.fetch_model(wanted))
    assert server.asked[-1][1] == f"bytes={kept}-"
    assert len(own_cards()[0]) == 1
    assert not [name for name in left(home) if "part" in name]


def test_a_file_that_is_all_there_is_not_asked_for_again(
    server: Server, wanted: Published, checkpoint: bytes
) -> None:
    downloads.downloads().mkdir(parents=True)
    (downloads.downloads() / "tiny-public.ckpt.part").write_bytes(checkpoint)
    finish(tasks.fetch_model(wanted))
    assert server.asked == []


@pytest.mark.parametrize("length", [True, False])
def test_another_file_is_refused_and_not_kept(
    server: Server, wanted: Published, home: Path, checkpoint: bytes, length: bool
) -> None:
    server.content, server.length = checkpoint[:-1] + b"!", length
    with pytest.raises(DownloadFailed, match="SHA-256 is another"):
        finish(tasks.fetch_model(wanted))
    assert left(home) == {}
    server.content = b"<html>Log in</html>"
    with pytest.raises(DownloadFailed, match="another file"):
        finish(tasks.fetch_model(wanted))
    assert set(left(home)) == (set() if length else {"tiny-public.ckpt.part"})


@pytest.mark.parametrize(("code", "said"), [(404, "away .404"), (401, "away"), (503, "now .503")])
def test_a_server_that_refuses_is_quoted(
    server: Server, wanted: Published, home: Path, code: int, said: str
) -> None:
    server.code = code
    with pytest.raises(DownloadFailed, match=said) as caught:
        finish(tasks.fetch_model(wanted))
    assert caught.value.hint
    assert left(home) == {}


def test_without_a_network_it_says_so_and_keeps_what_is_there(
    monkeypatch: pytest.MonkeyPatch, wanted: Published, home: Path
) -> None:
    downloads.downloads().mkdir(parents=True)
    (downloads.downloads() / "tiny-public.ckpt.part").write_bytes(b"x" * 1000)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(DownloadFailed, match=r"no connection to 127\.0\.0\.1") as caught:
        finish(tasks.fetch_model(wanted))
    assert "goes on from there" in caught.value.hint
    assert left(home) == {"tiny-public.ckpt.part": 1000}


@pytest.mark.parametrize("mirror", ["file:///etc", "hub", "ftp://x"])
def test_a_mirror_has_to_be_a_web_address(
    monkeypatch: pytest.MonkeyPatch, wanted: Published, mirror: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", mirror)
    with pytest.raises(DownloadFailed, match="HF_ENDPOINT is no address"):
        finish(tasks.fetch_model(wanted))


def test_a_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, server: Server, wanted: Published
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    finish(tasks.fetch_model(wanted))
    assert server.asked[0][0].startswith("http://hub.invalid/someone/tiny/")


def test_a_silent_server_is_given_up(
    monkeypatch: pytest.MonkeyPatch, server: Server, wanted: Published, home: Path
) -> None:
    monkeypatch.setattr(downloads, "TIMEOUT", 0.3)
    server.stalls_after = 20_000
    with pytest.raises(DownloadFailed, match="broke off"):
        finish(tasks.fetch_model(wanted))
    assert left(home)["tiny-public.ckpt.part"] >= 20_000


def test_cancelling_takes_less_than_a_second_also_while_the_server_is_silent(
    server: Server, wanted: Published, home: Path
) -> None:
    server.stalls_after = 20_000
    runner = Runner()
    try:
        job = runner.submit("Fetch", lambda: tasks.fetch_model(wanted))
        while not (server.asked and downloads.waiting(wanted) >= 20_000):
            time.sleep(0.01)
            if server.asked and runner.mailbox.empty():
                time.sleep(0.2)
                break  # what has come may not have been flushed yet
        began = time.monotonic()
        job.cancel()
        while not isinstance(ended := runner.mailbox.get(timeout=10)[1], Ended):
            pass
        assert ended.state is State.CANCELLED
        assert time.monotonic() - began < 1.0
    finally:
        runner.close()
    assert left(home) == {"tiny-public.ckpt.part": 20_000}


def test_two_downloads_of_one_file_at_once_are_one_too_many(
    server: Server, wanted: Published, home: Path
) -> None:
    first = tasks.fetch_model(wanted)
    for event in first:
        if "Downloading" in event.note:
            break
    with pytest.raises(DownloadFailed, match="being downloaded already"):
        finish(tasks.fetch_model(wanted))
    finish(first)
    assert len(own_cards()[0]) == 1


def test_a_disk_without_room_is_told_of_before_anything_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, server: Server, wanted: Published, home: Path
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 64_000_000))
    with pytest.raises(UnwritableTarget, match="not enough room"):
        finish(tasks.fetch_model(wanted))
    assert server.asked == []
    assert left(home) == {}


def test_a_file_that_cannot_be_taken_in_can_be_gone_on_with(server: Server, home: Path) -> None:
    server.content = b"PK, but no checkpoint"
    wanted = known(server.content)
    with pytest.raises(UnusableModel):
        finish(tasks.fetch_model(wanted))
    assert left(home) == {"tiny-public.ckpt.part": len(server.content)}
