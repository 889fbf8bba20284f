// Ray marching and shading of one pixel.
#pragma once
#include "background.h"
#include "material.h"

namespace heads {

HD Vec3 normal_at(const Scene &s, Vec3 p) {
    const float e = 0.035f;
    Vec3 n = vec(0.0f);
    HEADS_LOOP
    for (int i = 0; i < 4; i++) {
        Vec3 k = vec(i == 0 || i == 3 ? 1.0f : -1.0f, i > 1 ? 1.0f : -1.0f, i & 1 ? 1.0f : -1.0f);
        n = n + k * map(s, p + k * e).distance;
    }
    return normalize(n);
}

HD float occlusion(const Scene &s, Vec3 p, Vec3 n) {
    float sum = 0.0f, weight = 1.0f, step = 0.12f;
    HEADS_LOOP
    for (int i = 0; i < 4; i++) {
        float d = map(s, p + n * step).distance;
        sum += weight * fmaxf(step - d, 0.0f) / step;
        weight *= 0.75f;
        step *= 2.5f;
    }
    return saturate(1.0f - 0.42f * sum);
}

HD float shadow(const Scene &s, Vec3 p, Vec3 light, float hardness) {
    float t = 0.3f, result = 1.0f;
    HEADS_LOOP
    for (int i = 0; i < 16 && t < 15.0f; i++) {
        float d = shadow_map(s, p + light * t);
        result = fminf(result, hardness * d / t);
        if (result < 0.01f) break;
        t += clampf(0.8f * d, 0.25f, 2.0f);
    }
    result = saturate(result);
    return result * result * (3.0f - 2.0f * result);
}

HD Vec3 detail_normal(const Scene &s, Vec3 p, Vec3 n, float amount) {
    if (amount < 0.01f) return n;
    Vec3 q = p * 4.5f + vec(s.id.detail_seed);
    Vec3 g = vec(noise(q), noise(q + vec(11.3f)), noise(q + vec(27.1f))) - vec(0.5f);
    if (s.id.skin_detail > 0.01f) {
        Vec3 k = p * 8.0f + vec(s.id.detail_seed);
        g = g + (vec(noise(k), noise(k + vec(11.3f)), noise(k + vec(27.1f))) - vec(0.5f)) * (0.8f * s.id.skin_detail);
    }
    return normalize(n + g * (0.5f * amount));
}

// Diffuse light that reaches round the edge more in red, as under skin.
HD Vec3 wrapped(float cosine, float skin) {
    float hard = fmaxf(cosine, 0.0f);
    Vec3 soft = vec(saturate((cosine + 0.32f) / 1.32f), saturate((cosine + 0.14f) / 1.14f), saturate((cosine + 0.1f) / 1.1f));
    return mix(vec(hard), soft * soft * 0.35f + soft * 0.65f, skin);
}

HD float highlight(Vec3 n, Vec3 light, Vec3 view, float gloss) {
    float c = fmaxf(dot(n, normalize(light + view)), 0.0f);
    return powf(c, gloss) * (gloss + 8.0f) * 0.05f;
}

HD Vec3 shade(const Scene &s, Vec3 p, Vec3 ray, int material) {
    Vec3 n = normal_at(s, p);
    Surface f = surface_at(s, p, material, n);
    Vec3 fine = detail_normal(s, p, n, f.roughness);
    float occ = occlusion(s, p, n);
    bool inside = material == TEETH || material == TONGUE || material == INNER;
    // The lips shade what lies behind them.
    float lit = inside ? 0.55f * occ : shadow(s, p + n * 0.06f, s.key_dir, s.id.shadow);
    Vec3 view = ray * -1.0f;
    Vec3 light = s.key * wrapped(dot(fine, s.key_dir), f.skin) * (f.skin > 0.5f ? vec(mixf(lit, 1.0f, 0.12f), lit, lit) : vec(lit));
    light = light + s.fill * wrapped(dot(fine, s.fill_dir), f.skin) * (0.35f + 0.65f * occ);
    float back = inside ? 0.0f : occ;
    light = light + s.rim * (fmaxf(dot(n, s.rim_dir), 0.0f) * back);
    float up = 0.5f + 0.5f * n.y;
    Vec3 amb = s.ambient * (0.55f + 0.6f * up) * occ;
    // Light bounced between skin surfaces keeps creases warm.
    if (f.skin > 0.5f) amb = amb * mix(vec(1.12f, 0.92f, 0.86f), vec(1.0f), occ);
    Vec3 c = f.albedo * (light + amb);
    float grazing = 1.0f - saturate(dot(n, view));
    float fresnel = 1.0f + 3.0f * grazing * grazing * grazing;
    float spec = f.specular * fresnel;
    c = c + s.key * (lit * spec * highlight(fine, s.key_dir, view, f.gloss));
    c = c + s.fill * (0.6f * occ * spec * highlight(fine, s.fill_dir, view, f.gloss));
    c = c + s.rim * (back * spec * highlight(fine, s.rim_dir, view, f.gloss));
    if (material == EYE) {
        // Catch light of a window beside the camera.
        Vec3 catch_dir = normalize(s.key_dir + view * 0.8f);
        c = c + vec(0.75f) * (smooth(0.9905f, 0.9945f, dot(n, normalize(catch_dir + view))) * (0.3f + 0.7f * occ));
    }
    return c;
}

// Where a ray (in the head's space) enters the space that the head and body fill.
HD bool bounds(const Scene &s, Vec3 origin, Vec3 ray, float &near, float &far) {
    // Head with hair: a sphere; body: everything below the chin that lies near the torso.
    Vec3 centre = vec(0.0f, 0.0f, -1.0f);
    Vec3 oc = origin - centre;
    float reach = s.prop_style > 0 ? 24.0f : 17.5f; // a hand has an arm
    float b = dot(oc, ray), c = dot(oc, oc) - reach * reach, disc = b * b - c;
    near = 1e9f;
    far = -1e9f;
    if (disc > 0.0f) {
        float root = sqrtf(disc);
        near = -b - root;
        far = -b + root;
    }
    Vec3 bc = to_head(s, vec(0.0f, -27.0f, -4.0f));
    oc = origin - bc;
    float radius = s.id.shoulder_width + 3.0f;
    b = dot(oc, ray);
    c = dot(oc, oc) - radius * radius;
    disc = b * b - c;
    if (disc > 0.0f) {
        float root = sqrtf(disc);
        near = fminf(near, -b - root);
        far = fmaxf(far, -b + root);
    }
    return far > near;
}

HD Vec3 trace(const Scene &s, float px, float py) {
    Vec3 dir = normalize(vec((px - s.centre_x) / s.focal, -(py - s.centre_y) / s.focal, -1.0f));
    Vec3 origin = to_head(s, vec(0.0f, 0.0f, s.camera_z));
    Vec3 ray = mul_t(s.rotation, dir);
    float t, far, pixel = 0.35f / s.focal;
    if (!bounds(s, origin, ray, t, far)) far = t - 1.0f;
    int material = -1;
    HEADS_LOOP
    for (int i = 0; i < 80 && t < far; i++) {
        Hit hit = map(s, origin + ray * t);
        if (hit.distance < pixel * t) {
            material = hit.material;
            break;
        }
        t += hit.distance * (hit.distance > 1.5f ? 1.0f : 0.85f);
    }
    HEADS_CONVERGE;
    if (material >= 0) return shade(s, origin + ray * t, ray, material);
    float x = (px - 0.5f * s.frame_width) / s.frame_height, y = (py - 0.5f * s.frame_height) / s.frame_height;
    return background(s.id, x, y);
}

HD float encode(float v) {
    v = saturate(v);
    return v < 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1.0f / 2.4f) - 0.055f;
}

