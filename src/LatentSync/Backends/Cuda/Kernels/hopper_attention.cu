// Self-attention of eight heads of 40 channels, for compute capability 9.0: qkv [image, row, 3, 8, 40] -> out [image, row, 8, 40].
// cuDNN pads such heads to 64 channels. Blocks stay and take one piece of work after the other: 192 queries of a head. Three
// groups of four warps compute 64 queries each; a warp of a fourth one fetches keys and values, 128 at a time, into a ring.
// Tiles are 64 channels wide: beyond a head lie its neighbour's, where the queries are zero and no product reads the values.
#include "hopper.cuh"

const int HEADS = 8, WIDTH = 40, CHANNELS = HEADS * WIDTH;
const int GROUPS = 3, QUERIES = 64 * GROUPS, KEYS = 128, STAGES = 5;
const int TILE_BYTES = KEYS * 128, STAGE_BYTES = 2 * TILE_BYTES, ONES_BYTES = 1024;

// Addresses in shared memory. A stage is a tile of keys and one of values; ones sum the weights of each query.
struct Ring {
  uint32 stages, ones, full, empty;

  __device__ Ring(uint32 start) : stages(start), ones(start + STAGES * STAGE_BYTES), full(ones + ONES_BYTES), empty(full + 8 * STAGES) {}
  __device__ __forceinline__ uint32 keys(int step) const { return stages + step % STAGES * STAGE_BYTES; }
  __device__ __forceinline__ uint32 values(int step) const { return keys(step) + TILE_BYTES; }
  __device__ __forceinline__ void await_full(int step) const { barrier_wait(full + 8 * (step % STAGES), step / STAGES & 1); }
  __device__ __forceinline__ void leave(int step) const { if (threadIdx.x % 32 == 0) barrier_arrive(empty + 8 * (step % STAGES)); }
};

// Fetches the keys and values of one piece of work after the other. One thread.
__device__ __forceinline__ void fetch(const Ring& ring, const TensorMap* map, int rows, int pieces, int pieces_per_head) {
  int step = 0;
  for (int piece = blockIdx.x; piece < pieces; piece += gridDim.x) {
    int image = piece / pieces_per_head / HEADS, head = piece / pieces_per_head % HEADS;
    for (int key = 0; key < rows; key += KEYS, step++) {
      uint32 full = ring.full + 8 * (step % STAGES);
      if (step >= STAGES) barrier_wait(ring.empty + 8 * (step % STAGES), (step / STAGES - 1) & 1);
      barrier_expect(full, STAGE_BYTES);
      fetch_tile(ring.keys(step), map, full, CHANNELS + head * WIDTH, image * rows + key);
      fetch_tile(ring.values(step), map, full, 2 * CHANNELS + head * WIDTH, image * rows + key);
    }
  }
}

// A thread has two queries, eight rows apart, and of each row of a product the columns 8 i + 2 quad and the one after it.
struct Queries {
  uint32 query[3][4];
  float score[64], result[20], sum[4], most[2];
  uint32 weight[32];

  __device__ __forceinline__ void load(const char* head, int row, int rows, int quad) {
#pragma unroll
    for (int block = 0; block < 3; block++)
#pragma unroll
      for (int i = 0; i < 4; i++) {
        int own = min(row + (i & 1) * 8, rows - 1), channel = 16 * block + (i >> 1) * 8 + quad * 2;
        query[block][i] = channel < WIDTH ? *(const uint32*)(head + ((uint64)own * 3 * CHANNELS + channel) * 2) : 0;
      }
#pragma unroll
    for (int i = 0; i < 20; i++) result[i] = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) sum[i] = 0;
    most[0] = most[1] = -1e30f;
  }

  __device__ __forceinline__ void multiply_keys(uint32 keys) {
#pragma unroll
    for (int block = 0; block < 3; block++) multiply_64x128(score, query[block], tile(keys + 32 * block), block > 0);
  }

  __device__ __forceinline__ void multiply_values(uint32 values, uint32 ones) {
#pragma unroll
    for (int block = 0; block < KEYS / 16; block++) add_product_64x40(result, weight + 4 * block, tile(values + 2048 * block));
#pragma unroll
    for (int block = 0; block < KEYS / 16; block++) add_product_64x8(sum, weight + 4 * block, tile(ones));
  }

  // The largest score so far of a row, which lies in four lanes.
  __device__ __forceinline__ float largest(int row) const {
    float even = score[2 * row], odd = score[2 * row + 1];
#pragma unroll
    for (int i = 1; i < 16; i++) {
      even = fmaxf(even, score[4 * i + 2 * row]);
      odd = fmaxf(odd, score[4 * i + 2 * row + 1]);
    }
    even = fmaxf(even, odd);
    even = fmaxf(even, __shfl_xor_sync(WHOLE_WARP, even, 1));
    even = fmaxf(even, __shfl_xor_sync(WHOLE_WARP, even, 2));
    return fmaxf(most[row], even);
  }

  __device__ __forceinline__ void weigh(float factor) {
    float shift0 = -most[0] * factor, shift1 = -most[1] * factor;
#pragma unroll
    for (int i = 0; i < 16; i++) {
      weight[2 * i] = pack_pair(exp2_fast(fmaf(score[4 * i], factor, shift0)), exp2_fast(fmaf(score[4 * i + 1], factor, shift0)));
      weight[2 * i + 1] = pack_pair(exp2_fast(fmaf(score[4 * i + 2], factor, shift1)), exp2_fast(fmaf(score[4 * i + 3], factor, shift1)));
    }
  }

  __device__ __forceinline__ void rescale(float scale0, float scale1) {
#pragma unroll
    for (int i = 0; i < 5; i++) {
      result[4 * i] *= scale0;
      result[4 * i + 1] *= scale0;
      result[4 * i + 2] *= scale1;
      result[4 * i + 3] *= scale1;
    }
    sum[0] *= scale0;
    sum[1] *= scale0;
    sum[2] *= scale1;
    sum[3] *= scale1;
  }

  __device__ __forceinline__ void hold_results() {
    hold<20>(result);
    hold<4>(sum);
  }

  __device__ __forceinline__ void store(char* head, int row, int rows, int quad) const {
    float scale0 = 1.0f / sum[0], scale1 = 1.0f / sum[2];
    char* target = head + ((uint64)row * CHANNELS + quad * 2) * 2;
#pragma unroll
    for (int i = 0; i < 5; i++) {
      if (row < rows) *(uint32*)(target + i * 16) = pack_pair(result[4 * i] * scale0, result[4 * i + 1] * scale0);
      if (row + 8 < rows) *(uint32*)(target + 8 * CHANNELS * 2 + i * 16) = pack_pair(result[4 * i + 2] * scale1, result[4 * i + 3] * scale1);
    }
  }
};

