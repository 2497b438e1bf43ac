"""The first start: system libraries, an environment, packages; and how far it is, for a person.

The standard library alone. `.venv/setup.log` keeps all that apt and pip said.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from app.bootstrap import Environment, SetupError
from engine.doctor import missing_libraries

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def make(environment: Environment, yes: bool = False) -> None:
    """Do what is missing, from any state an earlier attempt left. Raises `SetupError`."""
    began = time.monotonic()
    try:
        environment.folder.mkdir(exist_ok=True)
        with _alone(environment.folder / "lock"):
            if environment.ready:
                return  # another start did it while this one waited
            first = "Setting up. This happens once and takes some minutes."
            _say("Bringing .venv up to date." if environment.python.exists() else first)
            environment.stamp.unlink(missing_ok=True)
            with (environment.folder / "setup.log").open("a", encoding="utf-8") as log:
                _system(environment, yes, log)
                _create(environment, log)
                _install(environment, log)
            for done in (
                environment,
                Environment(environment.root),
            ):  # an extra adds to the program
                fresh = done.stamp.with_suffix(".new")
                fresh.write_text(done.recipe(), "utf-8")
                fresh.replace(done.stamp)
    except PermissionError as error:
        raise SetupError(
            f"Cannot write {error.filename or environment.folder}.\n"
            "Copy this folder to where you may write, and start it there."
        ) from error
    except OSError as error:
        raise SetupError(f"Setting up failed: {error}. Start again to go on.") from error
    _say(f"Ready in {_clock(time.monotonic() - began)}.")


def _system(environment: Environment, yes: bool, log: IO[str]) -> None:
    """See to system libraries and Python's own venv, with apt where that is allowed."""
    wanted = list(dict.fromkeys(missing_libraries().values()))
    bare = not _can_make_environments()
    if bare:
        wanted.append(f"python{VERSION}-venv")
    environment.lacking.unlink(missing_ok=True)
    if wanted:
        _say(f"Missing on this system: {', '.join(wanted)}")
        _apt(wanted, yes, log)
        importlib.invalidate_caches()
    if bare and not _can_make_environments():
        raise SetupError(
            "This Python cannot make environments: its venv part is not installed.\n"
            f"On Debian run: sudo apt-get install python{VERSION}-venv, and start again."
        )
    if wanted and (still := missing_libraries()):
        environment.lacking.write_text("\n".join(still), "utf-8")
        _say("Going on without them; the window or the sound may not work.")


def _can_make_environments() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _apt(names: list[str], yes: bool, log: IO[str]) -> None:
    """Install Debian packages if that is possible and allowed; say what happens or what to do."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    advice = f"To install them, run: sudo {' '.join(install)}"
    if not shutil.which("apt-get"):
        _say("Install them with this system's package manager (the names above are Debian's).")
        return
    rights = _rights(yes, f"Install them now with sudo {' '.join(install)} [Y/n] ")
    if rights is None:
        _say(advice)
        return
    _say("Installing them with apt-get")
    waiting = ["-o", "DPkg::Lock::Timeout=120"]  # another apt may be at work
    before = [*rights, "env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["apt-get", "update"], install):  # an update may fail where install does not
        code = subprocess.run(
            [*before, *command, *waiting],
            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
        ).returncode  # fmt: skip
    if code:
        _say(f"apt-get could not do it. {advice}")


def _rights(yes: bool, question: str) -> list[str] | None:
    """What to put before a command that needs root, [] if nothing, or None if it may not be."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if yes:
        return ["sudo", "-n"]
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    print(question, end="", file=sys.stderr, flush=True)
    return ["sudo"] if sys.stdin.readline().strip().lower() in ("", "y", "yes") else None


