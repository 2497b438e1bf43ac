"""Set-up on made-up packages and a made-up apt: real environments and real pip, no network."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app import bootstrap, setup
from engine import doctor

ROOT = Path(__file__).resolve().parent.parent
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def wheel(folder: Path, name: str, version: str, needs: str = "", code: str = "") -> None:
    """Write a package of one module into a wheel file."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code or f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in files) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two packages, `leaf` by way of `branch`, on a system that lacks nothing."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "branch", "1.0", needs="leaf")
    wheel(wheels, "leaf", "1.0")
    wheel(wheels, "leaf", "2.0")
    wheel(wheels, "extra", "1.0")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setattr(setup, "missing_libraries", dict)
    root = tmp_path / "checkout"
    (root / "resources").mkdir(parents=True)
    pin(root, "branch==1.0", "leaf==1.0")
    return root


def pin(root: Path, dependency: str, constraint: str) -> None:
    (root / "pyproject.toml").write_text(
        f'[project]\ndependencies = ["{dependency}"]\n'
        '[project.optional-dependencies]\ntest = ["extra==1.0"]\n'
    )
    (root / "resources" / "constraints.txt").write_text(f"# run\n{constraint}\n")


def installed(root: Path, module: str) -> str:
    python = bootstrap.Environment(root).python
    code = f"import {module}; print({module}.VERSION)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.mark.slow
