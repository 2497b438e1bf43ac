"""What the program remembers between starts: one typed value over QSettings."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


@dataclass(slots=True)
class Settings:
    """Every remembered choice with its first value. Empty text means "not chosen yet"."""

    first_start: bool = True
    theme: str = "system"  # "system", "dark", "light"
    language: str = "system"  # "system", "en", "de"; in force from the next start on
    scale_percent: int = 100  # size of everything on the screen, on top of the system's
    shortcuts: str = ""  # keys that were changed; see app/shortcuts.py
    recent_commands: str = ""  # ids, the last one first
    hints_known: str = ""  # numbers of the hints that need not be shown again
    geometry: str = ""  # the window's place, as Qt's base64
    inspector: bool = True
    jobs_open: bool = False
    lane_heights: str = ""  # `role:pixels` of lanes that were given a height
    open_folder: str = ""
    project_folder: str = ""  # where projects are saved and opened
    recent_projects: str = ""  # their folders, one a line, the last one first
    export_folder: str = ""
    export_beside: bool = True  # write beside the song instead
    export_format: str = "wav"
    export_subtype: str = "24"
    export_template: str = "{source}_({stem})"
    export_level: str = "keep"  # or "common", or a number of LUFS
    practice_strip: bool = False  # shown under the transport
    count_in: bool = False
    count_in_beats: int = 4
    separation_model: str = ""  # id of the one that separates
    effort: str = "balanced"  # how much work that may be; see engine/effort.py
    voice_model: str = ""  # ids of the models that transcribe: of lanes with one voice,
    instrument_model: str = ""  # and of all others
    voice: str = ""  # id of the one that sings and speaks on new lanes
    melody_strip: bool = True  # shown where there is a melody
    melody_sliders: bool = True  # its second row
    notes_folder: str = ""  # where notes are exported to
    notes_format: str = "mid"
    notes_bends: bool = False  # MIDI with pitch bends
    batch_chain: str = ""  # file of the chain used last
    batch_folder: str = ""  # where a batch's files go
    notify: bool = True  # a sound and a notice when a long job ends
    picture_folder: str = ""
    picture_kind: str = ".png"
    picture_scale: int = 2
    picture_paper: str = "light"
    picture_waveform: bool = True
    picture_melody: bool = True  # notes and pitch over the spectrogram
    sound_notes: bool = True  # notes are heard when they are touched
    sound_device: str = ""
    input_device: str = ""  # see `app.sources.DeviceSource`
    scale: str = "log"
    n_fft: int = 2048
    colour_map: str = "magma"
    floor_db: float = -90.0
    top_db: float = 0.0
    _kept: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def geometry_bytes(self) -> QByteArray:
        """The window's place as Qt wants it."""
        return QByteArray.fromBase64(self.geometry.encode())


_NAMES = tuple(each.name for each in fields(Settings) if not each.name.startswith("_"))


def load(store: QSettings) -> Settings:
    """Read what was kept; a value of another type than expected counts as absent."""
    settings = Settings()
    for name in _NAMES:
        first = getattr(settings, name)
        raw = store.value(name)
        if raw is None:
            continue
        try:
            value = str(raw) == "true" if isinstance(first, bool) else type(first)(raw)
        except (TypeError, ValueError):
            continue
        setattr(settings, name, value)
    settings._kept = {name: getattr(settings, name) for name in _NAMES}
    return settings


def save(settings: Settings, store: QSettings) -> None:
    """Keep the choices that changed; the others may have been changed in another window."""
    for name in _NAMES:
        value = getattr(settings, name)
        if name in settings._kept and settings._kept[name] == value:
            continue
        settings._kept[name] = value
        store.setValue(name, str(value).lower() if isinstance(value, bool) else value)
    store.sync()


def reread(settings: Settings, store: QSettings, name: str) -> None:
    """Take over one choice as another window may have kept it meanwhile."""
    store.sync()
    setattr(settings, name, getattr(load(store), name))


def store(folder: Path | None = None) -> QSettings:
    """The user's store, or a file inside `folder`."""
    if folder is not None:
        return QSettings(str(folder / "melic.ini"), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Melic", "Melic")
