// What lies behind the head, as a function of the position in the frame.
#pragma once
#include "noise.h"
#include "scene.h"

namespace heads {

// x, y: position in heights of the frame, 0 in the middle, y down.
HD Vec3 background(const HeadIdentity &h, float x, float y) {
    Vec3 a = vec(h.back_r, h.back_g, h.back_b), b = vec(h.back2_r, h.back2_g, h.back2_b);
    int style = (int)(h.back_style + 0.5f);
    uint32_t seed = (uint32_t)(h.back_seed * 97.0f);
    float tilt = hash_unit(seed + 1) * 2.0f - 1.0f;
    if (style == 1) {
        // A room: wall, floor edge, a window or picture, a corner; all slightly out of focus.
        float edge = (hash_unit(seed + 2) - 0.5f) * 1.4f;
        Vec3 c = mix(a, a * 0.72f, smooth(edge - 0.01f, edge + 0.01f, x));
        float wx = x - (hash_unit(seed + 3) - 0.5f) * 1.2f, wy = y + 0.25f;
        float ww = 0.12f + 0.15f * hash_unit(seed + 4), wh = 0.16f + 0.1f * hash_unit(seed + 5);
        float inside = smooth(0.012f, -0.012f, fmaxf(fabsf(wx) - ww, fabsf(wy) - wh));
        float frame = smooth(0.012f, -0.012f, fabsf(fmaxf(fabsf(wx) - ww, fabsf(wy) - wh)) - 0.012f);
        c = mix(c, hash_unit(seed + 6) < 0.5f ? vec(0.85f, 0.9f, 1.0f) : b, inside);
        c = mix(c, a * 0.4f, frame);
        return mix(c, b * 0.6f, smooth(0.33f, 0.36f, y + 0.03f * tilt * x));
    }
    if (style == 2) {
        Vec3 c = mix(a * 0.5f, b * 0.35f, saturate(y + 0.5f + tilt * x));
        for (int i = 0; i < 14; i++) {
            uint32_t k = seed + 31U * (uint32_t)i;
            float cx = (hash_unit(k + 11) - 0.5f) * 1.5f, cy = (hash_unit(k + 12) - 0.5f) * 1.1f;
            float r = 0.03f + 0.06f * hash_unit(k + 13);
            float d = sqrtf(sq(x - cx) + sq(y - cy));
            float disc = smooth(r, r - 0.012f, d) * (0.7f + 0.3f * smooth(r - 0.03f, r, d));
            c = c + mix(a, vec(1.0f, 0.85f, 0.6f), hash_unit(k + 14)) * (disc * (0.15f + 0.45f * hash_unit(k + 15)));
        }
        return c;
    }
    if (style == 3) {
        float n = fbm(vec(x * 3.0f, y * 3.0f, h.back_seed));
        return mix(a, b, smooth(0.25f, 0.75f, n + 0.2f * y));
    }
    if (style == 4) {
        // Shelves with books, out of focus.
        float row = floorf((y + 0.5f) / 0.22f);
        float fy = (y + 0.5f) / 0.22f - row;
        float fx = x / 0.035f;
        float book = floorf(fx);
        float in_x = fx - book;
        Vec3 c = vec(hash3((int)book, (int)row, (int)seed), hash3((int)book, (int)row + 50, (int)seed),
                     hash3((int)book, (int)row + 90, (int)seed));
        c = mix(mix(a, b, c.x), c, 0.25f) * (0.35f + 0.65f * smooth(0.0f, 0.25f, in_x) * smooth(1.0f, 0.75f, in_x));
        float top = 0.15f + 0.35f * hash3((int)book, (int)row + 7, (int)seed);
        c = mix(c, a * 0.15f, smooth(top + 0.06f, top - 0.06f, fy));
        return mix(c, a * 0.6f, smooth(0.88f, 0.94f, fy));
    }
    float t = saturate(0.5f + 0.9f * (y + tilt * x));
    float vignette = 1.0f - 0.35f * saturate(x * x + y * y);
    return mix(a, b, t) * vignette;
}

} // namespace heads
