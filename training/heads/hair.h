// Hair, beard and glasses.
#pragma once
#include "scene.h"

namespace heads {

// How much of a beard grows at a point of the resting face, 0..1.
HD float beard_mask(const HeadIdentity &h, Vec3 q) {
    int style = (int)(h.beard_style + 0.5f);
    if (style == 0 || q.y > -1.0f || q.z < -1.5f) return 0.0f;
    float ax = fabsf(q.x), my = h.mouth_y;
    float lips = sqrtf(sq(ax / (h.mouth_width + 0.1f)) + sq((q.y - my + 0.1f) / 0.95f));
    float off_lips = smooth(0.85f, 1.15f, lips);
    float moustache = smooth(3.0f, 2.3f, ax) * smooth(my - 0.3f, my + 0.3f, q.y) *
                      smooth(h.nose_y - 0.75f, h.nose_y - 1.2f, q.y + 0.16f * sq(ax)) * (0.6f + 0.4f * smooth(0.05f, 0.35f, ax));
    float throat = smooth(h.chin_y - 2.4f, h.chin_y - 0.4f, q.y);
    if (style == 2) return moustache * off_lips;
    if (style == 3) {
        float chin = smooth(my + 0.4f, my - 0.4f, q.y) * smooth(h.mouth_width + 0.75f, h.mouth_width + 0.25f, ax + 0.1f * (my - q.y));
        return fmaxf(moustache, chin) * off_lips * throat;
    }
    // Cheek line from the corner of the mouth up to the ear.
    float line = mixf(my + 0.2f, my + 4.6f, smooth(2.8f, 6.0f, ax)) - 0.5f * bump((ax - 3.6f) / 1.5f);
    float full = smooth(line + 0.5f, line - 0.5f, q.y + 0.25f * sinf(q.x * 5.0f + q.z * 3.0f));
    float ears = smooth(h.face_width + 0.5f, h.face_width + 0.1f, ax);
    return fmaxf(moustache, full) * off_lips * throat * ears;
}

// Signed region of the scalp: positive where hair grows.
HD float scalp_region(const HeadIdentity &h, Vec3 q) {
    float ax = fabsf(q.x);
    bool covers_temples = h.hair_style > 3.5f && h.hair_style < 8.5f && h.hair_style != 6.0f;
    float top = q.y - h.hair_line + (covers_temples ? 0.11f : 0.05f) * sq(q.x) - 0.25f * bump((q.x - h.hair_part) / 2.0f);
    if (h.hair_style > 8.5f) top = 2.0f - 0.28f * (q.z + 9.0f) - fmaxf(0.0f, q.y - 6.5f) * 1.5f;
    float side = 1.6f - q.z + 0.42f * (q.y + 1.0f) - 0.05f * ax;
    float region = smax(top, side, 1.0f);
    // Around the ears and the nape.
    float ear = length(vec(0.0f, q.y + 1.9f, q.z + 0.9f)) - 3.0f;
    bool covers_ears = h.hair_length < -6.5f;
    if (!covers_ears && ax > 4.5f) region = fminf(region, ear);
    region = fminf(region, q.y - h.hair_length + (covers_ears ? 0.0f : 0.6f * fmaxf(0.0f, q.z + 2.0f)));
    return region;
}

HD float hair_distance(const Scene &s, Vec3 q) {
    const HeadIdentity &h = s.id;
    int style = (int)(h.hair_style + 0.5f);
    float v = h.hair_volume;
    float d = ellipsoid(q, vec(0.0f, 3.2f, -1.2f),
                        vec(h.cranium_width + v * 0.75f, h.cranium_height + v * 0.9f, h.cranium_depth + v * 0.6f));
    if (d > 9.0f && q.y > 0.0f) return d - 2.5f;
    d = smin(d, ellipsoid(q, vec(0.0f, 3.6f, 1.2f), vec(6.3f + v * 0.75f, 5.6f + v * 0.9f, 6.9f + h.forehead + 0.5f * v)), 1.2f);
    float region = scalp_region(h, q);
    // Uneven locks at the hairline, and hair that thins out towards it.
    float uneven = style == 4 || style == 5 || style == 7 || style == 8 ? 0.3f : 1.0f;
    if (d < 2.0f)
        region += uneven * (0.3f * sinf(q.x * 2.9f + 1.1f * sinf(q.y * 2.1f)) * sinf(q.z * 2.3f + q.y * 1.7f) +
                            0.1f * sinf(q.x * 8.0f + q.y * 5.0f + q.z * 6.0f));
    float taper = style == 7 ? 0.35f : style == 6 ? 0.6f : 1.0f;
    d += v * 0.62f * taper * (1.0f - smooth(0.0f, 2.6f, region));
    if (style == 3)
        d = smin(d, ellipsoid(q, vec(0.3f * h.hair_part, h.hair_line + 3.0f, 3.2f), vec(4.8f, 2.1f + 0.4f * v, 3.6f)), 1.8f);
    if (style == 8)
        d = smin(d, ellipsoid(q, vec(0.0f, 10.5f, -6.0f), vec(3.2f, 3.0f, 3.2f)), 0.6f);
    d = smax(d, -region, style == 1 ? 0.25f : 0.5f);
    if (style == 4 || style == 5 || style == 7) {
        float low = h.hair_length + 0.5f * sinf(q.x * 1.7f);
        float widen = 0.5f * smooth(4.0f, -6.0f, q.y);
        float curtain = ellipse(q.x, q.z + 1.9f, h.cranium_width + 0.1f + 0.6f * v + widen, 7.3f + 0.4f * v);
        curtain = smax(curtain, fmaxf(q.y - 4.5f, low - q.y), 2.0f);
        // It frames the face.
        curtain = smax(curtain, -ellipsoid(vec(q.x, fmaxf(q.y, -3.5f), q.z), vec(0.0f, -3.5f, 8.5f), vec(h.face_width - 0.1f, 10.5f, 8.0f)), 0.8f);
        curtain = smax(curtain, q.z - 3.6f, 1.5f);
        d = smin(d, curtain, 1.2f);
    }
    float wave = h.hair_wave;
    if (wave > 0.01f && d < 2.0f) {
        if (style == 6)
            d -= wave * 0.45f * sinf(q.x * 2.3f + 1.3f * sinf(q.y * 1.7f)) * sinf(q.y * 2.5f + sinf(q.z * 1.9f)) * sinf(q.z * 2.1f + 1.0f);
        else
            d -= wave * 0.24f * sinf(q.y * 1.3f + 1.5f * sinf(q.x * 0.7f) + q.z * 0.5f);
    }
    if (d < 0.8f && v > 0.4f) {
        // Locks: shallow furrows along the strands, front to back on top, downwards on the sides.
        float part = q.x - 0.25f * (q.z - 5.0f) * (q.x > h.hair_part ? -1.0f : 1.0f);
        float across = mixf(8.0f * atan2f(q.x, q.z + 2.0f), part, smooth(5.0f, 8.0f, q.y));
        float lock = across * 2.6f + 1.2f * sinf(q.y * 0.5f + q.z * 0.3f);
        d += 0.06f * fabsf(sinf(lock)) + 0.03f * sinf(lock * 3.3f + 0.7f * sinf(q.y));
    }
    return d * 0.9f;
}

HD float glasses_distance(const HeadIdentity &h, Vec3 q) {
    int style = (int)(h.glasses_style + 0.5f);
    float g = h.glasses_size, t = h.glasses_thickness;
    float z = 9.35f + 0.25f * h.brow_ridge - 0.028f * sq(q.x);
    float ax = fabsf(q.x), y = q.y + 0.45f, x = ax - 3.35f;
    float ring;
    if (style == 1) {
        ring = sqrtf(x * x + y * y) - 2.25f * g;
    } else {
        float w = (style == 3 ? 2.6f : 2.45f) * g, hgt = (style == 3 ? 2.0f : 1.65f) * g;
        y += style == 3 ? 0.1f * x : 0.0f;
        float dx = fmaxf(fabsf(x) - w + 0.8f, 0.0f), dy = fmaxf(fabsf(y) - hgt + 0.8f, 0.0f);
        ring = sqrtf(dx * dx + dy * dy) - 0.8f + fminf(fmaxf(fabsf(x) - w + 0.8f, fabsf(y) - hgt + 0.8f), 0.0f);
    }
    float d = sqrtf(sq(ring) + sq(q.z - z)) - t;
    float bridge = capsule(vec(ax, q.y, q.z), vec(0.0f, 0.15f, z + 0.15f), vec(1.2f, 0.0f, z), t, t);
    float out = h.face_width + 0.75f;
    float temple = capsule(vec(ax, q.y, q.z), vec(5.6f * g + 0.15f, 0.3f, z - 0.3f), vec(out, 0.1f, -1.0f), t * 0.9f, t * 0.8f);
    return fminf(fminf(d, bridge), temple);
}

} // namespace heads
