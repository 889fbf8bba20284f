// Group norm in three steps, so that each value is read once to be summed and once to be normed:
//   sums      of x and x^2 over the pixels of an image, channel by channel, in chunks of pixels;
//   coefficients a, b of each channel from the sums of its group: x' = a x + b;
//   norm      y = a x + b, or silu(a x + b).
// Maps are [image, pixel, channel]; a thread holds eight channels. Sums and coefficients are float32.
#include "numbers.cuh"

// Shares: thread t of a block takes vector t % vectors of the rows t / vectors, t / vectors + blockDim / vectors, ...
// Shared memory: 16 floats a thread.
__device__ __forceinline__ void write_sums(const float* sum, const float* square, int vectors, int vector, int row, float2* sums) {
  extern __shared__ float shared[];
  float *all_sums = shared, *all_squares = shared + blockDim.x * 8;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    all_sums[(row * vectors + vector) * 8 + k] = sum[k];
    all_squares[(row * vectors + vector) * 8 + k] = square[k];
  }
  __syncthreads();
  int channels = vectors * 8, rows = blockDim.x / vectors;
  for (int c = threadIdx.x; c < channels; c += blockDim.x) {
    float s = 0.0f, q = 0.0f;
    for (int r = 0; r < rows; r++) {
      s += all_sums[r * channels + c];
      q += all_squares[r * channels + c];
    }
    sums[((uint64)blockIdx.y * gridDim.x + blockIdx.x) * channels + c] = make_float2(s, q);
  }
}

// grid (chunks, images); sums [image][chunk][channel] of (x, x^2).
extern "C" __global__ void channel_sums(const Eight* __restrict__ x, float2* __restrict__ sums, int vectors, int pixels, int pixels_per_chunk) {
  int vector = threadIdx.x % vectors, row = threadIdx.x / vectors, rows = blockDim.x / vectors;
  uint64 image = (uint64)blockIdx.y * pixels * vectors;
  int first = blockIdx.x * pixels_per_chunk, last = min(first + pixels_per_chunk, pixels);
  float sum[8] = {0, 0, 0, 0, 0, 0, 0, 0}, square[8] = {0, 0, 0, 0, 0, 0, 0, 0};
#pragma unroll 4
  for (int i = first + row; i < last; i += rows) {
    float f[8];
    unpack(x[image + (uint64)i * vectors + vector], f);
#pragma unroll
    for (int k = 0; k < 8; k++) {
      sum[k] += f[k];
      square[k] = fmaf(f[k], f[k], square[k]);
    }
  }
  write_sums(sum, square, vectors, vector, row, sums);
}

