"""Playing MIDI end to end: what is asked for is what sounds, and what is written."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import av
import numpy as np
import pytest

import photoplayer
from photoplayer.cli.render import Render
from photoplayer.errors import InputError, OutputError, PlanError
from photoplayer.music import read_midi, write_midi
from photoplayer.music.score import TempoChange, TempoMap
from photoplayer.performance import Performance, RenderOptions
from photoplayer.performance_export import WriteOptions, file_names, with_layers
from photoplayer.sound.loudness import LoudnessMeter
from photoplayer.sound.neural.choice import PianoSound

TUNE = (72, 74, 76, 77, 79, 77, 76, 74)


@pytest.fixture
def tune() -> photoplayer.Score:
    """Two bars at 120 of a tune with chords under it, and drums."""
    above = tuple(photoplayer.Note(i * 1.0, i + 0.9, pitch, 90) for i, pitch in enumerate(TUNE))
    chords = tuple(photoplayer.Note(4.0 * i, 4.0 * i + 3.9, p, 70) for i in range(2) for p in (48, 52, 55))
    hits = tuple(photoplayer.Note(i * 1.0, i + 0.2, 36, 100) for i in range(8))
    piano = photoplayer.Part("Piano", 0, tuple(sorted((*above, *chords))))
    return photoplayer.Score((piano, photoplayer.Part("Drums", 0, hits, is_drum=True)), end=8.0)


def samples(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    joined = np.concatenate(blocks, axis=1).astype(np.float64)
    return joined.reshape(-1, 2).T / 32768 if joined.shape[0] == 1 else joined


def lufs(audio: np.ndarray) -> float:
    meter = LoudnessMeter()
    meter.add(audio.astype(np.float32))
    return meter.lufs()


def test_a_file_is_played_as_it_is_written(tune: photoplayer.Score, tmp_path: Path) -> None:
    played = photoplayer.render(write_midi(tune, tmp_path / "tune.mid"))
    assert isinstance(played, Performance) and played.source == tmp_path / "tune.mid"
    assert played.score is played.written
    assert [part.notes for part in played.score.parts] == [part.notes for part in tune.parts]
    audio = played.audio()
    assert audio.duration_s > 4.0
    assert lufs(audio.samples) == pytest.approx(-16.0, abs=0.5)


def test_a_score_is_played_on_another_instrument(tune: photoplayer.Score) -> None:
    played = photoplayer.render(tune, instrument="koto")
    koto, drums = played.score.parts
    assert (koto.name, koto.program) == ("Koto", 107) and drums == tune.parts[1]
    assert played.written is tune and played.source is None
    assert photoplayer.render(tune, instrument=107).score == played.score


def test_the_pitches_of_a_tune_are_heard_on_a_flute(tune: photoplayer.Score) -> None:
    alone = dataclasses.replace(tune, parts=tune.parts[:1])
    audio = photoplayer.render(alone, instrument="flute").audio()
    for i, pitch in enumerate(TUNE):
        at = round((i * 0.5 + 0.15) * audio.rate_hz)
        piece = audio.samples.mean(axis=0)[at : at + 8192] * np.hanning(8192)
        spectrum = np.abs(np.fft.rfft(piece, 65536))
        frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
        bins = np.arange(len(spectrum)) * audio.rate_hz / 65536
        near = np.abs(bins - frequency_hz) < frequency_hz * 0.03
        half = np.abs(bins - frequency_hz / 2) < frequency_hz * 0.015
        assert spectrum[near].max() > 5 * spectrum[half].max(), f"note {i} sounds at its own pitch"


def test_as_loud_as_asked(tune: photoplayer.Score) -> None:
    audio = photoplayer.render(tune, loudness=-24).audio()
    assert lufs(audio.samples) == pytest.approx(-24.0, abs=0.5)


def test_a_loop_is_whole_bars_though_strings_ring_on(tune: photoplayer.Score) -> None:
    audio = photoplayer.render(tune, instrument="koto", loop=True).audio()
    assert audio.samples.shape[1] == 4 * audio.rate_hz


def test_everything_is_written_and_named(tune: photoplayer.Score, tmp_path: Path) -> None:
    played = photoplayer.render(tune, instrument="string quartet")
    written = played.save(tmp_path / "deep" / "q.v2", format="wav,flac,ogg,mp3,mid,musicxml,json")
    endings = ("wav", "flac", "ogg", "mp3", "mid", "musicxml", "json")
    assert written == [tmp_path / "deep" / f"q.v2.{ending}" for ending in endings]
    assert read_midi(tmp_path / "deep" / "q.v2.mid").parts[0].name == "Violin I"
    told = json.loads((tmp_path / "deep" / "q.v2.json").read_text())
    assert told["instrument"] == "String Quartet" and told["notes_written"] == 22
    first = told["parts"][0]
    assert (first["instrument"], first["notes"], first["lowest"]) == ("Violin", 8, 72)
    assert told["files"]["mid"] == "q.v2.mid"
    (alone,) = played.save(tmp_path / "only.flac")
    assert alone == tmp_path / "only.flac"


def test_the_manifest_says_what_plays(tune: photoplayer.Score, tmp_path: Path) -> None:
    played = photoplayer.render(
        tune, synth="neural", soundfont="fonts/drums.sf2", piano=PianoSound(room="dry")
    )
    (path,) = played.save(tmp_path / "tune.json")
    told = json.loads(path.read_text())
    assert (told["synth"], told["soundfont"]) == ("neural", "drums.sf2")
    assert [told[name] for name in ("piano", "room", "microphones")] == ["salamander", "dry", "middle"]


def test_the_same_seed_gives_the_same_bytes(tune: photoplayer.Score, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        photoplayer.render(tune, instrument="guitar", seed=seed).save(tmp_path / f"{name}.mid")
    a, b, c = ((tmp_path / f"{name}.mid").read_bytes() for name in "abc")
    assert a == b != c


def test_stems_add_up_to_the_mix(tune: photoplayer.Score, tmp_path: Path) -> None:
    files = photoplayer.render(tune, instrument="string trio").save(tmp_path / "t", stems=True)
    stems = [path for path in files if path.parent.name == "t_stems"]
    assert [path.name for path in stems] == ["Violin.wav", "Viola.wav", "Cello.wav", "Drums.wav"]
    mix = samples(tmp_path / "t.wav")
    assert np.abs(sum(map(samples, stems)) - mix).max() < 2e-3  # the dither of each 16-bit file


def test_names_out_of_files_stay_in_their_folder() -> None:
    layers = ["../../etc/passwd", "..", "", "a/b", "A_B", "con:", "x" * 300, "Geige é", "a\\b"]
    names = list(file_names(layers).values())
    assert len({name.lower() for name in names}) == len(layers)
    for name in names:
        assert re.fullmatch(r"[\w ()+-]{1,70}", name)


def test_tracks_of_one_name_are_stems_of_their_own(tune: photoplayer.Score) -> None:
    piano = tune.parts[0]
    named = dataclasses.replace(piano, layer="Piano 2")
    score = with_layers(dataclasses.replace(tune, parts=(piano, piano, named, piano)))
    layers = [part.layer for part in score.parts]
    assert len(set(layers)) == 4 and layers[0] == "Piano" and layers[2] == "Piano 2"


def test_more_stems_than_fluidsynth_has_groups_are_told(tune: photoplayer.Score, tmp_path: Path) -> None:
    many = dataclasses.replace(tune, parts=tune.parts[:1] * 129)
    with pytest.raises(InputError, match="129"):
        photoplayer.render(many).save(tmp_path / "x", stems=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "wish",
    [
        {"instrument": "kotto"},
        {"instrument": 128},
        {"loudness": 3.0},
        {"loudness": float("nan")},
    ],
)
def test_impossible_wishes_are_told(tune: photoplayer.Score, wish: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        photoplayer.render(tune, **wish)


@pytest.mark.parametrize("how", [{"format": "mp4"}, {"format": ""}])
def test_impossible_files_are_told(tune: photoplayer.Score, tmp_path: Path, how: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        photoplayer.render(tune).save(tmp_path / "x", **how)


def test_silence_and_days_of_music_are_told(tune: photoplayer.Score) -> None:
    with pytest.raises(InputError, match="no notes"):
        photoplayer.render(photoplayer.Score((), end=4.0))
    slow = TempoMap((TempoChange(0.0, 4.0),))
    with pytest.raises(InputError, match="hours"):
        photoplayer.render(dataclasses.replace(tune, end=4000.0, tempo_map=slow))


def test_results_do_not_replace_the_tune(tune: photoplayer.Score, tmp_path: Path) -> None:
    path = write_midi(tune, tmp_path / "tune.mid")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="input"):
        photoplayer.render(path, instrument="koto").save(path, overwrite=True)
    assert path.read_bytes() == before


def test_every_option_of_the_command_line_is_in_the_api() -> None:
    only_of_commands = {"inputs", "output", "options", "export", "skip_existing", "json"}
    assert {f.name for f in dataclasses.fields(Render)} == only_of_commands
    names = {f.name for f in dataclasses.fields(RenderOptions)}
    assert not names & {f.name for f in dataclasses.fields(WriteOptions)}, "one name, one meaning"


def test_at_most_ten_names_are_public() -> None:
    assert len(photoplayer.__all__) <= 10
    assert all(hasattr(photoplayer, name) for name in photoplayer.__all__)


def test_an_unknown_option_is_refused(tune: photoplayer.Score) -> None:
    with pytest.raises(TypeError, match="instrumnet"):
        photoplayer.render(tune, instrumnet="koto")
