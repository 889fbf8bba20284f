// What happens to rows of tokens beside products and attention.
#include "numbers.cuh"

#define VECTORS_PER_LANE 5

// y = gamma (x - mean) / sqrt(var + 1e-5) + beta. A row is shared by `lanes` lanes, a power of two, five vectors of eight
// each at most; FULL: exactly five, so that nothing has to be asked. The row of beta is that of the frame,
// (row / pixels) % frames; frames is 1 where there is one row for all.
template <bool FULL>
__device__ __forceinline__ void norm_row(const Eight* __restrict__ x, const Eight* __restrict__ gamma, const Eight* __restrict__ beta, Eight* __restrict__ y,
                                         int rows, int vectors, int lanes, int pixels, int frames) {
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, share = lane % lanes;
  int row = (blockIdx.x * (blockDim.x / 32) + warp) * (32 / lanes) + lane / lanes;
  bool inside = row < rows;  // no early return: all lanes take part in the sums
  uint64 start = (uint64)(inside ? row : 0) * vectors;
  Eight stored[VECTORS_PER_LANE];
  float f[VECTORS_PER_LANE][8], sum = 0.0f, square = 0.0f;
#pragma unroll
  for (int i = 0; i < VECTORS_PER_LANE; i++)
    if (FULL || i * lanes + share < vectors) stored[i] = x[start + i * lanes + share];
#pragma unroll
  for (int i = 0; i < VECTORS_PER_LANE; i++) {
    if (FULL || i * lanes + share < vectors) {
      unpack(stored[i], f[i]);
#pragma unroll
      for (int k = 0; k < 8; k++) sum += f[i][k];
    }
  }
#pragma unroll
  for (int m = 16; m > 0; m >>= 1)
    if (m < lanes) sum += __shfl_xor_sync(WHOLE_WARP, sum, m);
  float mean = sum / (vectors * 8);
#pragma unroll
  for (int i = 0; i < VECTORS_PER_LANE; i++) {
    if (FULL || i * lanes + share < vectors) {
#pragma unroll
      for (int k = 0; k < 8; k++) {
        f[i][k] -= mean;
        square = fmaf(f[i][k], f[i][k], square);
      }
    }
  }
#pragma unroll
  for (int m = 16; m > 0; m >>= 1)
    if (m < lanes) square += __shfl_xor_sync(WHOLE_WARP, square, m);
  float scale = rsqrtf(square / (vectors * 8) + 1e-5f);
  if (!inside) return;
  const Eight* shift = beta + (frames > 1 ? (uint64)((row / pixels) % frames) * vectors : 0);
#pragma unroll
  for (int i = 0; i < VECTORS_PER_LANE; i++) {
    int v = i * lanes + share;
    if (FULL || v < vectors) {
      float g[8], b[8];
      unpack(gamma[v], g);
      unpack(shift[v], b);
#pragma unroll
      for (int k = 0; k < 8; k++) f[i][k] = fmaf(f[i][k] * scale, g[k], b[k]);
      y[start + v] = pack(f[i]);
    }
  }
}

// Any width up to 1280, and the widths of the public networks, which the compiler may then count on.
#define LAYER_NORM(NAME, FULL, VECTORS, LANES)                                                                                                        \
  extern "C" __global__ void __launch_bounds__(256) NAME(const Eight* x, const Eight* gamma, const Eight* beta, Eight* y, int rows, int vectors,      \
                                                         int lanes, int pixels, int frames) {                                                         \
    norm_row<FULL>(x, gamma, beta, y, rows, VECTORS, LANES, pixels, frames);                                                                          \
  }

LAYER_NORM(layer_norm, false, vectors, lanes)
LAYER_NORM(layer_norm_320, true, 40, 8)
LAYER_NORM(layer_norm_640, true, 80, 16)
LAYER_NORM(layer_norm_1280, true, 160, 32)

// y = value * gelu(gate); x [rows, value | gate], each `vectors` wide, of which a block takes `width`.
// grid (row chunks, vectors / width)
extern "C" __global__ void gated_gelu(const Eight* __restrict__ x, Eight* __restrict__ y, int vectors, int width, int rows, int rows_per_chunk) {
  int vector = blockIdx.y * width + threadIdx.x % width, row = threadIdx.x / width, step = blockDim.x / width;
  int from = blockIdx.x * rows_per_chunk, to = min(from + rows_per_chunk, rows);
#pragma unroll 4
  for (int i = from + row; i < to; i += step) {
    float value[8], gate[8];
    unpack(x[(uint64)i * 2 * vectors + vector], value);
    unpack(x[(uint64)i * 2 * vectors + vectors + vector], gate);
#pragma unroll
    for (int k = 0; k < 8; k++) value[k] *= gelu(gate[k]);
    y[(uint64)i * vectors + vector] = pack(value);
  }
}

// x = softmax(scale x) of each row, in place. One block a row; shared: a float a column.
extern "C" __global__ void softmax_rows(Element* __restrict__ x, int columns, float scale) {
  extern __shared__ float values[];
  __shared__ float warps[32];
  Element* row = x + (uint64)blockIdx.x * columns;
  float most = -3.0e38f, sum = 0.0f;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) {
    values[c] = load(row + c) * scale * LOG2_E;
    most = fmaxf(most, values[c]);
  }
  most = warp_max(most);
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = most;
  __syncthreads();
  for (int w = 0; w < blockDim.x / 32; w++) most = fmaxf(most, warps[w]);
  __syncthreads();
  for (int c = threadIdx.x; c < columns; c += blockDim.x) {
    values[c] = exp2_fast(values[c] - most);
    sum += values[c];
  }
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = sum;
  __syncthreads();
  sum = 0.0f;
  for (int w = 0; w < blockDim.x / 32; w++) sum += warps[w];
  float factor = 1.0f / sum;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) store(row + c, values[c] * factor);
}
