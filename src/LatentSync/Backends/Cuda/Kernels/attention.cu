// softmax(q k^T / sqrt(width)) v for every head, on any card and in any number format: where cuDNN has no kernel, and to
// compare with. Not fast. q, k, v and out are views: a token's row starts `stride` elements after the one before.
#include "numbers.cuh"

#define QUERIES 8  // a block's queries, one a warp
#define KEYS 32    // keys that are looked at together, one a lane
#define PARTS 5    // a lane's shares of a head: 5 * 32 = 160 elements at most

// grid (query blocks, heads, images), 256 threads. Shared: q [8][width], k and v [32][width + 1], as float32.
extern "C" __global__ void attention(const Element* __restrict__ q, int q_stride, const Element* __restrict__ k, const Element* __restrict__ v, int kv_stride,
                                     Element* __restrict__ out, int out_stride, int queries, int keys, int width, float scale) {
  extern __shared__ float shared[];
  float *query = shared, *key = shared + QUERIES * width, *value = key + KEYS * (width + 1);
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, token = blockIdx.x * QUERIES + warp, column = blockIdx.y * width;
  uint64 first_query = (uint64)blockIdx.z * queries, first_key = (uint64)blockIdx.z * keys;
  for (int i = lane; i < width; i += 32) {
    query[warp * width + i] = token < queries ? load(q + (first_query + token) * q_stride + column + i) * scale * LOG2_E : 0.0f;
  }
  float most = -3.0e38f, sum = 0.0f, result[PARTS] = {0, 0, 0, 0, 0};
  for (int start = 0; start < keys; start += KEYS) {
    __syncthreads();
    for (int i = threadIdx.x; i < KEYS * width; i += blockDim.x) {
      int row = i / width, c = i % width;
      uint64 at = (first_key + start + row) * kv_stride + column + c;
      bool inside = start + row < keys;
      key[row * (width + 1) + c] = inside ? load(k + at) : 0.0f;
      value[row * (width + 1) + c] = inside ? load(v + at) : 0.0f;
    }
    __syncthreads();
    float score = 0.0f;
    for (int c = 0; c < width; c++) score = fmaf(query[warp * width + c], key[lane * (width + 1) + c], score);
    if (start + lane >= keys) score = -3.0e38f;
    float more = fmaxf(most, warp_max(score)), fade = exp2_fast(most - more), weight = exp2_fast(score - more);
    most = more;
    sum = sum * fade + warp_sum(weight);
#pragma unroll
    for (int p = 0; p < PARTS; p++) result[p] *= fade;
    for (int row = 0; row < KEYS; row++) {
      float w = __shfl_sync(WHOLE_WARP, weight, row);
#pragma unroll
      for (int p = 0; p < PARTS; p++)
        if (p * 32 + lane < width) result[p] = fmaf(w, value[row * (width + 1) + p * 32 + lane], result[p]);
    }
  }
  if (token < queries)
#pragma unroll
    for (int p = 0; p < PARTS; p++)
      if (p * 32 + lane < width) store(out + (first_query + token) * out_stride + column + p * 32 + lane, result[p] / sum);
}
