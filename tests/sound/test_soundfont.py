from __future__ import annotations

from pathlib import Path

import pytest
from sounds import one_note

from photoplayer.errors import InputError, SetupError
from photoplayer.sound import find_soundfont, render, soundfont


def fake(path: Path) -> Path:
    path.write_bytes(b"RIFF\x08\x00\x00\x00sfbkLIST")
    return path


def test_the_given_one_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, named = fake(tmp_path / "given.sf2"), fake(tmp_path / "named.sf2")
    monkeypatch.setenv(soundfont.ENVIRONMENT, str(named))
    assert find_soundfont(given) == given
    assert find_soundfont() == named


def test_fluidr3_goes_before_the_bundled_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundled_font: Path
) -> None:
    monkeypatch.delenv(soundfont.ENVIRONMENT)
    monkeypatch.setattr(soundfont, "_FOLDERS", (str(tmp_path),))
    assert find_soundfont() == bundled_font
    assert find_soundfont() == bundled_font
    (tmp_path / "FluidR3_GM.sf2").write_bytes(b"half a download")
    assert find_soundfont() == bundled_font
    assert find_soundfont(fake(tmp_path / "FluidR3_GM.sf2")).name == "FluidR3_GM.sf2"


def test_none_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(soundfont.ENVIRONMENT)
    monkeypatch.setattr(soundfont, "_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="No soundfont was found"):
        find_soundfont()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.sf2: there is no such"):
        find_soundfont(tmp_path / "nowhere.sf2")


def test_a_text_file_is_no_soundfont(tmp_path: Path) -> None:
    path = tmp_path / "text.sf2"
    path.write_text("not a soundfont at all")
    with pytest.raises(InputError, match=r"text\.sf2: this is no whole soundfont"):
        find_soundfont(path)


@pytest.mark.parametrize("keep", [0, 16, 300_000])
def test_a_truncated_soundfont(tmp_path: Path, bundled_font: Path, keep: int) -> None:
    path = tmp_path / "half.sf2"
    path.write_bytes(bundled_font.read_bytes()[:keep])
    with pytest.raises(InputError, match=r"half\.sf2: this is no whole soundfont"):
        find_soundfont(path)


def test_a_soundfont_with_nothing_in_it(tmp_path: Path) -> None:
    path = fake(tmp_path / "hollow.sf2")
    with (
        pytest.raises(InputError, match=r"hollow\.sf2: this soundfont is damaged"),
        render(one_note(), soundfont=path),
    ):
        pass
