"""Frames -> what the Watcher says of every third of a second: a network that was taught on many games.

The eye (``watch_eye.onnx``) sees three small pictures a step while the clip is watched, block by block, and
leaves 64 numbers; the mind (``watch_mind.onnx``) reads them at the end together with the gist of the looks
(``features.py``), each beside the 24 s around it: several minds, whose mean it is. Boosted trees
(``trees.py``) have a share in what it says. Two hours leave 18 MB. How it is taught:
``train/nets/watcher.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photoplayer import models
from photoplayer.scene.affect import FASTEST_BPM, LEVELS, METERS, SLOWEST_BPM
from photoplayer.scene.features import GIST_VALUES, Features
from photoplayer.scene.looks import ANALYSIS_RATE_HZ, ANALYSIS_SIZE
from photoplayer.scene.timeline import RATE_HZ
from photoplayer.scene.trees import trees
from photoplayer.video import Frame, Image

EYE, MIND = "watch_eye", "watch_mind"

PICTURES = ANALYSIS_RATE_HZ // RATE_HZ
"""Pictures of a step that the eye sees."""

SEEN = 64
"""Numbers the eye says of a step."""

READ = SEEN + GIST_VALUES
"""Numbers of a step that the mind reads: the eye's, then the mean gist of its pictures."""

LOOKED = GIST_VALUES + 1
"""Numbers of a step that the trees read: the gist, then how sure SceneNet is of a fight, -1..1."""

_SURE = 4.0
"""Log-odds that count as three quarters sure."""

AROUND_STEPS = 36
"""Steps on either side over which the mind takes the usual: 12 s."""

CURVES = ("intensity", "tension", "valence")
HEADS: dict[str, int] = {
    "fight": 1, **dict.fromkeys(CURVES, 1),
    "bpm": 1, "energy": len(LEVELS), "meter": len(METERS), "change": 1,
}  # fmt: skip
"""What the mind says and how many numbers each takes, in this order."""

_ENDS = np.cumsum(list(HEADS.values()))
_COLUMNS = {name: slice(int(end) - HEADS[name], int(end)) for name, end in zip(HEADS, _ENDS, strict=True)}

BLOCK_STEPS = 24
"""Steps that the eye sees at once: 1 MB of pictures."""

MIND_STEPS, MIND_CONTEXT = 1080, 60
"""Steps the mind answers for at once, and those it sees beyond them: its reach is 51."""

TREES_SHARE = 0.5
"""How much of an answer is the trees', where they have one; chosen on validation (docs/features.md)."""

GRID = 256
"""Answers are rounded to 1/256: floating point differs between machines by a millionth."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Watched:
    """The mind's answers, ``(steps, 12)``, one row a third of a second; columns as :data:`HEADS`."""

    table: Array

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, name: str) -> Array:
        """A column ``(steps,)``, or the logits of a class ``(steps, classes)``. ``KeyError`` for no head."""
        columns = self.table[:, _COLUMNS[name]]
        return columns[:, 0] if HEADS[name] == 1 else columns

    @property
    def bpm(self) -> Array:
        """Tempo asked for at every step."""
        return SLOWEST_BPM + (FASTEST_BPM - SLOWEST_BPM) * self["bpm"]

    @property
    def energy(self) -> Array:
        """Energy asked for at every step, 0..1: in the likeliest level, the nearer to its upper end the
        likelier those above are than those below; where the highest is certain, 1, and where the lowest
        is, .1, what the rule table asks of a menu."""
        chances = np.exp(_log_chances(self["energy"]))
        steps, index = np.arange(len(chances)), chances.argmax(axis=1)
        up_to = chances.cumsum(axis=1)[steps, index]
        above, below = 1 - up_to, up_to - chances[steps, index]
        inside = (1 + above - below) / 2
        inside = np.where(index == 0, 0.3 + 0.9 * above, inside)
        inside = np.where(index == len(LEVELS) - 1, 1 - 1.5 * below, inside)
        return np.asarray((index + inside) / len(LEVELS))