def test_set_up_makes_what_is_pinned_once_and_again_when_a_pin_changes(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = bootstrap.Environment(checkout)
    assert not environment.ready
    setup.make(environment)
    assert environment.ready
    assert installed(checkout, "leaf") == "1.0"
    heard = capfd.readouterr()
    assert heard.out == ""  # stdout belongs to the verbs
    assert "1 of 2: branch\n" in heard.err
    assert "2 of 2: leaf\n" in heard.err

    pin(checkout, "branch==1.0", "leaf==2.0")
    assert not environment.ready
    setup.make(environment)
    assert environment.ready
    assert installed(checkout, "leaf") == "2.0"

    tests = bootstrap.Environment(checkout, "test")
    assert not tests.ready
    setup.make(tests)
    assert tests.ready
    assert environment.ready
    assert installed(checkout, "extra") == "1.0"


@pytest.mark.slow
def test_what_an_interruption_left_is_repaired_by_the_next_start(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = bootstrap.Environment(checkout)

    # Stopped while the environment itself was being made; then Ctrl-C while pip was at work.
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "pyvenv.cfg").write_text("home = /nowhere\n")
    children: list[subprocess.Popen[str]] = []
    begin = subprocess.Popen

    def watched(*args: object, **more: object) -> subprocess.Popen[str]:
        children.append(begin(*args, **more))  # type: ignore[call-overload]
        return children[-1]

    def interrupt(_self: object, _line: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", watched)
        patch.setattr(setup._Meter, "hear", interrupt)
        with pytest.raises(KeyboardInterrupt):
            setup.make(environment)
    assert len(children) == 2  # venv and pip
    assert all(child.poll() is not None for child in children)
    assert not environment.ready

    # No network.
    with monkeypatch.context() as patch:
        patch.setenv("PIP_FIND_LINKS", str(checkout / "nothing"))
        with pytest.raises(bootstrap.SetupError, match="could not be reached"):
            setup.make(environment)
    assert not environment.ready

    # Killed while pip was writing `leaf`: files are there, but not the list of them.
    setup.make(environment)
    [info] = environment.folder.glob("**/leaf-1.0.dist-info")
    (info / "RECORD").unlink()
    (info.parent / "leaf.py").write_text("")
    (info.parent / "~eaf").mkdir()
    environment.stamp.unlink()
    setup.make(environment)
    assert environment.ready
    assert installed(checkout, "leaf") == "1.0"
    assert not (info.parent / "~eaf").exists()


def test_a_first_start_waits_for_another_one_and_then_does_nothing(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = bootstrap.Environment(checkout)
    environment.python.parent.mkdir(parents=True)
    held = (
        "import sys, time; from pathlib import Path; from app import setup\n"
        f"with setup._alone(Path({str(environment.folder / 'lock')!r})):\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", held],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"

    def finish(text: str) -> None:
        if "waiting" in text:
            environment.python.touch()
            environment.stamp.write_text(environment.recipe())
            other.communicate("go on\n")

    monkeypatch.setattr(setup, "_say", finish)
    monkeypatch.setattr(setup, "_create", lambda *_: pytest.fail("set-up ran twice"))
    setup.make(environment)
    assert other.returncode == 0


def fake(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def system(tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian where apt only writes down what it was asked; its libraries lack two files."""
    commands = tmp_path / "commands"
    fake(commands, "apt-get", f'echo "$DEBIAN_FRONTEND apt-get $*" >> {tmp_path}/asked')
    fake(commands, "sudo", f'echo "sudo $*" >> {tmp_path}/asked; [ "$1" = -n ] && shift; exec "$@"')
    monkeypatch.setenv("PATH", f"{commands}:/usr/bin:/bin")
    missing = {"libone.so.1": "libone1", "libtwo.so.1": "libtwo1"}
    monkeypatch.setattr(
        setup,
        "missing_libraries",
        lambda: {} if "libone1 libtwo1" in asked(tmp_path) else missing,
    )
    return tmp_path


def asked(place: Path) -> str:
    try:
        return (place / "asked").read_text()
    except FileNotFoundError:
        return ""


@pytest.mark.skipif(os.name == "nt", reason="apt is Debian's")
@pytest.mark.parametrize(
    ("user", "yes", "expected"),
    [
        (0, False, "noninteractive apt-get install"),
        (1000, True, "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install"),
        (1000, False, ""),
    ],
    ids=["root", "sudo that never asks", "neither"],
)
def test_missing_libraries_are_installed_when_that_is_allowed_and_named_when_not(
    system: Path,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    user: int,
    yes: bool,
    expected: str,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    environment = bootstrap.Environment(checkout)
    environment.folder.mkdir()
    with (environment.folder / "setup.log").open("w") as log:
        setup._system(environment, yes, log)
    said = capfd.readouterr().err
    assert "Missing on this system: libone1, libtwo1" in said
    if expected:
        assert f"{expected} -y --no-install-recommends libone1 libtwo1" in asked(system)
        assert not environment.lacking.exists()
    else:
        assert asked(system) == ""
        assert "run: sudo apt-get install -y --no-install-recommends libone1 libtwo1" in said
        assert environment.lacking.read_text() == "libone.so.1\nlibtwo.so.1"


def test_a_python_without_its_venv_part_gets_it_from_apt_or_says_how(
    system: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(setup, "missing_libraries", dict)
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    environment = bootstrap.Environment(checkout)
    with pytest.raises(bootstrap.SetupError, match=rf"apt-get install python{VERSION}-venv"):
        setup.make(environment)
    assert f"install -y --no-install-recommends python{VERSION}-venv" in asked(system)
    assert not environment.ready


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    assert bootstrap.main(["doctor"]) == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(bootstrap.SetupError, match=r"Cannot write .*\.venv"):
        setup.make(bootstrap.Environment(checkout))


def processor_time(command: list[str | Path]) -> tuple[float, str, str]:
    """Run a program; return its own processor time in seconds, what it said, and its complaints."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {**os.environ, "MELIC_SETUP": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, done.stdout, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="on Windows the first process stays as a parent")
def test_a_later_start_goes_straight_on_at_a_cost_of_less_than_a_tenth_of_a_second(
    checkout: Path,
) -> None:
    (checkout / "app").mkdir()
    for name in ("main.py", "app/__init__.py", "app/bootstrap.py"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    for name in ("pyproject.toml", "resources/constraints.txt"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    environment = bootstrap.Environment(checkout)
    environment.python.parent.mkdir(parents=True)
    environment.python.write_text('#!/bin/sh\necho "went on: $*"\n')
    environment.python.chmod(0o755)
    environment.stamp.write_text(environment.recipe())
    bare, whole = [], []
    for _ in range(5):
        bare.append(processor_time([sys.executable, "-c", "pass"])[0])
        spent, out, err = processor_time([sys.executable, checkout / "main.py", "A.wav", "--yes"])
        whole.append(spent)
        assert out == f"went on: {checkout / 'main.py'} A.wav\n"
        assert err == ""
    assert min(whole) - min(bare) < 0.1


def pins() -> dict[str, str]:
    """Every pin of the project that holds on this system: package name to version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        lines += extra
    text = (ROOT / "resources" / "constraints.txt").read_text("utf-8")
    lines += [line for line in text.splitlines() if line and not line.startswith("#")]
    found = {}
    for requirement in map(Requirement, lines):
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        name, version = canonicalize_name(requirement.name), str(requirement.specifier)[2:]
        assert found.setdefault(name, version) == version, f"{requirement} is pinned otherwise too"
    return found


def _is_here(package: str) -> bool:
    try:
        return bool(distribution(package).version)
    except PackageNotFoundError:
        return False


@pytest.mark.parametrize("extra", ["test", "bench", "train"])
def test_every_package_that_gets_installed_is_pinned_exactly(extra: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known, seen = pins(), set()
    added = [Requirement(line) for line in project["optional-dependencies"][extra]]
    for requirement in added:
        if extra != "test" and not _is_here(requirement.name):
            pytest.skip(f"{requirement.name} is not installed here")
    todo = [*map(Requirement, project["dependencies"]), *added]
    while todo:
        name = canonicalize_name(todo.pop().name)
        if name in seen or name.startswith(("nvidia-", "cuda-", "triton")):
            continue  # torch pins those itself
        seen.add(name)
        assert name in known
        found = distribution(name)
        assert found.version.split("+")[0] == known[name], f"{name} is not the one pinned"
        for line in found.requires or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                todo.append(need)
    assert "torch==2.13.0" in project["dependencies"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries of Linux")
def test_every_library_that_qt_loads_from_the_system_is_in_the_table() -> None:
    """Reads what the window's plugins need from the files themselves, as the linker does."""
    import PySide6

    folder = Path(PySide6.__file__).parent
    files = [
        folder / f"Qt/plugins/platforms/libq{name}.so" for name in ("xcb", "offscreen", "wayland")
    ]
    files += (folder / f"Qt{name}.abi3.so" for name in ("Core", "Gui", "Widgets", "Svg"))
    bundled = {path.name for path in folder.rglob("*.so*")} | {
        path.name for path in folder.parent.joinpath("shiboken6").rglob("*.so*")
    }
    needed, seen = set(), set()
    while files:
        path = files.pop()
        if path in seen or not path.exists():
            continue
        seen.add(path)
        for name in re.findall(rb"\0((?:lib|ld-)[\w.+-]+\.so(?:\.\d+)*)(?=\0)", path.read_bytes()):
            text = name.decode()
            if text in bundled:
                files += [p for p in folder.rglob(text)]
            elif text.startswith("lib"):
                needed.add(text)
    with_python = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libdl.so.2", "libpthread.so.0",
                   "librt.so.1", "libresolv.so.2"}  # fmt: skip
    assert {"libxcb-cursor.so.0", "libEGL.so.1", "libfontconfig.so.1"} <= needed
    assert needed - with_python <= set(doctor.LIBRARIES)
