"""The API: every option of the command line is here, and what comes out agrees with itself."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import av
import numpy as np
import pytest

import photoplayer
from photoplayer.cli.compose import Compose
from photoplayer.cli.score import Score as ScoreCommand
from photoplayer.compose.plan import Plan
from photoplayer.errors import InputError, PlanError
from photoplayer.export import ExportOptions
from photoplayer.music import read_midi, write_midi
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.soundtrack_options import ScoreOptions


@pytest.fixture(scope="module")
def track(clip: Path) -> photoplayer.Soundtrack:
    return photoplayer.score(clip, mood="chill", seed=3)


def samples(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    joined = np.concatenate(blocks, axis=1).astype(np.float64)
    return joined.reshape(-1, 2).T / 32768 if joined.shape[0] == 1 else joined


def test_the_results_are_the_house_nouns(track: photoplayer.Soundtrack) -> None:
    assert isinstance(track.score, photoplayer.Score)
    assert isinstance(track.timeline, photoplayer.Timeline)
    assert isinstance(track.plan, Plan)
    assert track.duration_s == pytest.approx(12.0)
    assert track.plan.duration_s == pytest.approx(track.duration_s, abs=1e-6)
    assert track.score.duration_s == pytest.approx(track.duration_s, abs=1e-6)


def test_the_audio_is_as_long_as_the_clip_and_not_silent(track: photoplayer.Soundtrack) -> None:
    audio = track.audio()
    assert audio.duration_s == pytest.approx(12.0, abs=1 / audio.rate_hz)
    assert 0.1 < np.abs(audio.samples).max() <= 1.0


def test_the_audio_is_of_the_piano_that_is_asked_for(track: photoplayer.Soundtrack) -> None:
    note = photoplayer.Score((photoplayer.Part("Piano", 0, (photoplayer.Note(0.0, 0.5, 60, 90),)),), end=4.0)
    short = dataclasses.replace(track, score=note, duration_s=3.0)

    def left(piano: PianoSound) -> float:
        """The share of the sound in its last second, long after the note."""
        power = np.square(short.audio(synth="neural", piano=piano).samples)
        return float(power[:, -44_100:].sum() / power.sum())

    assert left(PianoSound(room="dry")) < 0.1 * left(PianoSound(room="church"))


def test_every_option_of_the_command_line_is_in_the_api() -> None:
    only_of_commands = {"inputs", "output", "options", "export", "skip_existing", "json"}
    assert {f.name for f in dataclasses.fields(ScoreCommand)} == only_of_commands
    names = {f.name for f in dataclasses.fields(ScoreOptions)}
    assert {f.name for f in dataclasses.fields(Compose)} - only_of_commands <= names
    assert not names & {f.name for f in dataclasses.fields(ExportOptions)}, "one name, one meaning"


def test_an_unknown_option_is_refused(clip: Path) -> None:
    with pytest.raises(TypeError, match="moood"):
        photoplayer.score(clip, moood="calm")


def test_nothing_to_score_is_told() -> None:
    with pytest.raises(InputError, match="timeline"):
        photoplayer.score()


def test_a_timeline_of_another_clip_is_refused(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(json.dumps({"duration_s": 30}))
    with pytest.raises(InputError, match=r"other\.json"):
        photoplayer.score(clip, timeline=tmp_path / "other.json")


@pytest.mark.parametrize(
    "wish", [{"meter": "5/4"}, {"engine": "choir"}, {"bpm": float("nan")}, {"mood": "grim"}]
)
def test_impossible_wishes_are_told(clip: Path, wish: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        photoplayer.score(clip, **wish)


@pytest.mark.parametrize(("duration_s", "needle"), [(1e-6, "short"), (20_000.0, "hours")])
def test_lengths_without_sense_are_told(tmp_path: Path, duration_s: float, needle: str) -> None:
    (tmp_path / "scene.json").write_text(json.dumps({"duration_s": duration_s}))
    with pytest.raises(InputError, match=rf"scene\.json.*{needle}"):
        photoplayer.score(timeline=tmp_path / "scene.json")


def test_a_plan_is_fitted_to_a_timeline_without_a_clip(tmp_path: Path) -> None:
    (tmp_path / "scene.json").write_text(json.dumps({"duration_s": 31.0}))
    (tmp_path / "plan.toml").write_text("[[section]]\nbars = 4\n")
    track = photoplayer.score(timeline=tmp_path / "scene.json", plan=tmp_path / "plan.toml")
    assert track.plan.duration_s == pytest.approx(31.0) == track.duration_s


def test_stems_add_up_to_the_mix(track: photoplayer.Soundtrack, tmp_path: Path) -> None:
    files = track.save(tmp_path / "music", format="wav", stems=True)
    mix = samples(tmp_path / "music.wav")
    stems = [samples(path) for path in files if path.parent.name == "music_stems"]
    assert len(stems) == len(track.score.layers) > 2
    assert np.abs(sum(stems) - mix).max() < 2e-3  # the dither of each 16-bit file


def test_the_versions_of_a_game_are_in_step(track: photoplayer.Soundtrack, tmp_path: Path) -> None:
    track.save(tmp_path / "music", format="wav", intensities=3)
    calm, medium, full = (samples(tmp_path / f"music_{name}.wav") for name in ("calm", "medium", "full"))
    assert calm.shape == medium.shape == full.shape
    loudness = [float(np.sqrt((version**2).mean())) for version in (calm, medium, full)]
    assert loudness == sorted(loudness)
    harmony = {}
    for energy in (0.2, 0.95):
        version = track.at_energy(energy)
        assert version.end == track.score.end
        bass = next(part for part in version.parts if part.layer == "bass")
        harmony[energy] = {round(n.onset): n.pitch % 12 for n in bass.notes if n.onset % 4 == 0}
    shared = harmony[0.2].keys() & harmony[0.95].keys()
    assert shared and all(harmony[0.2][at] == harmony[0.95][at] for at in shared)


def test_a_loop_says_where_it_may_be_repeated(clip: Path, tmp_path: Path) -> None:
    looped = photoplayer.score(clip, loop=True)
    looped.save(tmp_path / "loop", format="wav,json", intensities=3)
    manifest = json.loads((tmp_path / "loop.json").read_text())
    versions = {f"version {name}": f"loop_{name}.wav" for name in ("calm", "medium", "full")}
    assert manifest["files"] == {"wav": "loop.wav", **versions}
    assert all(
        samples(tmp_path / name).shape == samples(tmp_path / "loop.wav").shape for name in versions.values()
    )
    loop = manifest["music"]["loop"]
    assert loop["end_sample"] == samples(tmp_path / "loop.wav").shape[1]
    assert looped.plan.loops


def test_the_manifest_says_what_plays(track: photoplayer.Soundtrack, tmp_path: Path) -> None:
    grand = PianoSound(piano="splendid", room="church", microphones="far")
    (path,) = track.save(tmp_path / "neural.json", synth="neural", piano=grand)
    assert dataclasses.asdict(grand).items() <= json.loads(path.read_text()).items()
    (path,) = track.save(tmp_path / "font.json", soundfont=tmp_path / "grand.sf2", piano=grand)
    told = json.loads(path.read_text())
    assert (told["synth"], told["soundfont"]) == ("fluidsynth", "grand.sf2") and "room" not in told


def test_a_seed_melody_is_heard(clip: Path, tmp_path: Path) -> None:
    notes = tuple(
        photoplayer.Note(i * 1.0, i + 0.9, pitch, 90)
        for i, pitch in enumerate([60, 62, 64, 67, 64, 62, 60, 59, 60, 64, 67, 72, 67, 64, 62, 60])
    )
    tune = photoplayer.Score((photoplayer.Part("tune", 0, notes),), end=16.0)
    write_midi(tune, tmp_path / "tune.mid")
    with_tune = photoplayer.score(clip, melody=tmp_path / "tune.mid", mood="village", meter="4/4", key="C")
    without = photoplayer.score(clip, mood="village", meter="4/4", key="C")
    assert with_tune.score != without.score
    leads = [part for part in with_tune.score.parts if part.layer == "lead"]
    lead = min(leads, key=lambda part: part.notes[0].onset)  # the first player's; another may take over
    steps = [b.pitch - a.pitch for a, b in zip(lead.notes, lead.notes[1:], strict=False)][:7]
    assert steps == [2, 2, 3, -3, -2, -2, -1]


def test_saving_by_a_name_writes_one_format(track: photoplayer.Soundtrack, tmp_path: Path) -> None:
    (path,) = track.save(tmp_path / "deep" / "a.b.mid")
    assert path == tmp_path / "deep" / "a.b.mid"
    again = read_midi(path)
    assert [m.text for m in again.markers] == [m.text for m in track.score.markers]


@pytest.mark.parametrize("how", [{"format": "doc"}, {"format": ""}, {"keep_sound": -1.0}, {"intensities": 2}])
def test_impossible_exports_are_told(
    track: photoplayer.Soundtrack, tmp_path: Path, how: dict[str, object]
) -> None:
    with pytest.raises(PlanError):
        track.save(tmp_path / "x", **how)


def test_the_report_is_a_picture_of_some_size(track: photoplayer.Soundtrack, tmp_path: Path) -> None:
    track.save(tmp_path / "report.png")
    with av.open(str(tmp_path / "report.png")) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.shape[1] > 1200 and picture.shape[0] > 600
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 500


def test_a_melody_is_written_to_the_picture_and_arranged_or_left_bare(clip: Path) -> None:
    arranged = photoplayer.score(clip, engine="melody", seed=3)
    assert arranged.glances is not None
    assert {"lead", "bass"} <= set(arranged.score.layers)
    bare = photoplayer.score(clip, engine="melody", bare=True, seed=3)
    (part,) = bare.score.parts
    assert bare.score.duration_s == pytest.approx(12.0, abs=1e-6)
    full = bare.at_energy(1.0)
    assert full.parts[0].notes == part.notes  # a version for a game is in step


def test_a_melody_needs_no_picture(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("[[section]]\nbars = 4\n[[section]]\nbars = 3\nmood = 'boss'\n")
    first, again, other = (
        photoplayer.score(plan=tmp_path / "plan.toml", engine="melody", bare=True, seed=seed)
        for seed in (1, 1, 2)
    )
    assert first.score == again.score != other.score


@pytest.mark.parametrize("wish", [{"bare": True}, {"engine": "melody", "melody": "tune.mid"}])
def test_a_melody_that_cannot_be_is_told(clip: Path, wish: dict[str, object]) -> None:
    with pytest.raises(PlanError, match="melody"):
        photoplayer.score(clip, **wish)