class Watcher:
    """Sees frames as they pass by (:meth:`tap`) and answers when all have passed (:meth:`answers`)."""

    def __init__(self) -> None:
        width, height = ANALYSIS_SIZE
        self._waiting = np.zeros((BLOCK_STEPS, PICTURES, height, width, 3), np.uint8)
        self._steps = 0  # of those that wait
        self._pictures = 0  # of the step that is being filled
        self._step = 0  # its number in the clip
        self._last: Image = self._waiting[0, 0]
        self._seen: list[npt.NDArray[np.float32]] = []

    def tap(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames (``ANALYSIS_RATE_HZ``, ``ANALYSIS_SIZE``), seen on their way."""
        for frame in frames:
            self._take(frame)
            yield frame

    def answers(self, features: Features) -> Watched:
        """What minds and trees say, once the last frame has passed; no rows where there was none.

        ``features`` are those of the looks at the same pictures.
        """
        if self._pictures:
            self._end_step()
        self._look()
        if not self._seen:
            return Watched(np.zeros((0, sum(HEADS.values()))))
        seen = np.concatenate(self._seen)
        looks = looked(features, steps=len(seen))
        read = np.concatenate([seen, looks[:, :GIST_VALUES]], axis=1)
        rows = [_mind(read, start) for start in range(0, len(read), MIND_STEPS)]
        return Watched(np.round(with_trees(np.concatenate(rows), trees(looks)) * GRID) / GRID)

    def _take(self, frame: Frame) -> None:
        if frame.image.shape != self._waiting.shape[2:]:
            raise ValueError(f"a frame is {frame.image.shape}, analysis wants {ANALYSIS_SIZE} RGB pictures")
        step = int(frame.time_s * RATE_HZ + 1e-6)
        while self._step < step and self._pictures:  # a step without pictures repeats the one before
            self._end_step()
            if self._step < step:
                self._waiting[self._steps, 0] = self._last
                self._pictures = 1
        self._step = max(self._step, step)
        self._last = frame.image
        if self._pictures < PICTURES:
            self._waiting[self._steps, self._pictures] = frame.image
            self._pictures += 1

    def _end_step(self) -> None:
        """The step is full; pictures it lacks are its last one again."""
        self._waiting[self._steps, self._pictures :] = self._waiting[self._steps, self._pictures - 1]
        self._steps, self._pictures, self._step = self._steps + 1, 0, self._step + 1
        if self._steps == BLOCK_STEPS:
            self._look()

    def _look(self) -> None:
        if self._steps:
            pictures = self._waiting[: self._steps]
            (seen,) = models.load(EYE).session.run(None, {"pictures": pictures})
            self._seen.append(np.asarray(seen, np.float32))
            self._steps = 0


def looked(features: Features, *, steps: int) -> npt.NDArray[np.float32]:
    """What the looks say of every step, ``(steps, 49)``, see :data:`LOOKED`."""
    values = np.column_stack([features.gists.astype(np.float64), features.fight])
    means = per_step(features.times_s, values, steps=steps)
    means[:, -1] = np.tanh(means[:, -1] / _SURE)
    return means.astype(np.float32)


def per_step(times_s: Array, values: Array, *, steps: int) -> Array:
    """Means of ``values (n, columns)`` in each step; a step without pictures repeats the one before."""
    index = np.clip((times_s * RATE_HZ + 1e-6).astype(int), 0, steps - 1)
    counts = np.bincount(index, minlength=steps)
    sums = [np.bincount(index, column, minlength=steps) for column in values.T]
    means = np.stack(sums, axis=1) / np.maximum(counts, 1)[:, None]
    last = np.maximum.accumulate(np.where(counts > 0, np.arange(steps), -1))
    return np.asarray(means[np.where(last < 0, int(np.argmax(counts > 0)), last)])


def _mind(read: npt.NDArray[np.float32], start: int) -> Array:
    """Answers for ``MIND_STEPS`` steps from ``start``, or as many as there are."""
    first, end = max(start - MIND_CONTEXT, 0), min(start + MIND_STEPS + MIND_CONTEXT, len(read))
    shown = read[first:end]
    short = max(MIND_CONTEXT // 2 - len(shown), 0)  # the network wants some length; the last step is held
    shown = np.concatenate([shown, np.repeat(shown[-1:], short, axis=0)])
    (answers,) = models.load(MIND).session.run(None, {"read": shown[None]})
    inside = np.asarray(answers, np.float64)[0, start - first : min(start + MIND_STEPS, len(read)) - first]
    return np.asarray(inside)


def with_trees(minds: Array, trees_say: dict[str, Array]) -> Array:
    """The minds' answers ``(steps, 12)`` with the trees' share in them; tempo's place is the intensity's.

    Log-odds of fights are mixed as they are, those of classes as logarithms of chances.
    """
    said = {**trees_say, "bpm": trees_say["intensity"], "energy": _log_chances(trees_say["energy"])}
    table = minds.copy()
    table[:, _COLUMNS["energy"]] = _log_chances(minds[:, _COLUMNS["energy"]])
    for name, values in said.items():
        columns = table[:, _COLUMNS[name]]
        columns += TREES_SHARE * (values.reshape(columns.shape) - columns)
    return table


def _log_chances(logits: Array) -> Array:
    least = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(least - np.log(np.exp(least).sum(axis=1, keepdims=True)))
