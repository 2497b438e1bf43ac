"""Read with FFmpeg (PyAV) what soundfile does not: MP3, AAC, Opus, video, and damaged files."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.source import BLOCK_SECONDS, FIRST_SECONDS, Source, refusal, unreadable

if TYPE_CHECKING:
    import av

# Containers of sound; FFmpeg would also "open" text, pictures and play lists that name other files.
CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,dsf,eac3,flac,flv,iff,ivf,matroska,mov,mp3,mpc,mpc8,"
    "mpeg,mpegts,nut,oga,ogg,oma,rm,tak,truehd,tta,voc,w64,wav,wv"
)
RAW_STREAMS = {"aac", "ac3", "eac3", "amr", "mpeg", "mpegts", "dts"}  # no count of frames inside
RUN_UP = 0.1  # seconds decoded before a place, for codecs that overlap what they decode
LONGEST_HOLE = 60.0  # seconds of silence put in for damage: it may lie about its length
SLOW = 0.5  # seconds a seek may take

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


def open_ffmpeg(path: Path, size: int, rate: int = 0, channels: int = 0) -> Source:
    """Open with FFmpeg, at its own rate and layout unless `rate` and `channels` ask for others."""
    container = _opened(path)
    try:
        if not container.streams.audio:
            hint = "It was saved without a sound track."
            raise unreadable(path, "has no sound in it.", hint)
        stream = _main(container)
        if stream.codec_context is None:
            hint = "It is protected, or its kind of sound is unknown. Convert it to WAV or FLAC."
            raise unreadable(path, "cannot be decoded.", hint)
        reader = _Decoder(container, stream, size)
        first = next(reader.frames, None)
        if first is None or first.sample_rate < 1:
            hint = "Only the head of the file is there, or what follows is damaged. Fetch it again."
            raise refusal(path, "has no sound that can be read.", hint)
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
    if name not in RAW_STREAMS and first.pts is not None:
        began = max(float(first.pts * first.time_base), 0.0)  # what is earlier is not played
        source.seeker = lambda: _Seeker(path, source, began, matrix)
    return source


def _opened(path: Path, **more: str) -> Any:
    import av

    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file", **more}
    try:
        return av.open(str(path.absolute()), options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError):
        raise refusal(path) from None


def _main(container: Any) -> Any:
    return container.streams.best("audio") or container.streams.audio[0]


class _Seeker:
    """Reads from about anywhere: exactly where packets have times, near by where they are guessed.

    A file without an index makes FFmpeg read all that comes before: then this gives up.
    """

    exact = False

    def __init__(self, path: Path, source: Source, began: float, matrix: np.ndarray | None) -> None:
        self._container = _opened(path, fflags="fastseek")
        self._stream = _main(self._container)
        self._decoder = _decoder_for(self._stream)
        self._rate, self._channels, self._matrix = source.rate, source.channels, matrix
        self._began = began  # the time of frame 0 in the file's own count, in seconds
        self._samples = _Samples()
        self._slow = False

    def read(self, start: int, stop: int) -> np.ndarray:
        """See `preview.Seeker`."""
        import av

        out = np.zeros((self._channels, stop - start), np.float32)
        if self._slow:
            return out
        asked = time.monotonic()
        base = float(self._stream.time_base)
        at = self._began + start / self._rate
        place: int | None = None  # of the next frame, counted from `start`
        try:
            self._container.seek(round(max(at - RUN_UP, 0.0) / base), stream=self._stream)
            self._decoder.flush_buffers()
            self._slow = time.monotonic() - asked > SLOW
            for frame in self._frames(at + (stop - start) / self._rate + RUN_UP):
                if place is None:  # the next ones follow: times may be rounded to milliseconds
                    place = round((float(frame.pts * frame.time_base) - at) * self._rate)
                sound = self._samples(frame)
                sound = sound if self._matrix is None else self._matrix @ sound
                into, skip = max(place, 0), max(-place, 0)
                part = sound[: self._channels, skip : skip + max(stop - start - into, 0)]
                out[: len(part), into : into + part.shape[1]] = part
                place += sound.shape[1]
                if place >= stop - start:
                    break
        except (av.FFmpegError, OSError, ValueError, IndexError):
            pass  # damage that reading from the start will get past, or tell of
        return np.nan_to_num(out, copy=False, posinf=0.0, neginf=0.0)

    def _frames(self, until: float) -> Iterator[Any]:
        """Decoded frames that say when they are, up to a time."""
        for packet in self._container.demux(self._stream):
            if packet.pts is not None and float(packet.pts * packet.time_base) > until:
                return
            for frame in self._decoder.decode(packet if packet.size else None):
                if frame.samples and frame.pts is not None and frame.sample_rate == self._rate:
                    yield frame

    def close(self) -> None:
        """See `preview.Seeker`."""
        self._container.close()


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
            except IndexError:  # damage made a packet of a stream that PyAV has never seen
                packets = self._container.demux(self._stream)
                continue
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
                    lost = float((packet.duration or 0) * (packet.time_base or 0))
                    hole = min(hole + max(lost, 0.0), LONGEST_HOLE)
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


class _Samples:
    """Turns FFmpeg's frames into float32 `(channels, n)`; exact up to 24 bits."""

    def __init__(self) -> None:
        self._packing: Any = None
        self._packs: tuple[str, str, int] | None = None

    def __call__(self, frame: Any) -> np.ndarray:
        import av

        channels = len(frame.layout.channels)
        if not frame.format.is_packed and channels >= 8:
            # PyAV counts such a frame's planes past their end, and crashes there.
            kind = (frame.format.packed.name, frame.layout.name, frame.sample_rate)
            if self._packs != kind:
                self._packs, self._packing = kind, av.AudioResampler(*kind)
            frame.pts = None
            return np.concatenate([self(part) for part in self._packing.resample(frame)], 1)
        raw: np.ndarray = frame.to_ndarray()
        if frame.format.is_packed:
            raw = raw.reshape(-1, channels).T
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

    layout, fit, fitted, samples = first.layout, None, None, _Samples()
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
            pieces = [samples(frame)]
        else:  # some radio recordings change rate or channels on the way
            pieces = []
            try:
                if fit is None or fitted != shape:
                    pieces = [] if fit is None else [samples(part) for part in fit.resample(None)]
                    fit, fitted = av.AudioResampler("fltp", layout, source.rate), shape
                frame.pts = None
                pieces += [samples(part) for part in fit.resample(frame)]
            except (av.FFmpegError, ValueError):  # damage made up a layout or rate of its own
                fit, reader.damaged = None, reader.damaged + 1
        waiting.extend(pieces)
        have += sum(piece.shape[1] for piece in pieces)
        excess = 0
        exact = frame.time_base is not None and frame.time_base * frame.sample_rate == 1
        if exact and frame.duration and fit is None:
            excess = max(frame.samples - frame.duration, 0)
        source.share = reader.share
        frame = next(reader.frames, None)
    if fit is not None:
        tail = [samples(part) for part in fit.resample(None)]
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
