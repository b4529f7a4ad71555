"""Results appear whole or not at all, and folders go as they came."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from photoplayer.errors import OutputError
from photoplayer.files import finished, folders_made


def test_an_interruption_inside_a_callback_from_c_is_not_lost(tmp_path: Path) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    callback = ctypes.CFUNCTYPE(ctypes.c_int)(interrupted)
    with pytest.raises(KeyboardInterrupt), finished(tmp_path / "song.wav") as draft:
        draft.write_bytes(b"half")
        callback()
    assert list(tmp_path.iterdir()) == []


def test_folders_made_for_nothing_go_again(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), folders_made([tmp_path / "a" / "b", tmp_path / "a" / "c"]):
        (tmp_path / "a" / "c" / "kept").touch()
        raise RuntimeError
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "c", "kept"]


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"), folders_made([tmp_path / "file" / "below"]):
        pass
