"""Open whatever people have as blocks of float32: with soundfile, else with FFmpeg (PyAV)."""

from __future__ import annotations

import math
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import UnreadableAudio

if TYPE_CHECKING:
    import av
    import soundfile

FIRST_SECONDS, BLOCK_SECONDS = 1.0, 4.0  # a short first block, so that something shows at once

# Containers of sound; FFmpeg would also "open" text, pictures and play lists that name other files.
CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dsf,eac3,flac,flv,iff,ivf,matroska,mov,mp3,mpc,mpc8,"
    "mpeg,mpegts,nut,oga,ogg,oma,rm,tak,truehd,tta,voc,w64,wav,wv"
)
PLAIN = {b"RIFF", b"RIFX", b"RF64", b"riff", b"FORM", b"fLaC", b"OggS", b"caff", b".snd"}
RAW_STREAMS = {"aac", "ac3", "eac3", "amr", "mpeg", "mpegts", "dts"}  # no count of frames inside

# ITU-R BS.775-4, table 2: front pair untouched, centre and surrounds 3 dB lower, no LFE.
_HALF = math.sqrt(0.5)
_TO_STEREO = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (_HALF, _HALF),
    "LFE": (0.0, 0.0),
    "LFE2": (0.0, 0.0),
    "BL": (_HALF, 0.0),
    "BR": (0.0, _HALF),
    "BC": (0.5, 0.5),
    "SL": (_HALF, 0.0),
    "SR": (0.0, _HALF),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "WL": (1.0, 0.0),
    "WR": (0.0, 1.0),
    "TFL": (_HALF, 0.0),
    "TFR": (0.0, _HALF),
    "TBL": (_HALF, 0.0),
    "TBR": (0.0, _HALF),
}


@dataclass
class Source:
    """An opened file. `blocks` gives float32 `(channels, n)` once, in order, and is never empty.

    `frames` is what the header promises (0: nothing), `share` how much of the file has been read.
    After the last block `notes` says, for a person, what had to be done to the sound.
    """

    kind: str
    rate: int
    channels: int
    frames: int
    blocks: Iterator[np.ndarray]
    close: Callable[[], None]
    exact: bool = False  # the promise is a count, not an estimate from the bit rate
    share: float = 0.0
    notes: list[str] = field(default_factory=list)


def open_source(path: Path) -> Source:
    """Open a file for reading from its start. Raises `UnreadableAudio` in words for a person."""
    size = _look(path)
    return _open_plain(path, size) or _open_ffmpeg(path, size)


def unreadable(path: Path, what: str, hint: str) -> UnreadableAudio:
    """An error that names the file."""
    return UnreadableAudio(f"“{path.name}” {what}", hint)


