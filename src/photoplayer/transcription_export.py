"""A transcription's ways out: MIDI, MusicXML, audio, the video with its sound or with keys lit up, report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from photoplayer import sound, video
from photoplayer.errors import PlanError
from photoplayer.music.instruments import Instrument
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.musicxml import to_musicxml
from photoplayer.progress import Progress, stage
from photoplayer.results import (
    AUDIO_FORMATS,
    Files,
    beside,
    check_free,
    chosen_formats,
    json_bytes,
    with_ending,
    write_all,
)
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.render import SynthName, check_synth
from photoplayer.sound.timbre import Ensemble, choose, transform
from photoplayer.transcription_manifest import manifest

if TYPE_CHECKING:
    from photoplayer.transcription import Transcription

DEFAULT_FORMATS = "mid,wav,mp4,png"
_OVERLAY = "overlay"
_LONG_S = 600.0


@dataclass(frozen=True, kw_only=True)
class TranscriptOptions:
    """What to write, and how it sounds."""

    format: str = DEFAULT_FORMATS
    """What to write, with commas between: mid, musicxml, wav, flac, ogg, mp3, mp4 (the clip with the new
    sound), png (report: keyboard, roll, confidence), json (notes with confidence, keyboard, settings)."""
    overlay: bool = False
    """Also write NAME_overlay.mp4: the clip with its keys lit up as they were heard."""
    soundfont: Path | None = None
    """A soundfont (.sf2) to play with."""
    synth: SynthName = "fluidsynth"
    """What plays: fluidsynth; or neural, a piano of learned sound, for the piano parts alone."""
    piano: PianoSound = field(default_factory=PianoSound)
    instrument: int | str | None = None
    """Play and write it on another instrument than the piano: a General MIDI name, number or family, or an
    ensemble (see `photoplayer instruments`). Report and json keep to the keys."""
    overwrite: bool = False
    """Replace results that are already there."""

    def __post_init__(self) -> None:
        if self.soundfont is not None:
            object.__setattr__(self, "soundfont", Path(self.soundfont))
        check_synth(self.synth)
        if not (self.formats or self.overlay):
            raise PlanError(f"nothing to write: choose formats from {', '.join(FORMATS)}")
        _ = self.choice

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats asked for, each once."""
        return chosen_formats(self.format, FORMATS)

    @property
    def choice(self) -> Instrument | Ensemble | None:
        """What ``instrument`` means. Raises :class:`PlanError` for an unknown one."""
        return None if self.instrument is None else choose(self.instrument)

    def for_ending(self, ending: str | None) -> TranscriptOptions:
        """These options, and unless formats were chosen, the one that a file was named by."""
        return replace(self, format=ending) if ending and self.format == DEFAULT_FORMATS else self


def export(
    heard: Transcription, stem: Path, options: TranscriptOptions, *, progress: Progress | None = None
) -> list[Path]:
    """Write everything asked for as ``stem`` + ending; returns the files.

    Raises :class:`OutputError` before any work where a result is in the way.
    """
    files = output_files(heard.video, stem, options)
    made_of = [heard.video, *([options.soundfont] if options.soundfont else [])]
    check_free(files.values(), overwrite=options.overwrite, inputs=made_of)
    if choice := options.choice:
        heard = replace(heard, score=transform(heard.score, choice))
    silent = {name: partial(write, heard, options, files) for name, write in _SILENT.items()}
    perform = partial(_perform, heard, options=options, progress=progress)
    return write_all(files, silent, perform, aside="png" if heard.duration_s < _LONG_S else None)


def output_files(clip: Path, stem: Path, options: TranscriptOptions) -> Files:
    """What will be written. Raises :class:`InputError` where mp4 is asked for and the clip is no video."""
    files: Files = {
        name: with_ending(stem, video.container_for(clip) if name == "mp4" else f".{name}")
        for name in options.formats
    }
    if options.overlay:
        files[_OVERLAY] = with_ending(stem, f"_{_OVERLAY}.mp4")
    return files


def _perform(
    heard: Transcription, files: Files, *, options: TranscriptOptions, progress: Progress | None
) -> None:
    """Play the notes once and write them to all files that sound, as long as the clip."""
    tell = stage(progress, "render", heard.duration_s)
    with sound.render(
        heard.score,
        soundfont=options.soundfont,
        synth=options.synth,
        piano=options.piano,
        duration_s=heard.duration_s,
        scratch_folder=next(iter(files.values())).parent,
        progress=lambda share: tell(share * heard.duration_s),
    ) as playing:
        for name, path in files.items():
            if name == "mp4":
                video.mux(heard.video, playing.blocks(), path)
            elif name == _OVERLAY:
                _light_up(heard, playing, path, stage(progress, _OVERLAY, heard.duration_s))
            else:
                sound.write_audio(path, playing.blocks())


def _light_up(
    heard: Transcription, playing: sound.Rendering, path: Path, tell: Callable[[float], None]
) -> None:
    from photoplayer.piano.overlay import Overlay  # Pillow is needed here alone

    overlay = Overlay(heard.shots, heard.notes)

    def repaint(image: video.Image, time_s: float) -> video.Image:
        tell(time_s)
        return overlay.paint(image, time_s)

    video.mux(heard.video, playing.blocks(), path, repaint=repaint)


def _manifest(heard: Transcription, options: TranscriptOptions, files: Files, path: Path) -> bytes:
    return json_bytes(manifest(heard, options, beside(files, path)))


def _report(heard: Transcription, *_: object) -> bytes:
    from photoplayer.transcription_report import to_png  # matplotlib takes a second to load

    return to_png(heard)


_SILENT: dict[str, Callable[[Transcription, TranscriptOptions, Files, Path], bytes]] = {
    "mid": lambda heard, *_: to_bytes(heard.score),
    "musicxml": lambda heard, *_: to_musicxml(heard.score),
    "json": _manifest,
    "png": _report,
}
"""What is written without playing: the bytes of each, for its path among all files."""

FORMATS = ("mp4", *_SILENT, *AUDIO_FORMATS)
