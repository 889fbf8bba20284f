// The first layer of a feed-forward layer on 320 channels, for compute capability 9.0: y = value * gelu(gate), value and gate
// [rows, columns] = x w^T + bias. Twice as many numbers as y has are computed and never written. A block holds 256 rows of x
// and streams w through a ring, 128 rows by 64 channels at a time. Two groups of four warps compute 128 rows each, half a chunk
// of columns apart, so that one multiplies while the other weighs; a warp of a third one fetches.
//
// Rows of w, and the bias, are in the order in which a thread of a product holds its columns: value and gate side by side, and
// the eight pairs of a thread are eight neighbouring columns of y, 16 bytes.
#include "hopper.cuh"

const int BLOCKS = 5, STAGES = 4, ROWS = 256, PAIRS = 64;
const int PANEL_BYTES = ROWS * 128, WEIGHT_BYTES = 2 * PAIRS * 128;

// Addresses in shared memory: the panel's blocks of 64 channels, the ring of weights, and their barriers.
struct Shared {
  uint32 panel, weights, panel_full, panel_empty, weight_full, weight_empty;

  __device__ Shared(uint32 start)
      : panel(start), weights(panel + BLOCKS * PANEL_BYTES), panel_full(weights + STAGES * WEIGHT_BYTES), panel_empty(panel_full + 8 * BLOCKS),
        weight_full(panel_empty + 8 * BLOCKS), weight_empty(weight_full + 8 * STAGES) {}
};

// Fetches panels and weights in the order of their use. One thread.
__device__ __forceinline__ void fetch(const Shared& shared, const TensorMap* x, const TensorMap* w, int panels, int chunks) {
  int step = 0, round = 0;
  for (int panel = blockIdx.x; panel < panels; panel += gridDim.x, round++)
    for (int chunk = 0; chunk < chunks; chunk++)
      for (int block = 0; block < BLOCKS; block++, step++) {
        if (chunk == 0) {
          if (round > 0) barrier_wait(shared.panel_empty + 8 * block, (round - 1) & 1);
          barrier_expect(shared.panel_full + 8 * block, PANEL_BYTES);
          fetch_tile(shared.panel + block * PANEL_BYTES, x, shared.panel_full + 8 * block, block * 64, panel * ROWS);
        }
        int stage = step % STAGES;
        if (step >= STAGES) barrier_wait(shared.weight_empty + 8 * stage, (step / STAGES - 1) & 1);
        barrier_expect(shared.weight_full + 8 * stage, WEIGHT_BYTES);
        fetch_tile(shared.weights + stage * WEIGHT_BYTES, w, shared.weight_full + 8 * stage, block * 64, chunk * 2 * PAIRS);
      }
}

// A thread's share of a chunk: of four rows, eight apart, two times eight neighbouring columns.
__device__ __forceinline__ void store(const float product[2][64], const float2* bias, char* target, uint64 pitch, int quad) {
#pragma unroll
  for (int half = 0; half < 2; half++) {
    float2 own[8];
#pragma unroll
    for (int i = 0; i < 8; i++) own[i] = bias[(half * 8 + i) * 4 + quad];
#pragma unroll
    for (int upper = 0; upper < 2; upper++)
#pragma unroll
      for (int row = 0; row < 2; row++) {
        float y[8];
#pragma unroll
        for (int i = 0; i < 8; i++) {
          const float* pair = product[upper] + 4 * (half * 8 + i) + 2 * row;
          y[i] = (pair[0] + own[i].x) * gelu(pair[1] + own[i].y);
        }
        *(Eight*)(target + (upper * 64 + row * 8) * pitch + half * 64) = pack(y);
      }
  }
}

__device__ __forceinline__ void compute(const Shared& shared, const float2* bias, char* y, int panels, int chunks) {
  int group = threadIdx.x / 128, warp = threadIdx.x / 32 % 4, lane = threadIdx.x % 32, quad = lane % 4, step = 0, round = 0;
  const uint64 pitch = (uint64)chunks * PAIRS * 2;
  float product[2][64];
#pragma unroll
  for (int i = 0; i < 64; i++) product[0][i] = product[1][i] = 0;
  if (group == 1) asm volatile("bar.sync 1, 256;" ::: "memory");
  for (int panel = blockIdx.x; panel < panels; panel += gridDim.x, round++)
    for (int chunk = 0; chunk < chunks; chunk++) {
#pragma unroll
      for (int block = 0; block < BLOCKS; block++) {
        int stage = (step + block) % STAGES;
        if (chunk == 0) barrier_wait(shared.panel_full + 8 * block, round & 1);
        barrier_wait(shared.weight_full + 8 * stage, (step + block) / STAGES & 1);
        uint32 rows = shared.panel + block * PANEL_BYTES + group * PANEL_BYTES / 2, weights = shared.weights + stage * WEIGHT_BYTES;
        products_begin();
#pragma unroll
        for (int upper = 0; upper < 2; upper++)
#pragma unroll
          for (int k = 0; k < 4; k++)
            multiply_64x128(product[upper], tile(rows + upper * PANEL_BYTES / 4 + k * 32), tile(weights + k * 32), block + k > 0);
        products_commit();
        if (block > 0) {
          products_wait<1>();
          if (lane == 0) {
            barrier_arrive(shared.weight_empty + 8 * ((step + block - 1) % STAGES));
            if (chunk == chunks - 1) barrier_arrive(shared.panel_empty + 8 * (block - 1));
          }
        }
        if (block == 3 && group == 0 && round == 0 && chunk == 0) asm volatile("bar.arrive 1, 256;" ::: "memory");
      }
      step += BLOCKS;
      products_wait<0>();
      hold<64>(product[0]);
      hold<64>(product[1]);
      if (lane == 0) {
        barrier_arrive(shared.weight_empty + 8 * ((step - 1) % STAGES));
        if (chunk == chunks - 1) barrier_arrive(shared.panel_empty + 8 * (BLOCKS - 1));
      }
      uint64 row = (uint64)panel * ROWS + group * 128 + warp * 16 + lane / 4;
      store(product, bias + chunk * PAIRS, y + row * pitch + (chunk * PAIRS + quad * 8) * 2, pitch, quad);
    }
}

// rows = 256 panels, columns of y = 64 chunks. grid (multiprocessors), 384 threads.
extern "C" __global__ void __launch_bounds__(384, 1)
    hopper_gated_gelu_320(const __grid_constant__ TensorMap x, const __grid_constant__ TensorMap w, const float2* bias, char* y, int panels, int chunks) {
  extern __shared__ __align__(1024) char memory[];
  Shared shared((shared_address(memory) + 1023) & ~1023u);
  if (threadIdx.x == 0) {
    for (int i = 0; i < BLOCKS; i++) {
      barrier_init(shared.panel_full + 8 * i, 1);
      barrier_init(shared.panel_empty + 8 * i, 8);
    }
    for (int i = 0; i < STAGES; i++) {
      barrier_init(shared.weight_full + 8 * i, 1);
      barrier_init(shared.weight_empty + 8 * i, 8);
    }
    barriers_ready();
  }
  __syncthreads();
  if (threadIdx.x >= 256) {
    keep_registers<40>();
    if (threadIdx.x == 256) fetch(shared, &x, &w, panels, chunks);
  } else {
    take_registers<232>();
    compute(shared, bias, y, panels, chunks);
  }
}
