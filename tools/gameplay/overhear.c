/* Preloaded into a game that uses SDL and SDL_mixer: the game runs without a screen on a clock of its own, shows
 * its pictures and names its sounds to the recorder, and is played by it. See overhear.py.
 *
 * gcc -shared -fPIC -O2 -DSDL_MAJOR=2 overhear.c -o overhear.so -ldl   (or -DSDL_MAJOR=1)
 *
 * To the recorder, on descriptor OVERHEAR_OUT, lines of text: "sound NAME", "music NAME", and
 * "picture WIDTH HEIGHT MS" followed by its RGB bytes. After every picture one line is read on descriptor
 * OVERHEAR_IN: the keys that are held, "SYM:SCANCODE ...". A picture is shown every OVERHEAR_MS of the game's
 * clock, which stands still but for what the game waits; so the same keys make the same game.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef SDL_MAJOR
#define SDL_MAJOR 2
#endif
#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))
#define MOST_KEYS 16
#define MOST_SOUNDS 512

typedef struct { int sym, scancode; } Key;

static FILE *out, *in;
static uint64_t clock_us = 1000000, next_us, period_us, presented_us;
static Key held[MOST_KEYS], queue[4 * MOST_KEYS];
static int held_count, queued, queue_down[4 * MOST_KEYS];
static uint8_t key_state[512];

static void begin(void) {
    if (out) return;
    out = fdopen(atoi(getenv("OVERHEAR_OUT")), "wb");
    in = fdopen(atoi(getenv("OVERHEAR_IN")), "rb");
    period_us = 1000ull * strtoul(getenv("OVERHEAR_MS"), NULL, 10);
    next_us = clock_us;
}

static int is_due(void) { /* a game that never waits shows a hundred pictures a second */
    begin();
    if (clock_us < presented_us + 10000) clock_us = presented_us + 10000;
    presented_us = clock_us;
    return clock_us >= next_us;
}

/* ---- the clock -------------------------------------------------------------------------------------------- */
static int is_game(void) { return gettid() == getpid(); } /* SDL's own threads wait in true time */

uint32_t SDL_GetTicks(void) {
    if (is_game()) clock_us += 20; /* a game that waits by asking again and again gets on, too */
    return (uint32_t)(clock_us / 1000);
}

void SDL_Delay(uint32_t ms) {
    if (is_game())
        clock_us += 1000ull * (ms ? ms : 1);
    else
        usleep(1000 * ms);
}

time_t time(time_t *where) {
    time_t now = 1000000000 + (time_t)(clock_us / 1000000);
    if (where) *where = now;
    return now;
}

void srand(unsigned int seed) {
    (void)seed;
    REAL("srand", void (*)(unsigned))((unsigned)strtoul(getenv("OVERHEAR_SEED"), NULL, 10));
}

/* ---- keys ------------------------------------------------------------------------------------------------- */
static int is_in(Key key, const Key *keys, int count) {
    for (int i = 0; i < count; i++)
        if (keys[i].sym == key.sym) return 1;
    return 0;
}

static void enqueue(Key key, int down) {
    if (queued == 4 * MOST_KEYS) return;
    queue[queued] = key;
    queue_down[queued++] = down;
    if (key.sym >= 0 && key.sym < (int)sizeof key_state) key_state[key.sym] = (uint8_t)down;
}

static void read_keys(void) {
    char line[512], *rest = line;
    Key now[MOST_KEYS];
    int count = 0, used;
    if (!fgets(line, sizeof line, in)) _Exit(0); /* the recorder has enough */
    while (count < MOST_KEYS && sscanf(rest, "%d:%d%n", &now[count].sym, &now[count].scancode, &used) == 2) {
        rest += used;
        count++;
    }
    for (int i = 0; i < held_count; i++)
        if (!is_in(held[i], now, count)) enqueue(held[i], 0);
    for (int i = 0; i < count; i++)
        if (!is_in(now[i], held, held_count)) enqueue(now[i], 1);
    memcpy(held, now, sizeof now);
    held_count = count;
}

#if SDL_MAJOR == 2
typedef struct {
    uint32_t type, timestamp, window;
    uint8_t state, repeat, pad[2];
    int32_t scancode, sym;
    uint16_t mod;
    uint32_t unused;
} KeyEvent;
enum { DOWN = 0x300, UP = 0x301 };
#else
typedef struct {
    uint8_t type, which, state, pad;
    uint8_t scancode;
    int sym, mod;
    uint16_t unicode;
} KeyEvent;
enum { DOWN = 2, UP = 3 };
#endif

int SDL_PollEvent(void *event) {
    if (!queued) return REAL("SDL_PollEvent", int (*)(void *))(event);
    if (!event) return 1;
    KeyEvent *key = event;
    memset(key, 0, sizeof *key);
    key->type = queue_down[0] ? DOWN : UP;
    key->state = (uint8_t)queue_down[0];
    key->sym = queue[0].sym;
    key->scancode = queue[0].scancode;
    queued--;
    memmove(queue, queue + 1, sizeof *queue * queued);
    memmove(queue_down, queue_down + 1, sizeof *queue_down * queued);
    return 1;
}

