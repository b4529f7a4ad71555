"""From a clip to its soundtrack: watch, plan, compose. Its ways out are in :mod:`photoplayer.export`."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from photoplayer import scene, video
from photoplayer.compose import band, planfile, trio, tune
from photoplayer.compose.fit import Wishes, fit
from photoplayer.compose.plan import MAX_DURATION_S, MIN_DURATION_S, Plan
from photoplayer.compose.trio.engine import Manner, played
from photoplayer.compose.trio.style import load_style
from photoplayer.errors import InputError
from photoplayer.export import FORMATS, ExportOptions, export, rendered
from photoplayer.music.midi_read import read_melody
from photoplayer.music.score import Note, Score
from photoplayer.progress import Progress, stage
from photoplayer.results import split_format
from photoplayer.scene.glances import Glances, Glancing
from photoplayer.scene.timeline import Timeline
from photoplayer.sound.audio import Audio
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.render import SynthName
from photoplayer.soundtrack_options import ScoreOptions
from photoplayer.video.filmstrip import Filmstrip
from photoplayer.video.orientation import Image

LENGTHS_AGREE_S = 0.5
"""A timeline whose length differs from its clip's by more than this was made for another one."""

_LOOKING: frozenset[str] = frozenset({"trio", "melody"})
"""Engines that compose to the picture itself; the others know the plan alone."""


@dataclass(frozen=True, eq=False)
class Soundtrack:
    """A composed piece with all it came from. ``video`` and ``timeline`` are ``None`` where the music
    was made from a plan alone; ``pictures`` are thumbnails spread evenly over the clip."""

    score: Score
    plan: Plan
    duration_s: float
    options: ScoreOptions
    melody: tuple[Note, ...] | None = None
    timeline: Timeline | None = None
    video: Path | None = None
    pictures: tuple[Image, ...] = ()
    glances: Glances | None = None
    """What an engine that composes to the picture saw of it; ``None`` for the band, which does not look."""

    def at_energy(self, energy: float) -> Score:
        """The same music played throughout at one energy (0..1), in step with this one."""
        level = tuple(replace(s, energy=(energy,) * s.bars) for s in self.plan.sections)
        plan = replace(self.plan, sections=level)
        return _composed(plan, self.options, self.melody, self.glances, in_step_with=self.plan)

    def audio(
        self,
        *,
        soundfont: str | os.PathLike[str] | None = None,
        synth: SynthName = "fluidsynth",
        piano: PianoSound | None = None,
    ) -> Audio:
        """The mastered music in memory (21 MB a minute), as long as the clip.

        ``synth`` says who plays the piano parts, and ``piano`` how the neural piano sounds.
        Raises :class:`SetupError` where FluidSynth or a soundfont is missing.
        """
        font = Path(soundfont) if soundfont else None
        with rendered(self, soundfont=font, synth=synth, piano=piano) as playing:
            return playing.audio()

    def save(
        self, path: str | os.PathLike[str], *, progress: Progress | None = None, **options: Any
    ) -> list[Path]:
        """Write results named after ``path``; ``options`` are the fields of :class:`ExportOptions`.

        An ending that names a format (``"music.mid"``) writes that format alone, unless ``format`` says
        otherwise. Returns the files. Raises :class:`OutputError` where one cannot be written.
        """
        stem, ending = split_format(Path(path), FORMATS)
        if ending:
            options.setdefault("format", ending)
        return export(self, stem, ExportOptions(**options), progress=progress)


def score(
    video: str | os.PathLike[str] | None = None,
    *,
    progress: Progress | None = None,
    **options: Any,
) -> Soundtrack:
    """Compose a soundtrack for a clip; ``options`` are the fields of :class:`ScoreOptions`.

    >>> photoplayer.score("clip.mp4", mood="tense", seed=7).save("clip_scored.mp4")  # doctest: +SKIP

    With ``timeline=`` or ``plan=`` no video is needed. Raises :class:`PhotoplayerError` where a file
    cannot be used or an option cannot be met.
    """
    return compose_soundtrack(
        None if video is None else Path(video), ScoreOptions(**options), progress=progress
    )


