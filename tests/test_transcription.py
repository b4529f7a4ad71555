"""Transcribing end to end with eyes that are not at fault: what is planted in a clip comes out of it."""

from __future__ import annotations

import dataclasses
import gc
import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

import photoplayer
from drawn_piano import CORNERS, TUNE, ReadsGrey, draw_piano, keyboard
from photoplayer import video
from photoplayer.cli.transcribe import Transcribe
from photoplayer.errors import InputError, OutputError, PlanError
from photoplayer.music import read_midi
from photoplayer.piano import find, listen
from photoplayer.piano.keyboard import Shot
from photoplayer.piano.roll import HeardNote, Roll
from photoplayer.piano.strip import Strip
from photoplayer.sound.neural.choice import PianoSound
from photoplayer.transcription_export import TranscriptOptions
from photoplayer.transcription_options import TranscribeOptions

pytestmark = pytest.mark.usefixtures("plain_eyes")

FRAME_S = 1 / 25


@pytest.fixture
def heard(piano_clip: Path, plain_eyes: None) -> photoplayer.Transcription:
    return photoplayer.transcribe(piano_clip)


def same(notes: tuple[HeardNote, ...], planted: tuple[HeardNote, ...], *, within_s: float = FRAME_S) -> bool:
    times = [(n.onset_s, n.offset_s) for n in notes]
    return [n.pitch for n in notes] == [n.pitch for n in planted] and times == [
        (pytest.approx(n.onset_s, abs=within_s), pytest.approx(n.offset_s, abs=within_s)) for n in planted
    ]


def shots_are(monkeypatch: pytest.MonkeyPatch, *shots: Shot) -> None:
    monkeypatch.setattr(find, "find_shots", lambda path, **_: shots)


def test_planted_notes_come_out(heard: photoplayer.Transcription) -> None:
    assert same(heard.notes, TUNE)
    assert heard.keys_never_seen == () and heard.remarks == ()
    assert heard.stats.pictures == 125 and heard.stats.speed > 0
    assert heard.score.duration_s == pytest.approx(heard.duration_s) == pytest.approx(5.0)


def test_the_score_is_in_seconds_and_read_back_from_midi(
    heard: photoplayer.Transcription, tmp_path: Path
) -> None:
    (path,) = heard.save(tmp_path / "deep" / "tune.v2.mid")
    assert path.name == "tune.v2.mid"
    again = read_midi(path)
    notes = sorted(again.notes())
    assert [n.pitch for n in notes] == [n.pitch for n in TUNE]
    for note, planted in zip(notes, TUNE, strict=True):
        assert again.tempo_map.seconds(note.onset) == pytest.approx(planted.onset_s, abs=FRAME_S)


def test_hands_are_tracks_of_their_own(piano_clip: Path, tmp_path: Path) -> None:
    heard = photoplayer.transcribe(piano_clip, hands=True)
    assert {note.pitch: note.hand for note in heard.notes}[48] == "left"
    (path,) = heard.save(tmp_path / "two.mid")
    parts = {part.name: len(part.notes) for part in read_midi(path).parts}
    assert parts == {"Right hand": 7, "Left hand": 1}


def test_another_instrument_plays_what_was_heard(heard: photoplayer.Transcription, tmp_path: Path) -> None:
    mid, _, told = heard.save(tmp_path / "tune", format="mid,mp4,json", instrument="koto")
    (koto,) = read_midi(mid).parts
    (piano,) = heard.score.parts
    assert (koto.name, koto.program) == ("Koto", 107)
    onsets = [round(note.onset, 2) for note in koto.notes]
    assert onsets == [round(note.onset, 2) for note in piano.notes]
    pitches = [note["pitch"] for note in json.loads(told.read_text())["notes"]]
    assert pitches == [note.pitch for note in TUNE]
    assert heard.score.parts[0].program == 0, "what was heard stays what it is"
    with pytest.raises(PlanError, match="Koto"):
        heard.save(tmp_path / "x", instrument="kotto")