uint8_t *SDL_GetKeyState(int *count) {
    if (count) *count = 323;
    return key_state;
}

/* ---- pictures --------------------------------------------------------------------------------------------- */
static void show(int width, int height, const uint8_t *rows, int pitch) {
    fprintf(out, "picture %d %d %u\n", width, height, (unsigned)(clock_us / 1000));
    for (int y = 0; y < height; y++) fwrite(rows + (size_t)y * pitch, 3, width, out);
    fflush(out);
    next_us += period_us;
    if (next_us <= clock_us) next_us = clock_us + 1;
    read_keys();
}

#if SDL_MAJOR == 2
void SDL_RenderPresent(void *renderer) {
    if (is_due()) {
        int width = 0, height = 0;
        REAL("SDL_GetRendererOutputSize", int (*)(void *, int *, int *))(renderer, &width, &height);
        uint8_t *rows = malloc((size_t)3 * width * height);
        const uint32_t rgb24 = 0x17101803;
        if (!REAL("SDL_RenderReadPixels", int (*)(void *, void *, uint32_t, void *, int))(
                renderer, NULL, rgb24, rows, 3 * width))
            show(width, height, rows, 3 * width);
        free(rows);
    }
    REAL("SDL_RenderPresent", void (*)(void *))(renderer);
}
#else
typedef struct {
    uint32_t flags;
    void *format;
    int width, height;
    uint16_t pitch;
    void *pixels;
} Surface; /* the first fields of SDL_Surface */

static void show_surface(Surface *screen) {
    if (!is_due() || !screen) return;
    Surface *copy = REAL("SDL_CreateRGBSurface", void *(*)(uint32_t, int, int, int, uint32_t, uint32_t, uint32_t,
                                                            uint32_t))(
        0, screen->width, screen->height, 24, 0xff, 0xff00, 0xff0000, 0);
    if (!copy) return;
    REAL("SDL_UpperBlit", int (*)(void *, void *, void *, void *))(screen, NULL, copy, NULL);
    show(copy->width, copy->height, copy->pixels, copy->pitch);
    REAL("SDL_FreeSurface", void (*)(void *))(copy);
}

int SDL_Flip(void *screen) {
    show_surface(screen);
    return REAL("SDL_Flip", int (*)(void *))(screen);
}

void SDL_UpdateRect(void *screen, int x, int y, unsigned width, unsigned height) {
    show_surface(screen);
    REAL("SDL_UpdateRect", void (*)(void *, int, int, unsigned, unsigned))(screen, x, y, width, height);
}
#endif

/* ---- sounds ----------------------------------------------------------------------------------------------- */
static struct { void *sound; char name[64]; } known[MOST_SOUNDS];
static int known_count;
static char opened[64];

static const char *last_part(const char *path) {
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path ? path : "?";
}

static void *learn(void *sound, const char *path) {
    if (sound && known_count < MOST_SOUNDS) {
        known[known_count].sound = sound;
        snprintf(known[known_count++].name, sizeof known->name, "%s", last_part(path));
    }
    return sound;
}

static void tell(const char *what, void *sound) {
    begin();
    for (int i = known_count - 1; i >= 0; i--)
        if (known[i].sound == sound) {
            fprintf(out, "%s %s\n", what, known[i].name);
            return;
        }
}

void *SDL_RWFromFile(const char *path, const char *mode) {
    snprintf(opened, sizeof opened, "%s", last_part(path));
    return REAL("SDL_RWFromFile", void *(*)(const char *, const char *))(path, mode);
}

void *Mix_LoadWAV_RW(void *stream, int frees) {
    return learn(REAL("Mix_LoadWAV_RW", void *(*)(void *, int))(stream, frees), opened);
}

void *Mix_LoadWAV(const char *path) {
    return learn(REAL("Mix_LoadWAV", void *(*)(const char *))(path), path);
}

void *Mix_LoadMUS(const char *path) {
    return learn(REAL("Mix_LoadMUS", void *(*)(const char *))(path), path);
}

int Mix_PlayChannelTimed(int channel, void *sound, int loops, int ms) {
    (void)loops, (void)ms;
    tell("sound", sound); /* told, not played: which channels are free would hang on the true time */
    return channel < 0 ? 0 : channel;
}

int Mix_PlayChannel(int channel, void *sound, int loops) { return Mix_PlayChannelTimed(channel, sound, loops, -1); }

int Mix_PlayMusic(void *music, int loops) {
    (void)loops;
    tell("music", music);
    return 0;
}

int Mix_FadeInMusic(void *music, int loops, int ms) {
    (void)ms;
    return Mix_PlayMusic(music, loops);
}
