"""espeak-ng says a text, as a process of its own: what it is beside a voice of ours.

    python -I -S espeak_aloud.py LIBRARY DATA < TEXT > SOUND

writes the rate as one line, then mono samples of 16 bits as they come. Nothing but the standard
library is imported, so that starting costs as little as it can.
"""

from __future__ import annotations

import ctypes
import os
import sys

# Of speak_lib.h: wait until all is said, leave the process alive on errors, UTF-8, by characters.
SYNCHRONOUS, DONT_EXIT, UTF8, CHARACTER = 2, 0x8000, 1, 1
VOICE = b"en-us"


def main(library_path: str, data_path: str) -> int:
    """Say what stands on stdin; returns the exit code."""
    library = ctypes.CDLL(library_path)
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, os.fsencode(data_path), DONT_EXIT)
    if rate <= 0 or library.espeak_SetVoiceByName(VOICE):
        return 1
    out = sys.stdout.buffer
    out.write(b"%d\n" % rate)

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    def take(samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            out.write(ctypes.string_at(samples, 2 * count))
            out.flush()
        return 0

    library.espeak_SetSynthCallback(take)
    text = sys.stdin.buffer.read() + b"\0"
    said = library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, CHARACTER, 0, UTF8, None, None)
    library.espeak_Synchronize()
    out.flush()
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
