"""The JSON of a transcription: every note with its confidence, where the keyboard is, the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from photoplayer.music.theory import pitch_name
from photoplayer.results import versions
from photoplayer.sound.render import sound_settings

if TYPE_CHECKING:
    from photoplayer.piano.keyboard import Keyboard, Shot
    from photoplayer.piano.roll import HeardNote
    from photoplayer.transcription import Transcription
    from photoplayer.transcription_export import TranscriptOptions

_MS, _HUNDREDTHS, _PERCENT = 4, 2, 3  # digits


def manifest(heard: Transcription, written: TranscriptOptions, files: Mapping[str, str]) -> dict[str, Any]:
    """Plain values. Times are seconds of the video; a note ends when its key comes up."""
    options = heard.options
    return {
        "video": heard.video.name,
        "duration_s": round(heard.duration_s, 6),
        "pictures_read": heard.stats.pictures,
        "settings": {field.name: getattr(options, field.name) for field in fields(options)},
        **sound_settings(written.synth, written.soundfont, written.piano),
        "files": dict(files),
        "partial": list(heard.remarks),
        "shots": [_shot(shot) for shot in heard.shots],
        "keys_never_seen": list(heard.keys_never_seen),
        "notes": [_note(note) for note in heard.notes],
        "versions": versions(),
    }


def _note(note: HeardNote) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "onset_s": round(note.onset_s, _MS),
        "offset_s": round(note.offset_s, _MS),
        "pitch": note.pitch,
        "name": pitch_name(note.pitch),
        "velocity": note.velocity,
        "confidence": round(note.confidence, _PERCENT),
    }
    return plain if note.hand is None else {**plain, "hand": note.hand}


def _shot(shot: Shot) -> dict[str, Any]:
    return {
        "start_s": round(shot.start_s, _MS),
        "end_s": round(shot.end_s, _MS),
        "keyboard": None if shot.keyboard is None else _keyboard(shot.keyboard),
    }


def _keyboard(keyboard: Keyboard) -> dict[str, Any]:
    return {
        "size": list(keyboard.size),
        "corners": keyboard.corners.round(_HUNDREDTHS).tolist(),
        "first_pitch": keyboard.first_pitch,
        "last_pitch": keyboard.last_pitch,
        "octave_known": keyboard.octave_known,
        "view": keyboard.view,
        "mirrored": keyboard.mirrored,
        "confidence": round(keyboard.confidence, _PERCENT),
        "homography": keyboard.homography.tolist(),
        "bulge": round(keyboard.bulge, _MS),
        "keys_visible": int(keyboard.visible.sum()),
    }
