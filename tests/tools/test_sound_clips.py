"""What is made of a game's sounds, and how clips of such games are planned."""

from __future__ import annotations

import itertools

import numpy as np

from gameplay.overhear import Key, Shot
from gameplay.sound_clips import FPS, HABITS, Listener, play, takes
from gameplay.sound_games import SOUND_GAMES

GAME = SOUND_GAMES["alienblaster"]
PICTURE = np.zeros((2, 2, 3), np.uint8)
LEFT = GAME.ways[0]


def shot(*sounds: str, music: str = "playon.wav") -> Shot:
    return Shot(PICTURE, sounds, music)


def test_an_explosion_is_a_fight_that_lasts_a_second() -> None:
    listener = Listener(GAME)
    heard = [listener.hear(shot(*["explosion.wav"] * (i == 5)), ()) for i in range(40)]
    fights = [i for i, moment in enumerate(heard) if moment.fighting]
    assert fights[0] == 5 and 0.9 < (len(fights) - 1) / FPS < 1.1
    assert heard[4].danger == 0 and heard[5].danger > heard[15].danger > heard[30].danger > 0


def test_shots_are_a_fight_where_they_are_not_the_players_own() -> None:
    fired = shot("shotPrimary.wav")
    assert Listener(GAME).hear(fired, ()).fighting
    listener = Listener(GAME)
    assert not listener.hear(fired, (GAME.fire,)).fighting
    assert not listener.hear(fired, ()).fighting, "its own shot is still under way"


def test_the_music_of_menus_is_a_menu_and_another_place() -> None:
    listener = Listener(GAME)
    title = listener.hear(shot("explosion.wav", music="intro.wav"), (LEFT,))
    level = listener.hear(shot(), (LEFT,))
    assert title.menu and not title.fighting and title.pace == title.danger == 0
    assert not level.menu and level.shown == title.shown + 1 and level.pace > GAME.scrolls
    lost = Listener(SOUND_GAMES["starfighter"]).hear(shot(music="death.ogg"), ())
    assert lost.dead and not lost.menu


def test_a_briefing_is_a_menu_under_a_levels_music() -> None:
    game = SOUND_GAMES["starfighter"]
    listener, level = Listener(game), shot(music="railjet_short.ogg")
    heard = [listener.hear(level, ()).menu for _ in range(round(2 * game.briefing_s * FPS))]
    assert 0.9 < sum(heard) / FPS / game.briefing_s < 1.1 and not heard[-1]


class Scripted:
    """A game that is at its title until Enter is pressed."""

    def __init__(self) -> None:
        self.music = "intro.wav"
        self.pressed: list[tuple[Key, ...]] = []

    def see(self) -> Shot:
        return shot(music=self.music)

    def press(self, keys: tuple[Key, ...]) -> None:
        self.pressed.append(keys)
        if GAME.starts[0] in keys:
            self.music = "playon.wav"


def test_habits_press_what_they_are_named_for() -> None:
    plan = takes(["alienblaster"], count=len(HABITS), duration_s=20, seed=1)
    assert len({take.habit for take in plan}) == len(HABITS)
    assert {take.source.split for take in plan} == {"train"}
    for take in plan:
        game, again = Scripted(), Scripted()
        moments = [moment for _, moment in itertools.islice(play(take, game), 250)]
        list(itertools.islice(play(take, again), 250))
        assert game.pressed == again.pressed, "the seed says what is pressed"
        assert not moments[-1].menu
        fired = sum(GAME.fire in keys for keys in game.pressed)
        assert (fired == 0) == (take.habit.name == "pacifist")
