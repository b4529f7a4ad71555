"""The neural piano against FluidSynth: which is nearer to the grand it was taught, on held-out composers.

    python benchmarks/neural_piano.py GIANTMIDI --grand SALAMANDER [--unet UNET.onnx] [--clips RENDERS]
    python benchmarks/neural_piano.py GIANTMIDI --grand SPLENDID.sf2 --perfnet PERFNET.onnx [--rooms]

Excerpts of every piece of the split are played by the grand itself (the target, of the true notes), and from
true and from transcribed rolls by FluidSynth with the default soundfont (dry), by PerfNet, and where a U-Net
is given, by PerfNet with it. Each sound is brought to the target's level (RMS) and to 22,050 Hz mono, and has

* **log-mel**: mean distance in dB over 80 mel bands of 46 ms windows, within 60 dB of the target's loudest;
* **convergence**: spectral convergence, mean over windows of 512, 1024 and 2048 samples (0 is equal);
* **onsets**: F1 of an independent detector (peaks of spectral flux) against the notes' onsets, within 50 ms.

Intervals are 95 % of bootstraps by piece; of the U-Net against PerfNet alone they are of the difference,
piece by piece. With ``--clips`` the same of videos whose notes are known (``NAME.mid``, beginning with
the video) and of what ``photoplayer transcribe`` read off them (``NAME_transcribed.mid``). Then phases: how
far the sound's spectrogram is from the one wanted, by where they begin and how they go on; and seams: the
same piece as one stretch and as many, and whether samples jump more at the borders than there in one stretch;
and speed, of one core. ``--rooms`` puts all of them into every room, and in the hall before all microphones,
instead.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import oaconvolve, resample_poly

from photoplayer.models import Model, open_model
from photoplayer.music.score import Note, Part, Score
from photoplayer.sound import render
from photoplayer.sound.neural.choice import MicrophonesName, RoomName
from photoplayer.sound.neural.phase import inconsistency_db, inverted, random_phases
from photoplayer.sound.neural.piano import STRETCH_FRAMES, NeuralPiano, played
from photoplayer.sound.neural.rooms import impulse
from photoplayer.sound.neural.spectrogram import FRAMES_PER_S, HOP, MODEL_RATE_HZ, Mono
from photoplayer.sound.neural.strokes import Rows
from photoplayer.train.data.grand import Sampler, open_grand
from photoplayer.train.data.grand_pairs import within_keys
from photoplayer.train.data.piano_renderer.music import performance, pieces
from photoplayer.train.data.transcribed_rolls import transcribed

_MELS, _MEL_WINDOW, _MEL_HOP = 80, 1024, 256
_DEEP_DB = 60.0
_WITHIN_S = 0.05
_FEWEST = 8
_PLACES: tuple[tuple[RoomName, MicrophonesName], ...] = (
    ("dry", "middle"),
    ("chamber", "middle"),
    ("hall", "middle"),
    ("church", "middle"),
    ("hall", "close"),
    ("hall", "far"),
)
Player = Callable[[Rows, float], Mono]


def by_fluidsynth(rows: Rows, duration_s: float) -> Mono:
    """The default soundfont's piano, without a room."""
    notes = tuple(sorted(Note(2 * a, 2 * b, int(pitch), int(v)) for a, b, pitch, v in rows))
    score = Score((Part("piano", 0, notes, reverb=0.0),), end=2 * duration_s)
    with render(score, duration_s=duration_s, gain_db=0.0) as playing:
        return resample_poly(playing.audio().samples.mean(0), 1, 2).astype(np.float32)


def stft(sound: Mono, window: int, hop: int) -> npt.NDArray[np.float32]:
    """Magnitudes ``(frames, bins)``."""
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, window // 2), window)[::hop]
    return np.abs(np.fft.rfft(frames * np.hanning(window), axis=1)).astype(np.float32)


