// The whole scene as one distance field in the head's space.
#pragma once
#include "body.h"
#include "face.h"
#include "hair.h"

namespace heads {

// Skin of the head without eyes and lips, in the resting face's space.
HD float head_skin(const HeadIdentity &h, Vec3 q) {
    float d = skull_distance(h, q);
    Vec3 m = vec(fabsf(q.x), q.y, q.z);
    // Nose and ears stand out by less than 3.4 cm.
    if (d > 4.2f) return q.y < 4.0f && (q.z > 3.0f ? q.y > -8.0f : m.x > 4.0f && q.y > -6.5f) ? d - 3.4f : d;
    if (q.z > 3.0f) {
        d = smin(d, ellipsoid(m, vec(2.7f, 1.9f, 6.7f), vec(2.3f, 0.95f, 1.25f + 0.5f * h.brow_ridge)), 1.0f);
        d = smax(d, -ellipsoid(m, vec(h.eye_x - 0.05f, 0.15f, 9.1f), vec(1.95f, 1.25f, 1.75f)), 1.1f);
        d = smin(d, nose_distance(h, q), 0.9f);
        // Philtrum, the fold below the lower lip, and the fold from nose to mouth.
        float below = bump((q.y - h.mouth_y - 1.2f) / 1.0f) * bump(q.x / 0.45f) * 0.09f;
        float fold = bump((q.y - h.mouth_y + 1.75f) / 0.8f) * bump(q.x / 2.4f) * 0.22f;
        float line_x = 1.75f + 0.42f * (h.nose_y - 0.4f - q.y);
        float smile_line = bump((m.x - line_x) / 0.5f) * smooth(h.mouth_y - 0.6f, h.mouth_y + 0.4f, q.y) *
                           smooth(h.nose_y + 0.2f, h.nose_y - 0.7f, q.y) * (0.05f + 0.13f * h.age);
        d += below + fold + smile_line;
    } else if (m.x > 4.0f && h.hair_length > -6.5f) {
        d = smin(d, ear_distance(h, q), 0.5f);
    }
    return d;
}

HD_NOINLINE Hit map(const Scene &s, Vec3 p) {
    const HeadIdentity &h = s.id;
    Vec3 q = jaw_warp(s, p);
    if (s.mouth.smile > 0.01f && p.z > 2.0f) {
        // A smile lifts the cheeks.
        float cheek = bump((fabsf(q.x) - 3.6f) / 2.4f) * bump((q.y + 3.6f) / 2.8f);
        q.z -= 0.45f * s.mouth.smile * cheek;
    }
    Hit hit{head_skin(h, q), SKIN};
    if (p.z > 3.0f) {
        if (h.beard_length > 0.01f && q.y < -2.0f) {
            float grow = beard_mask(h, q);
            hit.distance -= h.beard_length * 0.4f * grow * (1.0f + 0.1f * sinf(q.x * 7.0f + 2.0f * sinf(q.y * 2.0f)));
        }
        add_eyes(s, q, hit);
        add_mouth(s, p, hit);
    }
    add_body(s, p, hit);
    if (s.prop_style > 0) add_prop(s, p, hit);
    bool far_from_hair = q.z > 5.0f && q.y < h.hair_line - 4.0f && fabsf(q.x) < 5.5f;
    if (h.hair_style > 0.5f && !far_from_hair) add(hit, hair_distance(s, q), HAIR);
    if (h.glasses_style > 0.5f && p.y > -6.0f && p.y < 4.0f) add(hit, glasses_distance(h, q), GLASSES);
    return hit;
}

// A simplified field for cast shadows; its surface lies a little inside the true one.
HD_NOINLINE float shadow_map(const Scene &s, Vec3 p) {
    const HeadIdentity &h = s.id;
    Vec3 q = p;
    if (p.y < h.mouth_y) q.y += s.mouth.drop * smooth(h.mouth_y, h.mouth_y - s.mouth.drop - 1.0f, p.y);
    Vec3 m = vec(fabsf(q.x), q.y, q.z);
    float d = ellipsoid(q, vec(0.0f, 3.2f, -1.2f), vec(h.cranium_width, h.cranium_height, h.cranium_depth));
    d = fminf(d, ellipsoid(q, vec(0.0f, -2.0f, 1.6f), vec(h.face_width, 6.2f, 6.4f)));
    d = fminf(d, ellipsoid(q, vec(0.0f, h.chin_y + 3.6f, 2.0f), vec(h.jaw_width - 0.6f, 3.6f, 5.8f)));
    float tip_z = 8.2f + 1.8f * h.nose_forward;
    d = fminf(d, capsule(q, vec(0.0f, 0.5f, 7.2f), vec(0.0f, h.nose_y, tip_z), h.nose_bridge, h.nose_tip));
    d = fminf(d, capsule(m, vec(1.2f, 1.9f, 7.0f), vec(4.4f, 1.6f, 5.6f), 0.8f, 0.8f));
    d += 0.12f;
    if (h.hair_style > 1.5f) d = fminf(d, hair_distance(s, q) + 0.12f);
    Vec3 world = to_world(s, p);
    if (world.y < -6.0f) {
        d = fminf(d, capsule(world, s.neck_base, to_world(s, vec(0.0f, -5.0f, -2.6f)), h.neck_radius + 0.3f, h.neck_radius - 0.2f));
        d = fminf(d, torso_distance(s, to_body(s, world)) + 0.1f);
    }
    return d;
}

} // namespace heads
