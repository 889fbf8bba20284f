// A head from a seed.
#include "scene_build.h"
#include <math.h>

namespace heads {

namespace {

// SplitMix64: independent numbers from one seed.
class Random {
public:
    explicit Random(uint64_t seed) : state_(mix(seed + 0x1234567ULL)) {}
    float unit() {
        return (float)(mix(state_ += 0x9E3779B97F4A7C15ULL) >> 40) * (1.0f / 16777216.0f);
    }
    float range(float lo, float hi) { return lo + (hi - lo) * unit(); }
    // Bell-shaped within lo..hi.
    float bell(float lo, float hi) { return lo + (hi - lo) * (unit() + unit() + unit()) / 3.0f; }
    bool chance(float p) { return unit() < p; }
    int pick(const float *weights, int count) {
        float total = 0;
        for (int i = 0; i < count; i++) total += weights[i];
        float at = unit() * total;
        for (int i = 0; i < count; i++)
            if ((at -= weights[i]) < 0) return i;
        return count - 1;
    }

private:
    static uint64_t mix(uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    uint64_t state_;
};

float linear(float v) { return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f); }
Vec3 srgb(float r, float g, float b) { return vec(linear(r / 255), linear(g / 255), linear(b / 255)); }
Vec3 hsv(float hue, float saturation, float value) {
    auto channel = [&](float offset) {
        float k = fmodf(offset + hue * 6.0f, 6.0f);
        return value - value * saturation * clampf(fminf(k, 4.0f - k), 0.0f, 1.0f);
    };
    return vec(linear(channel(5)), linear(channel(3)), linear(channel(1)));
}
void put(Vec3 c, float &r, float &g, float &b) {
    r = c.x;
    g = c.y;
    b = c.z;
}

struct Person {
    float male, melanin, age;
};

void build_skull(Random &r, const Person &p, HeadIdentity &h) {
    float wide = r.bell(-1, 1);
    h.cranium_width = 7.3f + 0.35f * wide + r.bell(-0.15f, 0.25f);
    h.cranium_height = r.bell(8.0f, 8.8f);
    h.cranium_depth = r.bell(8.9f, 9.6f);
    h.face_width = clampf(6.25f + 0.4f * wide + r.bell(-0.25f, 0.25f), 5.7f, 6.8f);
    h.jaw_width = clampf(h.face_width - r.bell(1.0f, 2.2f) + 0.35f * (p.male - 0.5f), 4.2f, 5.6f);
    h.chin_y = -r.bell(10.9f, 12.1f) - 0.2f * p.male;
    h.chin_width = clampf(r.bell(1.2f, 1.8f) + 0.3f * p.male, 1.3f, 2.1f);
    h.chin_forward = r.bell(-0.45f, 0.6f);
    h.cheek_fullness = r.unit();
    h.cheekbone = r.unit();
    h.brow_ridge = saturate(0.6f * p.male + r.bell(-0.2f, 0.4f));
    h.forehead = r.bell(-0.4f, 0.4f);
    h.nose_y = -r.bell(3.7f, 4.6f);
    h.nose_forward = r.bell(0.82f, 1.22f);
    h.nose_width = r.bell(0.82f, 1.15f) + 0.18f * p.melanin;
    h.nose_bridge = r.bell(0.45f, 0.75f);
    h.nose_tip = r.bell(0.72f, 1.0f);
    h.nose_hump = r.bell(-0.3f, 0.4f);
    h.ear_size = r.bell(0.85f, 1.15f);
    h.ear_out = r.unit() * r.unit();
    h.neck_radius = r.bell(4.3f, 5.0f) + 0.7f * p.male;
    h.shoulder_width = r.bell(15.5f, 18.0f) + 2.5f * p.male;
}

void build_eyes(Random &r, const Person &p, HeadIdentity &h) {
    h.eye_x = r.bell(3.05f, 3.45f);
    h.eye_z = 6.72f;
    h.eye_width = r.bell(1.28f, 1.48f);
    h.eye_height = r.bell(0.46f, 0.68f) - 0.04f * p.male;
    h.eye_tilt = r.bell(-0.08f, 0.16f);
    h.iris_radius = r.bell(0.66f, 0.76f);
    static const float weights[6] = {4, 3, 1.2f, 1.5f, 1.2f, 0.8f};
    const Vec3 colours[6] = {srgb(62, 36, 20), srgb(98, 62, 32), srgb(122, 100, 50),
                             srgb(86, 122, 152), srgb(84, 112, 80), srgb(118, 128, 134)};
    int pick = p.melanin > 0.55f ? (r.chance(0.8f) ? 0 : 1) : r.pick(weights, 6);
    put(colours[pick] * r.range(1.0f, 1.7f), h.iris_r, h.iris_g, h.iris_b);
    h.brow_y = r.bell(2.0f, 2.6f) - 0.15f * p.male;
    h.brow_thickness = r.bell(0.22f, 0.36f) + 0.13f * p.male;
    h.brow_arch = r.bell(0.0f, 0.5f) * (1.2f - 0.6f * p.male);
    h.brow_density = r.range(0.75f, 1.25f);
    h.brow_tilt = r.bell(-0.06f, 0.12f);
}

void build_mouth_shape(Random &r, const Person &p, HeadIdentity &h) {
    h.mouth_y = h.nose_y + 0.36f * (h.chin_y - h.nose_y) + r.bell(-0.25f, 0.2f);
    h.mouth_width = r.bell(2.35f, 2.95f);
    float full = r.bell(-1, 1);
    h.upper_lip = clampf(0.66f + 0.18f * full + 0.12f * p.melanin + r.bell(-0.1f, 0.1f), 0.4f, 0.95f);
    h.lower_lip = clampf(0.86f + 0.2f * full + 0.1f * p.melanin + r.bell(-0.1f, 0.1f), 0.55f, 1.15f);
    h.lip_forward = clampf(0.3f + 0.1f * full + 0.08f * p.melanin, 0.15f, 0.55f);
    h.cupid_bow = r.unit();
    h.lip_gloss = r.unit() * r.unit();
    h.lip_edge = r.range(0.06f, 0.15f);
    float shade = r.range(0.8f, 1.0f);
    put(srgb(242, 234, 216 - 30 * r.unit()) * shade, h.tooth_r, h.tooth_g, h.tooth_b);
    h.tooth_width = r.range(0.68f, 0.86f);
    h.tooth_show = r.range(0.25f, 0.5f);
    h.jaw_range = r.bell(2.1f, 2.7f);
    Vec3 skin = vec(h.skin_r, h.skin_g, h.skin_b);
    Vec3 lip = mix(skin * vec(0.86f, 0.5f, 0.5f), srgb(178, 84, 80), 0.3f * (1.0f - p.melanin)) * r.range(0.8f, 1.05f);
    if (p.male < 0.5f && r.chance(0.45f)) {
        const Vec3 sticks[5] = {srgb(168, 30, 44), srgb(196, 70, 90), srgb(140, 44, 60), srgb(190, 90, 76), srgb(206, 110, 120)};
        lip = mix(lip, sticks[(int)(r.unit() * 4.99f)], r.range(0.3f, 0.85f));
        h.lip_gloss = r.range(0.3f, 1.0f);
    }
    put(lip, h.lip_r, h.lip_g, h.lip_b);
}

void build_skin(Random &r, const Person &p, HeadIdentity &h) {
    const Vec3 tones[6] = {srgb(240, 205, 182), srgb(230, 186, 154), srgb(214, 164, 128),
                           srgb(176, 124, 88), srgb(124, 82, 56), srgb(78, 52, 38)};
    float at = p.melanin * 4.999f;
    int i = (int)at;
    Vec3 skin = mix(tones[i], tones[i + 1], at - (float)i);
    float warm = r.bell(-1, 1);
    skin = skin * vec(1.0f + 0.05f * warm, 1.0f, 1.0f - 0.09f * warm);
    put(skin, h.skin_r, h.skin_g, h.skin_b);
    h.blush = r.range(0.15f, 0.9f) * (1.0f - 0.45f * p.melanin);
    h.freckles = p.melanin < 0.4f && r.chance(0.25f) ? r.range(0.3f, 1.0f) : 0.0f;
    h.pores = saturate(r.unit() * 0.6f + 0.4f * p.age);
    h.age = p.age;
    h.shine = r.range(0.1f, 0.9f);
    h.moles = r.chance(0.3f) ? r.range(0.4f, 1.0f) : 0.0f;
    h.detail_seed = r.range(0, 1000);
}

Vec3 hair_colour(Random &r, const Person &p) {
    const Vec3 natural[7] = {srgb(26, 20, 18), srgb(46, 32, 24), srgb(74, 48, 30), srgb(116, 80, 48),
                             srgb(186, 148, 96), srgb(222, 190, 136), srgb(142, 66, 32)};
    static const float light[7] = {1, 2, 3, 3, 2, 1.2f, 1.2f};
    Vec3 c = p.melanin > 0.5f ? natural[r.chance(0.75f) ? 0 : 1] : natural[r.pick(light, 7)];
    c = c * r.range(0.8f, 1.25f);
    float grey = saturate((p.age - 0.5f) * 2.2f) * r.unit();
    if (p.age > 0.75f) grey = fmaxf(grey, r.range(0.3f, 1.0f));
    c = mix(c, srgb(196, 194, 190) * r.range(0.7f, 1.0f), grey);
    if (r.chance(0.05f)) c = hsv(r.unit(), 0.6f, 0.6f);
    return c;
}

void build_hair(Random &r, const Person &p, HeadIdentity &h) {
    //                               bald buzz short quiff long wavy curly bob tied receding
    static const float male[10] = {1.1f, 1.6f, 4.0f, 2.5f, 0.3f, 0.3f, 1.2f, 0.1f, 0.1f, 1.3f};
    static const float female[10] = {0.05f, 0.2f, 1.0f, 0.3f, 3.0f, 3.0f, 1.5f, 2.0f, 2.0f, 0.0f};
    int style = r.pick(p.male > 0.5f ? male : female, 10);
    if (style == 9 && p.age < 0.35f) style = 2;
    h.hair_style = (float)style;
    static const float low[10] = {0.2f, 0.12f, 0.8f, 0.9f, 0.9f, 1.0f, 1.4f, 1.0f, 0.5f, 0.5f};
    static const float high[10] = {0.3f, 0.2f, 1.8f, 1.7f, 1.6f, 1.9f, 3.0f, 1.6f, 0.9f, 1.0f};
    h.hair_volume = r.range(low[style], high[style]);
    h.hair_line = r.bell(5.5f, 7.3f);
    if (style == 7) h.hair_line = r.range(3.6f, 4.6f);
    if (style == 6) h.hair_line = r.bell(5.6f, 7.2f);
    h.hair_length = -4.5f;
    if (style == 4 || style == 5) h.hair_length = r.range(-18.0f, -9.0f);
    if (style == 7) h.hair_length = r.range(-10.5f, -7.0f);
    if (style == 6) h.hair_length = r.chance(0.5f) ? r.range(-7.5f, -6.6f) : -4.5f;
    h.hair_wave = style == 5 ? r.range(0.5f, 1.0f) : style == 6 ? r.range(0.7f, 1.0f) : r.range(0.0f, 0.3f);
    h.hair_part = r.range(-3.5f, 3.5f);
    Vec3 hair = hair_colour(r, p);
    put(hair, h.hair_r, h.hair_g, h.hair_b);
    put(mix(hair, srgb(40, 28, 22), 0.45f) * 0.8f, h.brow_r, h.brow_g, h.brow_b);

    static const float beards[5] = {4.0f, 2.0f, 0.8f, 0.9f, 1.8f};
    h.beard_style = p.male > 0.5f ? (float)r.pick(beards, 5) : 0.0f;
    h.beard_density = h.beard_style == 1 ? r.range(0.15f, 0.5f) : r.range(0.7f, 1.0f);
    h.beard_length = h.beard_style < 1.5f ? 0.0f : r.range(0.15f, h.beard_style > 3.5f ? 1.0f : 0.5f);
    put(hair * r.range(0.7f, 1.1f), h.beard_r, h.beard_g, h.beard_b);

    static const float glasses[4] = {7.0f, 1.0f, 1.4f, 0.9f};
    h.glasses_style = (float)r.pick(glasses, 4);
    h.glasses_size = r.range(0.9f, 1.12f);
    h.glasses_thickness = r.range(0.12f, 0.24f);
    Vec3 frame = r.chance(0.6f) ? vec(r.range(0.005f, 0.04f)) : hsv(r.unit(), 0.6f, r.range(0.2f, 0.6f));
    put(frame, h.glasses_r, h.glasses_g, h.glasses_b);
}

void build_surroundings(Random &r, HeadIdentity &h) {
    static const float clothes[5] = {4, 2, 2.5f, 1.2f, 2};
    h.clothes_style = (float)r.pick(clothes, 5);
    static const float patterns[4] = {5, 1, 1, 1.5f};
    h.clothes_pattern = (float)r.pick(patterns, 4);
    put(hsv(r.unit(), r.range(0.0f, 0.75f), r.range(0.08f, 0.9f)), h.clothes_r, h.clothes_g, h.clothes_b);
    put(hsv(r.unit(), r.range(0.0f, 0.6f), r.range(0.3f, 0.95f)), h.clothes2_r, h.clothes2_g, h.clothes2_b);
    static const float backs[5] = {3, 2.5f, 2, 2, 1.5f};
    h.back_style = (float)r.pick(backs, 5);
    float hue = r.unit();
    put(hsv(hue, r.range(0.0f, 0.55f), r.range(0.15f, 0.95f)), h.back_r, h.back_g, h.back_b);
    put(hsv(fmodf(hue + r.range(-0.15f, 0.15f) + 1.0f, 1.0f), r.range(0.0f, 0.6f), r.range(0.1f, 0.9f)), h.back2_r, h.back2_g, h.back2_b);
    h.back_seed = r.range(0, 1000);

    float warm = r.bell(-1, 1);
    auto tint = [&](float w) { return vec(1.0f + 0.16f * w, 1.0f, 1.0f - 0.22f * w); };
    float key = r.range(0.56f, 0.92f), side = r.chance(0.5f) ? 1.0f : -1.0f;
    h.key_azimuth = side * r.range(5, 62);
    h.key_height = r.range(12, 52);
    put(tint(warm) * key, h.key_r, h.key_g, h.key_b);
    put(tint(r.bell(-1, 1)) * r.range(0.12f, 0.45f), h.fill_r, h.fill_g, h.fill_b);
    h.rim_azimuth = -side * r.range(115, 165);
    put(tint(r.bell(-1.5f, 1.5f)) * (r.chance(0.6f) ? r.range(0.1f, 0.9f) : 0.0f), h.rim_r, h.rim_g, h.rim_b);
    Vec3 surroundings = mix(vec(1.0f), vec(h.back_r, h.back_g, h.back_b) * 1.6f, 0.25f);
    put(surroundings * tint(-0.5f * warm) * r.range(0.25f, 0.5f), h.ambient_r, h.ambient_g, h.ambient_b);
    h.shadow = r.range(4, 14);
    h.fov = r.range(15, 32);
    h.head_scale = r.range(0.42f, 0.6f);
    h.head_x = r.bell(-0.12f, 0.12f);
    h.head_y = r.bell(-0.1f, 0.06f);
    h.exposure = r.bell(0.82f, 1.22f);
    h.saturation = r.bell(0.82f, 1.14f);
    h.blur = r.range(0.5f, 0.8f);
    h.noise = r.chance(0.7f) ? r.range(0.0f, 0.012f) : 0.0f;
}

void widen_light(Random &r, HeadIdentity &h) {
    if (r.chance(0.4f)) {
        // One hard lamp and little else.
        float dim = r.range(0.15f, 0.6f);
        h.fill_r *= dim, h.fill_g *= dim, h.fill_b *= dim;
        dim = r.range(0.3f, 0.8f);
        h.ambient_r *= dim, h.ambient_g *= dim, h.ambient_b *= dim;
        float more = r.range(1.1f, 1.6f);
        h.key_r *= more, h.key_g *= more, h.key_b *= more;
        h.shadow = r.range(10, 30);
        h.key_azimuth = (h.key_azimuth < 0 ? -1.0f : 1.0f) * r.range(10, 88);
        h.key_height = r.range(-10, 75);
    } else if (r.chance(0.35f)) {
        // An overcast day: hardly any direction.
        float more = r.range(1.4f, 2.1f), dim = r.range(0.2f, 0.6f);
        h.ambient_r *= more, h.ambient_g *= more, h.ambient_b *= more;
        h.key_r *= dim, h.key_g *= dim, h.key_b *= dim;
    }
    if (r.chance(0.15f)) {
        Vec3 tint = mix(vec(1.0f), hsv(r.unit(), 0.8f, 1.0f) * 1.6f, r.range(0.2f, 0.8f));
        h.key_r *= tint.x, h.key_g *= tint.y, h.key_b *= tint.z;
    }
    h.blur = r.range(0.45f, r.chance(0.25f) ? 1.3f : 0.75f);
    h.saturation *= r.range(0.75f, 1.1f);
}

// Everything that the public seeds below HEADS_WIDE do not have.
void widen(Random &r, HeadIdentity &h, const Person &p) {
    h.skin_detail = r.range(0.25f, 1.0f);
    h.wrinkles = saturate(p.age * r.range(0.5f, 1.5f));
    h.lip_lines = r.unit();
    h.pores = fmaxf(h.pores, r.range(0.2f, 0.9f));
    h.freckles = fmaxf(h.freckles, p.melanin < 0.55f && r.chance(0.15f) ? r.range(0.3f, 1.0f) : 0.0f);
    if (r.chance(0.65f)) {
        // Lips of nature: near the skin, from pale to brown.
        Vec3 skin = vec(h.skin_r, h.skin_g, h.skin_b);
        float red = r.range(0.48f, 0.86f);
        Vec3 lip = skin * vec(r.range(0.72f, 0.98f), red, red * r.range(0.88f, 1.12f));
        put(lip, h.lip_r, h.lip_g, h.lip_b);
        h.lip_gloss = r.unit() * r.unit() * 0.7f;
    }
    if (r.chance(0.4f)) h.tooth_uneven = r.unit();
    if (r.chance(0.12f)) h.tooth_gap = r.range(0.3f, 1.0f);
    if (r.chance(0.3f)) put(srgb(r.range(190, 240), r.range(170, 225), r.range(120, 190)), h.tooth_r, h.tooth_g, h.tooth_b);
    if (p.male < 0.5f && r.chance(0.4f)) {
        h.makeup = r.range(0.25f, 0.9f);
        put(hsv(r.chance(0.6f) ? r.range(0.0f, 0.12f) : r.unit(), r.range(0.3f, 0.8f), r.range(0.1f, 0.6f)), h.makeup_r, h.makeup_g, h.makeup_b);
    }
    h.beard_strands = r.range(0.3f, 1.0f);
    if (p.male > 0.5f && h.beard_style < 0.5f && r.chance(0.4f)) {
        h.beard_style = r.chance(0.6f) ? 1.0f : 4.0f;
        h.beard_density = h.beard_style < 1.5f ? r.range(0.1f, 0.6f) : r.range(0.5f, 1.0f);
        h.beard_length = h.beard_style < 1.5f ? 0.0f : r.range(0.1f, 1.2f);
    }
    if (r.chance(0.16f)) h.clothes_style = 5.0f;
    if (r.chance(0.14f)) {
        h.prop_style = r.chance(0.5f) ? 1.0f : 2.0f;
        bool covers = r.chance(0.5f);
        h.prop_x = r.bell(-3.5f, 3.5f);
        h.prop_y = covers ? r.range(-2.5f, 0.5f) : r.range(-6.5f, -3.0f);
        h.prop_z = r.range(2.0f, 4.5f);
        h.prop_tilt = r.range(-55, 55);
        put(r.chance(0.7f) ? vec(r.range(0.01f, 0.12f)) : hsv(r.unit(), 0.7f, r.range(0.2f, 0.8f)), h.prop_r, h.prop_g, h.prop_b);
    }
    widen_light(r, h);
}

// Front surface of the resting face at (x, y).
float front(const HeadIdentity &h, float x, float y) {
    float z = 14.0f;
    for (int i = 0; i < 60; i++) {
        float d = head_skin(h, vec(x, y, z));
        if (d < 0.005f) break;
        z -= 0.8f * d;
    }
    return z;
}

} // namespace

void build_identity(uint64_t seed, HeadIdentity &h) {
    Random r(seed % HEADS_WIDE);
    h = HeadIdentity{};
    Person p;
    p.male = r.chance(0.5f) ? r.range(0.65f, 1.0f) : r.range(0.0f, 0.35f);
    p.melanin = r.unit();
    p.age = r.unit() * (0.5f + 0.5f * r.unit());
    build_skull(r, p, h);
    build_skin(r, p, h);
    build_eyes(r, p, h);
    build_mouth_shape(r, p, h);
    build_hair(r, p, h);
    build_surroundings(r, h);
    if (seed >= HEADS_WIDE) {
        Random other(seed);
        widen(other, h, p);
    }
    h.fit_mouth_z = front(h, 0.0f, h.mouth_y);
    float corner = front(h, h.mouth_width, h.mouth_y);
    h.fit_mouth_curve = clampf((h.fit_mouth_z - corner) / sq(h.mouth_width), 0.1f, 0.32f);
    h.fit_brow_z = front(h, BROW_X, h.brow_y);
    h.fit_chin_z = front(h, 0.0f, h.chin_y + 0.6f);
}

} // namespace heads