def compose_soundtrack(
    clip: Path | None, options: ScoreOptions, *, progress: Progress | None = None
) -> Soundtrack:
    """As :func:`score`, with the options already made."""
    wishes = options.wishes
    melody = read_melody(options.melody).parts[0].notes if options.melody else None
    duration_s = video.probe(clip).duration_s if clip else None
    if duration_s is not None:
        _check_length(duration_s, clip)
    timeline, pictures, glances = _timeline(clip, duration_s, options, progress)
    if timeline is not None and duration_s is None:
        duration_s = timeline.duration_s
        _check_length(duration_s, options.timeline)
    plan = _plan(timeline, duration_s, options, wishes)
    return Soundtrack(
        score=_composed(plan, options, melody, glances),
        plan=plan,
        duration_s=duration_s or plan.duration_s,
        options=options,
        melody=melody,
        timeline=timeline,
        video=clip,
        pictures=pictures,
        glances=glances,
    )


def _composed(
    plan: Plan,
    options: ScoreOptions,
    melody: tuple[Note, ...] | None,
    glances: Glances | None,
    *,
    in_step_with: Plan | None = None,
) -> Score:
    """The plan's music by the engine that was asked for.

    ``in_step_with`` is the plan that an engine whose tune follows the energy writes it for.
    """
    if options.engine == "trio":
        manner = Manner(
            style=load_style(options.style) if options.style else None,
            axes=options.axes,
            more=options.wanted_more,
            thicken=options.thicken,
        )
        return trio.compose(plan, seed=options.seed, glances=glances, manner=manner)
    if options.parts == "trio":
        trios = tune.write_trios(in_step_with or plan, seed=options.seed, glances=glances)
        return played(plan, trios, seed=options.seed, thicken=options.thicken)
    if options.engine == "melody":
        themes = tune.write_themes(in_step_with or plan, seed=options.seed, glances=glances)
        return tune.bare(plan, themes) if options.bare else tune.arranged(plan, themes, seed=options.seed)
    return band.compose(plan, seed=options.seed, melody=melody)


def _check_length(duration_s: float, source: Path | None) -> None:
    if duration_s < MIN_DURATION_S:
        raise InputError(f"{source} lasts {duration_s:g} s, too short for music; give a moving picture")
    if duration_s > MAX_DURATION_S:
        raise InputError(
            f"{source} lasts {duration_s / 3600:.1f} hours; cut it into pieces of {MAX_DURATION_S / 3600:g}"
        )


def _timeline(
    clip: Path | None, duration_s: float | None, options: ScoreOptions, progress: Progress | None
) -> tuple[Timeline | None, tuple[Image, ...], Glances | None]:
    if options.timeline:
        timeline = Timeline.load(options.timeline)
        if duration_s is None:
            return timeline, (), None
        if abs(timeline.duration_s - duration_s) > LENGTHS_AGREE_S:
            raise InputError(
                f"{options.timeline} lasts {timeline.duration_s:.1f} s and {clip} {duration_s:.1f} s; "
                "give the timeline of this clip"
            )
        return timeline.resized(duration_s), (), None
    if clip is None or duration_s is None:
        return None, (), None
    strip = Filmstrip(duration_s)
    frames = video.frames(clip, rate_hz=scene.ANALYSIS_RATE_HZ, size=scene.ANALYSIS_SIZE, fast=True)
    report = stage(progress, "watch", duration_s)
    frames, glancing = strip.tap(frames), None
    if options.engine in _LOOKING:
        glancing = Glancing()
        frames = glancing.tap(frames)
    timeline = scene.watch(frames, duration_s=duration_s, progress=report)
    return timeline, tuple(strip.pictures), glancing.glances if glancing else None


def _plan(timeline: Timeline | None, duration_s: float | None, options: ScoreOptions, wishes: Wishes) -> Plan:
    if options.plan:
        plan = planfile.load(options.plan, seed=options.seed, duration_s=duration_s)
        return replace(plan, loops=plan.loops or options.loop)
    if timeline is None:
        raise InputError("nothing to score: give a video, --timeline or --plan")
    return fit(timeline, seed=options.seed, wishes=wishes)
