// Builds the scene of a frame, and projects its landmarks.
#include "scene_build.h"
#include <math.h>

namespace heads {

static const float PI = 3.14159265f;
static float radians(float degrees) { return degrees * PI / 180.0f; }

static Mat3 product(const Mat3 &a, const Mat3 &b) {
    Vec3 c0 = vec(b.r0.x, b.r1.x, b.r2.x), c1 = vec(b.r0.y, b.r1.y, b.r2.y), c2 = vec(b.r0.z, b.r1.z, b.r2.z);
    auto row = [&](Vec3 r) { return vec(dot(r, c0), dot(r, c1), dot(r, c2)); };
    return Mat3{row(a.r0), row(a.r1), row(a.r2)};
}

static Mat3 head_rotation(const HeadFrame &f) {
    float cy = cosf(radians(f.yaw)), sy = sinf(radians(f.yaw));
    float cp = cosf(radians(f.pitch)), sp = sinf(radians(f.pitch));
    float cr = cosf(radians(f.roll)), sr = sinf(radians(f.roll));
    Mat3 yaw{vec(cy, 0, sy), vec(0, 1, 0), vec(-sy, 0, cy)};
    Mat3 pitch{vec(1, 0, 0), vec(0, cp, sp), vec(0, -sp, cp)};
    Mat3 roll{vec(cr, sr, 0), vec(-sr, cr, 0), vec(0, 0, 1)};
    return product(roll, product(yaw, pitch));
}

static Vec3 direction(float azimuth, float height) {
    float a = radians(azimuth), h = radians(height);
    return vec(sinf(a) * cosf(h), sinf(h), cosf(a) * cosf(h));
}

static Mouth build_mouth(const HeadIdentity &h, const HeadFrame &f) {
    Mouth m;
    float press = saturate(f.press), round = saturate(f.round), spread = saturate(f.spread);
    float smile = saturate(f.smile), tuck = saturate(f.tuck);
    float drop = fmaxf(f.jaw_open, 0.0f) * h.jaw_range;
    float rest = h.mouth_y;
    m.drop = drop * 0.92f;
    m.half_width = h.mouth_width * (1.0f + 0.16f * spread + 0.12f * smile - 0.42f * round) * (1.0f - 0.05f * f.jaw_open);
    float narrow = 1.0f - 0.3f * round;
    float upper = rest + (0.5f * f.upper_raise + 0.1f * f.jaw_open + 0.12f * smile * f.jaw_open) * narrow;
    float lower = rest - (0.88f * drop + 0.55f * f.lower_drop) * narrow - drop * 0.3f * (1.0f - narrow);
    lower = fminf(lower, upper);
    m.upper_teeth_y = rest - h.tooth_show;
    m.lower_teeth_y = rest - 0.38f - drop;
    float meet = rest - 0.3f * drop;
    upper = mixf(upper, meet, press);
    lower = mixf(lower, meet, press);
    float bite = fminf(upper, m.upper_teeth_y + 0.02f);
    lower = mixf(lower, fmaxf(lower, bite), tuck);
    upper = mixf(upper, fmaxf(upper, rest + 0.1f), tuck);
    m.upper_y = upper;
    m.lower_y = lower;
    m.corner_y = rest - 0.27f * drop * (1.0f - 0.4f * press) + 0.35f * smile + 0.08f * spread + 0.14f;
    m.upper_height = h.upper_lip * (1.0f - 0.38f * press) * (1.0f + 0.12f * round) * (1.0f - 0.15f * spread - 0.15f * smile) * (1.0f - 0.12f * f.upper_raise);
    m.lower_height = h.lower_lip * (1.0f - 0.38f * press) * (1.0f + 0.1f * round) * (1.0f - 0.15f * spread - 0.12f * smile) * (1.0f - 0.35f * tuck);
    m.protrude = 0.75f * round;
    m.z = h.fit_mouth_z + 0.1f + m.protrude - 0.06f * press;
    m.curve = h.fit_mouth_curve * (1.0f + 0.35f * round);
    m.upper_out = h.lip_forward * (1.0f - 0.5f * press) + 0.12f * round;
    m.lower_out = h.lip_forward * (1.0f - 0.5f * press) + 0.1f * round - 0.08f * drop - 0.3f * tuck;
    m.teeth_z = h.fit_mouth_z - 0.62f;
    m.tongue_y = mixf(m.lower_teeth_y - 0.35f, m.upper_teeth_y - 0.35f, 0.15f + 0.75f * saturate(f.tongue));
    m.tongue_z = m.teeth_z - 2.75f + 0.35f * saturate(f.tongue);
    m.smile = smile;
    m.spread = spread;
    return m;
}

void build_scene(const HeadIdentity &h, const HeadFrame &f, const float *transform, int frame_width,
                 int frame_height, Scene &s) {
    s.id = h;
    s.mouth = build_mouth(h, f);
    float gx = radians(25.0f * f.gaze_x), gy = radians(18.0f * f.gaze_y);
    for (int i = 0; i < 2; i++) {
        // Eyes look at the camera's distance, so they converge a little.
        float converge = (i ? -1.0f : 1.0f) * radians(1.5f);
        s.eye[i].gaze = normalize(vec(sinf(gx + converge) * cosf(gy), sinf(gy), cosf(gx + converge) * cosf(gy)));
    }
    // The upper lid follows the gaze downwards.
    float follow = 0.35f * fmaxf(0.0f, -f.gaze_y);
    s.eye[0].blink = saturate(f.blink_left + follow * (1.0f - f.blink_left));
    s.eye[1].blink = saturate(f.blink_right + follow * (1.0f - f.blink_right));
    s.brow_raise = f.brow_raise;
    s.brow_frown = f.brow_frown;
    s.rotation = head_rotation(f);
    s.pivot = vec(0.0f, -7.0f, -3.0f);
    s.shift = vec(f.x, f.y, f.z);
    s.sway_sin = sinf(radians(f.sway));
    s.sway_cos = cosf(radians(f.sway));
    s.neck_base = vec(s.sway_sin * 14.0f + 0.3f * f.x, -20.0f, -4.2f);
    s.frame_width = (float)frame_width;
    s.frame_height = (float)frame_height;
    float half = tanf(radians(0.5f * h.fov));
    s.focal = 0.5f * s.frame_height / half;
    s.camera_z = 23.5f / (2.0f * half * h.head_scale);
    s.centre_x = 0.5f * s.frame_width + h.head_x * s.frame_height;
    s.centre_y = 0.5f * s.frame_height + h.head_y * s.frame_height;
    s.key_dir = mul_t(s.rotation, direction(h.key_azimuth, h.key_height));
    s.fill_dir = mul_t(s.rotation, direction(h.key_azimuth > 0.0f ? -40.0f : 40.0f, 12.0f));
    s.rim_dir = mul_t(s.rotation, direction(h.rim_azimuth, 35.0f));
    s.key = vec(h.key_r, h.key_g, h.key_b);
    s.fill = vec(h.fill_r, h.fill_g, h.fill_b);
    s.rim = vec(h.rim_r, h.rim_g, h.rim_b);
    s.ambient = vec(h.ambient_r, h.ambient_g, h.ambient_b);
    s.prop_style = f.prop > 0.01f ? (int)(h.prop_style + 0.5f) : 0;
    // It follows the head half of the way.
    Vec3 still = vec(0.0f, h.mouth_y - 1.0f, h.fit_mouth_z), mouth = mix(still, to_world(s, still), 0.6f);
    s.prop = mouth + vec(h.prop_x + f.prop_x, h.prop_y + f.prop_y - 18.0f * (1.0f - saturate(f.prop)), h.prop_z);
    s.prop_sin = sinf(radians(h.prop_tilt));
    s.prop_cos = cosf(radians(h.prop_tilt));
    s.exposure = h.exposure * (1.0f + 0.5f * f.light);
    for (int i = 0; i < 6; i++) s.transform[i] = transform ? transform[i] : (i == 0 || i == 4 ? 1.0f : 0.0f);
    float number = f.noise_seed;
    uint32_t bits = (uint32_t)(int)(number * 16.0f);
    s.noise_seed = hash(bits + 77U);
}

static void project(const Scene &s, Vec3 p, float &x, float &y) {
    Vec3 w = to_world(s, p);
    float depth = s.camera_z - w.z;
    x = s.centre_x + s.focal * w.x / depth;
    y = s.centre_y - s.focal * w.y / depth;
}

void landmarks(const Scene &s, HeadLandmarks &out) {
    const HeadIdentity &h = s.id;
    const Mouth &m = s.mouth;
    float brow_y = h.brow_y + 0.14f + 0.35f * s.brow_raise - 0.15f * s.brow_frown + 0.12f * h.brow_arch;
    project(s, vec(-BROW_X, brow_y, h.fit_brow_z), out.left_brow_x, out.left_brow_y);
    project(s, vec(BROW_X, brow_y, h.fit_brow_z), out.right_brow_x, out.right_brow_y);
    float tip_z = 8.3f + 1.9f * h.nose_forward + 0.7f * h.nose_tip;
    project(s, vec(0.0f, NOSE_SHARE * h.nose_y - 0.56f, tip_z - 0.95f), out.nose_x, out.nose_y);
    float corner_z = m.z - m.curve * m.half_width * m.half_width;
    project(s, vec(-m.half_width, m.corner_y, corner_z), out.mouth_left_x, out.mouth_left_y);
    project(s, vec(m.half_width, m.corner_y, corner_z), out.mouth_right_x, out.mouth_right_y);
    project(s, vec(0.0f, m.upper_y, m.z), out.upper_lip_x, out.upper_lip_y);
    project(s, vec(0.0f, m.lower_y, m.z), out.lower_lip_x, out.lower_lip_y);
    project(s, vec(0.0f, h.chin_y - m.drop, h.fit_chin_z - 0.22f * m.drop), out.chin_x, out.chin_y);
    float face = length(vec(0.0f, h.brow_y - h.chin_y, h.fit_brow_z - h.fit_chin_z));
    out.opening = fmaxf(0.0f, m.upper_y - m.lower_y) / face;
}

} // namespace heads
