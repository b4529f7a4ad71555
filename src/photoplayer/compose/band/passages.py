"""From the plan to passages: phrases, layers, chords and melody of every section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from photoplayer.compose.band.casting import Seat, Seats
from photoplayer.compose.band.chords import ChordSpan
from photoplayer.compose.band.energy import levels
from photoplayer.compose.band.form import FAR_FROM_HOME, Phrase, phrases_of
from photoplayer.compose.band.harmony import harmonise
from photoplayer.compose.band.layers import is_forbidden, layers_on
from photoplayer.compose.band.lineup import language_of, stack_of
from photoplayer.compose.band.melody import lead, outline
from photoplayer.compose.band.melody_styles import MELODY_STYLES
from photoplayer.compose.band.motif import develop, invent
from photoplayer.compose.band.passage import Bar, Passage
from photoplayer.compose.band.styles import STYLES
from photoplayer.compose.band.theme import Theme
from photoplayer.compose.band.transitions import RISE, turns_of
from photoplayer.compose.plan import Plan, Section
from photoplayer.music.score import Note

OTHER_MOOD, OTHER_LABEL = 0.45, 0.6
"""How much a theme changes for another mood, and for a section that is not the theme's own."""

LONG_PHRASES = 4
"""A section of so many phrases has contrasts of texture."""

RESTING = {"B": frozenset({"double", "sparkle"}), FAR_FROM_HOME: frozenset({"pad", "brass", "double"})}
"""Who rests when a letter is heard for the first time: the tune is alone in B, and C stands on its beat and
figures. Nobody rests when the energy rises to the phrase, or where no chords would be left."""

ANSWERED_FROM = 0.35
"""Energy from which a theme that comes back is joined by a counter-melody."""


@dataclass(frozen=True)
class Setting:
    """A passage and the melody made for it.

    A ``literal`` melody is somebody's own tune, which is played as it is.
    """

    passage: Passage
    melody: tuple[Note, ...]
    literal: bool = False


def models_of(plan: Plan) -> tuple[int, ...]:
    """For each section the index of the first one that it brings back (its own, if it is new)."""
    models: list[int] = []
    for i, section in enumerate(plan.sections):
        if section.similar_to is not None:
            models.append(models[section.similar_to])
        else:
            same = (
                j
                for j in range(i)
                if (plan.sections[j].label, plan.sections[j].mood) == (section.label, section.mood)
            )
            models.append(next((models[j] for j in same), i))
    return tuple(models)


def set_plan(
    plan: Plan, *, seed: int, theme: Theme | None, themes: Mapping[int, Theme] | None = None, seats: Seats
) -> list[Setting]:
    """All sections ready to be played. ``theme`` is the user's tune, if there is one; ``themes`` are the new
    sections' own, by number."""
    sections = plan.sections
    models = models_of(plan)
    own_theme = theme or _invented(sections[0], seed)
    settings: list[Setting] = []
    for i, section in enumerate(sections):
        model = models[i]
        is_last = i == len(sections) - 1
        phrases = phrases_of(section, is_last=is_last, loops=plan.loops)
        statement = sum(1 for j in range(i) if models[j] == model)
        original = settings[model].passage.spans if model != i else ()
        kin = {models[j] for j in range(model) if sections[j].mood == section.mood}
        player = statement + len(kin)
        seat = seats.of(section.mood, "lead", player)
        assert seat is not None, f"{section.mood} has no lead"
        said = themes[model] if themes else _theme_for(sections, i, model, own_theme, seed)
        spans = _spans(section, phrases, said, seat, statement, seed, model, original, plan.loops and is_last)
        stack = stack_of(section.mood, seed=seed)
        bars = _bars(section, phrases, stack, statement, is_given=bool(theme or themes))
        passage = Passage(
            section=section,
            phrases=phrases,
            spans=spans,
            bars=bars,
            seed=seed,
            name=f"section {model}",
            turns=turns_of(section, bars, _after(plan, i), closes=is_last and not plan.loops),
            statement=statement,
            player=player,
            is_last=is_last and not plan.loops,
        )
        melody = lead(
            section,
            phrases,
            spans,
            theme=said,
            style=MELODY_STYLES[section.mood],
            low=seat.low,
            high=seat.high,
            statement=statement,
            seed=seed,
            path=(model,),
        )
        settings.append(Setting(passage, melody, said.literal))
    return settings


def _after(plan: Plan, index: int) -> Section | None:
    """The section after one; in a loop the first follows the last."""
    if index + 1 < len(plan.sections):
        return plan.sections[index + 1]
    return plan.sections[0] if plan.loops else None


def _invented(section: Section, seed: int) -> Theme:
    return invent(meter=section.meter, style=MELODY_STYLES[section.mood], seed=seed, path=())


def _theme_for(sections: tuple[Section, ...], index: int, model: int, theme: Theme, seed: int) -> Theme:
    """The piece's theme as this section says it: its own in the first section, related elsewhere."""
    section, first = sections[index], sections[0]
    style = MELODY_STYLES[section.mood]
    change = 0.0
    if section.mood != first.mood:
        change = OTHER_MOOD
    if sections[model].label != first.label:
        change = max(change, OTHER_LABEL)
    path = (section.mood, sections[model].label)
    return develop(theme, degree_of_change=change, style=style, seed=seed, path=path)


def _spans(
    section: Section,
    phrases: tuple[Phrase, ...],
    theme: Theme,
    seat: Seat,
    statement: int,
    seed: int,
    model: int,
    original: tuple[ChordSpan, ...],
    loops: bool,
) -> tuple[ChordSpan, ...]:
    melody = outline(section, phrases, theme=theme, low=seat.low, high=seat.high, statement=statement)
    return harmonise(
        section,
        phrases,
        language=language_of(section.mood, seed=seed),
        seed=seed,
        path=(model,),
        melody=melody,
        original=original,
        loops=loops,
    )


def _bars(
    section: Section,
    phrases: tuple[Phrase, ...],
    stack: tuple[str, ...],
    statement: int,
    *,
    is_given: bool,
) -> tuple[Bar, ...]:
    """The bars with their layers, which change between phrases only.

    What comes back has a second voice, and a tune that is given is always heard. Long sections have
    phrases in which some rest.
    """
    fewest = STYLES[section.mood].fewest
    density = levels(section.energy)
    bars = []
    before = 0.0
    for number, phrase in enumerate(phrases):
        energies = section.energy[phrase.start_bar : phrase.stop_bar]
        mean = sum(energies) / len(energies)
        layers = layers_on(mean, stack, section, fewest=fewest)
        if statement and mean >= ANSWERED_FROM and not is_forbidden("counter", section):
            layers |= {"counter"}
        if is_given and not is_forbidden("lead", section):
            layers |= {"lead"}
        if len(phrases) >= LONG_PHRASES and mean < before + RISE and layers & {"chords", "arpeggio"}:
            layers -= RESTING.get(phrase.role, frozenset()) - section.must_have
        before = mean
        for offset, energy in enumerate(energies):
            index = phrase.start_bar + offset
            onset = index * section.meter.quarters
            bars.append(Bar(index, onset, energy, density[index], number, phrase.role[0], layers))
    return tuple(bars)
