"""Playing a section: every layer by its player."""

from __future__ import annotations

from photoplayer.compose.band.bass import play_bass
from photoplayer.compose.band.casting import LONG_BARS, Seat, Seats
from photoplayer.compose.band.chordal import play_broken, play_chords, play_pad
from photoplayer.compose.band.drums import play_drums
from photoplayer.compose.band.ending import play_ending
from photoplayer.compose.band.feel import swung
from photoplayer.compose.band.form import FAR_FROM_HOME, HOME
from photoplayer.compose.band.guards import guarded
from photoplayer.compose.band.layers import EXTRA_LAYERS, LAYERS, is_forbidden
from photoplayer.compose.band.lineup import lines_of, voices_of
from photoplayer.compose.band.melodies import hand_on, play_counter, play_double, play_lead
from photoplayer.compose.band.passage import Passage
from photoplayer.compose.band.passages import Setting
from photoplayer.compose.band.risers import play_risers
from photoplayer.compose.band.silence import fill_silence
from photoplayer.compose.band.styles import STYLES, Role, role_for
from photoplayer.compose.band.styles.bass_lines import BASS
from photoplayer.compose.band.styles.chord_lines import ARPEGGIOS, CHORDS, PULSES, SPARKLES
from photoplayer.compose.band.styles.drum_grids import GRIDS
from photoplayer.compose.band.transitions import play_turns
from photoplayer.compose.plan import Section
from photoplayer.music.score import Note

Played = dict[tuple[str, int | None], list[Note]]
"""Notes by layer and program (None for drums)."""

_FAMILIES = {**BASS, **CHORDS, **ARPEGGIOS, **PULSES, **SPARKLES}

_CONTRASTING = ("chords", "arpeggio", "sparkle", "bass")
"""Layers that take another line in the contrasting phrases."""

_FAR = ("drums", "drums-full", "percussion", "pulse")
"""Layers that do so only in the phrases farthest from home, so that the beat goes on."""

_CHANGING = ("arpeggio", "sparkle", "pulse")
"""Layers that take another line when a section comes back; the others keep theirs."""


def perform(setting: Setting, seats: Seats, before: Section | None) -> Played:
    """Everything that is played in a section, safe to sound, in quarters from the section's start."""
    passage = setting.passage
    section = passage.section
    style = STYLES[section.mood]
    lines: Played = {}
    wanted = {layer for bar in passage.bars for layer in bar.layers}
    for layer in LAYERS:
        role = role_for(section.mood, layer)
        if layer not in wanted or layer in EXTRA_LAYERS or role is None:
            continue
        seat = seats.of(section.mood, layer, passage.player)
        notes = _play(setting, role, seat, staccato=style.staccato)
        if passage.is_last:
            notes += play_ending(passage, layer, seat, voices=voices_of(role, seed=passage.seed))
        lines[layer, seat.program if seat else None] = notes
        if layer == "lead" and section.bars >= LONG_BARS:
            hand_on(setting, lines, seat, seats.of(section.mood, layer, passage.player + 1))
    if not is_forbidden("drums-fill", section):
        lines["drums-fill", None] = play_turns(passage, before)
    riser = seats.of(section.mood, "riser")
    if riser and (runs := play_risers(passage, riser)):
        lines["riser", riser.program] = runs
    fill_silence(passage, lines)
    return {
        key: guarded(
            swung(notes, section.meter, share=style.swing, pair_quarters=style.swing_quarters),
            program=key[1],
            until=passage.end,
            bar_quarters=passage.bar_quarters,
        )
        for key, notes in lines.items()
    }


def _play(setting: Setting, role: Role, seat: Seat | None, *, staccato: float) -> list[Note]:
    """One layer of a section."""
    passage, layer, accent = setting.passage, role.layer, role.accent
    if seat is None:
        grids = {letter: GRIDS[name] for letter, name in _drawn(passage, role).items()}
        return play_drums(passage, layer, grids, accent=accent)
    if layer == "lead":
        return play_lead(setting, seat, accent=accent)
    if layer == "double":
        return play_double(setting, seat, accent=accent)
    if layer == "counter":
        return play_counter(setting, seat, accent=accent)
    own = {letter: _FAMILIES[name] for letter, name in _drawn(passage, role).items()}
    if layer == "bass":
        return play_bass(passage, own, seat, accent=accent, staccato=staccato)
    voices = voices_of(role, seed=passage.seed)
    if layer == "pad":
        return play_pad(passage, own, seat, voices=voices, accent=accent)
    play = play_chords if layer in ("chords", "brass") else play_broken
    return play(passage, layer, own, seat, voices=voices, accent=accent, staccato=staccato)


def _drawn(passage: Passage, role: Role) -> dict[str, str]:
    """The lines that a layer takes, by the letter of the phrase; through returns most layers keep them."""
    turn = passage.statement if role.layer in _CHANGING else 0
    path = (role.layer, "line", passage.section.mood, turn)
    names = list(dict.fromkeys(role.lines))
    first = passage.rng(*path).choice(lines_of(role, seed=passage.seed))
    names.remove(first)
    passage.rng(*path, "contrast").shuffle(names)
    letters = dict.fromkeys(phrase.role[0] for phrase in passage.phrases)
    changing = [
        letter
        for letter in letters
        if names
        and letter != HOME
        and (role.layer in _CONTRASTING or (role.layer in _FAR and letter == FAR_FROM_HOME))
    ]
    return {
        letter: names[(ord(letter) - ord("B")) % len(names)] if letter in changing else first
        for letter in letters
    }