// The next scores are multiplied while the last weights meet their values.
__device__ __forceinline__ void attend(const Ring& ring, const char* qkv, char* out, int rows, int pieces, int pieces_per_head, float factor) {
  int group = threadIdx.x / 128, warp = threadIdx.x / 32 % 4, lane = threadIdx.x % 32, quad = lane % 4, step = 0;
  for (int piece = blockIdx.x; piece < pieces; piece += gridDim.x) {
    int image = piece / pieces_per_head / HEADS, head = piece / pieces_per_head % HEADS;
    int row = piece % pieces_per_head * QUERIES + group * 64 + warp * 16 + lane / 4;
    Queries q;
    q.load(qkv + ((uint64)image * rows * 3 * CHANNELS + head * WIDTH) * 2, row, rows, quad);
    ring.await_full(step);
    products_begin();
    q.multiply_keys(ring.keys(step));
    products_commit();
    products_wait<0>();
    hold<64>(q.score);
    q.most[0] = q.largest(0);
    q.most[1] = q.largest(1);
    q.weigh(factor);
    for (int key = KEYS; key < rows; key += KEYS) {
      step++;
      ring.await_full(step);
      products_begin();
      q.multiply_keys(ring.keys(step));
      products_commit();
      q.multiply_values(ring.values(step - 1), ring.ones);
      products_commit();
      products_wait<1>();
      hold<64>(q.score);
      float most0 = q.largest(0), most1 = q.largest(1);
      float scale0 = exp2_fast((q.most[0] - most0) * factor), scale1 = exp2_fast((q.most[1] - most1) * factor);
      q.most[0] = most0;
      q.most[1] = most1;
      products_wait<0>();
      q.hold_results();
      ring.leave(step - 1);
      q.weigh(factor);
      q.rescale(scale0, scale1);
      q.hold_results();
    }
    products_begin();
    q.multiply_values(ring.values(step), ring.ones);
    products_commit();
    products_wait<0>();
    q.hold_results();
    ring.leave(step);
    step++;
    q.store(out + ((uint64)image * rows * CHANNELS + head * WIDTH) * 2, row, rows, quad);
  }
}

// rows is a multiple of 128. factor = log2(e) / sqrt(40). grid (multiprocessors), 512 threads.
extern "C" __global__ void __launch_bounds__(128 * (GROUPS + 1), 1)
    hopper_attention_40(const __grid_constant__ TensorMap map, const char* qkv, char* out, int rows, int images, float factor) {
  extern __shared__ __align__(1024) char shared[];
  uint32 start = (shared_address(shared) + 1023) & ~1023u;
  Ring ring(start);
  if (threadIdx.x == 0) {
    for (int i = 0; i < STAGES; i++) {
      barrier_init(ring.full + 8 * i, 1);
      barrier_init(ring.empty + 8 * i, 4 * GROUPS);
    }
    barriers_ready();
  }
  uint32* ones = (uint32*)(shared + (ring.ones - shared_address(shared)));
  for (int i = threadIdx.x; i < ONES_BYTES / 4; i += blockDim.x) ones[i] = PAIR_OF_ONES;
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  __syncthreads();
  int pieces_per_head = (rows + QUERIES - 1) / QUERIES, pieces = pieces_per_head * HEADS * images;
  if (threadIdx.x >= 128 * GROUPS) {
    keep_registers<32>();
    if (threadIdx.x == 128 * GROUPS) fetch(ring, &map, rows, pieces, pieces_per_head);
  } else {
    take_registers<160>();
    attend(ring, qkv, out, rows, pieces, pieces_per_head, factor);
  }
}
