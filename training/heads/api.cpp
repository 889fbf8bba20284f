// The C API; rendering on the CPU.
#include "render.h"
#include "scene_build.h"
#include <memory>

using namespace heads;

extern "C" {

int heads_identity_floats(void) { return (int)(sizeof(HeadIdentity) / sizeof(float)); }
int heads_frame_floats(void) { return (int)(sizeof(HeadFrame) / sizeof(float)); }
int heads_landmarks_floats(void) { return (int)(sizeof(HeadLandmarks) / sizeof(float)); }

void heads_identities(const uint64_t *seeds, int count, HeadIdentity *out) {
    for (int i = 0; i < count; i++) build_identity(seeds[i], out[i]);
}

int heads_render(const HeadIdentity *identities, const HeadFrame *frames, const float *transforms,
                 int count, int frame_width, int frame_height, int out_width, int out_height,
                 int samples, uint8_t *out) {
    if (count < 0 || frame_width < 1 || frame_height < 1 || out_width < 1 || out_height < 1 || samples < 1 || samples > 4)
        return -1;
    auto scene = std::make_unique<Scene>();
    for (int n = 0; n < count; n++) {
        build_scene(identities[n], frames[n], transforms + 6 * n, frame_width, frame_height, *scene);
        uint8_t *image = out + (size_t)n * out_width * out_height * 3;
        const Scene &s = *scene;
#pragma omp parallel for schedule(dynamic, 4)
        for (int y = 0; y < out_height; y++)
            for (int x = 0; x < out_width; x++) {
                Vec3 c = render_pixel(s, x, y, samples);
                uint8_t *pixel = image + ((size_t)y * out_width + x) * 3;
                pixel[0] = (uint8_t)clampf(c.x + 0.5f, 0.0f, 255.0f);
                pixel[1] = (uint8_t)clampf(c.y + 0.5f, 0.0f, 255.0f);
                pixel[2] = (uint8_t)clampf(c.z + 0.5f, 0.0f, 255.0f);
            }
    }
    return 0;
}

void heads_landmarks(const HeadIdentity *identities, const HeadFrame *frames, int count, int frame_width,
                     int frame_height, HeadLandmarks *out) {
    auto scene = std::make_unique<Scene>();
    for (int n = 0; n < count; n++) {
        build_scene(identities[n], frames[n], nullptr, frame_width, frame_height, *scene);
        landmarks(*scene, out[n]);
    }
}

void heads_aligned_transforms(const HeadIdentity *identities, const HeadFrame *frames, int count,
                              int frame_width, int frame_height, int size, float *out) {
    auto scene = std::make_unique<Scene>();
    for (int n = 0; n < count; n++) {
        HeadLandmarks points;
        build_scene(identities[n], frames[n], nullptr, frame_width, frame_height, *scene);
        landmarks(*scene, points);
        aligned_transform(points, size, out + 6 * n);
    }
}
}
