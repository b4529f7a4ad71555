"""A soundtrack's ways out: MIDI, MusicXML, audio, stems, layers for a game, video, report, plan."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from photoplayer import sound, video
from photoplayer.compose import planfile
from photoplayer.errors import PlanError
from photoplayer.manifest import manifest
from photoplayer.music.midi_write import to_bytes
from photoplayer.music.musicxml import to_musicxml
from photoplayer.progress import Progress, stage
from photoplayer.results import (
    AUDIO_FORMATS,
    Files,
    audio_ending,
    beside,
    check_free,
    chosen_formats,
    json_bytes,
    with_ending,
    write_all,
)
from photoplayer.sound import Rendering
from photoplayer.sound.audio import Samples
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.render import SynthName, check_synth

if TYPE_CHECKING:
    from photoplayer.soundtrack import Soundtrack

log = logging.getLogger(__name__)

_STEM, _VERSION, _PLAN = "stem ", "version ", "plan"
"""Names of files beside those called by their format: ``stem LAYER``, ``version NAME``, ``plan``."""

DEFAULT_FORMATS = "mp4,mid,wav,json,png"
_LONG_S = 600.0
INTENSITIES = {"calm": 0.2, "medium": 0.55, "full": 0.95}
"""The energies of the three synchronised versions (vertical layers of a game)."""


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What to write, and how it sounds."""

    format: str = DEFAULT_FORMATS
    """What to write, with commas between: mp4 (the clip with its new sound), mid, musicxml, wav, flac, ogg,
    mp3, json (timeline, plan, settings), png (report), toml (the plan)."""
    soundfont: Path | None = None
    """A soundfont (.sf2) to play with."""
    synth: SynthName = "fluidsynth"
    """What plays: fluidsynth; or neural, a piano of learned sound, for the piano parts alone."""
    piano: PianoSound = field(default_factory=PianoSound)
    keep_sound: float = 0.0
    """Mix the clip's own sound under the music at this gain (0.3 is a good start)."""
    stems: bool = False
    """Also write one file per layer; together they are the mix."""
    intensities: Literal[0, 3] = 0
    """3: also write calm, medium and full versions of the same music, in step with each other."""
    write_plan: Path | None = None
    """Write the plan to this file, to edit it and play it again."""
    overwrite: bool = False
    """Replace results that are already there."""

    def __post_init__(self) -> None:
        for name in ("soundfont", "write_plan"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(value))
        check_synth(self.synth)
        if not (self.formats or self.stems or self.intensities or self.write_plan):
            raise PlanError(f"nothing to write: choose formats from {', '.join(FORMATS)}")
        if self.intensities not in (0, 3):
            raise PlanError(f"{self.intensities} intensities cannot be made; choose 0 or 3")
        if not 0 <= self.keep_sound <= 4:
            raise PlanError(f"a gain of {self.keep_sound:g} for the clip's sound; choose 0 to 4")

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats asked for, each once."""
        return chosen_formats(self.format, FORMATS)

    def for_ending(self, ending: str | None) -> ExportOptions:
        """These options, and unless formats were chosen, the one that a file was named by."""
        return replace(self, format=ending) if ending and self.format == DEFAULT_FORMATS else self


def export(
    track: Soundtrack, stem: Path, options: ExportOptions, *, progress: Progress | None = None
) -> list[Path]:
    """Write everything asked for as ``stem`` + ending; returns the files.

    Raises :class:`OutputError` before any work where a result is in the way, and :class:`PlanError`
    where a video is asked for and there is none.
    """
    files = output_files(track.video, stem, options)
    if options.stems:
        folder, ending = with_ending(stem, "_stems"), audio_ending(options.formats)
        files |= {_STEM + layer: folder / f"{layer}{ending}" for layer in track.score.layers}
    check_free(files.values(), overwrite=options.overwrite, inputs=_inputs(track, options))
    if options.keep_sound and "mp4" not in files:
        log.warning("the clip's own sound is kept in its mp4 alone, and none is written")
    silent = {name: partial(write, track, options, files) for name, write in _SILENT.items()}
    perform = partial(_perform, track, options=options, progress=progress)
    # Both at once take more memory; in a long run the second that it saves is lost.
    return write_all(files, silent, perform, aside="png" if track.duration_s < _LONG_S else None)


def _inputs(track: Soundtrack, options: ExportOptions) -> list[Path]:
    """The files this music was made of, which no result may replace."""
    made_of = track.options
    files = (track.video, made_of.melody, made_of.timeline, made_of.plan, options.soundfont)
    return [path for path in files if path]


def output_files(clip: Path | None, stem: Path, options: ExportOptions) -> Files:
    """The files that are known before the music is: by format or version, stems left out.

    Raises :class:`PlanError` where mp4 was asked for by name and there is no clip to put the music to.
    """
    files: Files = {}
    for name in options.formats:
        if name != "mp4":
            files[name] = with_ending(stem, f".{name}")
        elif clip:
            files[name] = with_ending(stem, video.container_for(clip))
        elif options.format != DEFAULT_FORMATS:
            raise PlanError(f"{stem}.mp4 cannot be made without a video; give one, or leave mp4 out")
    if options.write_plan:
        files[_PLAN] = options.write_plan
    if options.intensities:
        files |= {
            _VERSION + x: with_ending(stem, f"_{x}{audio_ending(options.formats)}") for x in INTENSITIES
        }
    return files


def _manifest(track: Soundtrack, options: ExportOptions, files: Files, path: Path) -> bytes:
    return json_bytes(manifest(track, options, beside(files, path)))


def _report(track: Soundtrack, *_: object) -> bytes:
    from photoplayer.report import to_png  # matplotlib takes a second to load

    return to_png(track)


def _plan(track: Soundtrack, *_: object) -> bytes:
    return planfile.to_toml(track.plan).encode()


_SILENT: dict[str, Callable[[Soundtrack, ExportOptions, Files, Path], bytes]] = {
    "mid": lambda track, *_: to_bytes(track.score),
    "musicxml": lambda track, *_: to_musicxml(track.score),
    "json": _manifest,
    "png": _report,
    "toml": _plan,
    _PLAN: _plan,
}
"""What is written without playing: the bytes of each, for its path among all files."""

FORMATS = ("mp4", *(name for name in _SILENT if name != _PLAN), *AUDIO_FORMATS)


def _perform(track: Soundtrack, files: Files, *, options: ExportOptions, progress: Progress | None) -> None:
    """Play the music once and write it to all files that sound; then the other versions."""
    folder = next(iter(files.values())).parent
    play = partial(
        rendered, soundfont=options.soundfont, synth=options.synth, piano=options.piano, folder=folder
    )
    with play(track, stems=options.stems, progress=progress) as playing:
        for name, path in files.items():
            if name == "mp4":
                assert track.video is not None
                video.mux(track.video, _with_own_sound(track.video, playing, options.keep_sound), path)
            elif name in AUDIO_FORMATS:
                sound.write_audio(path, playing.blocks())
            elif name.startswith(_STEM):
                sound.write_audio(path, playing.stem_blocks(name.removeprefix(_STEM)))
        gain_db = playing.gain_db
    for name, energy in INTENSITIES.items():
        if version_path := files.get(_VERSION + name):
            version = replace(track, score=track.at_energy(energy))
            with play(version, gain_db=gain_db) as playing:
                sound.write_audio(version_path, playing.blocks())


def rendered(
    track: Soundtrack,
    *,
    soundfont: Path | None = None,
    synth: SynthName = "fluidsynth",
    piano: PianoSound | None = None,
    stems: bool = False,
    folder: Path | None = None,
    gain_db: float | None = None,
    progress: Progress | None = None,
) -> AbstractContextManager[Rendering]:
    """Play a soundtrack: as long as its clip, or as a loop of whole bars."""
    tell = stage(progress, "render", track.duration_s)
    return sound.render(
        track.score,
        soundfont=soundfont,
        synth=synth,
        piano=piano,
        duration_s=None if track.plan.loops else track.duration_s,
        loop=track.plan.loops,
        stems=stems,
        gain_db=gain_db,
        scratch_folder=folder,
        progress=lambda share: tell(share * track.duration_s),
    )


def _with_own_sound(clip: Path, playing: Rendering, gain: float) -> Iterator[Samples]:
    """The music, over the clip's own sound where that is wanted."""
    if gain == 0:
        return playing.blocks()
    if not video.probe(clip).has_audio:
        log.warning("%s has no sound of its own to keep", clip)
    own = video.read_sound(clip, rate_hz=playing.rate_hz)
    return sound.mix_under(playing.blocks(), own, gain=gain, rate_hz=playing.rate_hz)