// Colour of an output pixel, 0..255.
HD Vec3 render_pixel(const Scene &s, int x, int y, int samples) {
    Vec3 sum = vec(0.0f);
    const float *m = s.transform;
    float reach = s.id.blur;
    HEADS_LOOP
    for (int j = 0; j < samples; j++) {
        HEADS_LOOP
        for (int i = 0; i < samples; i++) {
            float ox = ((float)i + 0.5f) / (float)samples - 0.5f, oy = ((float)j + 0.5f) / (float)samples - 0.5f;
            // Rotated grid: fewer steps on near-vertical and near-horizontal edges.
            float rx = ox + 0.35f * oy, ry = oy - 0.35f * ox;
            float u = (float)x + rx * 2.0f * reach, v = (float)y + ry * 2.0f * reach;
            Vec3 c = trace(s, m[0] * u + m[1] * v + m[2], m[3] * u + m[4] * v + m[5]) * s.exposure;
            c = vec(1.0f - expf(-1.3f * c.x), 1.0f - expf(-1.3f * c.y), 1.0f - expf(-1.3f * c.z));
            sum = sum + c;
        }
    }
    sum = sum * (1.0f / (float)(samples * samples));
    float grey = 0.3f * sum.x + 0.59f * sum.y + 0.11f * sum.z;
    sum = mix(vec(grey), sum, s.id.saturation);
    Vec3 out = vec(encode(sum.x), encode(sum.y), encode(sum.z));
    if (s.id.noise > 0.0f) {
        uint32_t k = hash((uint32_t)x * 9781U + (uint32_t)y * 6271U) ^ s.noise_seed;
        float common = hash_unit(k) + hash_unit(k + 1) - 1.0f;
        Vec3 own = vec(hash_unit(k + 2), hash_unit(k + 3), hash_unit(k + 4)) - vec(0.5f);
        out = out + (vec(common * 2.0f) + own) * s.id.noise;
    }
    return out * 255.0f;
}

} // namespace heads
