"""Title, artist, cover and the like: read from any song, written into what is made of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Our word (that of Vorbis comments), ID3v2 frame, MP4 atom, FFmpeg's word. To carry one more, add
# a row. Loudness tags stay behind on purpose: a stem is not as loud as its song.
FIELDS = (
    ("title", "TIT2", "\xa9nam", "title"),
    ("artist", "TPE1", "\xa9ART", "artist"),
    ("albumartist", "TPE2", "aART", "album_artist"),
    ("album", "TALB", "\xa9alb", "album"),
    ("genre", "TCON", "\xa9gen", "genre"),
    ("date", "TDRC", "\xa9day", "date"),
    ("tracknumber", "TRCK", "trkn", "track"),
    ("discnumber", "TPOS", "disk", "disc"),
    ("composer", "TCOM", "\xa9wrt", "composer"),
    ("lyricist", "TEXT", "", "lyricist"),
    ("copyright", "TCOP", "cprt", "copyright"),
    ("bpm", "TBPM", "tmpo", "tbpm"),
    ("initialkey", "TKEY", "", "tkey"),
    ("isrc", "TSRC", "", "isrc"),
    ("comment", "COMM", "\xa9cmt", "comment"),
    ("lyrics", "USLT", "\xa9lyr", "lyrics"),
)


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture as it is stored: `mime` such as "image/jpeg", and its bytes."""

    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Tags:
    """Words by the names in `FIELDS`, and at most one picture."""

    text: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cover: Cover | None = None


def read_tags(path: Path) -> Tags:
    """Return the tags of a sound or video file; empty when it has none or they cannot be read."""
    import mutagen
    from mutagen.id3 import ID3
    from mutagen.mp4 import MP4Tags

    try:
        file = mutagen.File(path)
        held = getattr(file, "tags", None)
        if isinstance(held, ID3):
            return Tags(dict(_from_id3(held)), _id3_cover(held))
        if isinstance(held, MP4Tags):
            return Tags(dict(_from_mp4(held)), _mp4_cover(held))
        if held is not None and hasattr(held, "as_dict"):
            return Tags(dict(_from_vorbis(held)), _vorbis_cover(file))
        return Tags(_from_container(path))
    except (mutagen.MutagenError, OSError, ValueError, KeyError, TypeError):
        return Tags()


def _from_id3(held: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, frame, _, _ in FIELDS:
        for found in held.getall(frame):
            texts = found.text if isinstance(found.text, list) else [found.text]
            if frame == "TCON":
                texts = found.genres
            if frame == "COMM" and found.desc:
                continue  # iTunes and others keep numbers there
            if texts and any(map(str, texts)):
                yield name, tuple(str(text) for text in texts if str(text))
                break


def _id3_cover(held: Any) -> Cover | None:
    pictures = sorted(held.getall("APIC"), key=lambda frame: frame.type != 3)  # 3: front cover
    return Cover(pictures[0].mime or "image/jpeg", pictures[0].data) if pictures else None


def _from_mp4(held: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, _, atom, _ in FIELDS:
        if not (values := held.get(atom)):
            continue
        if atom in {"trkn", "disk"}:
            number, total = values[0]
            values = [f"{number}/{total}" if total else str(number)] if number else []
        if values:
            yield name, tuple(str(value) for value in values)


def _mp4_cover(held: Any) -> Cover | None:
    from mutagen.mp4 import MP4Cover

    for picture in held.get("covr", ()):
        png = picture.imageformat == MP4Cover.FORMAT_PNG
        return Cover("image/png" if png else "image/jpeg", bytes(picture))
    return None


def _from_vorbis(held: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    words = held.as_dict()
    for name, *_ in FIELDS:
        values = words.get(name) or (words.get("description") if name == "comment" else None)
        if values:
            yield name, tuple(values)


def _vorbis_cover(file: Any) -> Cover | None:
    from mutagen.flac import Picture

    pictures = list(getattr(file, "pictures", ()))
    for text in file.tags.get("metadata_block_picture", ()):
        try:
            pictures.append(Picture(base64.b64decode(text)))
        except (binascii.Error, ValueError, OSError):
            continue
    pictures.sort(key=lambda picture: picture.type != 3)
    return Cover(pictures[0].mime, pictures[0].data) if pictures else None


def _from_container(path: Path) -> dict[str, tuple[str, ...]]:
    """Return what FFmpeg tells of files whose tags mutagen does not know (mkv, webm, wma, avi)."""
    import av

    try:
        with av.open(str(path.absolute()), metadata_errors="replace") as container:
            held = {key.lower(): value for key, value in container.metadata.items() if value}
    except (av.FFmpegError, OSError, ValueError):
        return {}
    return {name: (held[word],) for name, _, _, word in FIELDS if word in held}


def write_tags(path: Path, format: str, tags: Tags) -> None:
    """Put tags into a fresh "wav", "flac" or "mp3" file. Raises `MutagenError` or `OSError`."""
    if not tags.text and tags.cover is None:
        return
    if format == "flac":
        _write_flac(path, tags)
        return
    from mutagen.mp3 import MP3
    from mutagen.wave import WAVE

    file: Any = WAVE(path) if format == "wav" else MP3(path)
    if file.tags is None:
        file.add_tags()
    _fill_id3(file.tags, tags)
    file.tags.update_to_v23()  # which every player reads
    file.save(v2_version=3)


def _write_flac(path: Path, tags: Tags) -> None:
    from mutagen.flac import FLAC, Picture

    file = FLAC(path)
    for name, values in tags.text.items():
        file[name] = list(values)
    if tags.cover is not None:
        picture = Picture()
        picture.type, picture.mime, picture.data = 3, tags.cover.mime, tags.cover.data
        file.add_picture(picture)
    file.save()


def _fill_id3(held: Any, tags: Tags) -> None:
    from mutagen import id3

    frames = {name: frame for name, frame, _, _ in FIELDS}
    for name, values in tags.text.items():
        kind = getattr(id3, frames[name])
        if name == "comment":
            held.add(kind(encoding=1, lang="eng", desc="", text=list(values)))
        elif name == "lyrics":
            held.add(kind(encoding=1, lang="eng", desc="", text="\n".join(values)))
        else:
            held.add(kind(encoding=1, text=list(values)))
    if tags.cover is not None:
        held.add(id3.APIC(encoding=1, mime=tags.cover.mime, type=3, desc="", data=tags.cover.data))