def _look(path: Path) -> int:
    """Return the size of a file that can be opened at all."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise unreadable(path, "is a folder.", "Open the songs inside it instead.")
        if not stat.S_ISREG(info.st_mode):
            raise unreadable(path, "is not a file.", "Choose a sound file.")
        with open(path, "rb") as file:
            file.read(1)
    except FileNotFoundError:
        hint = "It was moved, renamed or deleted, or its drive is not connected."
        raise unreadable(path, "is not there.", hint) from None
    except PermissionError:
        hint = "Give yourself the right to read it, or copy it to a folder of your own."
        raise unreadable(path, "may not be read.", hint) from None
    except (OSError, ValueError) as error:
        hint = f"The system says: {getattr(error, 'strerror', None) or error}."
        raise unreadable(path, "cannot be opened.", hint) from error
    if info.st_size == 0:
        hint = "A copy or download probably did not finish; fetch the file again."
        raise unreadable(path, "is empty.", hint)
    return info.st_size


UNKNOWN = (
    "cannot be read as sound.",
    "It is damaged, cut off, protected, or of an unknown kind. "
    "If a player opens it, convert it to WAV or FLAC.",
)


def _refusal(path: Path, what: str = UNKNOWN[0], hint: str = UNKNOWN[1]) -> UnreadableAudio:
    """Say what a file is that no decoder takes; `what` if it does not look like anything."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) or head[8:12] == b"WEBP":
        return unreadable(path, "is a picture, not sound.", "Choose a sound or video file.")
    if head.startswith((b"%PDF", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return unreadable(path, "is a document or an archive.", "Unpack it, or choose a song.")
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in head)
    if b"\0" not in head and printable > 0.98 * len(head):
        return unreadable(path, "is text, not sound.", "Look for the song under another name.")
    return unreadable(path, what, hint)


# -- soundfile ----------------------------------------------------------------------------------


def _open_plain(path: Path, size: int) -> Source | None:
    """Open with soundfile what it reads exactly, else None.

    MP3 is left to FFmpeg (libsndfile only estimates the length of files without a Xing header, and
    ends there), more than two channels too (soundfile does not tell which is which).
    """
    import soundfile

    with open(path, "rb") as peek:
        if peek.read(4) not in PLAIN:
            return None
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError):
        return None
    rate, channels, frames = file.samplerate, file.channels, file.frames
    if file.subtype.startswith("MPEG") or channels > 2 or not 0 < frames < 2**48 or rate < 1:
        file.close()
        return None
    kind = {"WAVEX": "WAV", "RF64": "WAV", "OGG": "Ogg"}.get(file.format, file.format)
    detail = file.subtype.replace("PCM_", "").replace("U8", "8").replace("S8", "8")
    detail = f"{detail} bit" if detail.isdigit() else detail.capitalize()
    source = Source(f"{kind}, {detail}", rate, channels, frames, iter(()), file.close, True)
    if file.format in {"WAV", "WAVEX", "AIFF"} and (lost := _cut_off(path, size)):
        seconds = lost * frames / max(size - lost, size, 1) / rate
        source.notes.append(f"The file is cut off: about {seconds:.1f} s at its end are missing.")
    source.blocks = _plain_blocks(path, size, file, source)
    return source


def _plain_blocks(
    path: Path, size: int, file: soundfile.SoundFile, source: Source
) -> Iterator[np.ndarray]:
    import soundfile

    done, seconds = 0, FIRST_SECONDS
    try:
        while True:
            count = max(round(seconds * source.rate), 1)
            block = file.read(count, dtype="float32", always_2d=True).T
            if block.shape[1] == 0:
                return
            done += block.shape[1]
            source.share = done / source.frames
            yield block
            seconds = BLOCK_SECONDS
    except soundfile.LibsndfileError:
        pass  # libsndfile gives up on some Ogg pages that FFmpeg reads: go on from there
    finally:
        file.close()
    try:
        rest = _open_ffmpeg(path, size, source.rate, source.channels)
    except UnreadableAudio:
        if not done:
            raise _refusal(path) from None
        return
    try:
        skip = done
        for block in rest.blocks:
            if skip < block.shape[1]:
                yield block[:, skip:]
            skip = max(skip - block.shape[1], 0)
            source.share = rest.share
        source.notes.extend(rest.notes)
    finally:
        rest.close()


def _cut_off(path: Path, size: int) -> int:
    """Return how many bytes a WAV or AIFF file lacks of what its header promises."""
    with open(path, "rb") as file:
        head = file.read(8)
    promised = int.from_bytes(head[4:], "big" if head[:4] == b"FORM" else "little") + 8
    # Programs that write to a pipe promise the most a field can hold.
    return max(promised - size, 0) if promised < 0x7FFF0000 else 0


# -- FFmpeg -------------------------------------------------------------------------------------


