"""The archive reader, on archives written by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from wads import patch_bytes, wad_bytes

from gameplay.errors import RecordError
from gameplay.wad import Wad, decode_patch


def test_lumps_and_levels(tmp_path: Path) -> None:
    path = tmp_path / "a.wad"
    level = [("MAP07", b""), ("THINGS", b"t"), ("LINEDEFS", b"l")]
    path.write_bytes(wad_bytes([("DEMO1", b"old"), ("DEMO1", b"new"), *level]))
    wad = Wad.read(path)
    assert wad.lump("DEMO1") == b"new"
    assert wad.levels() == ("MAP07",)
    assert wad.level_lumps("MAP07") == {"THINGS": b"t", "LINEDEFS": b"l"}
    with pytest.raises(RecordError, match="no level MAP08"):
        wad.level_lumps("MAP08")


@pytest.mark.parametrize("cut", [0, 5, 11, 20])
def test_broken_archives_are_named(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "b.wad"
    path.write_bytes(wad_bytes([("A", b"1234567890")])[:cut])
    with pytest.raises(RecordError, match=r"b\.wad"):
        Wad.read(path)


def test_patch_round_trip() -> None:
    picture = np.array([[-1, 5, 0], [7, -1, 255], [1, 2, 3]], np.int16)
    assert (decode_patch(patch_bytes(picture)).indices == picture).all()


def test_malformed_patch() -> None:
    with pytest.raises(RecordError, match="malformed"):
        decode_patch(patch_bytes(np.ones((3, 3), np.int16))[:-4])
