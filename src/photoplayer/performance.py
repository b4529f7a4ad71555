"""From a MIDI file to sound: read, give to another instrument if asked, play.

Its ways out are in :mod:`photoplayer.performance_export`.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from photoplayer import sound
from photoplayer.compose.plan import MAX_DURATION_S
from photoplayer.errors import InputError, PlanError
from photoplayer.music.instruments import Instrument
from photoplayer.music.midi_read import read_midi
from photoplayer.music.score import Score
from photoplayer.performance_export import FORMATS, WriteOptions, export
from photoplayer.progress import Progress, stage
from photoplayer.results import split_format
from photoplayer.sound.audio import Audio
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.render import TARGET_LUFS, SynthName, check_synth
from photoplayer.sound.timbre import Ensemble, choose, transform

SOFTEST_LUFS, LOUDEST_LUFS = -40.0, -6.0


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """How to play."""

    instrument: int | str | None = None
    """Play it on another instrument: a General MIDI name, number or family, or an ensemble (see `photoplayer
    instruments`). Drums stay."""
    seed: int = 1
    """Another seed strums otherwise; the same seed gives the same bytes of MIDI."""
    soundfont: Path | None = None
    """A soundfont (.sf2) to play with."""
    synth: SynthName = "fluidsynth"
    """What plays: fluidsynth; or neural, a piano of learned sound, for the piano parts alone."""
    piano: PianoSound = field(default_factory=PianoSound)
    loudness: float = TARGET_LUFS
    """Integrated loudness in LUFS; the true peak stays under -1 dB."""
    loop: bool = False
    """Make a seamless loop of whole bars: what rings past the end is folded into the beginning."""

    def __post_init__(self) -> None:
        if self.soundfont is not None:
            object.__setattr__(self, "soundfont", Path(self.soundfont))
        check_synth(self.synth)
        if not SOFTEST_LUFS <= self.loudness <= LOUDEST_LUFS:
            raise PlanError(
                f"a loudness of {self.loudness:g} LUFS; choose {SOFTEST_LUFS:g} to {LOUDEST_LUFS:g}"
            )
        _ = self.choice

    @property
    def choice(self) -> Instrument | Ensemble | None:
        """What ``instrument`` means. Raises :class:`PlanError` for an unknown one."""
        return None if self.instrument is None else choose(self.instrument)


@dataclass(frozen=True, eq=False)
class Performance:
    """A score as it will sound. ``written`` is what was given, ``score`` what is played; ``source`` is the
    file it was read from, if any."""

    score: Score
    written: Score
    options: RenderOptions
    source: Path | None = None

    def audio(self, *, progress: Progress | None = None) -> Audio:
        """The mastered sound in memory (21 MB a minute).

        Raises :class:`SetupError` where FluidSynth or a soundfont is missing.
        """
        with self.playing(progress=progress) as playing:
            return playing.audio()

    def playing(
        self, *, stems: bool = False, folder: Path | None = None, progress: Progress | None = None
    ) -> AbstractContextManager[sound.Rendering]:
        """The sound in blocks, of any length; ``folder`` holds the scratch file meanwhile."""
        tell = stage(progress, "render", self.score.duration_s)
        return sound.render(
            self.score,
            soundfont=self.options.soundfont,
            synth=self.options.synth,
            piano=self.options.piano,
            stems=stems,
            loop=self.options.loop,
            loudness_lufs=self.options.loudness,
            scratch_folder=folder,
            progress=lambda share: tell(share * self.score.duration_s),
        )

    def save(
        self, path: str | os.PathLike[str], *, progress: Progress | None = None, **options: Any
    ) -> list[Path]:
        """Write results named after ``path``; ``options`` are the fields of :class:`WriteOptions`.

        An ending that names a format (``"music.flac"``) writes that format alone, unless ``format`` says
        otherwise. Returns the files. Raises :class:`OutputError` where one cannot be written.
        """
        stem, ending = split_format(Path(path), FORMATS)
        if ending:
            options.setdefault("format", ending)
        return export(self, stem, WriteOptions(**options), progress=progress)


def render(music: str | os.PathLike[str] | Score, **options: Any) -> Performance:
    """Play a MIDI file or a Score; ``options`` are the fields of :class:`RenderOptions`.

    >>> photoplayer.render("tune.mid", instrument="koto").save("tune.flac")  # doctest: +SKIP

    Raises :class:`PhotoplayerError` where the file cannot be used or an option cannot be met.
    """
    wanted = RenderOptions(**options)
    if isinstance(music, Score):
        return perform(music, wanted)
    return perform_file(Path(music), wanted)


def perform_file(path: Path, options: RenderOptions) -> Performance:
    """As :func:`render`, of a MIDI file, with the options already made."""
    return perform(read_midi(path), options, source=path)


def perform(written: Score, options: RenderOptions, *, source: Path | None = None) -> Performance:
    """As :func:`render`, of a Score. Raises :class:`InputError` for one without notes or of many hours."""
    name = source or "the score"
    if not any(part.notes for part in written.parts):
        raise InputError(f"{name} holds no notes; give a MIDI file with music in it")
    if written.duration_s > MAX_DURATION_S:
        raise InputError(
            f"{name} lasts {written.duration_s / 3600:.1f} hours; cut it into pieces of "
            f"{MAX_DURATION_S / 3600:g}"
        )
    choice = options.choice
    score = transform(written, choice, seed=options.seed) if choice else written
    if options.loop:
        score = replace(score, end=written.end)  # what rings on belongs to the next round
    return Performance(score=score, written=written, options=options, source=source)
