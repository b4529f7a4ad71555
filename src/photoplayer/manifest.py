"""The JSON beside the music: what was seen, planned and played, for people, engines and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from photoplayer.compose.planfile import section_table, stinger_table
from photoplayer.results import versions
from photoplayer.sound.audio import RATE_HZ
from photoplayer.sound.render import sound_settings

if TYPE_CHECKING:
    from photoplayer.export import ExportOptions
    from photoplayer.soundtrack import Soundtrack


def manifest(track: Soundtrack, options: ExportOptions, files: Mapping[str, str]) -> dict[str, Any]:
    """Plain values: clip, timeline, plan with times, layers, loop points, seed, what plays, versions."""
    return {
        "video": None if track.video is None else track.video.name,
        "duration_s": round(track.duration_s, 6),
        "engine": track.options.engine,
        "seed": track.options.seed,
        **sound_settings(options.synth, options.soundfont, options.piano),
        "files": dict(files),
        "music": {
            "duration_s": round(track.score.duration_s, 6),
            "bars": sum(section.bars for section in track.plan.sections),
            "layers": list(track.score.layers),
            "loop": _loop(track),
            "sections": _sections(track),
            "stingers": [stinger_table(stinger) for stinger in track.plan.stingers],
        },
        "timeline": None if track.timeline is None else track.timeline.to_dict(),
        "versions": versions(),
    }


def _sections(track: Soundtrack) -> list[dict[str, Any]]:
    """The plan's sections with where they start, in seconds and in bars from the beginning."""
    tables, bar = [], 0
    for section, start_s in zip(track.plan.sections, track.plan.starts_s, strict=True):
        tables.append({"start_s": round(start_s, 6), "start_bar": bar, **section_table(section)})
        bar += section.bars
    return tables


def _loop(track: Soundtrack) -> dict[str, Any] | None:
    """Where the music may be repeated, or ``None`` if it ends."""
    if not track.plan.loops:
        return None
    end_s = track.plan.duration_s
    return {
        "start_s": 0.0,
        "end_s": end_s,
        "start_sample": 0,
        "end_sample": round(end_s * RATE_HZ),
        "rate_hz": RATE_HZ,
    }
