"""What the program remembers between starts: one typed value over QSettings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


@dataclass(slots=True)
class Settings:
    """Every remembered choice with its first value. Empty text means "not chosen yet"."""

    first_start: bool = True
    theme: str = "system"  # "system", "dark", "light"
    geometry: str = ""  # the window's place, as Qt's base64
    inspector: bool = True
    open_folder: str = ""
    export_folder: str = ""
    export_beside: bool = True  # write beside the song instead
    export_format: str = "wav"
    export_subtype: str = "24"
    export_template: str = "{source}_({stem})"
    sound_device: str = ""
    scale: str = "log"
    n_fft: int = 2048
    colour_map: str = "magma"
    floor_db: float = -90.0
    top_db: float = 0.0

    @property
    def geometry_bytes(self) -> QByteArray:
        """The window's place as Qt wants it."""
        return QByteArray.fromBase64(self.geometry.encode())


def load(store: QSettings) -> Settings:
    """Read what was kept; a value of another type than expected counts as absent."""
    settings = Settings()
    for field in fields(Settings):
        first = getattr(settings, field.name)
        raw = store.value(field.name)
        if raw is None:
            continue
        try:
            value = str(raw) == "true" if isinstance(first, bool) else type(first)(raw)
        except (TypeError, ValueError):
            continue
        setattr(settings, field.name, value)
    return settings


def save(settings: Settings, store: QSettings) -> None:
    """Keep every choice."""
    for name, value in asdict(settings).items():
        store.setValue(name, str(value).lower() if isinstance(value, bool) else value)
    store.sync()


def store(folder: Path | None = None) -> QSettings:
    """The user's store, or a file inside `folder`."""
    if folder is not None:
        return QSettings(str(folder / "melic.ini"), QSettings.Format.IniFormat)
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Melic", "Melic")
