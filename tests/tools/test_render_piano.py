"""The renderer's command: clips by split and seed, kept when they are there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from photoplayer.errors import SetupError
from photoplayer.train.data.piano_renderer.opengl import context

TOOL = Path(__file__).resolve().parents[2] / "tools" / "render_piano.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TOOL), *arguments], capture_output=True, text=True, timeout=120
    )


def test_help_shows_examples() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "render_piano.py clips --out renders" in done.stdout


def test_clips_are_made_once(tmp_path: Path) -> None:
    try:
        context()
    except SetupError as problem:
        pytest.skip(f"no picture can be drawn here: {problem}")
    order = (
        "clips",
        "--out",
        str(tmp_path),
        "--train",
        "1",
        "--test",
        "1",
        "--seed",
        "3",
        "--duration-s",
        "0.2",
    )
    first, again = run(*order), run(*order)
    assert first.returncode == 0, first.stderr
    made = sorted(p.name for p in tmp_path.iterdir())
    assert made == [f"{split}_00003.{kind}" for split in ("test", "train") for kind in ("json", "mid", "mp4")]
    assert json.loads((tmp_path / "test_00003.json").read_text(encoding="utf-8"))["split"] == "test"
    assert again.returncode == 0 and not again.stderr.strip()


def test_a_missing_corpus_is_one_sentence(tmp_path: Path) -> None:
    done = run(
        "clips",
        "--out",
        str(tmp_path / "out"),
        "--midi",
        str(tmp_path),
        "--train",
        "12",
        "--duration-s",
        "0.2",
    )
    if "OpenGL" in done.stderr:
        pytest.skip("no picture can be drawn here")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith("give another folder with --midi.")