def _create(environment: Environment, log: IO[str]) -> None:
    """Make the environment, unless a usable one is there; clear away what is not."""
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.run(
            [environment.python, "-c", probe], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        found = ""
    if found == VERSION:
        _mend(_site(environment))
        return
    if environment.inside:
        raise SetupError(f"{environment.folder} is damaged. Delete it, then start with python3.")
    for old in environment.folder.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old.name not in ("lock", "setup.log", environment.lacking.name):
            old.unlink()
    _say("Making .venv")
    command = [sys.executable, "-m", "venv", str(environment.folder)]
    if subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode:
        raise SetupError(f"Python could not make {environment.folder}.\n{_tail(log)}")


def _site(environment: Environment) -> Path:
    """Where the environment keeps its packages."""
    if os.name == "nt":
        return environment.folder / "Lib" / "site-packages"
    return environment.folder / "lib" / f"python{VERSION}" / "site-packages"


def _mend(site: Path) -> None:
    """Forget packages that an interrupted pip left half installed, so that it redoes them."""
    for info in site.glob("*.dist-info"):
        if not (info / "RECORD").exists():  # pip writes it last
            shutil.rmtree(info)
    for torn in site.glob("~*"):
        shutil.rmtree(torn, ignore_errors=True)


def _install(environment: Environment, log: IO[str]) -> None:
    """Let pip fetch and install all packages that are not there yet."""
    with subprocess.Popen(
        [environment.python, "-m", "pip", "install", "--no-input", "--progress-bar=off",
         "--disable-pip-version-check", "--only-binary=:all:",
         "--constraint", environment.constraints, *environment.requirements()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        text=True, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        meter = _Meter(_expected(environment), _site(environment))
        try:
            for line in _lines(process.stdout):
                log.write(line)
                meter.hear(line)
        except BaseException:
            process.terminate()
            raise
        finally:
            meter.close()
    if process.returncode:
        raise SetupError(_diagnosis(log))


def _expected(environment: Environment) -> int:
    """How many packages pip will have to fetch, as far as our own files tell."""
    wanted, ours = list(environment.requirements()), False
    for line in environment.constraints.read_text("utf-8").splitlines():
        if line.startswith("#"):
            ours = line[1:].strip() in ("run", environment.extra)
        elif line and ";" not in line and ours:
            wanted.append(line)
    there = {info.name.split("-")[0].lower() for info in _site(environment).glob("*.dist-info")}
    return sum(pin.split("==")[0].lower().replace("-", "_") not in there for pin in wanted)


class _Meter:
    """Turns what pip says into one moving line on a terminal, one line per package elsewhere."""

    def __init__(self, expected: int, site: Path) -> None:
        self._expected = expected
        self._site = site
        self._began = time.monotonic()
        self._live = sys.stderr.isatty()
        self._count = 0
        self._text = "looking up packages"
        self._queue: list[str] = []  # being installed, in pip's order
        self._before = 0

    def hear(self, line: str) -> None:
        """Take one line of pip's, or "" when half a second passed without one."""
        words = line.replace("Using cached", "Cached").split()
        if words[:1] == ["Collecting"]:
            self._text = f"looking up {words[1].split('=')[0]}"
        elif words[:1] in (["Downloading"], ["Cached"], ["Processing"]) and words[1][-4:] == ".whl":
            self._count += 1
            name = words[1].replace("\\", "/").rsplit("/", 1)[-1].split("-")[0]
            size = " ".join(words[2:]).strip("()") if words[-1][-2:] == "B)" else ""
            total = max(self._expected, self._count)
            self._step(f"{self._count} of {total}: {name} {size}".rstrip())
        elif line.startswith("Installing collected packages:"):
            self._queue = line.split(":", 1)[1].replace(" ", "").strip().split(",")
            self._before = self._installed()
            self._step(f"installing {len(self._queue)} packages")
        if self._live:
            self._draw()

    def _installed(self) -> int:
        return sum(1 for _ in self._site.glob("*.dist-info/RECORD"))

    def _step(self, text: str) -> None:
        self._text = text
        if not self._live:
            _say(f"  {text}")

    def _draw(self) -> None:
        if self._queue:
            done = min(self._installed() - self._before, len(self._queue) - 1)
            self._text = f"installing {done + 1} of {len(self._queue)}: {self._queue[done]}"
        spent = _clock(time.monotonic() - self._began)
        print(f"\r\x1b[K  {spent}  {self._text}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the terminal's line clean."""
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _lines(stream: Iterable[str]) -> Iterator[str]:
    """Each line of a stream as it comes, and "" whenever half a second brings none."""
    heard: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in stream:
            heard.put(line)
        heard.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=0.5)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file, so that two first starts at once do not work on the same folder."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):  # it gives up after ten seconds; we do not
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("Another start is setting up; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _diagnosis(log: IO[str]) -> str:
    """What went wrong with pip, in words for a person."""
    text = _tail(log, 40)
    broken = ("ConnectionError", "NewConnection", "name resolution", "timed out", "Max retries",
              "Connection broken")  # fmt: skip
    if "No space left" in text:
        return "The disk is full: the packages need about 3 GB here. Make room and start again."
    if any(sign in text for sign in broken):
        return (
            "The packages could not be fetched: no connection, or it broke.\n"
            "Start again when it is back; what was fetched is kept."
        )
    if "No matching distribution" in text:
        return (
            f"{_tail(log, 2)}\nA package could not be reached, or has no build for this system and "
            f"Python {VERSION}.\nThere are builds for Python 3.11 to 3.14 on 64-bit Linux, Windows "
            "and Apple silicon."
        )
    return f"pip failed:\n{_tail(log)}\nAll it said is in {log.name}. Start again to go on."


def _tail(log: IO[str], lines: int = 12) -> str:
    log.flush()
    return "\n".join(Path(log.name).read_text("utf-8", "replace").splitlines()[-lines:])


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
