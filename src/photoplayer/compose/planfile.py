"""Plan files: a plan in TOML, to write by hand, or to take from a clip, edit and play again.

See ``docs/plan.md`` for the whole format. What :func:`save` writes, :func:`load` reads back as the very
same plan. The ``.ini`` files of Watson Beat are read by :mod:`photoplayer.compose.watson_ini`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from photoplayer.compose.band.layers import check_layers
from photoplayer.compose.plan import Plan, Section, Stinger
from photoplayer.compose.sketch import ENERGY_WORDS, Sketch, realise
from photoplayer.compose.watson_ini import read_ini
from photoplayer.errors import InputError, PlanError
from photoplayer.files import finished, read_small
from photoplayer.music.theory import Key, Meter

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_BYTES = 4 << 20

_SECTION_FIELDS = (
    *("label", "mood", "meter", "key", "bpm", "bars", "seconds", "energy", "slope", "direction"),
    *("tension", "valence", "similar_to", "must_have", "must_not_have"),
)
_KINDS = {str: "a text", int: "a whole number", bool: "true or false"}
_LONGEST_NAME = 80
_HUGE = 1e9
_PLAN_FIELDS = ("section", "stinger", "loops")


def load(path: Path, *, seed: int, duration_s: float | None = None) -> Plan:
    """Read a plan; with ``duration_s`` it is fitted to that length.

    Raises :class:`InputError` if the file cannot be read and :class:`PlanError` if it asks for what
    cannot be played.
    """
    text = _text(path)
    try:
        return _read(text, path, seed, duration_s)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{path} is not a plan in TOML: {problem}") from problem
    except RecursionError as problem:
        raise InputError(f"{path} is nested too deeply for a plan; write it as in docs/plan.md") from problem
    except (ValueError, PlanError) as problem:
        raise PlanError(f"{path}: {problem}") from problem


def _read(text: str, path: Path, seed: int, duration_s: float | None) -> Plan:
    if path.suffix.lower() == ".ini":
        plan = realise(read_ini(text, seed=seed), seed=seed, duration_s=duration_s)
    else:
        data = tomllib.loads(text)
        _known(data, _PLAN_FIELDS, "the plan")
        sketches = [_sketch(table) for table in _tables(data, "section")]
        stingers = tuple(sorted(_stinger(table) for table in _tables(data, "stinger")))
        loops = _of(bool, data, "loops") or False
        plan = realise(sketches, seed=seed, duration_s=duration_s, stingers=stingers, loops=loops)
    check_layers(plan.sections)
    return plan


def save(plan: Plan, path: Path) -> None:
    """Write a plan as TOML. Raises :class:`OutputError`."""
    with finished(path) as temporary:
        temporary.write_text(to_toml(plan), encoding="utf-8")


def to_toml(plan: Plan) -> str:
    """The text of a plan file."""
    lines = [f"# A Photoplayer plan: {plan.duration_s:.3f} s. Edit it, then: photoplayer compose THIS_FILE"]
    lines += [f"loops = {json.dumps(plan.loops)}"]
    for section, start_s in zip(plan.sections, plan.starts_s, strict=True):
        lines += ["", f"[[section]]  # at {start_s:.3f} s"]
        lines += _toml_lines(section_table(section))
    for stinger in plan.stingers:
        lines += ["", "[[stinger]]"]
        lines += _toml_lines(stinger_table(stinger))
    return "\n".join(lines) + "\n"


def _toml_lines(table: Mapping[str, Any]) -> list[str]:
    """Numbers, texts, booleans and lists of them are written alike in JSON and TOML."""
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items()]


def section_table(section: Section) -> dict[str, Any]:
    """A section as the plain values of a plan file."""
    table: dict[str, Any] = {
        "label": section.label,
        "mood": section.mood,
        "meter": str(section.meter),
        "key": str(section.key),
        "bpm": section.bpm,
        "bars": section.bars,
        "energy": list(section.energy),
        "tension": list(section.tension),
        "valence": section.valence,
    }
    if section.similar_to is not None:
        table["similar_to"] = section.similar_to + 1
    for name in ("must_have", "must_not_have"):
        if layers := getattr(section, name):
            table[name] = sorted(layers)
    return table


def stinger_table(stinger: Stinger) -> dict[str, Any]:
    """A stinger as the plain values of a plan file."""
    return {"time_s": stinger.time_s, "kind": stinger.kind, "strength": stinger.strength}


def _text(path: Path) -> str:
    content = read_small(path, most_bytes=MAX_BYTES, wanted="a plan, .toml or .ini")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(f"{path} is not text in UTF-8; give a plan, .toml or .ini") from problem


def _tables(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    tables = data.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"write each {name} under its own [[{name}]]")
    return tables


def _sketch(table: Mapping[str, Any]) -> Sketch:
    _known(table, _SECTION_FIELDS, "a section")
    similar_to = _of(int, table, "similar_to")
    direction = _word(table, "direction", ("up", "down"))
    must_have, must_not_have = _layers(table, "must_have"), _layers(table, "must_not_have")
    if both := sorted(must_have & must_not_have):
        raise ValueError(f"{both[0]!r} is in must_have and in must_not_have; leave it out of one")
    return Sketch(
        mood=_of(str, table, "mood"),
        meter=_through(Meter.parse, table, "meter"),
        key=_through(Key.parse, table, "key"),
        bpm=_number(table, "bpm"),
        bars=_bars(table.get("bars")),
        seconds=_seconds(table.get("seconds")),
        takes_the_rest=table.get("seconds") == "rest",
        energy=_levels(table, "energy"),
        slope=_word(table, "slope", ("stay", "gradual", "steep")) or "stay",  # type: ignore[arg-type]
        rises=direction != "down",
        tension=_levels(table, "tension"),
        valence=_number(table, "valence", -1.0, 1.0),
        label=_name(table, "label"),
        similar_to=None if similar_to is None else similar_to - 1,
        must_have=must_have,
        must_not_have=must_not_have,
    )


def _stinger(table: Mapping[str, Any]) -> Stinger:
    _known(table, ("time_s", "kind", "strength"), "a stinger")
    time_s, strength = _number(table, "time_s", 0.0), _number(table, "strength", 0.0, 1.0)
    if time_s is None:
        raise ValueError("a stinger needs its time_s")
    return Stinger(time_s, _name(table, "kind") or "impact", 1.0 if strength is None else strength)


def _known(table: Mapping[str, Any], names: Iterable[str], what: str) -> None:
    if unknown := [name for name in table if name not in names]:
        raise ValueError(f"{what} has no {unknown[0]!r}; it has {', '.join(names)}")


def _of(kind: type[Any], table: Mapping[str, Any], name: str) -> Any:
    value = table.get(name)
    if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise ValueError(f"{name} is {value!r:.60}, not {_KINDS[kind]}")
    return value


def _name(table: Mapping[str, Any], name: str) -> str | None:
    """A short text that may stand in a MIDI file, in XML and in a picture."""
    text: str | None = _of(str, table, name)
    if text is not None and not (text.isprintable() and len(text) <= _LONGEST_NAME):
        raise ValueError(f"{name} is {text!r:.60}; write at most {_LONGEST_NAME} letters on one line")
    return text


def _through(parse: Callable[[str], Any], table: Mapping[str, Any], name: str) -> Any:
    text = _of(str, table, name)
    return None if text is None else parse(text)


def _number(table: Mapping[str, Any], name: str, low: float = -_HUGE, high: float = _HUGE) -> float | None:
    value = table.get(name)
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and math.isnan(value)):
        raise ValueError(f"{name} is {value!r:.60}, not a number")
    if not low <= value <= high:  # before any conversion: TOML has whole numbers that no float holds
        raise ValueError(f"{name} is {value!r:.60}, outside {low:g}..{high:g}")
    return float(value)


def _word(table: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str | None:
    value = table.get(name)
    if value is not None and value not in words:
        raise ValueError(f"{name} is {value!r}; choose from {', '.join(words)}")
    return value


def _bars(value: Any) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(v, int) and not isinstance(v, bool) and v >= 1 for v in values):
        raise ValueError(f"bars is {value!r}, not a whole number above 0")
    return tuple(values)


def _seconds(value: Any) -> tuple[float, float] | None:
    if value is None or value == "rest":
        return None
    pair = value if isinstance(value, list) and len(value) == 2 else [value, value]
    low, high = (_number({"seconds": v}, "seconds", 0.01) for v in pair)
    if low is None or high is None or low > high:
        raise ValueError(f'seconds is {value!r}; write 20, [15, 20] or "rest"')
    return low, high


def _levels(table: Mapping[str, Any], name: str) -> tuple[float, ...]:
    """Levels 0..1: a number, a word, or a list of them (one per bar)."""
    value = table.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    words = [ENERGY_WORDS.get(v, v) if isinstance(v, str) else v for v in values]
    return tuple(v for word in words if (v := _number({name: word}, name, 0.0, 1.0)) is not None)


def _layers(table: Mapping[str, Any], name: str) -> frozenset[str]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name} is {value!r}, not a list of layer names")
    return frozenset(value)
