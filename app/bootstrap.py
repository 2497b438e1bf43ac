"""From a bare machine to a running program: the standard library alone.

The first start makes `.venv` beside this folder with the packages that `pyproject.toml` names and
`resources/constraints.txt` pins; every start after that finds its stamp and goes straight on.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

OLDEST = (3, 11)
EXTRAS = {"test": "test", "bench": "bench", "train": "train"}  # verb → what it needs on top
SPREAD = ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile"]  # a file a core


class SetupError(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def main(argv: list[str]) -> int:
    """Set up what is missing, then run the studio or a verb; returns the exit code.

    `--yes` anywhere means: never ask. `MELIC_SETUP=off` means: use this Python as it is.
    """
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        return _complain(f"Melic needs Python 3.11 or newer; this is Python {found}.")
    if argv[:1] in (["-h"], ["--help"]):
        from app import cli

        return cli.main(["--help"])
    yes = "--yes" in argv
    argv = [word for word in argv if word != "--yes"]
    verb = argv[0] if argv else ""
    if os.environ.get("MELIC_SETUP") == "off":
        return _run(argv)
    environment = Environment(Path(__file__).resolve().parent.parent, EXTRAS.get(verb, ""))
    try:
        if not environment.ready:
            from app import setup

            setup.make(environment, yes)
        environment.remind(verb)
        if environment.inside:
            return _run(argv)
        return environment.run([str(environment.root / "main.py"), *argv])
    except SetupError as problem:
        return _complain(str(problem))
    except KeyboardInterrupt:
        print("\nStopped. Start again to go on from here.", file=sys.stderr)
        return 130


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


def _run(argv: list[str]) -> int:
    if argv[:1] == ["test"]:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.chdir(Path(__file__).resolve().parent.parent)
        import pytest

        return int(pytest.main([*SPREAD, *argv[1:]]))
    from app import cli

    if argv and argv[0] in cli.VERBS:
        return cli.main(argv)
    import app

    return app.run(argv)


class Environment:
    """The virtual environment in `root/.venv`, with what the program or one extra of it needs."""

    def __init__(self, root: Path, extra: str = "") -> None:
        self.root = root
        self.extra = extra
        self.constraints = root / "resources" / "constraints.txt"
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.folder / f"ready-{extra or 'run'}"  # holds `recipe()` once all is done
        self.lacking = self.folder / "missing-libraries"  # there while some are

    @property
    def ready(self) -> bool:
        """Whether set-up ended well, for this Python and for the versions now asked for."""
        try:
            return self.stamp.read_text("utf-8") == self.recipe() and self.python.exists()
        except OSError:
            return False

    @property
    def inside(self) -> bool:
        """Whether this very process runs in it."""
        return os.path.realpath(sys.prefix) == os.path.realpath(self.folder)

    def requirements(self) -> list[str]:
        """The packages to ask pip for."""
        import tomllib

        project = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["project"]
        extra = project["optional-dependencies"][self.extra] if self.extra else []
        return [*project["dependencies"], *extra]

    def recipe(self) -> str:
        """All that the finished environment depends on, as text."""
        python = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}"
        pins = self.constraints.read_text("utf-8")
        return "\n".join([python, *sorted(self.requirements()), pins])

    def run(self, command: list[str]) -> int:
        """Go on in the environment's Python; on POSIX this process becomes it."""
        argv = [str(self.python), *command]
        sys.stdout.flush()
        sys.stderr.flush()
        if os.name != "nt":
            os.execv(argv[0], argv)
        import subprocess

        child = subprocess.Popen(argv)
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the child gets it too, and decides
                return child.wait()

    def remind(self, verb: str) -> None:
        """Say once a start which system libraries are still missing, for as long as they are."""
        if not self.lacking.exists():
            return
        from engine.doctor import missing_libraries

        missing = missing_libraries()
        if not missing:
            self.lacking.unlink(missing_ok=True)
        elif verb not in ("doctor", "test"):
            names = ", ".join(dict.fromkeys(missing.values()))
            print(f"Still missing on this system: {names}", file=sys.stderr)
