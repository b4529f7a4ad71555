"""The GLSL programs. Kinds of surface are those of :class:`mesh.Kind`."""

from __future__ import annotations

from photoplayer.piano.layout import KEY_COUNT, WHITE_COUNT

_HEAD = f"#version 330\n#define KEYS {KEY_COUNT}\n#define WHITES {WHITE_COUNT}.0\n"

_MOVE = (
    _HEAD
    + """
uniform mat4 camera;
uniform float down[KEYS];      // 0 up .. 1 bottom
uniform vec3 hinge;          // travel mm at the front, pivot mm behind the fallboard, key length mm
in vec3 place; in vec3 normal; in vec4 paint; in vec2 made;
float angle_of(int key) { return key < 0 ? 0.0 : down[key] * hinge.x / (hinge.z + hinge.y); }
vec3 moved(int key) {
    vec3 at = place;
    if (key >= 0) at.z -= angle_of(key) * (place.y + hinge.y);
    return at;
}
"""
)

DEPTH_VERTEX = (
    _MOVE
    + """
void main() { gl_Position = camera * vec4(moved(int(made.y)), 1.0); }
"""
)
DEPTH_FRAGMENT = "#version 330\nvoid main() {}\n"

SCENE_VERTEX = (
    _MOVE
    + """
uniform vec4 edges[KEYS];      // mm: left, right, neck left, neck right
uniform vec4 walls[KEYS];      // mm above this key's top: white left, white right, black left, black right
centroid out vec3 at; centroid out vec3 faces; out vec4 colour;
flat out int kind; flat out vec4 edge; flat out vec4 wall; flat out float sunk;
void main() {
    int key = int(made.y);
    at = moved(key);
    float tilt = angle_of(key);
    faces = vec3(normal.x, normal.y + normal.z * tilt, normal.z - normal.y * tilt);
    colour = paint;
    kind = int(made.x);
    edge = key < 0 ? vec4(0) : edges[key];
    wall = key < 0 ? vec4(0) : walls[key];
    sunk = key < 0 ? 0.0 : tilt;
    gl_Position = camera * vec4(at, 1.0);
}
"""
)

