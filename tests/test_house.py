"""The house rules that no other tool checks: who imports whom, and what stays out of the runtime."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import photoplayer

SOURCE = Path(photoplayer.__file__).parent
BASE = {"errors", "files"}
MAY_IMPORT = {
    "video": BASE,
    "music": BASE,
    "models": BASE,
    "scene": BASE | {"video", "models", "music"},
    "compose": BASE | {"scene.timeline", "scene.glances", "music", "models"},
    "sound": BASE | {"music", "models"},
    "piano": BASE | {"video", "models", "music"},
    "evaluate": BASE | {"music"},
}
HEAVY = {"torch", "onnx", "symusic", "vizdoom", "librosa", "cv2"}


def imports_of(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file} uses a relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    return module.removeprefix("photoplayer.")


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    for file in (SOURCE / room).rglob("*.py"):
        ours = {m for m in imports_of(file) if m.startswith("photoplayer.")}
        strangers = {
            m for m in ours if not any(room_of(m) == a or room_of(m).startswith(f"{a}.") for a in allowed)
        }
        assert not strangers, f"{file.relative_to(SOURCE)} imports {strangers}"


def test_nobody_imports_cli_or_train() -> None:
    for file in SOURCE.rglob("*.py"):
        room = file.relative_to(SOURCE).parts[0]
        if room in ("cli", "train", "__main__.py"):
            continue
        assert not {m for m in imports_of(file) if m.startswith(("photoplayer.cli", "photoplayer.train"))}, (
            file
        )


def test_the_runtime_needs_no_training_library() -> None:
    for file in SOURCE.rglob("*.py"):
        if file.relative_to(SOURCE).parts[0] != "train":
            assert not {m.split(".")[0] for m in imports_of(file)} & HEAVY, file


def test_commands_start_without_what_takes_long_to_load() -> None:
    loaded = "import sys, photoplayer.cli.commands; print(*{name.split('.')[0] for name in sys.modules})"
    names = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True).stdout
    assert not set(names.split()) & {"scipy", "matplotlib"}


def test_nothing_unpickles() -> None:
    for file in SOURCE.rglob("*.py"):
        assert not {m.split(".")[0] for m in imports_of(file)} & {"pickle", "dill", "joblib", "shelve"}, file
        assert "allow_pickle=True" not in file.read_text(encoding="utf-8"), file
