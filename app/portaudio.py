"""PortAudio, loaded when first needed and shared by everything that plays or records."""

from __future__ import annotations

import atexit
import contextlib
import sys
import threading
import weakref
from types import ModuleType
from typing import Any

from engine.errors import DeviceUnavailable

CLOSING = 1.0  # seconds a device may take to close; some that were pulled out never answer
SWITCH = 0.001  # seconds one thread may keep the interpreter while a device waits
RESTING = 0.005  # what Python does normally


class PortAudio:
    """One loaded library and who uses it.

    PortAudio lists devices once, when it starts, and looks again only when it is started afresh;
    that ends every open stream, so it waits until nothing plays and nothing records.
    """

    def __init__(self, module: ModuleType) -> None:
        self._weak = weakref.ref(module)
        self._lock = threading.Lock()
        self._open = 0
        self._stale = False
        self._stuck = False
        self._looked: set[str] = set()

    @property
    def module(self) -> Any:
        """The module `sounddevice`."""
        return self._weak()

    def look(self, kind: str) -> None:
        """`kind` ("output", "input") is about to list devices: from the second time on, afresh."""
        with self._lock:
            if kind in self._looked:
                self._stale = True
            self._looked.add(kind)
        self.refresh()

    def distrust(self) -> None:
        """What is known of the devices is no longer true."""
        self._stale = True

    def refresh(self) -> None:
        """Start the library afresh if that is due. Raises `DeviceUnavailable`."""
        sd = self.module
        with self._lock:
            if self._stuck:
                raise DeviceUnavailable(
                    "There is no sound: the sound system does not answer any more.",
                    "Save your work and start Melic again to hear it.",
                )
            if not self._stale or self._open:
                return
            # There is no public call to look again.
            with contextlib.suppress(sd.PortAudioError):
                sd._terminate()
            try:
                sd._initialize()
            except sd.PortAudioError as error:
                raise DeviceUnavailable(f"The sound system did not start ({error}).") from error
            self._stale = False

    def opened(self) -> None:
        """A stream is open; Python's threads take turns more often while one is."""
        with self._lock:
            self._open += 1
            sys.setswitchinterval(SWITCH)

    def close(self, stream: Any) -> None:
        """Close a stream; one that does not answer is given up."""
        with self._lock:
            self._open -= 1
            if not self._open:
                sys.setswitchinterval(RESTING)
            if self._stuck:
                return
        closing = threading.Thread(
            target=stream.close, kwargs={"ignore_errors": True}, name="closing", daemon=True
        )
        closing.start()
        closing.join(CLOSING)
        if closing.is_alive():
            self.abandon()

    def abandon(self) -> None:
        """Never touch PortAudio again, not even at the program's end: it would not come back."""
        atexit.unregister(self.module._exit_handler)
        self._stuck = True

    @property
    def fragile(self) -> bool:
        """Whether it ends the program when it closes a device that is gone (JACK)."""
        return any("JACK" in system["name"] for system in self.module.query_hostapis())


_known: weakref.WeakKeyDictionary[ModuleType, PortAudio] = weakref.WeakKeyDictionary()
_knowing = threading.Lock()


def portaudio() -> PortAudio:
    """The library, loaded if need be. Raises `DeviceUnavailable` where it is missing."""
    try:
        import sounddevice as sd
    except ImportError as error:
        raise DeviceUnavailable(
            "There is no sound: the Python package sounddevice is missing.",
            "Install it with: python -m pip install sounddevice",
        ) from error
    except OSError as error:
        cure = (
            "Install it with: sudo apt-get install libportaudio2"
            if sys.platform.startswith("linux")
            else "Install the Python package sounddevice again."
        )
        raise DeviceUnavailable(
            "There is no sound: the library PortAudio is missing.", cure
        ) from error
    with _knowing:
        return _known.setdefault(sd, PortAudio(sd))


def described(sd: Any, way: str) -> list[tuple[dict[str, Any], bool]]:
    """PortAudio's description of each "output" or "input", and whether it is the default one.

    Of the several systems that Windows offers, WASAPI is taken: it is the one without a tenth of
    a second of delay. Elsewhere the default system has all devices. Raises `DeviceUnavailable`.
    """
    try:
        systems = list(sd.query_hostapis())
        system = next((s for s in systems if s["name"] == "Windows WASAPI"), None)
        if system is None:
            system = systems[sd.default.hostapi] if systems else {"devices": []}
        infos = [sd.query_devices(number) for number in system["devices"]]
    except sd.PortAudioError as error:
        raise DeviceUnavailable(f"The sound devices cannot be listed ({error}).") from error
    default = system.get(f"default_{way}_device", -1)
    return [
        (info, info["index"] == default) for info in infos if info.get(f"max_{way}_channels", 0) > 0
    ]
