"""Audeo's two networks on cached strips: rolls against held keys, and notes read from them in three ways.

    python benchmarks/audeo_rolls.py CACHE/mta --split test [--model MODELS/video2roll.onnx]

Frames: precision, recall and F1 over all frames and seen keys pooled, then the source's own F1 (a mean over
frames in which a silent frame found silent is perfect). Notes: onset F1 at 50 and 100 ms and onset and offset
at 50 ms, a mean over clips. ``roll`` is Video2Roll at 0.4, ``gan`` is Roll2Midi behind it at 0.5, ``decoder``
the default decoder on Video2Roll's roll. A clip's notes outside the time that its truth covers do not count.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photoplayer.evaluate.notes import Notes
from photoplayer.evaluate.transcription import score_notes
from photoplayer.models import load, open_model
from photoplayer.piano.audeo import AudeoNet
from photoplayer.piano.decode import Decoder
from photoplayer.piano.decoder_settings import settings_from_card
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.piano.roll2midi import Roll2Midi
from photoplayer.piano.threshold import ThresholdDecoder
from photoplayer.train.data.audeo_frames import held
from photoplayer.train.data.strip_cache import CachedClip, caches
from photoplayer.train.recipes.video2roll_check import figures

AUDEO, MENDED = 0.4, 0.5
Rows = npt.NDArray[np.float64]


def main() -> None:
    arguments = _arguments()
    model = open_model(arguments.model) if arguments.model else load("video2roll")
    clips = [clip for folder in arguments.data for clip in caches(folder, split=arguments.split)]
    network, begun, seconds = AudeoNet(model=model), time.perf_counter(), 0.0
    rolls = []
    for clip in clips:
        rolls.append(list(network.read(clip.as_strips())))
        seconds += float(clip.times_s[-1] - clip.times_s[0])
    spent = time.perf_counter() - begun
    print(f"{len(clips)} clips, {seconds:.0f} s of video in {spent:.0f} s: {seconds / spent:.2f} x real time")
    ways = {"roll": (rolls, lambda: ThresholdDecoder(AUDEO), AUDEO)}
    if not arguments.no_gan:
        mender = open_model(arguments.gan) if arguments.gan else load("roll2midi")
        begun = time.perf_counter()
        mended = [list(Roll2Midi(model=mender).mend(clip_rolls)) for clip_rolls in rolls]
        print(f"generator: {seconds / (time.perf_counter() - begun):.2f} x real time")
        ways["gan"] = (mended, lambda: ThresholdDecoder(MENDED), MENDED)
    ways["decoder"] = (rolls, lambda: Decoder(settings_from_card(model.card)), AUDEO)
    print(f"{'':9}{'P':>7}{'R':>7}{'F1':>7}{'F1 src':>8}{'on50':>8}{'on100':>7}{'on+off50':>9}")
    for name, (answers, decoder, threshold) in ways.items():
        frames = frame_figures(clips, answers, threshold)
        notes = np.mean([note_f1(c, a, decoder()) for c, a in zip(clips, answers, strict=True)], axis=0)
        print(f"{name:9}" + "".join(f"{value:7.3f}" for value in (*frames, *notes)))


def frame_figures(
    clips: Iterable[CachedClip], answers: list[list[Roll]], threshold: float
) -> tuple[float, ...]:
    """Precision, recall, F1, and F1 as the source takes it."""
    said, truth, seen = [], [], []
    for clip, rolls in zip(clips, answers, strict=True):
        times_s = np.concatenate([roll.times_s for roll in rolls])
        inside = (times_s >= clip.covered_s[0]) & (times_s < clip.covered_s[1])
        down = np.concatenate([roll.down for roll in rolls])[inside].astype(np.float64).clip(1e-7, 1 - 1e-7)
        said.append(np.log(down / (1 - down)).astype(np.float32))
        truth.append(held(clip.notes, times_s[inside]))
        seen.append(np.broadcast_to(clip.seen, down.shape))
    found = figures(np.concatenate(said), np.concatenate(truth), np.concatenate(seen), threshold=threshold)
    return found.precision, found.recall, found.f1, found.frame_f1


def note_f1(clip: CachedClip, rolls: list[Roll], decoder: ThresholdDecoder | Decoder) -> tuple[float, ...]:
    """Onset F1 at 50 and 100 ms, onset and offset at 50 ms."""
    heard: list[HeardNote] = []
    for roll in rolls:
        heard += decoder.feed(roll)
    heard += decoder.finish()
    rows = np.array([(n.onset_s, max(n.offset_s, n.onset_s + 0.001), n.pitch, np.nan) for n in heard])
    first_s, last_s = clip.covered_s

    def covered(rows: Rows) -> Notes:
        rows = rows.reshape(-1, 4)
        return Notes.from_rows(rows[(rows[:, 0] >= first_s) & (rows[:, 0] < last_s)])

    scores = score_notes(covered(clip.notes), covered(rows))
    return scores.onset_50.f1, scores.onset_100.f1, scores.offset_50.f1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--split", default="test", choices=("train", "validation", "test"))
    parser.add_argument("--model", type=Path, help="another Video2Roll Net (ONNX, its card beside it)")
    parser.add_argument("--gan", type=Path, help="another generator")
    parser.add_argument("--no-gan", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