_SCENE_FRAGMENT = """
uniform vec3 eye;
uniform vec3 ray_a; uniform vec3 light_a; uniform vec3 ray_b; uniform vec3 light_b;
uniform mat4 lamp_a; uniform mat4 lamp_b;   // world to texture space
uniform vec2 soft;           // blur of the two shadows, in texture widths
uniform vec3 sky; uniform vec3 bounce;
uniform sampler2D near_hands; uniform vec4 near_place;   // how open the plane of the keys is; mm to texture
uniform vec4 board;          // key length, white-key width, hinge depth, dust
uniform sampler2DShadow shade_a; uniform sampler2DShadow shade_b;
uniform sampler2D keys_seen; uniform sampler2D noise;
centroid in vec3 at; centroid in vec3 faces; in vec4 colour;
flat in int kind; flat in vec4 edge; flat in vec4 wall; flat in float sunk;
out vec4 shown;

float lit(sampler2DShadow map, vec3 p, float r) {
    if (p.x < 0.0 || p.x > 1.0 || p.y < 0.0 || p.y > 1.0 || p.z > 1.0) return 1.0;
    p.z -= 0.0008;
    float sum = texture(map, p + vec3(r, 0.3 * r, 0)) + texture(map, p + vec3(-0.7 * r, 0.8 * r, 0))
              + texture(map, p + vec3(-0.3 * r, -1.1 * r, 0));
#ifdef FINE
    sum += texture(map, p + vec3(0.2 * r, 0.5 * r, 0)) + texture(map, p + vec3(0.35 * r, -0.35 * r, 0))
         + texture(map, p + vec3(-0.5 * r, -0.1 * r, 0));
    return sum / 6.0;
#else
    return sum / 3.0;
#endif
}
void main() {
    vec3 n = normalize(faces), view = normalize(eye - at);
    vec3 base = colour.rgb;
    float gloss = colour.a, open = 1.0;
    if (kind == 1 || kind == 2) {
        if (kind == 1) {
            float top = -sunk * (at.y + board.z);       // this key's top here
            if (n.z > 0.5) {
                float beyond = at.y - board.x * 0.63;   // past the black keys' feet
                vec2 necks = vec2(at.x - edge.z, edge.w - at.x);
                vec2 side = beyond < 0.0 ? necks : vec2(at.x - edge.x, edge.y - at.x);
                vec2 aside = max(necks, 0.0);
                vec2 dark = wall.zw / (wall.zw + 1.6 * aside + 2.0) * exp(-max(beyond, 0.0) / 8.0);
                dark = max(dark, wall.xy / (wall.xy + 1.6 * max(side, 0.0) + 2.0));
                open *= (1.0 - 0.55 * dark.x) * (1.0 - 0.55 * dark.y);
                open *= 1.0 - 0.5 * exp(-at.y / 6.0);
                float rim = min(side.x, side.y);
                if (rim < 0.8) n = normalize(n + vec3(side.x < side.y ? -0.5 : 0.5, 0, 0));
            } else {
                open *= clamp(1.0 + (at.z - top) / 14.0, 0.12, 1.0) * (abs(n.x) > 0.5 ? 0.55 : 0.9);
            }
        } else {
            open *= clamp(0.35 + (at.z + 3.0) / 12.0, 0.25, 1.0);
            open *= 1.0 - 0.4 * exp(-at.y / 6.0);
        }
    }
    // one look at the noise: where on it, and how much it darkens and lightens, by kind
    vec3 grain = kind == 4 ? vec3(at.xy * 0.004, 0.14)
        : kind == 5 ? vec3(at.x * 0.0002, (at.y + at.z) * 0.006, 0.6)
        : kind == 6 ? vec3(at.xy * 0.0023 + at.z * 0.002, 0.4) : kind == 7 ? vec3(at.xy * 0.0019, 0.8)
        : kind == 1 || kind == 2 ? vec3(at.xy * 0.006, 0.0) : vec3(0.0);
    float speck = texture(noise, grain.xy).r;
    base *= 1.0 + grain.z * (speck - 0.5);
    if (kind == 1 || kind == 2) base = mix(base, vec3(0.25, 0.24, 0.22), board.w * n.z * speck);
    if (kind != 4 && at.z > -30.0 && at.y < 200.0)
        open *= texture(near_hands, near_place.xy + near_place.zw * at.xy).r;
    float cos_a = dot(n, ray_a), cos_b = dot(n, ray_b);
    float wrap = kind == 4 ? 0.25 : 0.0;
    cos_a = max((cos_a + wrap) / (1.0 + wrap), 0.0); cos_b = max((cos_b + wrap) / (1.0 + wrap), 0.0);
    float seen_a = cos_a > 0.0 ? lit(shade_a, (lamp_a * vec4(at, 1.0)).xyz, soft.x) : 0.0;
#ifdef TWO_LAMPS
    float seen_b = cos_b > 0.0 ? lit(shade_b, (lamp_b * vec4(at, 1.0)).xyz, soft.y) : 0.0;
#else
    const float seen_b = 0.0;
#endif
    float close_by = sqrt(open);
    vec3 got = light_a * cos_a * seen_a * close_by + light_b * cos_b * seen_b * close_by;
    if (kind == 4) got += vec3(0.10, 0.02, 0.01) * (1.0 - cos_a) * light_a * seen_a;
    got += mix(bounce, sky, 0.5 + 0.5 * n.z) * open;
    vec3 result = base * got;
    if (gloss > 0.0) {
        vec3 half_a = normalize(ray_a + view), half_b = normalize(ray_b + view);
        float sharp = mix(8.0, 120.0, gloss * gloss);
        float peak = gloss * (kind == 4 ? 0.12 : 0.35) * (1.0 + 2.5 * gloss);
        result += light_a * seen_a * peak * pow(max(dot(n, half_a), 0.0), sharp);
#ifdef TWO_LAMPS
        result += light_b * seen_b * peak * pow(max(dot(n, half_b), 0.0), sharp);
#endif
        float edge_on = 1.0 - max(dot(n, view), 0.0);
        float mirror = gloss * gloss * (0.04 + 0.6 * edge_on * edge_on * edge_on * edge_on);
        vec3 bent = reflect(-view, n);
        vec3 around = mix(bounce, sky, 0.5 + 0.5 * bent.z) * open;
        if (kind == 3 && bent.z < -0.02 && at.z > 0.0) {
            vec2 hit = at.xy - bent.xy * at.z / bent.z;
            if (hit.y > 0.0 && hit.y < board.x)
                around = 0.7 * (light_a + sky)
                    * texture(keys_seen, hit / vec2(WHITES * board.y, board.x)).rgb;
            mirror = gloss * gloss * 0.35;
        }
        result += mirror * around;
    }
    shown = vec4(sqrt(clamp(result * 0.4, 0.0, 1.0)), 1.0);
}
"""


