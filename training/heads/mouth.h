// Lips, the opening, teeth and tongue.
#pragma once
#include "noise.h"
#include "scene.h"

namespace heads {

// Heights of the lips' four contours at x; ratio is |x| / half width, clamped to 1.
struct LipContours {
    float ratio, outer_upper, inner_upper, inner_lower, outer_lower, z;
};

HD LipContours lip_contours(const Scene &s, float x) {
    const Mouth &m = s.mouth;
    LipContours c;
    float ax = fabsf(x);
    float u = fminf(ax / m.half_width, 1.0f);
    float flat = 1.0f - u * u;
    float arc = mixf(flat, sqrtf(flat), 0.45f);
    float gap = m.upper_y - m.lower_y;
    // Closed lips meet in a line with a small tubercle in the middle; it flattens on opening.
    float wave = (0.05f * bump(x / 0.7f) - 0.04f * bump((ax - 0.8f) / 0.6f)) / (1.0f + 3.0f * gap);
    c.ratio = u;
    c.inner_upper = m.corner_y + (m.upper_y - m.corner_y) * arc - wave;
    c.inner_lower = m.corner_y + (m.lower_y - m.corner_y) * arc - wave;
    float taper = sqrtf(flat) * (1.0f - 0.25f * u);
    float bow = 1.0f - 0.22f * s.id.cupid_bow * bump(x / 0.45f) + 0.12f * s.id.cupid_bow * bump((ax - 0.5f) / 0.6f);
    c.outer_upper = c.inner_upper + m.upper_height * (taper * 0.85f + 0.15f * flat) * bow + 0.02f;
    c.outer_lower = c.inner_lower - m.lower_height * sqrtf(flat) * (0.75f + 0.25f * flat) - 0.02f;
    c.z = m.z - m.curve * ax * ax;
    return c;
}

// Skin warp: the part of the face below the lip line follows the jaw, the skin around the
// mouth follows protruding lips. Maps a point of the posed face to the resting face.
HD Vec3 jaw_warp(const Scene &s, Vec3 p) {
    const Mouth &m = s.mouth;
    float rest = s.id.mouth_y;
    float w = smooth(rest + 1.4f, rest - m.drop - 0.9f, p.y) * smooth(-3.0f, 3.0f, p.z);
    Vec3 q = p;
    q.y += m.drop * w;
    q.z += 0.22f * m.drop * w;
    float near_mouth = bump(sqrtf(sq(p.x) + sq((p.y - 0.5f * (m.upper_y + m.lower_y)) * 0.9f)) / 3.6f);
    if (p.z > 4.0f) q.z -= m.protrude * near_mouth;
    return q;
}

// The opening between the lips, negative inside, in the plane of the face.
HD float opening_distance(const Scene &s, Vec3 p, const LipContours &c) {
    float d = fmaxf(p.y - c.inner_upper, c.inner_lower - p.y);
    float beyond = fabsf(p.x) - s.mouth.half_width;
    return beyond > 0.0f ? sqrtf(sq(beyond) + sq(fmaxf(d, 0.0f))) : d * 0.85f;
}

HD float lips_distance(const Scene &s, Vec3 p, const LipContours &c) {
    const Mouth &m = s.mouth;
    float beyond = fmaxf(fabsf(p.x) - m.half_width, 0.0f);
    float side = 1.0f - sq(c.ratio);
    float upper_r = 0.5f * (c.outer_upper - c.inner_upper) + 0.04f;
    float lower_r = 0.5f * (c.inner_lower - c.outer_lower) + 0.04f;
    float thick = 0.22f + 0.28f * side;
    float upper = ellipse(p.y - 0.5f * (c.outer_upper + c.inner_upper),
                          p.z - (c.z - 0.34f + m.upper_out * (0.25f + 0.75f * side)), upper_r, thick + 0.1f);
    float lower = ellipse(p.y - 0.5f * (c.outer_lower + c.inner_lower),
                          p.z - (c.z - 0.34f + m.lower_out * (0.2f + 0.8f * side)), lower_r, thick + 0.14f);
    float d = fminf(upper, lower);
    return beyond > 0.0f ? sqrtf(sq(beyond) + sq(fmaxf(d, 0.0f))) : d;
}

// A row of teeth along an elliptic arch; edge is the height of the biting edge, up = 1 for
// the upper row (the teeth extend upwards), -1 for the lower.
HD float teeth_distance(const Scene &s, Vec3 p, float edge, float front, float half, float up) {
    float zc = front - 3.0f;
    float around = sqrtf(sq(p.x / half) + sq((p.z - zc) / 3.0f)) + 1e-6f;
    float radial = (around - 1.0f) * half;
    float cell = p.x / (s.id.tooth_width * (up > 0.0f ? 1.0f : 0.72f));
    if (up < 0.0f) cell += 0.5f;
    float f = cell - floorf(cell) - 0.5f;
    float whim = hash_unit((uint32_t)(int)(floorf(cell) + 64.0f + 200.0f * up) + (uint32_t)s.id.detail_seed) - 0.5f;
    edge += 0.2f * s.id.tooth_uneven * whim * up;
    float height = (p.y - edge) * up - 0.25f * sq(f) - 0.05f * sq(p.x / 1.6f) * (up > 0.0f ? 1.0f : -0.3f);
    float groove = 0.09f * sq(sq(2.0f * f)) + 0.35f * s.id.tooth_gap * bump(p.x / 0.13f) * (up > 0.0f ? 1.0f : 0.0f);
    float a = fabsf(radial + groove) - 0.16f;
    float b = fmaxf(-height, height - 1.15f);
    return smax(smax(a, b, 0.12f), zc - 0.3f - p.z, 0.1f) * 0.8f;
}

// Carves the opening into the skin and adds what it shows.
HD void add_mouth(const Scene &s, Vec3 p, Hit &hit) {
    const Mouth &m = s.mouth;
    float middle = 0.5f * (m.upper_y + m.lower_y);
    float reach = length(p - vec(0.0f, middle, m.z - 1.5f)) - 4.2f;
    if (reach > 1.2f) {
        hit.distance = fminf(hit.distance, reach);
        return;
    }
    LipContours c = lip_contours(s, p.x);
    float gap = m.upper_y - m.lower_y;
    float skin = hit.distance;
    float room = ellipsoid(p, vec(0.0f, middle, m.teeth_z - 2.4f), vec(2.9f, 1.1f + 0.5f * gap, 2.75f));
    if (gap > 0.01f) {
        float open = fmaxf(opening_distance(s, p, c), m.teeth_z - 2.6f - p.z);
        float hole = smin(open, room, 0.15f);
        if (-hole > skin) {
            hit.distance = -hole;
            hit.material = p.z < c.z - 0.7f ? INNER : SKIN;
        }
    }
    float lips = 0.8f * lips_distance(s, p, c);
    hit.distance = smin(hit.distance, lips, 0.2f);
    if (lips < hit.distance + 0.05f) hit.material = SKIN;
    if (gap < 0.02f) return;
    float upper = teeth_distance(s, p, m.upper_teeth_y, m.teeth_z, 2.75f, 1.0f);
    float lower = teeth_distance(s, p, m.lower_teeth_y, m.teeth_z - 0.28f, 2.55f, -1.0f);
    add(hit, fmaxf(fminf(upper, lower), room), TEETH);
    float tongue = ellipsoid(p, vec(0.0f, m.tongue_y, m.tongue_z), vec(1.95f, 0.85f, 2.3f));
    tongue += 0.12f * bump(p.x / 0.5f);
    add(hit, fmaxf(tongue * 0.9f, room), TONGUE);
    float gums = fmaxf(fabsf(sqrtf(sq(p.x / 2.7f) + sq((p.z - m.teeth_z + 3.25f) / 3.0f)) - 1.0f) * 2.6f - 0.25f,
                       fminf(fabsf(p.y - m.upper_teeth_y - 1.7f), fabsf(p.y - m.lower_teeth_y + 1.6f)) - 0.75f);
    if (p.z > m.teeth_z - 3.2f) add(hit, fmaxf(gums * 0.9f, room), INNER);
}

} // namespace heads
