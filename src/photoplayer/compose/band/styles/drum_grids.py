"""Drum grids in the step language: for each drum one line a density level, 4/4, then 3/4, then 6/8.

``X`` accent, ``x`` stroke, ``o`` ghost; ``?`` and ``,`` are a stroke and a ghost drawn with even odds, once
for all bars of a phrase, so that the groove stays. A grid belongs to one layer of the band.
"""

from __future__ import annotations

from photoplayer.compose.band.steps import Family

KICK, STICK, SNARE, CLAP, CLOSED, PEDAL, OPEN = 36, 37, 38, 39, 42, 44, 46
LOW_TOM, MID_TOM, HIGH_TOM, CRASH, RIDE, TAMBOURINE, SPLASH = 41, 47, 50, 49, 51, 54, 55
CONGA, CONGA_LOW, SHAKER, WOODBLOCK = 63, 64, 69, 77
TRIANGLE, SWELL_CYMBAL = 81, 57

Grid = tuple[tuple[int, Family], ...]
"""Drums and their lines."""


def _drum(pitch: int, four: str, three: str = "", six: str = "") -> tuple[int, Family]:
    """A drum from its levels written as one text, lines apart by blanks."""
    return pitch, Family(tuple(four.split()), tuple(three.split()), tuple(six.split()))