def test_start_and_end_bound_what_is_read_in_the_videos_own_time(piano_clip: Path) -> None:
    heard = photoplayer.transcribe(piano_clip, start="0:01", end=3.0)
    assert same(heard.notes, TUNE[1:5])
    assert heard.stats.pictures == 50 and heard.duration_s == pytest.approx(5.0)


def test_fewer_pictures_are_read_on_request(piano_clip: Path) -> None:
    heard = photoplayer.transcribe(piano_clip, fps=12.5)
    assert 60 <= heard.stats.pictures <= 64
    assert same(heard.notes, TUNE, within_s=2 * FRAME_S)


def test_a_keyboard_by_hand_needs_no_finding(piano_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(find, "find_shots")
    heard = photoplayer.transcribe(piano_clip, keyboard=",".join(map(str, CORNERS.ravel())))
    assert same(heard.notes, TUNE)


def test_a_keyboard_by_hand_has_the_keys_that_are_said(piano_clip: Path) -> None:
    corners = CORNERS.copy()
    corners[[0, 3], 0] += 2 * (CORNERS[1, 0] - CORNERS[0, 0]) / 52  # without A0 and B0
    told = {"keyboard": " ".join(map(str, corners.ravel())), "lowest_key": "C1", "highest_key": 108}
    heard = photoplayer.transcribe(piano_clip, **told)
    assert same(heard.notes, TUNE)
    assert heard.keys_never_seen == (21, 22, 23)


def test_confidence_decides_what_is_told(piano_clip: Path) -> None:
    assert not photoplayer.transcribe(piano_clip, min_confidence=1.0).notes


def test_a_sustained_note_fades_in_the_score_alone(tmp_path: Path) -> None:
    held = (HeardNote(0.5, 5.5, 100, 80),)
    clip = draw_piano(tmp_path / "held.mp4", held, seconds=20.0)
    by_key, by_sound = (photoplayer.transcribe(clip, sustain=how) for how in ("key", "sound"))
    assert same(by_key.notes, held) and same(by_sound.notes, held)
    lengths = [next(iter(heard.score.notes())).length for heard in (by_key, by_sound)]
    assert lengths[0] == pytest.approx(10, abs=0.2) and lengths[1] < lengths[0] / 2


def test_a_cut_away_from_the_keys_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = draw_piano(tmp_path / "cut.mp4", hidden=(2.0, 3.0))
    shots_are(monkeypatch, Shot(0.0, 2.0, keyboard()), Shot(2.0, 3.0, None), Shot(3.0, 5.0, keyboard()))
    heard = photoplayer.transcribe(clip)
    assert all(not 2.0 < note.onset_s < 3.0 for note in heard.notes) and len(heard.notes) == 6
    assert any("0:02-0:03" in remark for remark in heard.remarks)
    heard.save(tmp_path / "cut", format="json,png")
    told = json.loads((tmp_path / "cut.json").read_text())
    assert told["partial"] == list(heard.remarks)
    assert [shot["keyboard"] is None for shot in told["shots"]] == [False, True, False]


def test_a_guessed_octave_is_marked(piano_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shots_are(monkeypatch, Shot(0.0, 5.0, dataclasses.replace(keyboard(), octave_known=False)))
    assert any("--lowest-key" in remark for remark in photoplayer.transcribe(piano_clip).remarks)


def test_a_lowest_key_that_cannot_be_is_marked(piano_clip: Path) -> None:
    assert photoplayer.transcribe(piano_clip, lowest_key="A0").remarks == ()
    (remark,) = photoplayer.transcribe(piano_clip, lowest_key="D1").remarks
    assert "A0, not D1" in remark


def test_few_pictures_a_second_are_marked_and_too_few_refused(tmp_path: Path) -> None:
    slow = draw_piano(tmp_path / "slow.mp4", fps=10)
    assert any("10 pictures a second" in remark for remark in photoplayer.transcribe(slow).remarks)
    with pytest.raises(InputError, match=r"slower\.mp4 has 5 pictures a second"):
        photoplayer.transcribe(draw_piano(tmp_path / "slower.mp4", fps=5))


def test_a_keyboard_nobody_plays_gives_no_notes_and_says_so(tmp_path: Path) -> None:
    heard = photoplayer.transcribe(draw_piano(tmp_path / "still.mp4", ()))
    assert heard.notes == () and any("no key" in remark for remark in heard.remarks)
    files = heard.save(tmp_path / "silence")
    assert {path.suffix for path in files} == {".mid", ".wav", ".mp4", ".png"}


def test_no_keyboard_is_an_error_with_a_picture(piano_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shots_are(monkeypatch, Shot(0.0, 5.0, None))
    with pytest.raises(InputError, match=r"tune\.mp4.*--keyboard") as told:
        photoplayer.transcribe(piano_clip)
    assert told.value.picture.ndim == 3  # type: ignore[attr-defined]


def test_the_sound_begins_with_each_note(heard: photoplayer.Transcription, tmp_path: Path) -> None:
    (path,) = heard.save(tmp_path / "tune.wav")
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)]
    sound = np.abs(np.concatenate(blocks).astype(float)).max(axis=1)
    assert len(sound) == 5 * 44_100
    assert sound[: int(0.5 * 44_100)].max() <= 1  # dither
    assert sound[int(0.6 * 44_100) : int(0.8 * 44_100)].max() > 1000


def test_the_clip_keeps_its_picture_and_gets_the_sound(
    heard: photoplayer.Transcription, tmp_path: Path
) -> None:
    clip, lit = heard.save(tmp_path / "tune", format="mp4", overlay=True)
    assert lit.name == "tune_overlay.mp4"
    for path in (clip, lit):
        info = video.probe(path)
        assert info.has_audio and info.duration_s == pytest.approx(5.0, abs=FRAME_S)
    dark, light = (video.still(path, 0.75).astype(int) for path in (clip, lit))
    y, x = np.round(keyboard().polygons[60 - 21].mean(axis=0)).astype(int)[::-1]
    assert np.ptp(light[y, x]) > 40 > np.ptp(dark[y, x])  # grey became coloured
    assert np.abs(dark[:60] - light[:60]).max() < 30


def test_the_manifest_says_where_everything_came_from(
    heard: photoplayer.Transcription, tmp_path: Path
) -> None:
    heard.save(tmp_path / "tune", format="json,mid")
    told = json.loads((tmp_path / "tune.json").read_text())
    assert told["files"] == {"mid": "tune.mid"}
    first = told["notes"][0]
    assert (first["name"], first["pitch"]) == ("C4", 60) and 0 < first["confidence"] <= 1
    (shot,) = told["shots"]
    assert shot["keyboard"]["corners"] == CORNERS.tolist() and shot["keyboard"]["view"] == "player"
    assert told["settings"]["model"] == "keys"
    assert "speed" not in json.dumps(told), "the same clip gives the same bytes"
    assert (told["synth"], told["soundfont"]) == ("fluidsynth", None) and "room" not in told


def test_the_manifest_says_which_piano_plays(heard: photoplayer.Transcription, tmp_path: Path) -> None:
    (path,) = heard.save(tmp_path / "tune.json", synth="neural", piano=PianoSound(room="chamber"))
    told = json.loads(path.read_text())
    assert [told[name] for name in ("synth", "piano", "room", "microphones")] == [
        "neural", "salamander", "chamber", "middle"
    ]  # fmt: skip


def test_the_report_is_a_picture_of_some_size(heard: photoplayer.Transcription, tmp_path: Path) -> None:
    (path,) = heard.save(tmp_path / "tune.png")
    with av.open(str(path)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.shape[1] > 1200 and picture.shape[0] > 600
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 200


def test_a_camera_on_its_side(tmp_path: Path) -> None:
    clip = draw_piano(tmp_path / "phone.mp4", turned=True)
    info = video.probe(clip)
    assert (info.width, info.height) == keyboard().size and info.rotation
    heard = photoplayer.transcribe(clip)
    assert same(heard.notes, TUNE)
    lit = heard.save(tmp_path / "lit", format="", overlay=True)[0]
    y, x = np.round(keyboard().polygons[60 - 21].mean(axis=0)).astype(int)[::-1]
    assert np.ptp(video.still(lit, 0.75)[y, x].astype(int)) > 40


def test_results_do_not_replace_the_clip(tmp_path: Path) -> None:
    clip = draw_piano(tmp_path / "tune.mp4", seconds=1.0)
    before = clip.read_bytes()
    with pytest.raises(OutputError, match="input"):
        photoplayer.transcribe(clip).save(tmp_path / "tune.mp4", overwrite=True)
    assert clip.read_bytes() == before


@pytest.mark.parametrize(
    "wish",
    [
        {"start": "soon"},
        {"start": 3, "end": "0:02"},
        {"start": -1},
        {"fps": 2.0},
        {"fps": float("nan")},
        {"keyboard": "1,2,3"},
        {"keyboard": "0,0,nan,0,9,9,0,9"},
        {"keyboard": "0,0,9,0,9,9,0,9", "lowest_key": "C2"},
        {"keyboard": "0,0,9,0,9,9,0,9", "lowest_key": "C4", "highest_key": "C2"},
        {"highest_key": "C8"},
        {"lowest_key": "H2"},
        {"lowest_key": 7},
        {"min_confidence": 2.0},
        {"model": "ears"},
        {"decoder": "luck"},
        {"sustain": "pedal"},
    ],
)
def test_impossible_wishes_are_told(piano_clip: Path, wish: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        photoplayer.transcribe(piano_clip, **wish)


@pytest.mark.parametrize(
    "corners", ["0,0,9,9,0,9,9,0", "5,5,5,5,5,5,5,5", "5000,90,5600,90,5600,180,5000,180"]
)
def test_corners_of_no_keyboard_are_told(piano_clip: Path, corners: str) -> None:
    with pytest.raises(InputError, match="corners"):
        photoplayer.transcribe(piano_clip, keyboard=corners)


def test_a_start_after_the_end_of_the_clip_is_told(piano_clip: Path) -> None:
    with pytest.raises(InputError, match=r"tune\.mp4 lasts 5"):
        photoplayer.transcribe(piano_clip, start=7)


def test_every_option_of_the_command_line_is_in_the_api() -> None:
    only_of_commands = {"inputs", "output", "options", "export", "skip_existing", "json"}
    assert {f.name for f in dataclasses.fields(Transcribe)} == only_of_commands
    names = {f.name for f in dataclasses.fields(TranscribeOptions)}
    assert not names & {f.name for f in dataclasses.fields(TranscriptOptions)}, "one name, one meaning"


def test_an_unknown_option_is_refused(piano_clip: Path) -> None:
    with pytest.raises(TypeError, match="lowest_kee"):
        photoplayer.transcribe(piano_clip, lowest_kee="C2")


def test_an_interruption_ends_the_decoding_too(piano_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(strips: Iterable[Strip]) -> Iterator[Roll]:
        yield from ReadsGrey().read([next(iter(strips))])
        raise KeyboardInterrupt

    monkeypatch.setattr(listen, "reader_for", lambda _model, _decoder: interrupted)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        photoplayer.transcribe(piano_clip)
    assert threading.active_count() == before


def test_strips_are_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips are let go once they are read: of a long clip no more than a few exist at once."""
    alive = []

    class Counts(ReadsGrey):
        def read(self, strips: Iterable[Strip]) -> Iterator[Roll]:
            for strip in strips:
                alive.append(sum(isinstance(thing, Strip) for thing in gc.get_objects()))
                yield from super().read([strip])

    monkeypatch.setattr(listen, "reader_for", lambda _model, _decoder: Counts().read)
    photoplayer.transcribe(draw_piano(tmp_path / "long.mp4", seconds=84.0, fps=8))
    assert len(alive) == 7 and max(alive) <= 4  # read, in line, being made, and the last one's name
