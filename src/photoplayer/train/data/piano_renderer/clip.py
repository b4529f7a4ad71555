"""A clip on disk: NAME.mp4, its exact labels NAME.mid, and NAME.json, written last, with all that is true.

``render_clip`` is the way in: notes, a look and a camera make a clip. Time 0 is the first frame.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from photoplayer.files import finished
from photoplayer.music.midi_write import write_midi
from photoplayer.music.score import Note, Part, Score
from photoplayer.train.data.piano_renderer.camera import place_camera
from photoplayer.train.data.piano_renderer.engine import Picture, Stage
from photoplayer.train.data.piano_renderer.look import CameraLook, Look
from photoplayer.train.data.piano_renderer.notes import Fingered, KeyPress
from photoplayer.train.data.piano_renderer.overlays import Overlay
from photoplayer.train.data.piano_renderer.player import Performance, Presence, perform
from photoplayer.train.data.piano_renderer.sampling import Scene

_QPM = 120.0


@dataclass(frozen=True, eq=False)
class Rendered:
    """What is true of a clip. ``homography (3, 3)``: keyboard to pixels as ``piano.keyboard`` counts them."""

    played: tuple[Fingered, ...]
    homography: npt.NDArray[np.float64]
    look: Look
    camera: CameraLook
    duration_s: float


def frames_of(
    performance: Performance,
    camera_look: CameraLook,
    *,
    seed: int = 0,
    samples: int = 4,
    only: Sequence[int] | None = None,
) -> Iterator[Picture]:
    """The pictures ``(height, width, 3) uint8`` of a performance, as the camera sees them.

    ``only``: the numbers of the frames wanted; ``samples``: how many each pixel's edges are made of.
    """
    look = performance.look
    camera = place_camera(camera_look, length_mm=look.piano.length_mm)
    homography = camera.homography(look.piano.length_mm)
    steps = look.sensor.steps
    stage = Stage(look, camera, samples=samples)
    over = Overlay(
        look.overlay, size=camera.size, homography=homography, played=performance.played, seed=seed
    )
    for frame in range(len(performance.depths) // steps) if only is None else only:
        stage.draw([performance.moment(frame * steps + i) for i in range(steps)], frame=frame + 7919 * seed)
        stage.final.use()
        over.draw(frame / look.sensor.fps)
        yield stage.read()


def render_clip(
    presses: Sequence[KeyPress],
    look: Look,
    camera: CameraLook,
    *,
    out: Path,
    duration_s: float,
    presence: Presence | None = None,
    seed: int = 0,
    facts: dict[str, Any] | None = None,
) -> Rendered:
    """Play ``presses``, film it and write ``out`` (NAME.mp4), NAME.mid and, last, NAME.json.

    ``facts`` are further entries for the JSON. Notes no hand can play are left out, keys are let go where
    the hand must leave: the labels are those of the result. Raises :class:`SetupError` where there is no
    OpenGL and :class:`OutputError` where the folder refuses.
    """
    performance = perform(presses, duration_s=duration_s, look=look, presence=presence, seed=seed)
    homography = place_camera(camera, length_mm=look.piano.length_mm).homography(look.piano.length_mm)
    rendered = Rendered(performance.played, homography, look, camera, duration_s)
    with finished(out) as temporary:
        _encode(frames_of(performance, camera, seed=seed), temporary, camera.size, look)
    write_midi(_score(performance.played, duration_s), out.with_suffix(".mid"))
    with finished(out.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(truth(rendered) | (facts or {})) + "\n", encoding="utf-8")
    return rendered


def truth(rendered: Rendered) -> dict[str, Any]:
    """The JSON's entries, except those that only the maker of a corpus knows (``split``)."""
    look, camera = rendered.look, rendered.camera
    turned = abs((camera.turn_deg + 180) % 360 - 180) > 90
    return {
        "fps": look.sensor.fps,
        "size": list(camera.size),
        "duration_s": rendered.duration_s,
        "homography": [[float(v) for v in row] for row in rendered.homography],
        "lens": {
            "homography": place_camera(camera, length_mm=look.piano.length_mm)
            .straight(look.piano.length_mm)
            .tolist(),
            "bulge": camera.bulge,
        },
        "first_pitch": look.piano.first_pitch,
        "last_pitch": look.piano.last_pitch,
        "view": "piano" if turned else "player",
        "mirrored": camera.mirrored,
        "plays": bool(rendered.played),
        "notes": [
            [round(f.press.onset_s, 4), round(f.press.offset_s, 4), f.press.pitch, f.press.velocity]
            for f in rendered.played
        ],
        "fingers": [[f.hand, f.finger] for f in rendered.played],
        "piano": asdict(look.piano),
        "camera": asdict(camera),
        "look": {k: v for k, v in asdict(look).items() if k != "piano"},
    }


def _score(played: Sequence[Fingered], duration_s: float) -> Score:
    """Labels as a score at 120 quarters a minute: the left and the right hand."""
    scale = _QPM / 60
    parts = [
        Part(
            name=name,
            program=0,
            notes=tuple(
                Note(f.press.onset_s * scale, f.press.offset_s * scale, f.press.pitch, f.press.velocity)
                for f in played
                if f.hand == hand
            ),
        )
        for hand, name in ((1, "right hand"), (0, "left hand"))
    ]
    return Score(tuple(p for p in parts if p.notes), duration_s * scale)


def _encode(pictures: Iterator[Picture], path: Path, size: tuple[int, int], look: Look) -> None:
    with av.open(str(path), "w") as container:
        options = {"crf": str(look.sensor.crf), "preset": look.sensor.preset, "threads": "1"}
        stream = container.add_stream("libx264", rate=look.sensor.fps, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.thread_count = 1
        for i, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, look.sensor.fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def render_scene(scene: Scene, *, out: Path, split: str) -> Rendered:
    """A drawn scene as a clip; its JSON also says split, seed and what is played."""
    return render_clip(
        scene.presses,
        scene.look,
        scene.camera,
        out=out,
        duration_s=scene.duration_s,
        presence=scene.presence,
        seed=scene.seed,
        facts={"split": split, "seed": scene.seed, "source": scene.source},
    )


def still_of(scene: Scene) -> Picture:
    """One picture of a scene, from the middle of what is played."""
    made = perform(
        scene.presses, duration_s=scene.duration_s, look=scene.look, presence=scene.presence, seed=scene.seed
    )
    onsets = sorted(f.press.onset_s for f in made.played) or [scene.duration_s / 2]
    fps = scene.look.sensor.fps
    frame = min(round((onsets[len(onsets) // 2] + 0.08) * fps), round(scene.duration_s * fps) - 1)
    return next(frames_of(made, scene.camera, seed=scene.seed, only=[frame]))