GRIDS: dict[str, Grid] = {
    # -- light kits ------------------------------------------------------------------------------
    "soft": (
        _drum(KICK,
              "X............... X............... X.......x....... X.......x.x..... X.....x.x.x...?.",
              "X........... X........... X........... X.......?... X...x...x...",
              "X........... X........... X.....?..... X.....x..... X...x.x...x."),
        _drum(CLOSED,
              "o.......o....... o...o...o...o... o.x.o.x.o.x.o.x. o.x.o.x.o.x.o.x. xoxoxoxoxoxoxoxo",
              "o........... o...o...o... o.x.o.x.o.x. o.x.o.x.o.x. xoxoxoxoxoxo",
              "o........... o.....o..... o...o.o...o. o.o.o.o.o.o. xoxoxoxoxoxo"),
    ),
    "backbeat": (
        _drum(KICK,
              "X............... X.......x....... X.....?.x....... X.....x.x.x...?. X..x..x.x.x..x..",
              "X........... X........... X.....?..... X..x..x...?. X..x..x...x.",
              "X........... X........... X.....?..... X....xx..... X..x.xx..x.."),
        _drum(STICK,
              "................ ....x.......x... ....x.......x... ................ ................",
              "............ ....x....... ....x...x... ............ ............",
              "............ ......x..... ......x..... ............ ............"),
        _drum(CLOSED,
              "x.......x....... x...x...x...x... x.o.x.o.x.o.x.o. X.x.X.x.X.x.X.x. XoxoXoxoXoxoXoxo",
              "x........... x...x...x... x.o.x.o.x.o. X.x.X.x.X.x. XoxoXoxoXoxo",
              "x........... x.....x..... x.o.o.x.o.o. X.x.x.X.x.x. XoxoxoXoxoxo"),
    ),
    "march": (
        _drum(KICK,
              "X............... X.......x....... X.......X....... X...x...X...x... X...x.x.X...x.x.",
              "X........... X........... X........... X.......x... X...x...x...",
              "X........... X.....x..... X.....X..... X...x.X...x. X.x.x.X.x.x."),
        _drum(PEDAL,
              "....o.......o... ....x.......x... ....x.......x... ..x.x.x...x.x.x. ..x.x.x...x.x.x.",
              "........o... ....x...x... ....x...x... ..x.x.x.x.x. ..x.x.x.x.x.",
              "....o.....o. ....x.....x. ....x.....x. ..x.x...x.x. ..x.x...x.x."),
    ),
    "deep": (
        _drum(KICK,
              "X............... X.........x..... X.....x...x..... X.x...x.X.....x. X.x.x.x.X.x.x.xx",
              "X........... X.......x... X.....x..... X.x...x...x. X.x.x.x.X.xx",
              "X........... X....x...... X...x.X...x. X.x.x.X...x. X.xxx.X.xxx."),
        _drum(CLOSED,
              "................ ........o....... ....o.......o... o.x.o.x.o.x.o.x. xoxoXoxoxoxoXoxo",
              "............ ............ ....o...o... o.x.o.x.o.x. xoxoXoxoXoxo",
              "............ ......o..... o.....o..... o.x.o.o.x.o. xoxoxoXoxoxo"),
    ),
    "four-floor": (
        _drum(KICK,
              "X............... X.......X....... X...X...X...X... X...X...X...X... X...X...X...X..x"),
        _drum(CLOSED,
              "....o.......o... ..x...x...x...x. ..x...x...x...x. o.x.o.x.o.x.o.x. xoXoxoXoxoXoxoXo"),
    ),
    "drive": (
        _drum(KICK,
              "X.......x....... X.......X....... X.....x.X....... X..x..x.X..x..x. X.xxX.xxX.xxX.xx",
              "X........... X.....x..... X.....x...x. X..x..x..x.. X.xxX.xxX.xx",
              "X........... X.....x..... X...x.X..... X..x.xX..x.x X.xxxxX.xxxx"),
        _drum(CLOSED,
              "x...x...x...x... x...x...x...x... x.x.x.x.x.x.x.x. X.x.X.x.X.x.X.x. XoxoXoxoXoxoXoxo",
              "x...x...x... x...x...x... x.x.x.x.x.x. X.x.X.x.X.x. XoxoXoxoXoxo",
              "x.....x..... x...x.x...x. x.x.x.x.x.x. X.x.x.X.x.x. XoxoxoXoxoxo"),
    ),
    "broken": (
        _drum(KICK,
              "X............... X.........x..... X.........x..... X.x.......x..?.. X.x..x....x..x.."),
        _drum(STICK,
              "................ ........x....... ....x.......x... ................ ................"),
        _drum(CLOSED,
              "x.......x....... x...x...x...x... x.x.x.x.x.x.x.x. x.x.X.x.x.xoX.x. xoxoXoxoxoxoXoxo"),
    ),
    "half-time": (
        _drum(KICK,
              "X............... X............... X.....x......... X..x..x......x.. X.xx..x.X..x..xx",
              "X........... X........... X...x....... X..x..x..x.. X.xx..x.X.xx",
              "X........... X........... X....x...... X..x.x...x.. X.xx.xX..x.x"),
        _drum(CLOSED,
              "x.......x....... x...x...x...x... x...x...x...x... X.x.X.x.X.x.X.x. X.xxX.xxX.xxX.xx",
              "x........... x...x...x... x...x...x... X.x.X.x.X.x. X.xxX.xxX.xx",
              "x.....x..... x.....x..... x...x.x...x. X.x.x.X.x.x. X.xxxxX.xxxx"),
    ),
    # -- full kits: what joins the light one --------------------------------------------------------
    "brushes": (
        _drum(SNARE,
              "................ ....o.......o... ....x.......x... ....x..o.o..x... o.o.x.oo.oo.x.oo",
              "............ ....o...o... ....o...x... ....x..ox... o.o.x.oox.oo",
              "............ ......o..... ......x..... ...o..x..o.o o.oo.ox.oo.o"),
        _drum(RIDE,
              "................ x.......x....... x...x...x...x... x...x.x.x...x.x. X.x.X.x.X.x.X.x.",
              "............ x........... x...x...x... x...x.x.x.x. X.x.X.x.X.x.",
              "............ x.....x..... x...x.x...x. x.x.x.x.x.x. X.x.x.X.x.x."),
    ),
    "snare": (
        _drum(SNARE,
              "................ ....x.......x... ....X.......X... ....X..,.,..X... ....X..o.o..X.oo",
              "............ ....x....... ....X...x... ....X...X... ....X..oX.oo",
              "............ ......x..... ......X..... ...o..X..... ...o..X..o.o"),
        _drum(OPEN,
              "................ ................ ................ ..............x. ......x.......x.",
              "............ ............ ............ ..........x. ......x...x.",
              "............ ............ ............ ..........x. ....x.....x."),
        _drum(RIDE,
              "................ ................ ................ x...x...x...x... X.x.X.x.X.x.X.x.",
              "............ ............ ............ x...x...x... X.x.X.x.X.x.",
              "............ ............ ............ x.....x..... X.x.x.X.x.x."),
    ),
    "field-drum": (
        _drum(SNARE,
              "....o.......o... ....x...o.o.x... x..ox.o.x..oxooo X.ooX.o.X.ooXooo XoooXoXoXoooXoXo",
              "....o...o... ....x...x... x..ox.o.x.oo X.ooX.o.Xooo XoooXoXoXooo",
              "....o.....o. x...o.x...o. x..oo.x..ooo X.oooxX.oooo XoooXoXoooXo"),
        _drum(LOW_TOM,
              "................ ................ X............... X.......x....... X.......X.....x.",
              "............ ............ X........... X........... X.......x...",
              "............ ............ X........... X.....x..... X.....X...x."),
    ),
    "claps": (
        _drum(CLAP,
              "................ ....x.......x... ....X.......X... ....X.......X... ....X.......X..x"),
        _drum(SNARE,
              "................ ................ ....o.......o... ....x.......x.o. ....X..o....X.oo"),
        _drum(OPEN,
              "................ ................ ..x...x...x...x. ..X...X...X...X. ..X...X...X...X."),
    ),
    "heavy": (
        _drum(SNARE,
              "........x....... ....x.......x... ....X.......X... ....X..o.o..X..o ....X.oX.o..X.XX",
              "....x....... ....x...x... ....X...x... ....X..oX..o ....X.oXX.XX",
              "......x..... ......X..... ......X....o ...o..X...oo ...X..X..XXX"),
        _drum(RIDE,
              "................ ................ ................ x...x...x...x... X.x.X.x.X.x.X.x.",
              "............ ............ ............ x...x...x... X.x.X.x.X.x.",
              "............ ............ ............ x.....x..... X.x.x.X.x.x."),
        _drum(LOW_TOM,
              "................ ................ ..........x..... ..........x...x. ..x...x...x...x.",
              "............ ............ ........x... ........x.x. ..x...x...x.",
              "............ ............ .........x.. ..x.....x.x. ..x.x...x.x."),
    ),
    "toms": (
        _drum(LOW_TOM,
              "x............... x.........x..... X.....x...x..... X..x..x.X..x..x. X.xxX.x.X.xxX.xx",
              "x........... x.....x..... X.....x..... X..x..x..... X.xxX.x.X.xx",
              "x........... x.....x..... X...x.x..... X.x.x.X...x. X.xxx.X.xxx."),
        _drum(HIGH_TOM,
              "................ ................ ............x.x. ....x.......x.xo ....X..o.o..X.oX",
              "............ ............ ........x.x. ....x...x.xo ....X..oX.oX",
              "............ ............ .........x.x ...x.....x.x ...X..o..X.X"),
    ),
    "late": (
        _drum(SNARE,
              "................ ........x....... ........X....... ........X.....o. o..o....X..o..xo",
              "............ ............ ........X... ........X.o. o..o....X.xo",
              "............ ............ ......X..... ......X...o. o..o..X..o.o"),
        _drum(LOW_TOM,
              "................ ................ ..............x. ..............xx ....x.........xx",
              "............ ............ ..........x. ..........xx ....x.....xx",
              "............ ............ ..........x. ..........xx ....x.....xx"),
        _drum(RIDE,
              "................ ................ ................ x...x...x...x... X.x.X.x.X.x.X.x.",
              "............ ............ ............ x...x...x... X.x.X.x.X.x.",
              "............ ............ ............ x.....x..... X.x.x.X.x.x."),
    ),
    # -- percussion ---------------------------------------------------------------------------------
    "shaker": (
        _drum(SHAKER,
              "o...x...o...x... o...x...o...x... o.x.o.x.o.x.o.x. ooxoooxoooxoooxo xoXoxoXoxoXoxoXo",
              "o...x...x... o...x...x... o.x.o.x.o.x. ooxoooxoooxo xoXoxoXoxoXo",
              "o.....x..... o.....x..... o.o.x.o.o.x. ooxoooxooooo xoXoxoXoxoXo"),
        _drum(TRIANGLE,
              "................ x............... x............... x.......x....... x...o...x...o...",
              "............ x........... x........... x........... x...o...o...",
              "............ x........... x........... x.....x..... x...o.x...o."),
    ),
    "tambourine": (
        _drum(TAMBOURINE,
              "....x.......x... ....x.......x... ....x.......x... o.x.X.x.o.x.X.x. oxxoXoxooxxoXoxo",
              "....x...x... ....x...x... ....x...x... o.x.X.x.X.x. oxxoXoxoXoxo",
              "......x..... ....x.....x. ....x.....x. o.x.x.o.x.x. oxxoXooxxoXo"),
    ),
    "congas": (
        _drum(CONGA,
              "......x......... ......x.......x. ......x.......xx ..x...x...x...xx o.x.oox.o.x.ooxx",
              "......x..... ......x...x. ......x...xx ..x...x...xx o.x.oox.ooxx",
              "....x....... ....x.....x. ....x....xx. ..x.x...x.xx o.x.xoo.x.xx"),
        _drum(CONGA_LOW,
              "............x... ............x... ...x........x... ...x....x...x... ...x....x..xx...",
              "........x... ........x... ...x....x... ...x....x... ...x....x..x",
              "...........x ......x..... ......x..... ......x....x ...x..x....x"),
    ),
    "taiko": (
        _drum(LOW_TOM,
              "X............... X............... X.......x....... X.....x.x...x... X..x..x.X..x..x.",
              "X........... X........... X.......x... X.....x.x... X..x..x.X.x.",
              "X........... X........... X.....x..... X...x.x...x. X.x.x.X.x.x."),
        _drum(TAMBOURINE,
              "................ ................ ............x... ....x.......x... ..x.x.x...x.x.x.",
              "............ ............ ........x... ....x...x... ..x.x.x.x.x.",
              "............ ............ ......x..... ....x.....x. ..x.x...x.x."),
    ),
    "woods": (
        _drum(WOODBLOCK,
              "........o....... ......o.......o. ...x......o..... ...x..x...x..o.. x.ox.ox.x.ox.oxo",
              "......o..... ......o..... ...x......o. ...x..x...x. x.ox.ox.x.ox",
              "......o..... .....o...... ...x.....o.. ...x.o...x.o x.oxo.x.oxo."),
        _drum(SHAKER,
              "................ ....o.......o... ..o...o...o...o. o.o.o.o.o.o.o.o. oxooxooxooxooxoo",
              "............ ....o...o... ..o...o...o. o.o.o.o.o.o. oxooxooxooxo",
              "............ ......o..... ..o.o...o.o. o.o.o.o.o.o. oxooxooxooxo"),
    ),
}  # fmt: skip
