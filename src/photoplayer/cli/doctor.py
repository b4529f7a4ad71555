"""``photoplayer doctor``: what this machine has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version

import av
import onnxruntime

from photoplayer.errors import PhotoplayerError
from photoplayer.sound.library import load_library
from photoplayer.sound.library import version as library_version
from photoplayer.sound.soundfont import find_soundfont


@dataclass(frozen=True)
class Doctor:
    """Show what was found: FFmpeg, FluidSynth, soundfont, ONNX providers, models with checksums."""

    def run(self) -> int:
        """Print a line each. Exit status 1 if something needed is missing."""
        print(f"photoplayer  {version('photoplayer')}")
        ffmpeg = ", ".join(f"{name} {'.'.join(map(str, v))}" for name, v in av.library_versions.items())
        print(f"FFmpeg       PyAV {av.__version__}: {ffmpeg}")
        healthy = [_line("FluidSynth", _fluidsynth), _line("soundfont", lambda: str(find_soundfont()))]
        print(f"ONNX         {onnxruntime.__version__}: {', '.join(onnxruntime.get_available_providers())}")
        for file in sorted(resources.files("photoplayer.models").iterdir(), key=lambda f: f.name):
            if file.name.endswith((".onnx", ".npz")):
                data = file.read_bytes()
                checksum = hashlib.sha256(data).hexdigest()
                print(f"model        {file.name}  {len(data) / 1e6:.2f} MB  sha256 {checksum}")
        return int(not all(healthy))


def _line(name: str, find: Callable[[], str]) -> bool:
    try:
        print(f"{name:12} {find()}")
    except PhotoplayerError as problem:
        print(f"{name:12} MISSING: {problem}")
        return False
    return True


def _fluidsynth() -> str:
    library = load_library()
    return f"{'.'.join(map(str, library_version(library)))} ({library._name})"
