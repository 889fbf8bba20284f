// Surface colours and gloss.
#pragma once
#include "map.h"
#include "noise.h"

namespace heads {

struct Surface {
    Vec3 albedo;
    float specular;  // strength of the highlight
    float gloss;     // exponent
    float skin;      // amount of light that scatters below the surface
    float roughness; // normal perturbation by detail noise
};

HD Vec3 skin_colour(const Scene &s, Vec3 q) {
    const HeadIdentity &h = s.id;
    Vec3 c = vec(h.skin_r, h.skin_g, h.skin_b);
    float ax = fabsf(q.x);
    Vec3 seed = vec(h.detail_seed);
    float blotch = noise(q * 0.55f + seed);
    c = c * (0.93f + 0.14f * blotch);
    // Redder cheeks, nose, ears; darker around the eyes.
    float cheeks = bump((ax - 4.0f) / 2.6f) * bump((q.y + 3.6f) / 2.6f) * smooth(2.0f, 5.0f, q.z);
    float nose = bump(length(vec(q.x * 1.1f, q.y - h.nose_y, 0.0f)) / 1.5f) * smooth(7.0f, 9.0f, q.z);
    float ears = smooth(6.2f, 7.4f, ax);
    float red = h.blush * (cheeks * 0.8f + nose * 0.6f + ears * 0.4f);
    c = c * mix(vec(1.0f), vec(1.05f, 0.74f, 0.72f), saturate(red));
    float socket = bump((ax - h.eye_x) / 2.4f) * bump((q.y + 0.4f) / 1.9f) * smooth(4.0f, 6.0f, q.z);
    c = c * mix(vec(1.0f), vec(0.84f, 0.74f, 0.74f), socket * (0.45f + 0.5f * h.age));
    if (h.freckles > 0.05f) {
        float spots = noise(q * 4.2f + seed);
        float where = smooth(-7.0f, -3.0f, q.y) * smooth(3.0f, 0.0f, q.y);
        c = c * mix(vec(1.0f), vec(0.72f, 0.56f, 0.45f), h.freckles * where * smooth(0.62f, 0.78f, spots));
    }
    if (h.moles > 0.05f) {
        float spot = noise(q * 0.9f + seed + vec(17.0f));
        c = c * (1.0f - 0.6f * h.moles * smooth(0.93f, 0.96f, spot));
    }
    if (h.skin_detail > 0.01f) {
        // Grain that a camera sees: mottling, pores as dark dots, and something finer.
        float grain = noise(q * 2.3f + seed) - 0.5f, fine = noise(q * 5.5f + seed * 0.7f) - 0.5f, finest = noise(q * 9.0f + seed * 1.3f) - 0.5f;
        float dots = smooth(0.62f, 0.85f, noise(q * 6.5f + seed * 2.1f));
        c = c * (1.0f + h.skin_detail * (0.08f * grain + 0.13f * fine + 0.12f * finest - 0.07f * dots));
        c = c * (vec(1.0f) + vec(0.5f, -0.6f, -0.3f) * (h.skin_detail * 0.16f * (noise(q * 1.3f + seed * 3.0f) - 0.5f)));
    }
    if (h.wrinkles > 0.05f && q.z > 2.0f) {
        // From the mouth's corners down, beside the eyes, and crossing the lips' surroundings.
        float warp = 0.12f * (noise(q * 1.4f + seed) - 0.5f);
        float down = bump((ax + warp - h.mouth_width - 0.3f - 0.1f * (h.mouth_y - q.y)) / 0.14f) *
                     smooth(h.mouth_y, h.mouth_y - 0.5f, q.y) * smooth(h.mouth_y - 3.2f, h.mouth_y - 1.5f, q.y);
        float nose_line = bump((ax + warp - 1.85f - 0.42f * (h.nose_y - 0.4f - q.y)) / 0.12f) * smooth(h.mouth_y - 0.3f, h.mouth_y + 0.5f, q.y) *
                          smooth(h.nose_y + 0.2f, h.nose_y - 0.6f, q.y);
        float fan = sinf(7.0f * (q.y + 0.25f * (ax - h.eye_x)) + 9.0f * warp);
        float crow = smooth(0.5f, 0.9f, fan) * bump((ax - h.eye_x - 2.1f) / 0.8f) * bump((q.y + 0.2f) / 1.1f);
        float rim = bump((fabsf(q.y - h.mouth_y) - 1.25f) / 0.55f) * smooth(h.mouth_width, h.mouth_width - 1.0f, ax);
        float upright = smooth(0.6f, 0.95f, sinf(q.x * 11.0f + 6.0f * noise(vec(q.x, q.y * 0.4f, h.detail_seed)))) * rim;
        float chin = bump((q.y - h.mouth_y + 1.9f + 0.06f * q.x * q.x + warp) / 0.13f) * smooth(1.9f, 0.9f, ax);
        c = c * (1.0f - h.wrinkles * saturate(0.5f * down + 0.45f * nose_line + 0.25f * crow + 0.22f * upright + 0.35f * chin));
    }
    if (h.makeup > 0.05f) {
        float lid = bump((ax - h.eye_x) / 1.7f) * bump((q.y - 0.85f - h.eye_tilt * (ax - h.eye_x)) / 0.8f) * smooth(4.0f, 6.0f, q.z);
        c = mix(c, vec(h.makeup_r, h.makeup_g, h.makeup_b), saturate(h.makeup * lid));
    }
    if (h.age > 0.3f) {
        float spot = smooth(0.66f, 0.8f, noise(q * 1.7f + seed + vec(5.0f)));
        c = c * (1.0f - 0.16f * (h.age - 0.3f) * spot);
    }
    return c;
}

// Share of a brow's hair at a point of the face.
HD float brow_mask(const Scene &s, Vec3 q) {
    const HeadIdentity &h = s.id;
    float ax = fabsf(q.x);
    float u = (ax - 0.95f) / 4.0f;
    if (u < -0.1f || u > 1.1f || q.z < 3.0f) return 0.0f;
    float y = h.brow_y + s.brow_raise * 0.55f - s.brow_frown * 0.35f * (1.0f - u);
    y += h.brow_arch * bump((u - 0.62f) / 0.6f) + h.brow_tilt * (u - 0.4f) * 4.0f - 0.2f * sq(1.0f - u) - 0.55f * sq(fmaxf(0.0f, u - 0.55f)) * 4.0f;
    float half = h.brow_thickness * (1.05f - 0.75f * u * u) + 0.02f;
    float v = (q.y - y) / half;
    float m = smooth(1.15f, 0.55f, fabsf(v)) * smooth(-0.08f, 0.08f, u) * smooth(1.05f, 0.85f, u);
    float hairs = noise(vec(q.x * 7.0f + (q.x < 0.0f ? -1.0f : 1.0f) * q.y * -5.0f, q.y * 2.5f, h.detail_seed));
    return m * h.brow_density * (0.6f + 0.5f * hairs);
}

// Share of lip colour.
HD float lip_mask(const Scene &s, Vec3 p, const LipContours &c) {
    if (p.z < 3.0f || fabsf(p.x) > s.mouth.half_width + 0.1f) return 0.0f;
    float e = s.id.lip_edge;
    float m = smooth(c.outer_upper + e, c.outer_upper - e, p.y) * smooth(c.outer_lower - e, c.outer_lower + e, p.y);
    return m * smooth(1.02f, 0.94f, fabsf(p.x) / s.mouth.half_width);
}

HD Surface eye_surface(const Scene &s, Vec3 q) {
    const HeadIdentity &h = s.id;
    int side = q.x < 0.0f ? 0 : 1;
    Vec3 e = normalize(vec(q.x - (side ? h.eye_x : -h.eye_x), q.y, q.z - h.eye_z));
    Vec3 g = s.eye[side].gaze;
    float along = dot(e, g);
    float r = along > 0.0f ? 1.45f * sqrtf(fmaxf(0.0f, 1.0f - along * along)) : 9.0f;
    Vec3 white = vec(0.80f, 0.77f, 0.74f);
    white = white * mix(vec(1.0f), vec(0.95f, 0.72f, 0.68f), smooth(0.75f, 1.5f, r));
    Vec3 iris = vec(h.iris_r, h.iris_g, h.iris_b);
    float radius = h.iris_radius;
    Vec3 side_axis = normalize(cross(vec(0.0f, 1.0f, 0.0f), g));
    float angle = atan2f(dot(e, cross(g, side_axis)), dot(e, side_axis));
    float fibres = noise(vec(angle * 6.0f, r * 2.0f, 3.0f));
    iris = iris * (0.6f + 0.8f * fibres) * mixf(1.25f, 0.8f, smooth(0.25f, radius, r));
    iris = iris * (1.0f - 0.75f * smooth(radius - 0.14f, radius, r));
    Vec3 c = mix(iris, white, smooth(radius - 0.03f, radius + 0.05f, r));
    c = mix(vec(0.006f), c, smooth(0.24f, 0.29f, r));
    // The upper lid and lashes shade the eye.
    float ex = fabsf(q.x) - h.eye_x;
    LidContours lids = lid_contours(s, ex / h.eye_width, s.eye[side].blink);
    float below = lids.upper - (q.y - h.eye_tilt * ex);
    c = c * (0.35f + 0.65f * smooth(-0.02f, 0.38f, below));
    return Surface{c, 0.9f, 180.0f, 0.0f, 0.0f};
}

HD Vec3 cloth_colour(const Scene &s, Vec3 b) {
    const HeadIdentity &h = s.id;
    Vec3 a = vec(h.clothes_r, h.clothes_g, h.clothes_b), c = vec(h.clothes2_r, h.clothes2_g, h.clothes2_b);
    int pattern = (int)(h.clothes_pattern + 0.5f);
    float t = 0.0f;
    if (pattern == 1) t = smooth(0.45f, 0.55f, fabsf(sinf(b.y * 1.6f)));
    if (pattern == 2) t = 0.5f * (smooth(0.6f, 0.7f, fabsf(sinf(b.y * 1.3f))) + smooth(0.6f, 0.7f, fabsf(sinf(b.x * 1.3f))));
    Vec3 colour = mix(a, c, t);
    if (pattern == 3) colour = colour * (0.8f + 0.2f * sinf(b.x * 5.0f) * sinf(b.y * 5.0f + 2.0f * fabsf(sinf(b.x * 2.5f))));
    if (h.clothes_style > 3.5f && fabsf(b.x) < 2.2f + 0.4f * (-14.0f - b.y)) colour = mix(colour, c, b.z > 0.0f ? 0.9f : 0.0f);
    return colour * (0.9f + 0.2f * noise(b * 0.8f));
}

HD Surface surface_at(const Scene &s, Vec3 p, int material, Vec3 normal) {
    const HeadIdentity &h = s.id;
    Vec3 q = jaw_warp(s, p);
    if (material == EYE) return eye_surface(s, q);
    if (material == TEETH) {
        float up = p.y > 0.5f * (s.mouth.upper_teeth_y + s.mouth.lower_teeth_y) - 0.1f ? 1.0f : -1.0f;
        float cell = p.x / (h.tooth_width * (up > 0.0f ? 1.0f : 0.72f)) + (up > 0.0f ? 0.0f : 0.5f);
        float f = fabsf(cell - floorf(cell) - 0.5f) * 2.0f;
        float deep = smooth(0.0f, 2.6f, s.mouth.teeth_z - p.z);
        Vec3 c = vec(h.tooth_r, h.tooth_g, h.tooth_b) * (1.0f - 0.35f * smooth(0.86f, 1.0f, f)) * (1.0f - 0.8f * deep);
        return Surface{c, 0.35f, 40.0f, 0.3f, 0.0f};
    }
    if (material == TONGUE || material == INNER) {
        float deep = smooth(-0.3f, 2.2f, s.mouth.teeth_z - p.z);
        Vec3 c = material == TONGUE ? vec(0.44f, 0.14f, 0.13f) : vec(0.26f, 0.06f, 0.055f);
        return Surface{c * (1.0f - (material == TONGUE ? 0.8f : 0.93f) * deep), 0.12f * (1.0f - deep), 30.0f, 0.3f, 0.05f};
    }
    if (material == HAIR) {
        Vec3 c = vec(h.hair_r, h.hair_g, h.hair_b);
        float top = smooth(0.3f, 0.75f, fabsf(normal.y));
        float across_top = q.x * 6.0f, across_side = (fabsf(normal.x) > fabsf(normal.z) ? q.z : q.x) * 6.0f;
        float curl = h.hair_wave * 2.0f * sinf(q.y * 1.3f);
        float strand = mixf(noise(vec(across_side + curl, q.y * 0.5f, 7.0f)), noise(vec(across_top, q.z * 0.5f, 9.0f)), top);
        float fine = mixf(noise(vec(across_side * 3.0f + curl, q.y, 1.0f)), noise(vec(across_top * 3.0f, q.z, 2.0f)), top);
        if (h.hair_style > 5.5f && h.hair_style < 6.5f) strand = fbm(q * 2.2f), fine = noise(q * 6.0f);
        c = c * (0.45f + 0.75f * strand + 0.35f * fine);
        return Surface{c, 0.10f + 0.25f * strand, 22.0f, 0.0f, 0.35f};
    }
    if (material == GLASSES) return Surface{vec(h.glasses_r, h.glasses_g, h.glasses_b), 0.6f, 60.0f, 0.0f, 0.0f};
    if (material == MICROPHONE) {
        Vec3 c = vec(h.prop_r, h.prop_g, h.prop_b);
        float mesh = sinf(p.x * 14.0f) * sinf(p.y * 14.0f) * sinf(p.z * 14.0f);
        return Surface{c * (1.0f + 0.5f * mesh), 0.25f, 24.0f, 0.0f, 0.2f};
    }
    if (material == CLOTHES) return Surface{cloth_colour(s, to_body(s, to_world(s, p))), 0.03f, 8.0f, 0.0f, 0.25f};
    if (material == BODY_SKIN) {
        Vec3 c = skin_colour(s, p + vec(40.0f, 0.0f, -30.0f)) * 0.95f;
        if (h.wrinkles > 0.05f) c = c * (1.0f - 0.22f * h.wrinkles * smooth(0.85f, 1.0f, sinf(p.y * 3.1f + 0.5f * sinf(p.x * 0.6f))));
        return Surface{c, 0.12f, 14.0f, 1.0f, 0.2f};
    }

    Surface out{skin_colour(s, q), 0.07f + 0.13f * h.shine, 16.0f + 10.0f * h.shine, 1.0f, 0.12f + 0.25f * h.pores + 0.5f * h.skin_detail};
    // Lids: a darker crease and lashes along the edge.
    int side = q.x < 0.0f ? 0 : 1;
    float ex = fabsf(q.x) - h.eye_x, u = ex / h.eye_width;
    if (fabsf(u) < 1.3f && fabsf(q.y) < 1.8f && q.z > 4.0f) {
        float ty = q.y - h.eye_tilt * ex;
        LidContours lids = lid_contours(s, u, s.eye[side].blink);
        float lash = smooth(0.17f, 0.05f, ty - lids.upper) * smooth(-0.12f, -0.03f, ty - lids.upper) * smooth(1.12f, 0.95f, fabsf(u));
        float lower_lash = 0.35f * smooth(0.09f, 0.0f, lids.lower - ty) * smooth(-0.06f, 0.0f, lids.lower - ty) * smooth(1.05f, 0.9f, fabsf(u));
        out.albedo = mix(out.albedo, vec(0.02f, 0.014f, 0.012f), saturate(0.95f * lash + lower_lash));
        float crease_y = lid_contours(s, u, 0.0f).upper + 0.34f;
        out.albedo = out.albedo * (1.0f - 0.3f * bump((ty - crease_y) / 0.13f) * smooth(1.2f, 0.8f, fabsf(u)));
    }
    float brow = brow_mask(s, q);
    out.albedo = mix(out.albedo, vec(h.brow_r, h.brow_g, h.brow_b), saturate(brow));
    float beard = beard_mask(h, q);
    LipContours c = lip_contours(s, p.x);
    float lip = lip_mask(s, p, c);
    if (beard > 0.01f) {
        float hairs = noise(vec(q.x * 7.0f, q.y * 3.0f, q.z * 5.0f));
        if (h.beard_strands > 0.01f) {
            // Single hairs: thin, and each patch with a direction of its own.
            float lean = 3.0f * (noise(q * 0.7f + vec(h.detail_seed)) - 0.5f);
            float thin = noise(vec((q.x + lean * q.y * 0.3f) * 10.0f, q.y * 3.5f + lean, q.z * 8.0f));
            hairs = mixf(hairs, saturate(1.6f * thin - 0.3f), 0.7f * h.beard_strands);
        }
        float cover = h.beard_length > 0.05f ? smooth(0.05f, 0.6f, beard * (0.6f + 0.8f * hairs)) : beard * (0.3f + 0.5f * hairs);
        cover *= h.beard_density * (1.0f - lip);
        out.albedo = mix(out.albedo, vec(h.beard_r, h.beard_g, h.beard_b) * (0.6f + 0.8f * hairs), saturate(cover));
        out.skin *= 1.0f - cover;
        out.specular *= 1.0f - 0.7f * cover;
    }
    if (h.hair_style > 0.5f && h.hair_style < 1.5f) {
        float scalp = smooth(-0.5f, 0.4f, scalp_region(h, q));
        out.albedo = mix(out.albedo, vec(h.hair_r, h.hair_g, h.hair_b), 0.75f * scalp);
    }
    if (lip > 0.001f) {
        float lines = noise(vec(p.x * 9.0f, p.y * 1.5f, h.detail_seed));
        Vec3 colour = vec(h.lip_r, h.lip_g, h.lip_b) * (0.86f + 0.22f * lines);
        if (h.lip_lines > 0.01f) {
            float fine = noise(vec(p.x * 13.0f, p.y * 2.2f + 0.8f * p.x * p.x, h.detail_seed + 7.0f));
            colour = colour * (1.0f + h.lip_lines * 0.45f * (fine - 0.55f));
        }
        // The wet inner edge is darker and redder; closed lips meet in a dark line.
        float gap = s.mouth.upper_y - s.mouth.lower_y;
        float inner = fminf(fabsf(p.y - c.inner_upper), fabsf(p.y - c.inner_lower));
        colour = colour * mix(vec(1.0f), vec(0.75f, 0.55f, 0.55f), smooth(0.25f, 0.0f, inner));
        colour = colour * (1.0f - 0.72f * smooth(0.09f, 0.01f, inner) * smooth(0.25f, 0.05f, gap));
        out.albedo = mix(out.albedo, colour, lip);
        out.specular = mixf(out.specular, 0.14f + 0.4f * h.lip_gloss, lip);
        out.gloss = mixf(out.gloss, 26.0f, lip);
    }
    return out;
}

} // namespace heads