def scene_fragment(lamps: int, *, fine: bool) -> str:
    """The scene's fragment shader for one or two lamps (the second costs a third more), with fine shadows."""
    return (
        _HEAD
        + ("#define TWO_LAMPS\n" if lamps > 1 else "")
        + ("#define FINE\n" if fine else "")
        + _SCENE_FRAGMENT
    )


POST_VERTEX = """
#version 330
in vec2 corner; out vec2 where;
void main() { where = corner * 0.5 + 0.5; gl_Position = vec4(corner, 0.0, 1.0); }
"""

_POST_FRAGMENT = """
uniform sampler2D pictures[STEPS];
uniform vec2 size;
uniform vec4 lens;           // bulge, blur px, vignette, sharpen
uniform vec4 tone;           // exposure, 1 / gamma, contrast, black
uniform vec3 balance;
uniform vec3 grain;          // saturation, noise, seed
in vec2 where; out vec4 shown;

vec3 taken(vec2 at) {
    vec3 sum = vec3(0.0), one;      // pictures are kept as square roots
    ADD_ALL
    return sum * 2.5 / float(STEPS);
}
uint mixed(uint x) { x ^= x >> 16; x *= 0x7feb352dU; x ^= x >> 15; x *= 0x846ca68bU; x ^= x >> 16; return x; }
void main() {
    vec2 aside = (where - 0.5) * size, corner = size * 0.5;
    float radius = dot(aside, aside) / dot(corner, corner);
    vec2 at = 0.5 + (where - 0.5) * (1.0 + lens.x * radius);
    vec3 light = taken(at);
    if (lens.y > 0.0) {
        vec2 r = lens.y / size;
        vec3 round = taken(at + vec2(r.x, 0.3 * r.y)) + taken(at + vec2(-0.3 * r.x, r.y))
            + taken(at - vec2(r.x, 0.3 * r.y)) + taken(at - vec2(-0.3 * r.x, r.y));
        light = lens.w > 0.0 ? light + lens.w * (light - 0.25 * round) : 0.25 * light + 0.1875 * round;
    }
    light *= (1.0 - lens.z * radius) * tone.x * balance;
    float grey = dot(light, vec3(0.3, 0.6, 0.1));
    light = max(mix(vec3(grey), light, grain.x), 0.0);
    vec3 sent = pow(light, vec3(tone.y));
    sent = (sent - 0.5) * tone.z + 0.5;
    if (grain.y > 0.0) {
        uint h = mixed(uint(gl_FragCoord.x) + 4096u * uint(gl_FragCoord.y) + mixed(uint(grain.z)));
        vec3 hiss = vec3(h & 1023u, (h >> 10) & 1023u, (h >> 20) & 1023u) / 1023.0 - 0.5;
        sent += (hiss + (hiss.x + hiss.y + hiss.z) * 0.6) * grain.y * 2.0;
    }
    shown = vec4(clamp(sent + tone.w, 0.0, 1.0), 1.0);
}
"""


def post_fragment(steps: int) -> str:
    """The shader from light to a picture's bytes, for the mean of so many drawings."""
    add = " ".join(f"one = texture(pictures[{i}], at).rgb; sum += one * one;" for i in range(steps))
    return f"#version 330\n#define STEPS {steps}\n#define ADD_ALL {add}\n" + _POST_FRAGMENT


FLAT_VERTEX = """
#version 330
uniform mat3 to_clip;        // picture pixels to clip space
in vec2 pixel; in vec4 paint; in vec2 inside;
out vec4 colour; out vec2 within;
void main() {
    colour = paint;
    within = inside;
    gl_Position = vec4((to_clip * vec3(pixel, 1.0)).xy, 0.0, 1.0);
}
"""

FLAT_FRAGMENT = """
#version 330
uniform sampler2D sheet;
uniform int style;           // 0 flat, 1 soft in y, 2 soft disc, 3 picture
in vec4 colour; in vec2 within; out vec4 shown;
void main() {
    float strength = colour.a;
    if (style == 1) strength *= exp(-6.0 * within.y * within.y);
    if (style == 2) strength *= exp(-5.0 * dot(within, within));
    vec4 seen = style == 3 ? texture(sheet, within) : vec4(1.0);
    shown = vec4(seen.rgb * colour.rgb, seen.a * strength);
}
"""