def _open_ffmpeg(path: Path, size: int, rate: int = 0, channels: int = 0) -> Source:
    """Open with FFmpeg, at its own rate and layout unless `rate` and `channels` ask for others."""
    import av

    try:
        container = av.open(
            str(path.absolute()),
            options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, OSError, ValueError):
        raise _refusal(path) from None
    try:
        if not container.streams.audio:
            hint = "It was saved without a sound track."
            raise unreadable(path, "has no sound in it.", hint)
        stream = container.streams.best("audio") or container.streams.audio[0]
        if stream.codec_context is None:
            hint = "It is protected, or its kind of sound is unknown. Convert it to WAV or FLAC."
            raise unreadable(path, "cannot be decoded.", hint)
        reader = _Decoder(container, stream, size)
        first = next(reader.frames, None)
        if first is None or first.sample_rate < 1:
            hint = "Only the head of the file is there, or what follows is damaged. Fetch it again."
            raise _refusal(path, "has no sound that can be read.", hint)
    except BaseException:
        container.close()
        raise
    name, codec = container.format.name, stream.codec_context.name
    video = any(not _is_cover(picture) for picture in container.streams.video)
    rate = rate or first.sample_rate
    names = [channel.name for channel in first.layout.channels]
    source = Source(
        kind=codec.removesuffix("float").upper() + (" in a video" if video else ""),
        rate=rate,
        channels=channels or min(len(names), 2),
        frames=_promised(container, stream, rate),
        blocks=iter(()),
        close=container.close,
        exact=not video and name not in RAW_STREAMS,
    )
    if codec.startswith("mp3"):  # only a Xing or LAME header counts frames, and gives a delay
        source.exact = bool(stream.start_time)
    if len(container.streams.audio) > 1:
        count = len(container.streams.audio)
        source.notes.append(f"The file has {count} sound tracks; this is the main one.")
    matrix = None
    if len(names) > 2:
        matrix, how = stereo_matrix(names)
        source.notes.append(f"{len(names)} channels were mixed down to stereo{how}.")
    source.blocks = _blocks(reader, first, source, matrix)
    return source


def _is_cover(stream: Any) -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _promised(container: av.container.InputContainer, stream: Any, rate: int) -> int:
    """Return the header's length in frames; 0 when it does not say."""
    if stream.duration and stream.time_base:
        return max(round(float(stream.duration * stream.time_base) * rate), 0)
    return max(round((container.duration or 0) / 1e6 * rate), 0)


def stereo_matrix(names: Sequence[str]) -> tuple[np.ndarray, str]:
    """Return the float32 `(2, channels)` that mixes down channels of these names, and how in words.

    Without known names, odd channels go left and even ones right, as on mixing desks.
    """
    known = all(name in _TO_STEREO for name in names) and len(set(names)) == len(names)
    if known:
        return np.array([_TO_STEREO[name] for name in names], np.float32).T.copy(), ""
    matrix = np.zeros((2, len(names)), np.float32)
    matrix[0, 0::2] = 1.0
    matrix[1, 1::2] = 1.0
    if len(names) % 2:
        matrix[1, -1] = 1.0
    return matrix / matrix.sum(1, keepdims=True), " (odd ones left, even ones right)"


class _Decoder:
    """Frames of one stream, past damage where there is any."""

    def __init__(self, container: Any, stream: Any, size: int) -> None:
        self.share = 0.0
        self.damaged = 0
        self.ended_early = False
        self.total: int | None = _itunes_frames(container.metadata)
        self.hole = 0.0  # seconds lost before the frame given last
        self._container, self._stream, self._size = container, stream, size
        self._decoder = _decoder_for(stream)
        self.frames: Iterator[Any] = self._run()

    def _run(self) -> Iterator[Any]:
        import av

        packets = self._container.demux(self._stream)
        heard, hole = False, 0.0
        while True:
            try:
                packet = next(packets)
                if packet.pos:
                    self.share = min(packet.pos / self._size, 1.0)
            except StopIteration:
                return
            except (av.FFmpegError, OSError):
                self.ended_early = True
                return
            try:
                frames = self._decoder.decode(packet if packet.size else None)
            except EOFError:
                return
            except av.FFmpegError:
                if heard and packet.size:
                    self.damaged += 1
                    hole += float((packet.duration or 0) * (packet.time_base or 0))
                continue
            for frame in frames:
                if frame.samples:
                    self.hole, hole, heard = hole, 0.0, True
                    yield frame


