// Attention between the frames of a clip at each pixel: qkv [clip, frame, pixel, 3, head, width] -> out [clip, frame, pixel, head, width].
// Short sequences and very many of them, so this is memory traffic and nothing else. A clip may have fewer frames than there
// is room for: frame_count, if it is not null, says how many are looked at.
#include "numbers.cuh"

// On any card, for any number of frames up to 32 and any width. One warp a pixel and head: lane = frame.
// grid (pixels, heads, clips), 32 threads. Shared: q, k, v [frame][width + 1], as float32.
extern "C" __global__ void temporal_attention(const Element* __restrict__ qkv, Element* __restrict__ out, int pixels, int frames,
                                              const float* __restrict__ frame_count, int heads, int width, float scale) {
  extern __shared__ float shared[];
  int lane = threadIdx.x, pixel = blockIdx.x, head = blockIdx.y, clip = blockIdx.z, pitch = width + 1, channels = heads * width;
  int used = frame_count ? (int)*frame_count : frames;
  float *query = shared, *key = query + frames * pitch, *value = key + frames * pitch;
  for (int i = lane; i < frames * width; i += 32) {
    int frame = i / width, c = i % width;
    const Element* token = qkv + (((uint64)clip * frames + frame) * pixels + pixel) * 3 * channels + head * width + c;
    query[frame * pitch + c] = load(token) * scale * LOG2_E;
    key[frame * pitch + c] = load(token + channels);
    value[frame * pitch + c] = load(token + 2 * channels);
  }
  __syncwarp();
  for (int frame = 0; frame < frames; frame++) {
    float score = -3.0e38f;
    if (lane < used) {
      score = 0.0f;
      for (int c = 0; c < width; c++) score = fmaf(query[frame * pitch + c], key[lane * pitch + c], score);
    }
    float weight = exp2_fast(score - warp_max(score)), sum = warp_sum(weight);
    for (int start = 0; start < width; start += 32) {
      float result = 0.0f;
      for (int other = 0; other < frames; other++) {
        float w = __shfl_sync(WHOLE_WARP, weight, other);
        if (start + lane < width) result = fmaf(w, value[other * pitch + start + lane], result);
      }
      if (start + lane < width)
        store(out + (((uint64)clip * frames + frame) * pixels + pixel) * channels + head * width + start + lane, result / sum);
    }
  }
}

// With tensor cores (compute capability 8.0), for up to 16 frames: they are one tile of mma.m16n8k16.
#if IS_16_BIT && __CUDA_ARCH__ >= 800

// d += a b, a 16 x 16, b 16 x 8
__device__ __forceinline__ void multiply16(float* d, const uint32* a, uint32 b0, uint32 b1) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." TENSOR_TYPE "." TENSOR_TYPE ".f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// d += a b, a 16 x 8, b 8 x 8
__device__ __forceinline__ void multiply8(float* d, uint32 a0, uint32 a1, uint32 b0) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32." TENSOR_TYPE "." TENSOR_TYPE ".f32 {%0,%1,%2,%3},{%4,%5},{%6},{%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a0), "r"(a1), "r"(b0));
}

// An 8 x 8 matrix across a warp, rows and columns exchanged.
__device__ __forceinline__ uint32 transposed(uint32 v) {
  uint32 r;
  asm("movmatrix.sync.aligned.m8n8.trans.b16 %0,%1;" : "=r"(r) : "r"(v));
  return r;
}

struct __align__(8) Four { uint32 pair[2]; };

