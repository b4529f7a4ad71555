"""A game that is overheard: a little one, built here, that draws its key and its clock and makes sounds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gameplay.errors import RecordError
from gameplay.overhear import Key, Overheard

FAKE_SDL = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
typedef struct { uint32_t flags; void *format; int w, h; uint16_t pitch; void *pixels; } Surface;
int SDL_PollEvent(void *event) { return 0; }
void *SDL_CreateRGBSurface(uint32_t f, int w, int h, int d, uint32_t r, uint32_t g, uint32_t b, uint32_t a) {
    Surface *made = calloc(1, sizeof *made);
    made->w = w; made->h = h; made->pitch = 3 * w; made->pixels = calloc(3 * w, h);
    return made;
}
int SDL_UpperBlit(void *from, void *a, void *to, void *b) {
    memcpy(((Surface *)to)->pixels, ((Surface *)from)->pixels, 12);
    return 0;
}
void SDL_FreeSurface(void *surface) { free(((Surface *)surface)->pixels); free(surface); }
int SDL_Flip(void *screen) { return 0; }
void SDL_Delay(uint32_t ms) {}
uint32_t SDL_GetTicks(void) { return 0; }
void *SDL_RWFromFile(const char *path, const char *mode) { return (void *)path; }
void *Mix_LoadWAV_RW(void *stream, int frees) { return stream; }
int Mix_PlayChannelTimed(int channel, void *sound, int loops, int ms) { return 0; }
"""
GAME = """
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
typedef struct { uint32_t flags; void *format; int w, h; uint16_t pitch; void *pixels; } Surface;
typedef struct { uint8_t type, which, state, pad, scancode; int sym, mod; uint16_t unicode; } Event;
int SDL_PollEvent(void *); int SDL_Flip(void *); void SDL_Delay(uint32_t); uint32_t SDL_GetTicks(void);
void *SDL_RWFromFile(const char *, const char *); void *Mix_LoadWAV_RW(void *, int);
int Mix_PlayChannelTimed(int, void *, int, int);
int main(void) {
    uint8_t pixels[12] = {0};
    Surface screen = {0, 0, 4, 1, 12, pixels};
    void *bang = Mix_LoadWAV_RW(SDL_RWFromFile("sounds/bang.wav", "rb"), 1);
    srand(time(0));
    pixels[6] = rand() % 200;
    for (int n = 0; n < 40; n++) {
        Event event;
        while (SDL_PollEvent(&event)) {
            pixels[0] = event.type == 2 ? event.sym : 0;
            if (event.type == 2) Mix_PlayChannelTimed(-1, bang, 0, -1);
        }
        pixels[3] = SDL_GetTicks() / 100;
        SDL_Flip(&screen);
        SDL_Delay(20);
    }
    return 0;
}
"""


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The little game, linked with as much of SDL as it asks for."""
    if shutil.which("gcc") is None:
        pytest.skip("no gcc")
    folder = tmp_path_factory.mktemp("game")
    (folder / "sdl.c").write_text(FAKE_SDL)
    (folder / "game.c").write_text(GAME)
    library = folder / "libfake.so"
    for command in (
        ["-shared", "-fPIC", "sdl.c", "-o", str(library)],
        ["game.c", "-o", "game", str(library)],
    ):
        subprocess.run(["gcc", *command], cwd=folder, check=True, capture_output=True)
    return folder / "game"


def test_keys_reach_the_game_and_sounds_and_its_clock_come_back(game: Path) -> None:
    seen = []
    with Overheard(game, sdl=1, seed=5, period_ms=100) as running:
        for number in range(6):
            shot = running.see()
            assert shot.picture.shape == (1, 4, 3)
            seen.append((int(shot.picture[0, 0, 0]), int(shot.picture[0, 1, 0]), shot.sounds))
            running.press([Key(97)] if number in (1, 2) else [])
    assert [key for key, _, _ in seen] == [0, 0, 97, 97, 0, 0]
    assert [sounds for _, _, sounds in seen] == [(), (), ("bang.wav",), (), (), ()]
    assert [clock for _, clock, _ in seen] == [10, 11, 12, 13, 14, 15], "a tenth of the game's second each"


def test_chance_is_the_seeds(game: Path) -> None:
    def first(seed: int) -> int:
        with Overheard(game, sdl=1, seed=seed, period_ms=100) as running:
            return int(running.see().picture[0, 2, 0])

    assert first(5) == first(5) != first(6)


def test_a_game_that_ends_is_told(game: Path) -> None:
    with Overheard(game, sdl=1, seed=5, period_ms=100) as running, pytest.raises(RecordError, match="ended"):
        for _ in range(100):
            running.see()
            running.press([])
