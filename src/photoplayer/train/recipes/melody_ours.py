"""Our melody writer: first by likelihood, then against a critic.

Stage one teaches the writer to continue real melodies (cross entropy). Stage two lets it write by itself,
draws kept differentiable by the straight-through Gumbel trick (Jang et al. 2017), and sets a critic with
hinge losses on the result; the likelihood stays in the sum, so that no mode the data has is given up for
good. What the best step is, validation melodies say: the overlap of their statistics with what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from photoplayer.compose.tune.asked import Asked, density_unit, misfit, register_unit
from photoplayer.compose.tune.engine import TRIES
from photoplayer.evaluate.melody import PHRASE_BARS, MelodyStatistics, likeness, melody_statistics, rows
from photoplayer.music.melody_code import FIRST_PITCH, LOWEST, notes_of
from photoplayer.train.data.melodies import BARS, Melodies
from photoplayer.train.loop import Course, cosine, descend, run, set_rate
from photoplayer.train.nets.melody import MANNER, WANTED, Critic, Shape, Writer

_CHECKED_MELODIES = 200
_ASKED_NOISE = 0.1
"""Deviation added to what is asked for, so that a scene need not be met to the note."""

_LEAP, _RETURNS = (1.58, 0.6), (0.4, 0.27)
"""Mean and deviation over the corpus: of log2(mean interval + .5), and of the root of the bars' likeness four
and eight bars apart."""

_FARTHEST = 2.0
"""Deviations."""

TEMPERATURES = (0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Of these the one whose melodies overlap most with validation is shipped; the second stage plays at .85."""

_PLAYING_TEMPERATURE = 0.85

Grids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast each stage is taught."""

    warm_steps: int = 600
    """Steps of likelihood alone."""
    critic_steps: int = 40
    """Steps in which the critic catches up, the writer waiting."""
    steps: int = 790
    """All steps together."""
    batch: int = 32
    """Of the first stage; the second takes half as many."""
    rate: float = 4e-3
    adversarial_rate: float = 5e-4
    critic_rate: float = 5e-4
    adversarial_weight: float = 0.2
    check_every: int = 50


@dataclass(eq=False)
class Taught:
    """A corpus ready for batches: grids ``(n, steps, streams)``, what they would have been asked
    with their manner ``(n, bars, 5)``, and how likely each is drawn ``(n,)``."""

    grids: Grids
    asked: npt.NDArray[np.float32]
    share: npt.NDArray[np.float64]

    def batch(self, size: int, dice: np.random.Generator, shape: Shape) -> tuple[Tensor, Tensor]:
        """One-hot music ``(size, steps, tokens)`` and what is wanted ``(size, bars, 5)``."""
        chosen = dice.choice(len(self.grids), size, p=self.share)
        asked = self.asked[chosen] + dice.normal(0, _ASKED_NOISE, (size, 1, WANTED)).astype(np.float32)
        return one_hot(self.grids[chosen], shape), torch.from_numpy(asked)


def corpus_of(melodies: Melodies, grids: Grids | None = None) -> Taught:
    """Melodies as one stream, or with others beside them in ``grids (n, steps, streams)``.

    Songs and games are drawn alike often, and long tunes less than in proportion.
    """
    share = np.ones(len(melodies))
    for name in np.unique(melodies.tune):
        share[melodies.tune == name] /= np.sqrt((melodies.tune == name).sum())
    for source in np.unique(melodies.source):
        share[melodies.source == source] /= share[melodies.source == source].sum()
    share /= share.sum()
    asked = np.concatenate([asked_by(melodies), manner_of(melodies)], axis=2)
    return Taught(melodies.grids[..., None] if grids is None else grids, asked, share)


def asked_by(melodies: Melodies) -> npt.NDArray[np.float32]:
    """``(n, bars, 3)``: what each melody would have been asked for, phrase by phrase."""
    begins = melodies.grids >= FIRST_PITCH
    pitches = np.where(begins, melodies.grids - FIRST_PITCH + LOWEST, 0)
    phrases = (len(melodies), BARS // PHRASE_BARS, -1)
    counts, sums = begins.reshape(phrases).sum(2), pitches.reshape(phrases).sum(2)
    overall = (pitches.sum(1) / begins.sum(1))[:, None]
    means = np.where(counts, sums / np.maximum(counts, 1), overall)
    columns = np.stack(
        [
            np.vectorize(density_unit)(counts / PHRASE_BARS),
            np.vectorize(register_unit)(means),
            np.broadcast_to(np.where(melodies.minor, -1.0, 1.0)[:, None], means.shape),
        ],
        axis=2,
    )
    return columns.repeat(PHRASE_BARS, 1).astype(np.float32)


def manner_of(melodies: Melodies) -> npt.NDArray[np.float32]:
    """``(n, bars, 2)``: how wide each melody leaps and how much its bars return, the same in every bar."""
    found = statistics(melodies.grids)
    leap = (np.log2(rows(found, "leap")[:, 0] + 0.5) - _LEAP[0]) / _LEAP[1]
    returns = (np.sqrt(rows(found, "returns")[:, 2:].mean(1)) - _RETURNS[0]) / _RETURNS[1]
    manner = np.clip(np.stack([leap, returns], 1), -_FARTHEST, _FARTHEST)
    return np.repeat(manner[:, None], BARS, 1).astype(np.float32)


def drawn_manner(count: int) -> Tensor:
    """``(count, bars, 2)``: manners by torch's chance."""
    return torch.randn(count, 1, MANNER).clamp(-_FARTHEST, _FARTHEST).expand(-1, BARS, -1)


