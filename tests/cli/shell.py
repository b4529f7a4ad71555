"""The command as tests call it, in this process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from photoplayer.cli import main as cli

RUN = [sys.executable, "-m", "photoplayer"]


def run(*arguments: object) -> int:
    """The command in this process; its exit status."""
    sys_argv, sys.argv = sys.argv, ["photoplayer", *map(str, arguments)]
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        sys.argv = sys_argv
    raise AssertionError("main() returned")


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def fails_in_one_sentence(capsys: pytest.CaptureFixture[str], *needles: str) -> None:
    shown = capsys.readouterr().err.strip()
    assert shown.startswith("photoplayer: ")
    assert "\n" not in shown and "Traceback" not in shown, shown
    for needle in needles:
        assert needle in shown
