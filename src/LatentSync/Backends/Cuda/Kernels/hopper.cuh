// Words of compute capability 9.0: tiles fetched by the copy engine (TMA), barriers in shared memory, and products of a
// group of four warps (wgmma). Tiles are 128 bytes wide, in the swizzle of that width.
#pragma once
#include "numbers.cuh"

// A matrix in global memory and the size of its tiles, as the driver describes them (cuTensorMapEncodeTiled).
struct __align__(64) TensorMap { char bytes[128]; };

__device__ __forceinline__ uint32 shared_address(const void* pointer) { return (uint32)__cvta_generic_to_shared(pointer); }

// Barriers, by their addresses in shared memory.

__device__ __forceinline__ void barrier_init(uint32 barrier, uint32 arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" :: "r"(barrier), "r"(arrivals) : "memory");
}

__device__ __forceinline__ void barriers_ready() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }

__device__ __forceinline__ void barrier_arrive(uint32 barrier) {
  asm volatile("{.reg .b64 state; mbarrier.arrive.shared::cta.b64 state, [%0];}" :: "r"(barrier) : "memory");
}

// Arrives, and says how many bytes of copies belong to the phase.
__device__ __forceinline__ void barrier_expect(uint32 barrier, uint32 bytes) {
  asm volatile("{.reg .b64 state; mbarrier.arrive.expect_tx.shared::cta.b64 state, [%0], %1;}" :: "r"(barrier), "r"(bytes) : "memory");
}

// Waits for the end of the phase of this parity.
__device__ __forceinline__ void barrier_wait(uint32 barrier, uint32 parity) {
  uint32 done;
  do {
    asm volatile("{.reg .pred p; mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2; selp.u32 %0, 1, 0, p;}"
                 : "=r"(done) : "r"(barrier), "r"(parity) : "memory");
  } while (!done);
}

// A tile whose first column and row are given, to an address that is a multiple of 1024.
__device__ __forceinline__ void fetch_tile(uint32 target, const TensorMap* map, uint32 barrier, int column, int row) {
  asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];"
               :: "r"(target), "l"(map), "r"(barrier), "r"(column), "r"(row) : "memory");
}

// Products run while the warps go on: they begin after a fence, are committed in groups, and waited for. What they read and
// write in registers must be held until then.

__device__ __forceinline__ void products_begin() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

__device__ __forceinline__ void products_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

template <int LEFT> __device__ __forceinline__ void products_wait() { asm volatile("wgmma.wait_group.sync.aligned %0;" :: "n"(LEFT) : "memory"); }

template <int COUNT> __device__ __forceinline__ void hold(float* values) {
#pragma unroll
  for (int i = 0; i < COUNT; i++) asm volatile("" : "+f"(values[i]) :: "memory");
}

// A tile in shared memory as a product reads it: 128-byte swizzle, groups of eight rows 1024 bytes apart.
__device__ __forceinline__ uint64 tile(uint32 address) {
  return (uint64)((address & 0x3FFFF) >> 4) | ((uint64)1 << 16) | ((uint64)64 << 32) | ((uint64)1 << 62);
}

#define EIGHT(d, i) "+f"((d)[i]), "+f"((d)[i + 1]), "+f"((d)[i + 2]), "+f"((d)[i + 3]), "+f"((d)[i + 4]), "+f"((d)[i + 5]), "+f"((d)[i + 6]), "+f"((d)[i + 7])
#define SIXTY_FOUR(d) EIGHT(d, 0), EIGHT(d, 8), EIGHT(d, 16), EIGHT(d, 24), EIGHT(d, 32), EIGHT(d, 40), EIGHT(d, 48), EIGHT(d, 56)
#define NAMES_64                                                                                       \
  "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, "   \
  "%21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, %32, %33, %34, %35, %36, %37, %38, %39, "    \
  "%40, %41, %42, %43, %44, %45, %46, %47, %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, "    \
  "%59, %60, %61, %62, %63}"

// d (64 x 128) = a b^T, or += if adding; a [64][16] and b [128][16] are tiles in shared memory.
__device__ __forceinline__ void multiply_64x128(float* d, uint64 a, uint64 b, int adding) {
  asm volatile("{.reg .pred p; setp.ne.b32 p, %66, 0; wgmma.mma_async.sync.aligned.m64n128k16.f32." TENSOR_TYPE "." TENSOR_TYPE " " NAMES_64
               ", %64, %65, p, 1, 1, 0, 0;}" : SIXTY_FOUR(d) : "l"(a), "l"(b), "r"(adding));
}

// The same with a in registers: a thread's 16 x 16 block as of mma.m16n8k16.
__device__ __forceinline__ void multiply_64x128(float* d, const uint32* a, uint64 b, int adding) {
  asm volatile("{.reg .pred p; setp.ne.b32 p, %69, 0; wgmma.mma_async.sync.aligned.m64n128k16.f32." TENSOR_TYPE "." TENSOR_TYPE " " NAMES_64
               ", {%64, %65, %66, %67}, %68, p, 1, 1, 0;}"
               : SIXTY_FOUR(d) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(adding));
}

// d (64 x 40) += a b, a in registers, b [16][40] the first columns of a tile.
__device__ __forceinline__ void add_product_64x40(float* d, const uint32* a, uint64 b) {
  asm volatile("wgmma.mma_async.sync.aligned.m64n40k16.f32." TENSOR_TYPE "." TENSOR_TYPE " "
               "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19}, "
               "{%20, %21, %22, %23}, %24, 1, 1, 1, 1;"
               : EIGHT(d, 0), EIGHT(d, 8), "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

// d (64 x 8) += a b^T, a in registers, b [8][16] a tile.
__device__ __forceinline__ void add_product_64x8(float* d, const uint32* a, uint64 b) {
  asm volatile("wgmma.mma_async.sync.aligned.m64n8k16.f32." TENSOR_TYPE "." TENSOR_TYPE " {%0, %1, %2, %3}, {%4, %5, %6, %7}, %8, 1, 1, 1, 0;"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));
}

// Warps that only fetch hand their registers to those that compute. All four warps of a group say the same.
template <int COUNT> __device__ __forceinline__ void keep_registers() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" :: "n"(COUNT)); }

template <int COUNT> __device__ __forceinline__ void take_registers() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" :: "n"(COUNT)); }
