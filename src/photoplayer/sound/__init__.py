"""Score to audio: FluidSynth, mastering, stems, loops, audio files."""

from photoplayer.sound.audio import RATE_HZ, Audio, Samples
from photoplayer.sound.files import write_audio
from photoplayer.sound.mixing import mix_under
from photoplayer.sound.render import Rendering, render
from photoplayer.sound.soundfont import find_soundfont

__all__ = ["RATE_HZ", "Audio", "Rendering", "Samples", "find_soundfont", "mix_under", "render", "write_audio"]
