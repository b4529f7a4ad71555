from __future__ import annotations

import errno
import signal
from pathlib import Path

import numpy as np
import pytest

from photoplayer.errors import OutputError
from photoplayer.sound.tape import Tape

resource = pytest.importorskip("resource", reason="file size limits are POSIX")


def test_what_is_written_is_read_back_and_the_rest_is_zero() -> None:
    block = np.arange(12, dtype=np.float32).reshape(3, 4)
    with Tape(5, 100) as tape:
        tape.write(50, block, row=1)
        np.testing.assert_array_equal(tape.read(50, 4, row=1, rows=3), block)
        np.testing.assert_array_equal(tape.read(48, 4, row=2, rows=1), [[0, 0, 4, 5]])
        assert not tape.read(0, 100, row=4).any()
        assert tape.read(98, 10).shape == (5, 2)
        assert tape.read(200, 10).shape == (5, 0)


def test_the_file_has_no_name(tmp_path: Path) -> None:
    with Tape(2, 100, folder=tmp_path) as tape:
        tape.write(0, np.ones((2, 100), np.float32))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(tmp_path: Path) -> None:
    old_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, old_limit[1]))
    try:
        with Tape(1, 100_000, folder=tmp_path) as tape, pytest.raises(OutputError, match="free some space"):
            tape.write(0, np.ones((1, 100_000), np.float32))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old_limit)
        signal.signal(signal.SIGXFSZ, old_handler)


def test_no_permission_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_how: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    with pytest.raises(OutputError, match="Permission denied"):
        Tape(1, 1, folder=tmp_path)