def _decoder_for(stream: Any) -> Any:
    """The decoder of a stream; for Opus the reference one, in float.

    FFmpeg's own Opus decoder is a sample off where speech modes are used (8 to 30 dB SNR there).
    """
    import av

    own = stream.codec_context
    if own.name != "opus" or "libopus" not in av.codecs_available:
        return own
    decoder = av.CodecContext.create("libopus", "r")
    decoder.extradata = own.extradata
    decoder.sample_rate = own.sample_rate
    decoder.layout = own.layout
    decoder.options = {"request_sample_fmt": "flt"}
    return decoder


def _itunes_frames(metadata: dict[str, str]) -> int | None:
    """Return the true length that Apple's encoders write beside AAC; FFmpeg uses half of it."""
    fields = metadata.get("iTunSMPB", "").split()
    try:
        return int(fields[3], 16) if len(fields) > 3 else None
    except ValueError:
        return None


def _samples(frame: Any) -> np.ndarray:
    """Return float32 `(channels, n)` of an FFmpeg frame; exact up to 24 bits."""
    raw: np.ndarray = frame.to_ndarray()
    if frame.format.is_packed:
        raw = raw.reshape(-1, len(frame.layout.channels)).T
    if raw.dtype.kind == "f":
        return raw.astype(np.float32)
    if raw.dtype.kind == "u":
        return (raw.astype(np.float32) - 128.0) / 128.0
    return raw.astype(np.float32) * np.float32(2.0 ** (1 - 8 * raw.dtype.itemsize))


def _blocks(
    reader: _Decoder, first: Any, source: Source, matrix: np.ndarray | None
) -> Iterator[np.ndarray]:
    """Join frames to blocks: fill holes, cut the padding of the last frame, mix down."""
    import av

    layout, fit, fitted = first.layout, None, None
    waiting: list[np.ndarray] = []
    have, done, want = 0, 0, round(FIRST_SECONDS * source.rate)
    excess = 0

    def take(pieces: list[np.ndarray]) -> np.ndarray:
        block = np.concatenate(pieces, 1)
        return block if matrix is None else matrix @ block

    frame = first
    while frame is not None:
        if have >= want:  # only once more has come, so that the last frame can still be cut
            yield take(waiting)
            done, have, waiting = done + have, 0, []
            want = round(BLOCK_SECONDS * source.rate)
        if reader.hole:
            lost = round(reader.hole * source.rate)
            waiting.append(np.zeros((len(layout.channels), lost), np.float32))
            have += lost
        shape = (frame.sample_rate, frame.layout.name, frame.format.name)
        if shape[:2] == (source.rate, layout.name):
            pieces = [_samples(frame)]
        else:  # some radio recordings change rate or channels on the way
            pieces = []
            if fit is None or fitted != shape:
                pieces = [] if fit is None else [_samples(part) for part in fit.resample(None)]
                fit, fitted = av.AudioResampler("fltp", layout, source.rate), shape
            frame.pts = None
            pieces += [_samples(part) for part in fit.resample(frame)]
        waiting.extend(pieces)
        have += sum(piece.shape[1] for piece in pieces)
        excess = 0
        exact = frame.time_base is not None and frame.time_base * frame.sample_rate == 1
        if exact and frame.duration and fit is None:
            excess = max(frame.samples - frame.duration, 0)
        source.share = reader.share
        frame = next(reader.frames, None)
    if fit is not None:
        tail = [_samples(part) for part in fit.resample(None)]
        waiting.extend(tail)
        have += sum(piece.shape[1] for piece in tail)
    if reader.total is not None and 0 < done + have - reader.total < 8192:
        excess = done + have - reader.total
    if waiting and have > (excess := min(excess, have - 1)):
        yield take(waiting)[:, : have - excess]
        done += have - excess
    if reader.damaged:
        source.notes.append(f"{reader.damaged} damaged places were replaced by silence.")
    missing = (source.frames - done) / source.rate
    if source.exact and (reader.ended_early or missing > 0.5):
        source.notes.append(
            f"The file is cut off: {done / source.rate:.1f} of "
            f"{source.frames / source.rate:.1f} s could be read."
        )