def one_hot(grids: Grids, shape: Shape) -> Tensor:
    """``(n, steps, streams)`` tokens → ``(n, steps, tokens of all streams)``."""
    known = torch.from_numpy(grids)
    return torch.cat(
        [functional.one_hot(known[..., i], size) for i, size in enumerate(shape.streams)], 2
    ).float()


def teach(
    folder: Path, taught: Taught, checked: Melodies, *, shape: Shape, schedule: Schedule, seed: int
) -> Writer:
    """The best writer of both stages; resumes in ``folder``."""
    torch.manual_seed(seed)
    writer, critic = Writer(shape), Critic(shape)
    writing = torch.optim.Adam(writer.parameters(), lr=schedule.rate)
    judging = torch.optim.Adam(critic.parameters(), lr=schedule.critic_rate, betas=(0.0, 0.9))

    def likelihood(music: Tensor, asked: Tensor) -> Tensor:
        logits = writer.read(music, asked)
        parts = zip(logits.split(shape.streams, 2), music.split(shape.streams, 2), strict=True)
        return torch.stack(
            [functional.cross_entropy(said.flatten(0, 1), true.flatten(0, 1)) for said, true in parts]
        ).sum()

    def step(number: int) -> Mapping[str, float | Tensor]:
        dice = np.random.default_rng((seed, number))
        torch.manual_seed(seed * 1_000_003 + number)
        is_warming = number < schedule.warm_steps
        music, asked = taught.batch(schedule.batch if is_warming else schedule.batch // 2, dice, shape)
        if is_warming:
            rise = max(schedule.warm_steps // 6, 1)
            set_rate(writing, cosine(number, schedule.warm_steps, rate=schedule.rate, warmup=rise))
            loss = likelihood(music, asked)
            descend(loss, writing, clipped=writer)
            return {"likelihood": loss.detach()}
        set_rate(writing, schedule.adversarial_rate)
        is_waiting = number < schedule.warm_steps + schedule.critic_steps
        with torch.set_grad_enabled(not is_waiting):
            made = writer.write(asked, draw)
        false = critic(made.detach(), asked)
        unasked = critic(music, asked.roll(1, 0))
        judged = functional.relu(1 - critic(music, asked)).mean()
        judged = judged + (functional.relu(1 + false).mean() + functional.relu(1 + unasked).mean()) / 2
        descend(judged, judging, clipped=critic)
        if is_waiting:
            return {"critic": judged.detach()}
        said = likelihood(music, asked)
        fooled = -critic(made, asked).mean()
        descend(said + schedule.adversarial_weight * fooled, writing, clipped=writer)
        return {"likelihood": said.detach(), "critic": judged.detach(), "writer": fooled.detach()}

    finished = run(
        folder,
        Course(steps=schedule.steps, check_every=schedule.check_every),
        parts={"writer": writer, "critic": critic, "writing": writing, "judging": judging},
        step=step,
        check=lambda: checked_likeness(writer, checked, seed=seed),
        keep=["writer"],
        settings=repr((shape, schedule, seed, len(taught.grids))),
        name="melody",
    )
    writer.load_state_dict(finished.best["writer"])
    writer.eval()
    return writer


def best_temperature(writer: Writer, checked: Melodies, *, seed: int) -> tuple[float, dict[str, float]]:
    """The temperature at which what is written overlaps most with validation, and how much by family."""
    found = {t: checked_likeness(writer, checked, seed=seed, temperature=t) for t in TEMPERATURES}
    best = max(found, key=lambda temperature: found[temperature]["overlap"])
    return best, found[best]


def checked_likeness(
    writer: Writer, checked: Melodies, *, seed: int, temperature: float = _PLAYING_TEMPERATURE
) -> dict[str, float]:
    """Overlap of what is written, asked as validation melodies were, with them: the mean, then by family."""
    torch.manual_seed(seed)
    asked = torch.from_numpy(asked_by(checked)).repeat(max(_CHECKED_MELODIES // len(checked), 1), 1, 1)
    found = likeness(
        statistics(written(writer, asked, temperature=temperature)[..., 0]), statistics(checked.grids)
    )
    return {"overlap": found.pop("mean"), **found}


def draw(logits: Tensor, *, temperature: float = _PLAYING_TEMPERATURE) -> Tensor:
    """A draw from logits as a one-hot that gradients pass through."""
    return functional.gumbel_softmax(logits / temperature, hard=True)


def written(writer: Writer, asked: Tensor, *, temperature: float) -> Grids:
    """``(n, steps, streams)`` tokens as ``asked (n, bars, 3)``; manner and chance are torch's."""
    wanted = torch.cat([asked, drawn_manner(len(asked))], 2)
    with torch.no_grad():
        music = writer.write(wanted, lambda logits: draw(logits, temperature=temperature))
    tokens = [part.argmax(2) for part in music.split(writer.shape.streams, 2)]
    return np.asarray(torch.stack(tokens, 2).numpy(), np.int64)


def best_written(writer: Writer, asked: Tensor, *, temperature: float) -> Grids:
    """As :func:`written`, of several for each the one whose first stream, the melody, is nearest to what is
    asked, as the engine does."""
    tries = [written(writer, asked, temperature=temperature) for _ in range(TRIES)]
    found = np.empty_like(tries[0])
    for row, wanted in enumerate(asked.numpy()):
        bars = [Asked(*map(float, bar)) for bar in wanted]
        offered = [grids[row] for grids in tries]
        found[row] = min(offered, key=lambda grid: misfit(notes_of(grid[:, 0]), bars))
    return found


def statistics(grids: Sequence[Grids] | Grids) -> list[MelodyStatistics]:
    """Of every melody that has two notes."""
    lines = [notes_of(grid) for grid in grids]
    return [melody_statistics(line, bars=len(grids[0]) // 16) for line in lines if len(line) > 1]