// One warp a pixel and head, no shared memory. WIDTH = 32 BLOCKS + 8 REST.
// The order of the channels inside a contraction is free: a lane takes eight that lie side by side, so that loads and
// stores are 16 bytes; the same order in q and k, and in v and out.
template <int BLOCKS, int REST>
__device__ __forceinline__ void attend(const char* __restrict__ qkv, char* __restrict__ out, int pixels, int frames,
                                       const float* __restrict__ frame_count, float scale) {
  const int WIDTH = 32 * BLOCKS + 8 * REST;
  int lane = threadIdx.x & 31, head = threadIdx.x >> 5, heads = blockDim.x >> 5, channels = heads * WIDTH;
  int group = lane >> 2, quad = lane & 3, pixel = blockIdx.x, clip = blockIdx.y;  // a lane's frames are group and group + 8
  int used = frame_count ? (int)*frame_count : frames;
  const uint64 frame_bytes = (uint64)pixels * 3 * channels * 2;
  const char* base = qkv + (((uint64)clip * frames * pixels + pixel) * 3 * channels + head * WIDTH) * 2;
  const Eight none = {{0, 0, 0, 0}};
  Eight query[2][BLOCKS], key[2][BLOCKS], value[2][BLOCKS];
  uint32 query_rest[2][2] = {{0, 0}, {0, 0}}, key_rest[2][2] = {{0, 0}, {0, 0}}, value_rest[2][2] = {{0, 0}, {0, 0}};
#pragma unroll
  for (int h = 0; h < 2; h++) {
    bool inside = group + 8 * h < frames;
    const char* token = base + (inside ? group + 8 * h : 0) * frame_bytes;
#pragma unroll
    for (int n = 0; n < BLOCKS; n++) {
      query[h][n] = inside ? *(const Eight*)(token + n * 64 + quad * 16) : none;
      key[h][n] = inside ? *(const Eight*)(token + channels * 2 + n * 64 + quad * 16) : none;
      value[h][n] = inside ? *(const Eight*)(token + channels * 4 + n * 64 + quad * 16) : none;
    }
    if (REST == 1 && inside) {
      query_rest[h][0] = *(const uint32*)(token + BLOCKS * 64 + quad * 4);
      key_rest[h][0] = *(const uint32*)(token + channels * 2 + BLOCKS * 64 + quad * 4);
      value_rest[h][0] = *(const uint32*)(token + channels * 4 + BLOCKS * 64 + quad * 4);
    }
    if (REST == 2 && inside) {
      Four a = *(const Four*)(token + BLOCKS * 64 + quad * 8), b = *(const Four*)(token + channels * 2 + BLOCKS * 64 + quad * 8);
      Four c = *(const Four*)(token + channels * 4 + BLOCKS * 64 + quad * 8);
      query_rest[h][0] = a.pair[0]; query_rest[h][1] = a.pair[1];
      key_rest[h][0] = b.pair[0]; key_rest[h][1] = b.pair[1];
      value_rest[h][0] = c.pair[0]; value_rest[h][1] = c.pair[1];
    }
  }

  float score[2][4];  // [keys 0-7 or 8-15][row group: two keys, row group + 8: two keys]
#pragma unroll
  for (int t = 0; t < 2; t++) {
#pragma unroll
    for (int i = 0; i < 4; i++) score[t][i] = 0.0f;
#pragma unroll
    for (int n = 0; n < BLOCKS; n++)
#pragma unroll
      for (int k = 0; k < 2; k++) {
        uint32 a[4] = {query[0][n].pair[2 * k], query[1][n].pair[2 * k], query[0][n].pair[2 * k + 1], query[1][n].pair[2 * k + 1]};
        multiply16(score[t], a, key[t][n].pair[2 * k], key[t][n].pair[2 * k + 1]);
      }
    if (REST == 1) multiply8(score[t], query_rest[0][0], query_rest[1][0], key_rest[t][0]);
    if (REST == 2) {
      uint32 a[4] = {query_rest[0][0], query_rest[1][0], query_rest[0][1], query_rest[1][1]};
      multiply16(score[t], a, key_rest[t][0], key_rest[t][1]);
    }
#pragma unroll
    for (int i = 0; i < 4; i++)
      if (8 * t + 2 * quad + (i & 1) >= used) score[t][i] = -3.0e38f;
  }

  uint32 weights[4];
#pragma unroll
  for (int h = 0; h < 2; h++) {
    float a = score[0][2 * h], b = score[0][2 * h + 1], c = score[1][2 * h], d = score[1][2 * h + 1];
    float most = fmaxf(fmaxf(a, b), fmaxf(c, d));
    most = fmaxf(most, __shfl_xor_sync(WHOLE_WARP, most, 1));
    most = fmaxf(most, __shfl_xor_sync(WHOLE_WARP, most, 2));
    float factor = scale * LOG2_E;
    a = exp2_fast((a - most) * factor);
    b = exp2_fast((b - most) * factor);
    c = exp2_fast((c - most) * factor);
    d = exp2_fast((d - most) * factor);
    float sum = a + b + c + d;
    sum += __shfl_xor_sync(WHOLE_WARP, sum, 1);
    sum += __shfl_xor_sync(WHOLE_WARP, sum, 2);
    sum = reciprocal(sum);
    weights[h] = pack_pair(a * sum, b * sum);
    weights[2 + h] = pack_pair(c * sum, d * sum);
  }

  const uint64 out_frame = (uint64)pixels * channels * 2;
  char* target = out + (((uint64)clip * frames * pixels + pixel) * channels + head * WIDTH) * 2 + group * out_frame;
  bool low = group < frames, high = group + 8 < frames;
#pragma unroll
  for (int n = 0; n < BLOCKS; n++) {
    Eight first, second;
#pragma unroll
    for (int j = 0; j < 4; j++) {
      float d[4] = {0, 0, 0, 0};
      multiply16(d, weights, transposed(value[0][n].pair[j]), transposed(value[1][n].pair[j]));
      first.pair[j] = pack_pair(d[0], d[1]);
      second.pair[j] = pack_pair(d[2], d[3]);
    }
    if (low) *(Eight*)(target + n * 64 + quad * 16) = first;
    if (high) *(Eight*)(target + 8 * out_frame + n * 64 + quad * 16) = second;
  }
#pragma unroll
  for (int j = 0; j < REST; j++) {
    float d[4] = {0, 0, 0, 0};
    multiply16(d, weights, transposed(value_rest[0][j]), transposed(value_rest[1][j]));
    int at = BLOCKS * 64 + quad * 4 * REST + 4 * j;
    if (low) *(uint32*)(target + at) = pack_pair(d[0], d[1]);
    if (high) *(uint32*)(target + 8 * out_frame + at) = pack_pair(d[2], d[3]);
  }
}

// grid (pixels, clips), 32 threads a head
extern "C" __global__ void __launch_bounds__(256) temporal_attention_40(const char* qkv, char* out, int pixels, int frames,
                                                                            const float* frame_count, float scale) {
  attend<1, 1>(qkv, out, pixels, frames, frame_count, scale);
}

extern "C" __global__ void __launch_bounds__(256) temporal_attention_80(const char* qkv, char* out, int pixels, int frames,
                                                                            const float* frame_count, float scale) {
  attend<2, 2>(qkv, out, pixels, frames, frame_count, scale);
}

extern "C" __global__ void __launch_bounds__(256) temporal_attention_160(const char* qkv, char* out, int pixels, int frames,
                                                                            const float* frame_count, float scale) {
  attend<5, 0>(qkv, out, pixels, frames, frame_count, scale);
}

#endif
