"""Score to audio: synthesise onto a scratch tape, master it, and give it out block by block.

The sound of a whole score is never in memory: it lies on a :class:`Tape` of two rows per stem.
Loudness is brought to its target by one gain for the whole piece and a look-ahead limiter. Their
curve is computed on the mix and stored on a last row, so that stems get the same gain at every
sample and still add up to the mix.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from photoplayer.errors import PlanError
from photoplayer.music.score import Score
from photoplayer.sound.audio import RATE_HZ, Audio, Samples
from photoplayer.sound.events import Orchestra
from photoplayer.sound.limiter import Curve
from photoplayer.sound.master import Master, Mix, amplify, master
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.sound.record import BLOCK_FRAMES, Progress, Take, fold, mixed, record
from photoplayer.sound.soundfont import find_soundfont
from photoplayer.sound.synth import Synth
from photoplayer.sound.tape import Tape

TARGET_LUFS = -16.0
_RECORDING = 0.8  # its share of the work

SynthName = Literal["fluidsynth", "neural"]
"""What plays: FluidSynth everything, or the neural piano the piano parts and FluidSynth the others."""


@dataclass(frozen=True, eq=False)
class Rendering:
    """A rendered score, readable while the ``with render(...)`` block lasts.

    ``frames`` samples at ``rate_hz``; ``layers`` names the stems, if asked for.
    """

    layers: tuple[str, ...]
    frames: int
    _master: Master
    _tape: Tape
    rate_hz: int = RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate_hz

    @property
    def loudness_lufs(self) -> float:
        """Integrated loudness of the mix as given out (BS.1770); minus infinity for silence."""
        return self._master.loudness_lufs

    @property
    def true_peak_db(self) -> float:
        """True peak of the mix as given out, in dB of full scale."""
        return self._master.true_peak_db

    @property
    def gain_db(self) -> float:
        """The gain before the limiter, for :func:`render` to play other versions equally loud."""
        return self._master.gain_db

    def blocks(self) -> Iterator[Samples]:
        """The mix in float32 blocks of shape ``(2, n)``; each call starts at the beginning."""
        for start in range(0, self.frames, BLOCK_FRAMES):
            size = min(BLOCK_FRAMES, self.frames - start)
            yield mixed(self._tape, start, size) * self._gains(start, size)

    def stem_blocks(self, layer: str) -> Iterator[Samples]:
        """One layer alone, like :meth:`blocks`. Raises ``ValueError`` if it is not in ``layers``."""
        row = 2 * self.layers.index(layer)
        for start in range(0, self.frames, BLOCK_FRAMES):
            size = min(BLOCK_FRAMES, self.frames - start)
            yield self._tape.read(start, size, row=row, rows=2) * self._gains(start, size)

    def audio(self) -> Audio:
        """The whole mix in memory: 21 MB a minute."""
        return Audio(np.concatenate([np.zeros((2, 0), np.float32), *self.blocks()], axis=1), self.rate_hz)

    def _gains(self, start: int, size: int) -> Samples:
        return self._tape.read(start, size, row=self._tape.rows - 1)


@contextmanager
def render(
    score: Score,
    *,
    soundfont: str | Path | None = None,
    synth: SynthName = "fluidsynth",
    piano: PianoSound | None = None,
    duration_s: float | None = None,
    stems: bool = False,
    loop: bool = False,
    loudness_lufs: float = TARGET_LUFS,
    gain_db: float | None = None,
    scratch_folder: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Rendering]:
    """Play ``score`` and master it: ``loudness_lufs`` integrated, true peak at most -1 dB.

    The sound lasts ``duration_s`` to the sample and rings out within it (by default: until the
    last note has rung out). With ``loop`` it lasts whole bars, and what rings past the end is
    folded into the beginning. With ``stems`` every layer can be read alone. ``gain_db`` takes the
    place of ``loudness_lufs``: that gain, and the limiter. ``scratch_folder`` holds the temporary
    file, 11 MB a minute and 21 for every stem (default: the system's own folder). ``synth`` says who plays
    the piano parts, and ``piano`` how the neural piano sounds.

    Raises :class:`~photoplayer.errors.SetupError` without FluidSynth or soundfont,
    :class:`~photoplayer.errors.InputError` for an unusable soundfont or too many parts,
    :class:`~photoplayer.errors.OutputError` for a full disk, ``ValueError`` for ``loop`` with ``duration_s``.
    """
    if loop and duration_s is not None:
        raise ValueError("a loop lasts whole bars: give no duration_s")
    orchestra = Orchestra.seat(score, by_layer=stems)
    take = Take.of(score, duration_s, loop=loop)
    tell = progress or _ignore
    with Tape(2 * orchestra.groups + 1, take.recorded, folder=scratch_folder) as tape:
        _play(
            score,
            orchestra,
            take,
            tape,
            soundfont,
            (piano or PianoSound()) if synth == "neural" else None,
            lambda share: tell(_RECORDING * share),
        )
        if loop:
            fold(tape, take.frames)
        mix = Mix(lambda start, size: mixed(tape, start, size), take.frames, BLOCK_FRAMES, loop=loop)

        def store(start: int, curve: Curve) -> None:
            tape.write(start, curve[None], row=tape.rows - 1)

        if gain_db is None:
            result = master(mix, store, target_lufs=loudness_lufs)
        else:
            result = amplify(mix, store, gain_db=gain_db)
        tell(1.0)
        layers = score.layers if stems else ()
        yield Rendering(layers, take.frames, result, tape)


def check_synth(synth: str) -> None:
    """Raises :class:`PlanError` for one that there is not."""
    if synth not in get_args(SynthName):
        raise PlanError(f"there is no synth {synth!r}; choose from {', '.join(get_args(SynthName))}")


def sound_settings(synth: SynthName, soundfont: Path | None, piano: PianoSound) -> dict[str, str | None]:
    """What is to play, as the JSON beside the music says it: synth, file name of the soundfont (``None`` for
    the one that is found by itself), and with the neural piano which one it is, its room and microphones."""
    return {
        "synth": synth,
        "soundfont": soundfont.name if soundfont else None,
        **(asdict(piano) if synth == "neural" else {}),
    }


def _play(
    score: Score,
    orchestra: Orchestra,
    take: Take,
    tape: Tape,
    soundfont: str | Path | None,
    neural: PianoSound | None,
    tell: Progress,
) -> None:
    """Play everything onto the tape; ``neural`` plays the pianos, and where it is alone, FluidSynth need not
    be there."""
    others, share = score, 1.0
    if neural is not None:
        from photoplayer.sound.neural.parts import (
            is_piano,
            record_pianos,
            without_pianos,
        )  # loads scipy.signal

        others = without_pianos(score)
        share = 0.2 if any(not is_piano(part) for part in score.parts) else 0.0
    if share or not score.parts:
        with Synth(find_soundfont(soundfont), channels=orchestra.channels, groups=orchestra.groups) as player:
            seated = replace(orchestra, parts=others.parts)
            record(player, others, seated, take, tape, lambda done: tell(share * done))
    if neural is not None:
        record_pianos(score, orchestra, take, tape, neural, lambda done: tell(share + (1 - share) * done))


def _ignore(_share: float) -> None:
    pass
