// The resting face: skull, jaw, nose, ears and the eyes with their lids.
#pragma once
#include "mouth.h"

namespace heads {

HD float skull_distance(const HeadIdentity &h, Vec3 q) {
    Vec3 m = vec(fabsf(q.x), q.y, q.z);
    float d = ellipsoid(q, vec(0.0f, 3.2f, -1.2f), vec(h.cranium_width, h.cranium_height, h.cranium_depth));
    d = smin(d, ellipsoid(q, vec(0.0f, -2.0f, 1.6f), vec(h.face_width, 6.2f, 6.4f)), 1.2f);
    if (q.y > -3.0f) d = smin(d, ellipsoid(q, vec(0.0f, 3.6f, 1.2f), vec(6.3f, 5.6f, 6.9f + h.forehead)), 1.2f);
    // Above the eyes the lower face is too far away to matter.
    if (q.y > 2.5f) return d;
    d = smin(d, ellipsoid(q, vec(0.0f, h.chin_y + 4.4f, 2.0f), vec(h.jaw_width - 0.35f, 4.1f, 5.6f)), 1.3f);
    d = smin(d, capsule(m, vec(h.jaw_width - 0.4f, h.chin_y + 4.9f, -0.6f),
                        vec(1.0f, h.chin_y + 1.6f, 5.8f + h.chin_forward), 0.6f, 1.1f), 1.6f);
    if (q.z < -2.0f) return d;
    d = smin(d, ellipsoid(q, vec(0.0f, h.chin_y + 1.7f, 6.4f + h.chin_forward), vec(h.chin_width, 1.6f, 2.1f)), 1.3f);
    d = smin(d, ellipsoid(q, vec(0.0f, h.mouth_y + 0.3f, 4.3f), vec(3.7f, 2.7f, 4.5f)), 1.5f);
    d = smin(d, ellipsoid(m, vec(3.3f, -3.9f, 5.2f), vec(2.0f, 2.4f, 2.3f + 0.5f * h.cheek_fullness)), 1.6f);
    d = smin(d, ellipsoid(m, vec(h.face_width - 2.0f, -1.7f, 4.8f), vec(1.7f, 1.1f, 1.6f + 0.4f * h.cheekbone)), 1.6f);
    return d;
}

HD float nose_distance(const HeadIdentity &h, Vec3 q) {
    Vec3 m = vec(fabsf(q.x), q.y, q.z);
    float tip_z = 8.2f + 1.8f * h.nose_forward, y = h.nose_y;
    Vec3 root = vec(0.0f, 0.5f, 7.45f), middle = vec(0.0f, 0.5f * y - 0.1f, 0.5f * (7.6f + tip_z) + 0.15f + h.nose_hump * 0.6f);
    Vec3 tip = vec(0.0f, y, tip_z);
    float d = capsule(q, root, middle, h.nose_bridge, h.nose_bridge + 0.15f);
    d = smin(d, capsule(q, middle, tip, h.nose_bridge + 0.15f, h.nose_tip + 0.08f), 0.6f);
    float wing_x = 1.08f * h.nose_width;
    d = smin(d, ellipsoid(m, vec(wing_x, y - 0.22f, tip_z - 1.25f), vec(0.62f, 0.62f, 0.95f)), 0.6f);
    d = smin(d, capsule(q, tip, vec(0.0f, y - 0.72f, tip_z - 1.4f), 0.5f, 0.45f), 0.35f);
    float nostril = ellipsoid(m, vec(0.6f * h.nose_width, y - 0.82f, tip_z - 0.62f), vec(0.3f, 0.26f, 0.55f));
    return smax(d, -nostril, 0.15f);
}

HD float ear_distance(const HeadIdentity &h, Vec3 q) {
    Vec3 m = vec(fabsf(q.x), q.y, q.z);
    float out = 0.25f + 0.5f * h.ear_out;
    Vec3 e = m - vec(h.face_width + 0.75f + 0.3f * out, -1.6f, -1.2f);
    // Lean the ear outwards and back.
    e = vec(e.x + 0.25f * e.z + out * 0.35f * e.z, e.y + 0.1f * e.z, e.z);
    float size = h.ear_size;
    float d = ellipsoid(e, vec(0.0f), vec(0.55f, 2.9f * size, 1.75f * size));
    float bowl = ellipsoid(e, vec(0.5f, 0.3f, 0.25f), vec(0.5f, 1.9f * size, 1.05f * size));
    return smax(d, -bowl, 0.25f) * 0.85f;
}

// Half heights of the eye's opening at relative position u = x / half width (|u| < 1).
struct LidContours {
    float upper, lower;
};
HD LidContours lid_contours(const Scene &s, float u, float blink) {
    float flat = fmaxf(1.0f - u * u, 0.0f);
    float lower_half = 0.36f + 0.1f * s.id.eye_height;
    float lower = -lower_half * flat * (1.0f + 0.15f * u);
    float upper = s.id.eye_height * (mixf(flat, sqrtf(flat), 0.45f)) * (1.0f - 0.12f * u) + 0.06f * flat;
    float shut = -0.7f * lower_half * flat;
    return LidContours{mixf(upper, shut, blink), mixf(lower, shut, blink)};
}

HD void add_eyes(const Scene &s, Vec3 q, Hit &hit) {
    int side = q.x < 0.0f ? 0 : 1;
    const HeadIdentity &h = s.id;
    Vec3 e = vec(fabsf(q.x) - h.eye_x, q.y, q.z - h.eye_z);
    if (dot(e, e) > 9.0f) return;
    float tilted = e.y - h.eye_tilt * e.x;
    float socket = length(e) - 1.57f;
    float upper_fold = hit.distance;
    hit.distance = smin(upper_fold, socket, 0.45f);
    float u = e.x / h.eye_width;
    LidContours lids = lid_contours(s, u, s.eye[side].blink);
    float open = fmaxf(tilted - lids.upper, lids.lower - tilted);
    open = fmaxf(open * 0.8f, fabsf(e.x) - h.eye_width);
    open = fmaxf(open, -e.z);
    hit.distance = smax(hit.distance, -open, 0.06f);
    add(hit, length(e) - 1.45f, EYE);
}

} // namespace heads