def mel_bands(window: int) -> npt.NDArray[np.float64]:
    """Triangles on the mel scale from 30 Hz up, ``(bins, _MELS)``."""
    hz = np.fft.rfftfreq(window, 1 / MODEL_RATE_HZ)
    edges = 700 * (np.exp(np.linspace(*(np.log1p(np.array([30, 10_000]) / 700)), _MELS + 2)) - 1)
    low, top, high = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (hz[:, None] - low) / (top - low), (high - hz[:, None]) / (high - top)
    return np.maximum(np.minimum(rise, fall), 0) + 1e-9


def log_mel_distance(sound: Mono, target: Mono) -> float:
    """Mean absolute difference in dB."""
    bands = mel_bands(_MEL_WINDOW)
    one, other = (20 * np.log10(stft(x, _MEL_WINDOW, _MEL_HOP) @ bands + 1e-9) for x in (sound, target))
    floor = other.max() - _DEEP_DB
    return float(np.abs(np.maximum(one, floor) - np.maximum(other, floor)).mean())


def convergence(sound: Mono, target: Mono) -> float:
    """Spectral convergence over three resolutions."""
    found = []
    for window in (512, 1024, 2048):
        one, other = stft(sound, window, window // 4), stft(target, window, window // 4)
        found.append(float(np.linalg.norm(one - other) / np.linalg.norm(other)))
    return float(np.mean(found))


def onsets_heard(sound: Mono) -> npt.NDArray[np.float64]:
    """Peaks of spectral flux over their surroundings, in seconds."""
    hop = 220
    loud = np.log1p(1000 * stft(sound / (np.abs(sound).max() + 1e-9), 1024, hop) / 512)
    flux = np.maximum(loud[2:] - loud[:-2], 0).sum(1)
    around = np.convolve(flux, np.ones(41) / 41, mode="same")
    peaks = [
        i
        for i in range(3, len(flux) - 3)
        if flux[i] == flux[i - 3 : i + 4].max() and flux[i] > 1.2 * around[i] + 0.02 * flux.max()
    ]
    return (np.array(peaks) + 1) * hop / MODEL_RATE_HZ


def onset_f1(sound: Mono, rows: Rows) -> float:
    """Of what is heard against the notes' onsets; those within 30 ms of each other are one."""
    wanted = np.sort(rows[:, 0])
    wanted = wanted[np.concatenate([[True], np.diff(wanted) > 0.03])]
    heard, found, at = onsets_heard(sound), 0, 0
    for time_s in wanted:
        while at < len(heard) and heard[at] < time_s - _WITHIN_S:
            at += 1
        if at < len(heard) and heard[at] <= time_s + _WITHIN_S:
            found, at = found + 1, at + 1
    return 2 * found / max(len(heard) + len(wanted), 1)


def interval(values: Sequence[float]) -> str:
    """Mean and its interval."""
    dice, given = np.random.default_rng(0), np.array(values)
    means = given[dice.integers(0, len(given), (2000, len(given)))].mean(1)
    return f"{given.mean():.3f} [{np.quantile(means, 0.025):.3f}, {np.quantile(means, 0.975):.3f}]"


def excerpts(midi: Path, split: str, count: int, seconds: float) -> list[Rows]:
    """One of every piece, from a fifth of its length on."""
    found = []
    for path in pieces(midi, split)[:count]:
        rows = performance(path)
        start_s = rows[len(rows) // 5, 0] - 0.2
        found.append(within_keys(cut_out(rows, start_s, seconds)))
    return found


def read_off(folder: Path, seconds: float) -> list[tuple[Rows, Rows]]:
    """What is true of clips in which a piece is played, from the first note on, and what was read off."""
    found = []
    for path in sorted(folder.glob("*_transcribed.mid")):
        both = [performance(midi) for midi in (path.with_name(path.name.replace("_transcribed", "")), path)]
        if len(both[0]) >= _FEWEST and len(both[1]):
            begin_s = both[0][0, 0] - 0.2
            true, read = (within_keys(cut_out(rows, begin_s, seconds)) for rows in both)
            if len(np.unique(true[:, 3])) == 1:  # labels without velocities: times alone are measured
                read[:, 3] = true[0, 3]
            found.append((true, read))
    return found


def cut_out(rows: Rows, begin_s: float, seconds: float) -> Rows:
    """The notes that begin in ``seconds`` from ``begin_s`` on, less one in which they ring."""
    inside = rows[(rows[:, 0] >= begin_s) & (rows[:, 0] < begin_s + seconds - 1)]
    return inside - [begin_s, begin_s, 0, 0]


def players_of(perfnet: Model | None, unet: Model | None, doubt: float) -> dict[str, Player]:
    """Who plays, by name."""
    alone = NeuralPiano(perfnet=perfnet)
    players: dict[str, Player] = {
        "FluidSynth": by_fluidsynth,
        "PerfNet": lambda rows, s: played(rows, s, alone),
    }
    if unet:
        refined = NeuralPiano(perfnet=perfnet, unet=unet, doubt=doubt)
        players["PerfNet + U-Net"] = lambda rows, s: played(rows, s, refined)
    return players


def compare(
    rolls: dict[str, Sequence[Rows]],
    grand: Sampler,
    seconds: float,
    perfnet: Model | None,
    unet: Model | None,
) -> None:
    """The table of players; of ``rolls`` the first is the true one, which the grand plays, and
    the second doubtful."""
    true = next(iter(rolls.values()))
    print("| roll | player | log-mel, dB | convergence | onset F1 |\n|---|---|---|---|---|")
    targets = [grand.play(rows, seconds) for rows in true]
    told = [onset_f1(target, rows) for target, rows in zip(targets, true, strict=True)]
    print(f"| true | the grand itself | 0 | 0 | {interval(told)} |")
    figures: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
    for doubt, (roll, given) in enumerate(rolls.items()):
        for name, play in players_of(perfnet, unet, doubt).items():
            found = [
                figures_of(play(rows, seconds), target, rows)
                for rows, target in zip(given, targets, strict=True)
            ]
            figures[roll, name] = np.array(found)
            print(
                f"| {roll} | {name} | " + " | ".join(map(interval, figures[roll, name].T)) + " |", flush=True
            )
    for roll in rolls if unet else ():
        apart = figures[roll, "PerfNet + U-Net"] - figures[roll, "PerfNet"]
        print(f"| {roll} | U-Net less PerfNet | " + " | ".join(map(interval, apart.T)) + " |")


def figures_of(sound: Mono, target: Mono, rows: Rows) -> tuple[float, float, float]:
    """Log-mel distance, convergence and onset F1 of a sound, made as loud as the target."""
    sound = sound[: len(target)]
    sound = sound * np.sqrt(np.square(target).mean() / np.square(sound).mean())
    return log_mel_distance(sound, target), convergence(sound, target), onset_f1(sound, rows)


def rooms(music: Sequence[Rows], grand: Sampler, seconds: float, perfnet: Model | None) -> None:
    """True rolls, grand and players in the same room and heard from the same place."""
    players = players_of(perfnet, None, 0.0)
    targets = [grand.play(rows, seconds) for rows in music]
    sounds = {name: [play(rows, seconds) for rows in music] for name, play in players.items()}
    print("| room | microphones | player | log-mel, dB | convergence |\n|---|---|---|---|---|")
    for room, microphones in _PLACES:
        response = impulse(room, microphones).mean(0)
        wanted = [around(target, response) for target in targets]
        for name, made in sounds.items():
            found = [
                figures_of(around(sound, response), target, rows)[:2]
                for sound, target, rows in zip(made, wanted, music, strict=True)
            ]
            cells = " | ".join(map(interval, np.array(found).T))
            print(f"| {room} | {microphones} | {name} | {cells} |", flush=True)


def around(sound: Mono, response: npt.NDArray[np.float32]) -> Mono:
    """A sound in a room."""
    wet = oaconvolve(resample_poly(sound, 2, 1), response)[: 2 * len(sound)]
    return resample_poly(wet, 1, 2).astype(np.float32)


def phases(music: Sequence[Rows], seconds: float) -> None:
    """The table of inversions."""
    piano = NeuralPiano()
    print(
        "\n| phases begin | momentum | iterations | spectrogram off by, dB | seconds a second |"
        "\n|---|---|---|---|---|"
    )
    for begin, momentum, iterations in product(("random", "locked"), (0.0, 0.99), (0, 8, 16, 32)):
        off, spent_s = [], 0.0
        for rows in music:
            levels, known = piano.levels(rows, 0, round(seconds * FRAMES_PER_S))
            begun = random_phases(levels.shape) if begin == "random" else known
            started = time.process_time()
            sound, _ = inverted(levels, begun, iterations=iterations, momentum=momentum)
            spent_s += time.process_time() - started
            off.append(inconsistency_db(levels, sound))
        each_s = spent_s / seconds / len(music)
        print(f"| {begin} | {momentum:g} | {iterations} | {interval(off)} | {each_s:.3f} |")


def seams(music: Sequence[Rows], seconds: float) -> None:
    """One stretch against many."""
    whole_frames = round(seconds * FRAMES_PER_S) + 1
    piano, apart, jumps = NeuralPiano(), [], []
    size = round(seconds * MODEL_RATE_HZ)
    for rows in music:
        whole = np.concatenate(list(piano.blocks(rows, size, stretch=whole_frames)))[:size]
        many = played(rows, seconds, piano)
        apart.append(log_mel_distance(many, whole))
        borders = np.arange(STRETCH_FRAMES * HOP, size - HOP, STRETCH_FRAMES * HOP)
        rough = [
            [np.abs(np.diff(sound[at - 256 : at + 256], n=3)).max() for at in borders]
            for sound in (many, whole)
        ]
        jumps.append(float(np.mean(rough[0]) / np.mean(rough[1])))
    print(
        f"\none stretch against many: log-mel {interval(apart)} dB; "
        f"roughness at borders ÷ there in one stretch {interval(jumps)}"
    )


def speed(music: Sequence[Rows], seconds: float) -> None:
    """Seconds of sound in a second of one core."""
    for name, play in (
        ("neural", lambda rows: played(rows, seconds, NeuralPiano())),
        ("FluidSynth", lambda rows: by_fluidsynth(rows, seconds)),
    ):
        started = time.process_time()
        for rows in music:
            play(rows)
        print(f"{name}: {seconds * len(music) / (time.process_time() - started):.1f} times real time")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("midi", type=Path)
    parser.add_argument("--grand", type=Path, required=True)
    parser.add_argument("--perfnet", type=Path, help="one taught that grand (default: the shipped one)")
    parser.add_argument("--rooms", action="store_true", help="in every room, from everywhere, and no more")
    parser.add_argument("--unet", type=Path, help="a model of the recipe spectrogram-unet")
    parser.add_argument("--clips", type=Path, help="rendered clips, and what was read off them")
    parser.add_argument("--only-compare", action="store_true", help="neither phases, seams nor speed")
    parser.add_argument("--split", default="test", choices=("validation", "test"))
    parser.add_argument("--pieces", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    music = excerpts(options.midi, options.split, options.pieces, options.seconds)
    grand = open_grand(options.grand)
    perfnet, unet = (path and open_model(path) for path in (options.perfnet, options.unet))
    if options.rooms:
        rooms(music, grand, options.seconds, perfnet)
        return
    poor = [transcribed(rows, np.random.default_rng(1000 + i)) for i, rows in enumerate(music)]
    compare({"true": music, "transcribed": poor}, grand, options.seconds, perfnet, unet)
    if options.clips:
        true, read = zip(*read_off(options.clips, options.seconds), strict=True)
        compare({"clips, true": true, "read off clips": read}, grand, options.seconds, perfnet, unet)
    if options.only_compare:
        return
    phases(music[:4], options.seconds)
    seams(music[:4], options.seconds)
    speed(music[:4], options.seconds)


if __name__ == "__main__":
    main()
