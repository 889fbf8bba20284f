// Neck, shoulders and clothes; they stay in place while the head turns.
#pragma once
#include "scene.h"

namespace heads {

// Point in the body's space: the shoulders lean by the sway angle.
HD Vec3 to_body(const Scene &s, Vec3 world) {
    Vec3 p = vec(world.x - 0.35f * s.shift.x, world.y + 32.2f - 0.35f * s.shift.y, world.z - 0.35f * s.shift.z);
    return vec(s.sway_cos * p.x - s.sway_sin * p.y, s.sway_sin * p.x + s.sway_cos * p.y - 34.0f, p.z);
}

HD float torso_distance(const Scene &s, Vec3 b) {
    float w = s.id.shoulder_width;
    Vec3 m = vec(fabsf(b.x), b.y, b.z);
    float d = ellipsoid(b, vec(0.0f, -31.0f, -4.0f), vec(w - 2.0f, 14.0f, 8.0f));
    d = smin(d, capsule(m, vec(2.5f, -17.2f, -4.4f), vec(w - 3.8f, -22.0f, -4.8f), 3.0f, 3.8f), 3.0f);
    d = smin(d, capsule(m, vec(w - 3.8f, -23.0f, -4.8f), vec(w - 2.4f, -40.0f, -4.0f), 3.6f, 4.2f), 1.5f);
    return d;
}

HD void add_body(const Scene &s, Vec3 p, Hit &hit) {
    Vec3 world = to_world(s, p);
    if (world.y > -5.0f) return;
    if (world.z > 4.5f && world.y > -11.0f) {
        // In front of the chin: too far from the neck to touch it.
        hit.distance = fminf(hit.distance, 1.5f + 0.6f * (world.z - 4.5f));
        return;
    }
    Vec3 b = to_body(s, world);
    const HeadIdentity &h = s.id;
    float neck = capsule(world, s.neck_base, to_world(s, vec(0.0f, -5.0f, -2.6f)), h.neck_radius + 0.5f, h.neck_radius);
    float torso = torso_distance(s, b);
    float skin = smin(neck, torso, 3.5f);
    float joined = smin(hit.distance, skin, 1.2f);
    if (skin < hit.distance) hit.material = BODY_SKIN;
    hit.distance = joined;

    int style = (int)(h.clothes_style + 0.5f);
    float thick = style == 4 ? 0.8f : 0.4f;
    float cloth = smin(neck + (style == 3 ? 0.0f : 0.6f), torso, 3.5f) - thick;
    float around = sqrtf(sq(b.x) + sq(b.z + 3.0f));
    float neckline = -15.2f;
    if (style == 1) neckline = -15.0f - fmaxf(0.0f, b.z + 1.0f) * 0.9f + 0.45f * fabsf(b.x);
    if (style == 0) neckline = -15.6f - 0.12f * fmaxf(0.0f, b.z + 3.0f);
    if (style == 3) neckline = -11.8f;
    if (style == 5) neckline = -15.4f;
    if (style == 2 || style == 4) neckline = -14.4f - fmaxf(0.0f, b.z + 1.5f) * 0.55f + 0.35f * fabsf(b.x);
    cloth = smax(cloth, b.y - neckline, 0.4f);
    if (style == 3) cloth = smin(cloth, fmaxf(fabsf(neck - 0.35f) - 0.3f, fabsf(b.y + 14.0f) - 1.8f), 0.5f);
    if (style == 2 || style == 4) {
        // A folded collar: a flaring ring, open in front.
        float flare = h.neck_radius + 1.3f + 0.35f * (-13.2f - b.y);
        float ring = fmaxf(fabsf(around - flare) - 0.22f, fabsf(b.y + 14.6f + 0.12f * b.z) - 1.5f);
        ring = fmaxf(ring, (b.z + 1.0f) * 0.6f - fabsf(b.x) * 0.9f - 1.2f);
        cloth = smin(cloth, ring * 0.8f, 0.25f);
    }
    if (style == 5) {
        // A scarf: a thick ring with folds.
        float fold = 0.16f * sinf(9.0f * atan2f(b.x, b.z + 3.0f) + 1.4f * b.y) + 0.1f * sinf(5.0f * atan2f(b.x, b.z + 3.0f) - 3.0f * b.y);
        float flat = 0.72f * (b.y + 13.9f - 0.22f * (b.z + 3.0f));
        float ring = sqrtf(sq(around - h.neck_radius - 1.7f) + sq(flat)) - 1.75f + fold;
        cloth = smin(cloth, ring * 0.75f, 0.3f);
    }
    add(hit, cloth * 0.9f, CLOTHES);
}

// A microphone or a hand before the face.
HD void add_prop(const Scene &s, Vec3 p, Hit &hit) {
    Vec3 w = to_world(s, p) - s.prop;
    Vec3 v = vec(s.prop_cos * w.x + s.prop_sin * w.y, s.prop_cos * w.y - s.prop_sin * w.x, w.z);
    if (s.prop_style == 1) {
        float d = fminf(length(v) - 2.3f, capsule(v, vec(0.0f, -1.5f, 0.2f), vec(0.0f, -22.0f, 2.5f), 1.1f, 1.5f));
        d = fminf(d, fmaxf(length(v) - 2.42f, fabsf(v.y) - 0.25f));
        add(hit, d * 0.95f, MICROPHONE);
        return;
    }
    float d = smin(ellipsoid(v, vec(0.0f, -5.6f, 0.6f), vec(3.7f, 4.0f, 1.5f)), capsule(v, vec(0.0f, -9.0f, 0.6f), vec(0.0f, -30.0f, 3.0f), 2.5f, 3.4f), 1.5f);
    HEADS_LOOP
    for (int i = 0; i < 4; i++) {
        float at = (float)i - 1.5f, reach = 2.2f - 0.55f * at * at + 0.2f * at;
        d = smin(d, capsule(v, vec(1.55f * at, -4.6f, 0.2f), vec(1.75f * at, reach, -0.9f), 0.86f, 0.68f), 0.25f);
    }
    d = smin(d, capsule(v, vec(-3.0f, -6.5f, 0.2f), vec(-4.9f, -2.6f, -0.8f), 1.0f, 0.75f), 0.6f);
    add(hit, d * 0.9f, BODY_SKIN);
}

} // namespace heads
