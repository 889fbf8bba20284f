// Rendering on the GPU: one block per tile of one image, its scene in shared memory.
#include "render.h"
#include "scene_build.h"
#include <cuda_runtime.h>
#include <vector>

using namespace heads;

namespace {

// A warp covers 8 x 4 pixels; six blocks per multiprocessor measured fastest.
const int TILE_X = 8, TILE_Y = 16, MIN_BLOCKS = 6;

__global__ void __launch_bounds__(TILE_X * TILE_Y, MIN_BLOCKS)
render_kernel(const Scene *scenes, int width, int height, int samples, uint8_t *out) {
    __shared__ Scene scene;
    const uint32_t *from = (const uint32_t *)(scenes + blockIdx.z);
    uint32_t *to = (uint32_t *)&scene;
    for (int i = threadIdx.y * TILE_X + threadIdx.x; i < (int)(sizeof(Scene) / 4); i += TILE_X * TILE_Y) to[i] = from[i];
    __syncthreads();
    int x = blockIdx.x * TILE_X + threadIdx.x, y = blockIdx.y * TILE_Y + threadIdx.y;
    if (x >= width || y >= height) return;
    Vec3 c = render_pixel(scene, x, y, samples);
    uint8_t *pixel = out + (((size_t)blockIdx.z * height + y) * width + x) * 3;
    pixel[0] = (uint8_t)clampf(c.x + 0.5f, 0.0f, 255.0f);
    pixel[1] = (uint8_t)clampf(c.y + 0.5f, 0.0f, 255.0f);
    pixel[2] = (uint8_t)clampf(c.z + 0.5f, 0.0f, 255.0f);
}

} // namespace

extern "C" int heads_render_cuda(const HeadIdentity *identities, const HeadFrame *frames, const float *transforms,
                                 int count, int frame_width, int frame_height, int out_width, int out_height,
                                 int samples, uint8_t *device_out, void *stream) {
    if (count < 0 || count > 65535 || frame_width < 1 || frame_height < 1 || out_width < 1 || out_height < 1 ||
        samples < 1 || samples > 4)
        return -1;
    if (count == 0) return 0;
    std::vector<Scene> scenes((size_t)count);
    for (int n = 0; n < count; n++)
        build_scene(identities[n], frames[n], transforms + 6 * n, frame_width, frame_height, scenes[(size_t)n]);
    cudaStream_t on = (cudaStream_t)stream;
    Scene *device = nullptr;
    cudaError_t error = cudaMallocAsync((void **)&device, sizeof(Scene) * scenes.size(), on);
    if (error != cudaSuccess) return (int)error;
    error = cudaMemcpyAsync(device, scenes.data(), sizeof(Scene) * scenes.size(), cudaMemcpyHostToDevice, on);
    if (error == cudaSuccess) {
        dim3 grid((out_width + TILE_X - 1) / TILE_X, (out_height + TILE_Y - 1) / TILE_Y, count), block(TILE_X, TILE_Y);
        render_kernel<<<grid, block, 0, on>>>(device, out_width, out_height, samples, device_out);
        error = cudaGetLastError();
    }
    cudaFreeAsync(device, on);
    return (int)error;
}