// y = x + bias (+ residual), and the sums of y as it is stored. y may be x or the residual.
// padded_side, if not 0: y has one more row and column on the right and at the bottom, which this kernel leaves alone.
// grid (chunks, images)
extern "C" __global__ void add_bias_sums(const Eight* x, const Eight* residual, const float* __restrict__ bias, Eight* y, float2* __restrict__ sums,
                                         int vectors, int pixels, int pixels_per_chunk, int padded_side) {
  int vector = threadIdx.x % vectors, row = threadIdx.x / vectors, rows = blockDim.x / vectors;
  uint64 image = (uint64)blockIdx.y * pixels * vectors;
  int first = blockIdx.x * pixels_per_chunk, last = min(first + pixels_per_chunk, pixels);
  float sum[8] = {0, 0, 0, 0, 0, 0, 0, 0}, square[8] = {0, 0, 0, 0, 0, 0, 0, 0}, b[8];
#pragma unroll
  for (int k = 0; k < 8; k++) b[k] = bias[vector * 8 + k];
#pragma unroll 4
  for (int i = first + row; i < last; i += rows) {
    uint64 at = image + (uint64)i * vectors + vector;
    float f[8], g[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    unpack(x[at], f);
    if (residual) unpack(residual[at], g);
#pragma unroll
    for (int k = 0; k < 8; k++) f[k] = f[k] + b[k] + g[k];
    Eight stored = pack(f);
    if (padded_side) {
      int down = i / padded_side, across = i - down * padded_side;
      at = (((uint64)blockIdx.y * (padded_side + 1) + down) * (padded_side + 1) + across) * vectors + vector;
    }
    y[at] = stored;
    unpack(stored, f);
#pragma unroll
    for (int k = 0; k < 8; k++) {
      sum[k] += f[k];
      square[k] = fmaf(f[k], f[k], square[k]);
    }
  }
  if (sums) write_sums(sum, square, vectors, vector, row, sums);
}

// The end of a 3x3 convolution of a doubled map, computed as four 2x2 convolutions of the map itself:
// x [image, (side + 1)^2, phase, channel] -> y [image, (2 side)^2, channel] + bias, and the sums of y as it is stored. The
// output at (2 r + a, 2 c + b) is phase (a, b) at (r + a, c + b). grid (chunks, images)
extern "C" __global__ void interleave_phases(const Eight* __restrict__ x, const float* __restrict__ bias, Eight* __restrict__ y, float2* __restrict__ sums,
                                             int vectors, int side, int pixels_per_chunk) {
  int vector = threadIdx.x % vectors, row = threadIdx.x / vectors, rows = blockDim.x / vectors;
  int wide = side + 1, pixels = 4 * side * side, first = blockIdx.x * pixels_per_chunk, last = min(first + pixels_per_chunk, pixels);
  uint64 image = blockIdx.y;
  float sum[8] = {0, 0, 0, 0, 0, 0, 0, 0}, square[8] = {0, 0, 0, 0, 0, 0, 0, 0}, shift[8];
#pragma unroll
  for (int k = 0; k < 8; k++) shift[k] = bias[vector * 8 + k];
#pragma unroll 4
  for (int i = first + row; i < last; i += rows) {
    int across = i % (2 * side), down = i / (2 * side), a = down & 1, b = across & 1;
    float f[8];
    unpack(x[((image * wide + (down >> 1) + a) * wide + (across >> 1) + b) * 4 * vectors + (2 * a + b) * vectors + vector], f);
#pragma unroll
    for (int k = 0; k < 8; k++) f[k] += shift[k];
    Eight stored = pack(f);
    y[(image * pixels + i) * vectors + vector] = stored;
    unpack(stored, f);
#pragma unroll
    for (int k = 0; k < 8; k++) {
      sum[k] += f[k];
      square[k] = fmaf(f[k], f[k], square[k]);
    }
  }
  write_sums(sum, square, vectors, vector, row, sums);
}

// Zeros in the last row and column of a padded map [image, side + 1, side + 1, channel]. grid (blocks, images)
extern "C" __global__ void clear_padding(Eight* __restrict__ y, int vectors, int side) {
  float zeros[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  int wide = side + 1, count = (2 * side + 1) * vectors;
  uint64 image = (uint64)blockIdx.y * wide * wide;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    int vector = i % vectors, p = i / vectors;
    int down = p < wide ? side : p - wide, across = p < wide ? p : side;
    y[(image + down * wide + across) * vectors + vector] = pack(zeros);
  }
}

// coefficients [unit][channel] = (a, b): a = gamma / sqrt(var + eps), b = beta + (offset - mean) a, for the values x + offset.
// A unit is the images that share statistics. The channels are those of one or two maps, one after the other; a map with
// fewer images than the other is used again and again. frame_count, if it is not null, says how many of a unit's images
// count. grid (groups, units)
extern "C" __global__ void norm_coefficients(const float2* __restrict__ sums0, int channels0, int chunks0, int images0,
                                             const float2* __restrict__ sums1, int channels1, int chunks1, int images1,
                                             int images_per_unit, const float* __restrict__ frame_count, int pixels,
                                             const float* __restrict__ gamma, const float* __restrict__ beta,
                                             const float* __restrict__ offset, float epsilon, float2* __restrict__ coefficients) {
  int channels = channels0 + channels1, width = channels / gridDim.x, group = blockIdx.x, unit = blockIdx.y;
  int used = frame_count ? (int)*frame_count : images_per_unit;
  int most = used * max(chunks0, chunks1) * width;
  float s = 0.0f, q = 0.0f;
#pragma unroll 4
  for (int i = threadIdx.x; i < most; i += blockDim.x) {
    int part = i / width, channel = group * width + i % width;
    bool first = channel < channels0;
    int chunks = first ? chunks0 : chunks1;
    if (part < used * chunks) {
      uint64 image = (unit * images_per_unit + part / chunks) % (first ? images0 : images1);
      uint64 at = image * chunks + part % chunks;
      float2 t = first ? sums0[at * channels0 + channel] : sums1[at * channels1 + channel - channels0];
      float o = offset ? offset[channel] : 0.0f, count = part == 0 ? (float)pixels * used : 0.0f;
      s += t.x + count * o;
      q += t.y + 2.0f * o * t.x + count * o * o;
    }
  }
  __shared__ float warp_s[32], warp_q[32];
  s = warp_sum(s);
  q = warp_sum(q);
  if (threadIdx.x % 32 == 0) {
    warp_s[threadIdx.x / 32] = s;
    warp_q[threadIdx.x / 32] = q;
  }
  __syncthreads();
  s = 0.0f;
  q = 0.0f;
  for (int w = 0; w < blockDim.x / 32; w++) {
    s += warp_s[w];
    q += warp_q[w];
  }
  float count = (float)pixels * used * width, mean = s / count;
  float scale = rsqrtf(fmaxf(q / count - mean * mean, 0.0f) + epsilon);
  for (int j = threadIdx.x; j < width; j += blockDim.x) {
    int channel = group * width + j;
    float a = gamma[channel] * scale, o = offset ? offset[channel] : 0.0f;
    coefficients[(uint64)unit * channels + channel] = make_float2(a, beta[channel] + (o - mean) * a);
  }
}

// y = a x + b, then silu if asked. x is one map, or two side by side in the channels. grid (chunks, images)
template <bool SILU>
__device__ __forceinline__ void apply(const Eight* __restrict__ x0, int vectors0, int images0, const Eight* __restrict__ x1, int vectors1, int images1,
                                      const float2* __restrict__ coefficients, Eight* __restrict__ y, int pixels, int pixels_per_chunk, int images_per_unit) {
  int vectors = vectors0 + vectors1, vector = threadIdx.x % vectors, row = threadIdx.x / vectors, rows = blockDim.x / vectors;
  float a[8], b[8];
  const float2* own = coefficients + (uint64)(blockIdx.y / images_per_unit) * vectors * 8 + vector * 8;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    a[k] = own[k].x;
    b[k] = own[k].y;
  }
  bool first = vector < vectors0;
  const Eight* x = first ? x0 + vector : x1 + (vector - vectors0);
  int width = first ? vectors0 : vectors1;
  uint64 source = (uint64)(blockIdx.y % (first ? images0 : images1)) * pixels, target = (uint64)blockIdx.y * pixels;
  int from = blockIdx.x * pixels_per_chunk, to = min(from + pixels_per_chunk, pixels);
#pragma unroll 4
  for (int i = from + row; i < to; i += rows) {
    float f[8];
    unpack(x[(source + i) * width], f);
#pragma unroll
    for (int k = 0; k < 8; k++) {
      f[k] = fmaf(f[k], a[k], b[k]);
      if (SILU) f[k] = silu(f[k]);
    }
    y[(target + i) * vectors + vector] = pack(f);
  }
}

extern "C" __global__ void apply_norm(const Eight* x0, int vectors0, int images0, const Eight* x1, int vectors1, int images1, const float2* coefficients,
                                      Eight* y, int pixels, int pixels_per_chunk, int images_per_unit) {
  apply<false>(x0, vectors0, images0, x1, vectors1, images1, coefficients, y, pixels, pixels_per_chunk, images_per_unit);
}

extern "C" __global__ void apply_norm_silu(const Eight* x0, int vectors0, int images0, const Eight* x1, int vectors1, int images1, const float2* coefficients,
                                           Eight* y, int pixels, int pixels_per_chunk, int images_per_unit) {
  apply<true>(x0, vectors0, images0, x1, vectors1, images1, coefficients, y, pixels, pixels_per_chunk, images_per_unit);
}
