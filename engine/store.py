"""Project folders: `Song.melic/` with `project.json` and the sound of its lanes in `media/`.

A save makes the new sound first, then replaces `project.json` in one step, and only then takes
away what nobody needs any more: whenever it ends, the folder holds a whole project.
"""

from __future__ import annotations

import errno
import math
import os
import re
import shutil
import stat
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine import document as documents
from engine import locks, wav
from engine.document import Damaged, Document, Lost
from engine.errors import EngineError, UnwritableTarget
from engine.events import Filled, Progress, Work
from engine.types import AudioClip, Origin, Scratch

SUFFIX = ".melic"
TEXT = "project.json"
PREVIOUS = "project.previous.json"  # what the last save replaced
MEDIA = "media"
LOCK = ".melic-lock"
LONGEST_JSON = 64_000_000  # bytes
BLOCK = 4_000_000  # bytes copied, or frames measured, between two looks whether to go on
SPARE = 1_000_000  # bytes of disk left over beside a copy


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` returns: the folder, the document in it, and the file name of each clip."""

    folder: Path
    document: Document
    names: Mapping[AudioClip, str]
    lock: locks.Lock | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `load` returns. `lock` is None when others may not be kept out: then `closed` says why.

    `closed` is "newer" (a newer Melic wrote it), "held" (another window has it, see `owner`),
    "read-only" (its folder takes no files), or "" (it may be saved).
    """

    folder: Path | None  # None for what was recovered and never saved
    document: Document
    names: Mapping[AudioClip, str]
    lock: locks.Lock | None
    closed: str = ""
    owner: locks.Owner | None = None


def is_project(path: Path) -> bool:
    """Whether a path that somebody gave means a project: its folder, or the text inside."""
    if path.name == TEXT:
        return True
    return path.suffix.lower() == SUFFIX or (path / TEXT).is_file()


def folder_of(path: Path) -> Path:
    """The project folder that a path means."""
    return path.parent if path.name == TEXT else path


# Saving


def save(
    document: Document,
    folder: Path,
    names: Mapping[AudioClip, str] | None = None,
    lock: locks.Lock | None = None,
    keep: Iterable[AudioClip] = (),
) -> Work:
    """Write a document and its sound into a project folder; see `tasks.save_project`."""
    media = folder / MEDIA
    made = [folder / f".{TEXT}.part"] if folder.exists() else [folder]
    mine: locks.Lock | None = None
    try:
        media.mkdir(parents=True, exist_ok=True)
        if lock is None or lock.path != folder / LOCK:
            lock = mine = locks.take(folder / LOCK)
        _refuse_newer(folder)
        before, older = _listed(folder / TEXT), _listed(folder / PREVIOUS)
        placed = yield from _place(document, media, names or {}, made, before | older)
        text = documents.written(
            replace(document, folder=None, modified=False), placed, folder, time.time()
        )
        _put(folder, text)
    except locks.Held as held:
        raise _held(folder) from held
    except OSError as error:
        _undo(made, mine)
        raise _unwritable(folder, error) from error
    except BaseException:
        _undo(made, mine)
        raise
    _tidy(media, older - before - {*placed.values(), *_names_in(media, keep)})
    yield Progress(1.0, f"Saving {folder.stem}")
    return Saved(folder, document, placed, lock)


def _undo(made: Iterable[Path], lock: locks.Lock | None) -> None:
    if lock is not None:
        lock.release()
    for path in reversed(list(made)):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)  # a folder that was not there before
            else:
                path.unlink(missing_ok=True)


def _refuse_newer(folder: Path) -> None:
    try:
        value = documents.parsed(text_of(folder / TEXT))
    except (OSError, Damaged):
        return
    if value["version"] > documents.VERSION:
        raise UnwritableTarget(
            f"“{folder.name}” was made by a newer Melic and is left as it is.",
            "Save under another name.",
        )


def _place(
    document: Document,
    media: Path,
    known: Mapping[AudioClip, str],
    made: list[Path],
    before: frozenset[str],
) -> Generator[Progress, None, dict[AudioClip, str]]:
    """Bring every clip into the folder of sound; returns the name of each."""
    titles = document.project.clips
    clips = list(titles)
    total = sum(_bytes(clip) for clip in clips) or 1
    names: dict[AudioClip, str] = {}
    taken = {name.casefold() for name in os.listdir(media)} | {n.casefold() for n in before}
    done = 0
    for clip in clips:
        name = known.get(clip) or _twin(clip, media, before)
        if not (name and _is_whole(media / name, clip)):
            name = _free_name(titles[clip], taken)
            made.append(media / name)
            yield from _bring(clip, media / name, made, done, total)
        names[clip] = name
        taken.add(name.casefold())
        done += _bytes(clip)
        yield Progress(done / total, f"Saving {media.parent.stem}")
    return names


def _twin(clip: AudioClip, media: Path, names: Iterable[str]) -> str:
    """The file among `names` that is the clip's own, or a link to it; "" if there is none."""
    for name in names:
        with suppress(OSError):
            if os.path.samefile(media / name, clip.path):
                return name
    return ""


def _bytes(clip: AudioClip) -> int:
    return wav.OFFSET + clip.frames * clip.channels * 4


def _is_whole(path: Path, clip: AudioClip) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and (
        found.st_size == clip.offset + clip.frames * clip.channels * 4
        or found.st_size == _bytes(clip)
    )


def _bring(
    clip: AudioClip, target: Path, made: list[Path], done: int, total: int
) -> Iterator[Progress]:
    """Link a clip's file, or copy its samples where the disk cannot link."""
    if clip.offset == wav.OFFSET and clip.path.stat().st_size == _bytes(clip):
        with suppress(OSError), open(clip.path, "rb+") as file:
            os.fsync(file.fileno())
        try:
            os.link(clip.path, target)
            return
        except OSError:
            pass  # another disk, or one that knows no links
    free = shutil.disk_usage(target.parent).free
    if free < _bytes(clip) + SPARE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = target.with_name(f".{target.name}.part")
    made.append(part)
    with open(clip.path, "rb") as source, open(part, "wb") as copy:
        copy.write(wav.header(clip.channels, clip.frames, clip.rate))
        source.seek(clip.offset)
        left = clip.frames * clip.channels * 4
        while left:
            block = source.read(min(BLOCK, left))
            if not block:
                raise OSError(errno.EIO, f"{clip.path.name} ends too early")
            copy.write(block)
            left -= len(block)
            share = (done + copy.tell()) / total
            yield Progress(share, f"Saving {target.parent.parent.stem}")
        copy.flush()
        os.fsync(copy.fileno())
    os.replace(part, target)


def _free_name(title: str, taken: set[str]) -> str:
    """A file name that every system takes and nobody uses."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "_", title).strip(" .")
    while len(plain.encode("utf-8", "replace")) > 120:
        plain = plain[:-1]
    if not plain or re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain):
        plain = f"Lane {plain}".strip()
    number, name = 1, f"{plain}.wav"
    while name.casefold() in taken:
        number += 1
        name = f"{plain} ({number}).wav"
    return name


def _put(folder: Path, text: str) -> None:
    """Replace the project's text in one step; what was there stays as the previous one."""
    fresh, target = folder / f".{TEXT}.part", folder / TEXT
    with open(fresh, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(OSError):
        if target.exists():
            (folder / PREVIOUS).unlink(missing_ok=True)
            try:
                os.link(target, folder / PREVIOUS)
            except OSError:
                shutil.copyfile(target, folder / PREVIOUS)
    os.replace(fresh, target)
    _settle(folder)


def _settle(folder: Path) -> None:
    """Let the disk have the folder's names, where the system can be asked to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _listed(text: Path) -> frozenset[str]:
    """The files of sound that the text of a project names: ours to take away later."""
    try:
        clips = documents.parsed(text_of(text)).get("clips")
    except (OSError, Damaged):
        return frozenset()
    entries = clips if isinstance(clips, list) else ()
    named = (entry.get("file") for entry in entries if isinstance(entry, dict))
    return frozenset(name for name in named if isinstance(name, str) and _is_plain(name))


def _names_in(media: Path, clips: Iterable[AudioClip]) -> set[str]:
    return {clip.path.name for clip in clips if clip.path.parent == media}


def _tidy(media: Path, gone: Iterable[str]) -> None:
    """Take away sound that neither the project nor its previous text names."""
    for name in gone:
        with suppress(OSError):
            (media / name).unlink(missing_ok=True)


def _held(folder: Path) -> UnwritableTarget:
    return UnwritableTarget(
        f"“{folder.name}” is open in another window, which may save it.",
        "Close it there, or save under another name.",
    )


def _unwritable(folder: Path, error: OSError) -> UnwritableTarget:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return UnwritableTarget(
            f"There is too little room on the disk for “{folder.name}”.",
            "What was saved before is untouched. Free some space, or save on another disk.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UnwritableTarget(
            f"“{folder.name}” cannot be written here: the folder takes no files.",
            "What was saved before is untouched. Save in another folder.",
        )
    return UnwritableTarget(
        f"“{folder.name}” cannot be saved: {error.strerror or error}.",
        "What was saved before is untouched. Save in another folder.",
    )


# Opening


def load(path: Path, scratch: Scratch) -> Work:
    """Open a project; see `tasks.open_project`."""
    folder = folder_of(path)
    yield Progress(math.nan, f"Opening {folder.stem}")
    value, notes = _value_of(folder)
    lock, closed, owner = claim(folder, value["version"] > documents.VERSION)
    try:
        names: dict[AudioClip, str] = {}
        found = documents.read(value, folder, _Media(folder, scratch, names).find)
        found = replace(found, folder=folder, modified=False, notes=(*notes, *found.notes))
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return Loaded(folder, found, names, lock, closed, owner)


def claim(folder: Path, newer: bool) -> tuple[locks.Lock | None, str, locks.Owner | None]:
    """Lock a project; else say why not, and who has it. See `Loaded`."""
    if newer:
        return None, "newer", None
    try:
        return locks.take(folder / LOCK), "", None
    except locks.Held as held:
        return None, "held", held.owner
    except OSError:
        return None, "read-only", None


def _value_of(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The text of a project as JSON, or that of the save before if it is damaged."""
    reasons: list[str] = []
    for name in (TEXT, PREVIOUS):
        try:
            value = documents.parsed(text_of(folder / name))
        except Damaged as damaged:
            reasons.append(str(damaged))
        except FileNotFoundError:
            reasons.append(f"it has no {TEXT}")
        except OSError as error:
            reasons.append((error.strerror or str(error)).lower())
        else:
            notes = [f"{TEXT} is damaged; this is how the project was one save before."]
            return value, notes if reasons else []
    sounds = (folder / MEDIA).is_dir()
    raise EngineError(
        f"“{folder.name}” cannot be opened as a project: {reasons[0]}.",
        "The lanes are plain WAV files in its folder “media” and can be opened one by one."
        if sounds
        else "",
    )


def text_of(path: Path) -> str:
    """The text of a document, of a size and kind that can be. Raises `OSError`, `Damaged`."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Damaged("it is no file")
    if found.st_size > LONGEST_JSON:
        raise Damaged("its text is far too long")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged("its text is damaged") from error


def _is_plain(name: str) -> bool:
    """Whether a name is that of a file right in the folder, on every system."""
    return bool(name.strip(" .")) and not re.search(r"[/\\:\x00-\x1f]", name) and len(name) < 255


class _Media:
    """Finds the sound of lanes in a project's folder."""

    def __init__(self, folder: Path, scratch: Scratch, names: dict[AudioClip, str]) -> None:
        self._folder, self._scratch, self._names = folder / MEDIA, scratch, names
        self._found: dict[str, AudioClip] = {}

    def find(self, name: str, title: str) -> AudioClip:
        """The clip of one file. Raises `Lost`."""
        if not _is_plain(name):
            raise Lost(f"The sound of “{title}” is said to be outside the project; left out.")
        if name not in self._found:
            clip = self._found[name] = opened(self._folder / name, title, self._scratch)
            self._names[clip] = name
        return self._found[name]


def opened(path: Path, title: str, scratch: Scratch) -> AudioClip:
    """Return the clip of a WAV file, linked into `scratch` where that can be. Raises `Lost`.

    A link keeps the sound when the folder is moved or thrown away while it is open.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Lost(f"The sound of “{title}” is missing; the lane is left out.")
        with open(path, "rb") as file:
            found = wav.layout(file)
    except FileNotFoundError as error:
        raise Lost(f"The sound of “{title}” is missing; the lane is left out.") from error
    except (wav.NotOurs, OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Lost(
            f"The sound of “{title}” is damaged ({reason}); the lane is left out."
        ) from error
    near = scratch.fresh()
    try:
        os.link(path.resolve(), near)
    except OSError:
        return AudioClip(path, found.channels, found.frames, found.rate, Origin(), found.offset)
    return scratch.adopt(
        AudioClip(near, found.channels, found.frames, found.rate, Origin(), found.offset)
    )


def draw(clips: Mapping[str, AudioClip]) -> Work:
    """Take in the peaks of clips that lie on disk already; see `tasks.draw`."""
    total = sum(clip.frames for clip in clips.values()) or 1
    done = 0
    for name, clip in clips.items():
        for start in range(0, clip.frames, BLOCK // 4):
            stop = min(start + BLOCK // 4, clip.frames)
            try:
                clip.peaks.update(start, clip.read(start, stop))
            except OSError as error:
                raise EngineError(
                    f"The sound of a lane is gone: {error.strerror}.", "Open the project again."
                ) from error
            done += stop - start
            yield Filled(name, start, stop)
            yield Progress(done / total)
