// Numbers as they lie in memory, and in registers as float32. TYPE says what lies in memory: FLOAT32, FLOAT16 or BFLOAT16.
// Conversions are PTX, so that no header of CUDA is needed, which NVRTC may lack.
#pragma once

#define FLOAT32 0
#define FLOAT16 1
#define BFLOAT16 2
#define IS_16_BIT (TYPE != FLOAT32)

typedef unsigned int uint32;
typedef unsigned short uint16;
typedef unsigned long long uint64;

#if IS_16_BIT
typedef uint16 Element;
#else
typedef float Element;
#endif

// The type as tensor cores' instructions name it, and two ones side by side.
#if TYPE == BFLOAT16
#define TENSOR_TYPE "bf16"
#define PAIR_OF_ONES 0x3F803F80u
#elif TYPE == FLOAT16
#define TENSOR_TYPE "f16"
#define PAIR_OF_ONES 0x3C003C00u
#endif

// Eight numbers that lie side by side: one thread's share of a row.
#if IS_16_BIT
struct __align__(16) Eight { uint32 pair[4]; };
#else
struct __align__(16) Eight { float4 half[2]; };
#endif

// Two 16-bit numbers that lie side by side, the first in the lower half. bfloat16 is the upper half of float32.
__device__ __forceinline__ float2 unpack_pair(uint32 pair) {
#if TYPE == BFLOAT16
  return make_float2(__uint_as_float(pair << 16), __uint_as_float(pair & 0xFFFF0000u));
#else
  float2 f;
  asm("{.reg .b16 l, h; mov.b32 {l, h}, %2; cvt.f32.f16 %0, l; cvt.f32.f16 %1, h;}" : "=f"(f.x), "=f"(f.y) : "r"(pair));
  return f;
#endif
}

__device__ __forceinline__ uint32 pack_pair(float low, float high) {
  uint32 pair;
#if TYPE == BFLOAT16
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
#else
  asm("{.reg .b16 l, h; cvt.rn.f16.f32 l, %1; cvt.rn.f16.f32 h, %2; mov.b32 %0, {l, h};}" : "=r"(pair) : "f"(low), "f"(high));
#endif
  return pair;
}

__device__ __forceinline__ void unpack(const Eight& v, float* f) {
#if IS_16_BIT
#pragma unroll
  for (int i = 0; i < 4; i++) {
    float2 two = unpack_pair(v.pair[i]);
    f[2 * i] = two.x;
    f[2 * i + 1] = two.y;
  }
#else
  f[0] = v.half[0].x; f[1] = v.half[0].y; f[2] = v.half[0].z; f[3] = v.half[0].w;
  f[4] = v.half[1].x; f[5] = v.half[1].y; f[6] = v.half[1].z; f[7] = v.half[1].w;
#endif
}

__device__ __forceinline__ Eight pack(const float* f) {
  Eight v;
#if IS_16_BIT
#pragma unroll
  for (int i = 0; i < 4; i++) v.pair[i] = pack_pair(f[2 * i], f[2 * i + 1]);
#else
  v.half[0].x = f[0]; v.half[0].y = f[1]; v.half[0].z = f[2]; v.half[0].w = f[3];
  v.half[1].x = f[4]; v.half[1].y = f[5]; v.half[1].z = f[6]; v.half[1].w = f[7];
#endif
  return v;
}

__device__ __forceinline__ float load(const Element* p) {
#if TYPE == BFLOAT16
  return __uint_as_float((uint32)*p << 16);
#elif TYPE == FLOAT16
  float f;
  asm("cvt.f32.f16 %0, %1;" : "=f"(f) : "h"(*p));
  return f;
#else
  return *p;
#endif
}

__device__ __forceinline__ void store(Element* p, float f) {
#if TYPE == BFLOAT16
  uint16 h;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(h) : "f"(f));
  *p = h;
#elif TYPE == FLOAT16
  uint16 h;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(f));
  *p = h;
#else
  *p = f;
#endif
}

// The card's special-function unit: relative errors of about 2^-22, far under float16's 2^-11.
__device__ __forceinline__ float exp2_fast(float x) {
  float r;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
  return r;
}

__device__ __forceinline__ float reciprocal(float x) {
  float r;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
  return r;
}

#define LOG2_E 1.4426950408889634f

// x * sigmoid(x)
__device__ __forceinline__ float silu(float x) { return x * reciprocal(1.0f + exp2_fast(-LOG2_E * x)); }

// x * Phi(x), the exact GELU. 1 - erf(z) = (1 + a1 z + ... + a6 z^6)^-16 for z >= 0, Abramowitz and Stegun 7.1.28, error 3e-7.
__device__ __forceinline__ float gelu(float x) {
  float z = fabsf(x) * 0.70710678118654752f;
  float p = fmaf(z, 0.0000430638f, 0.0002765672f);
  p = fmaf(p, z, 0.0001520143f);
  p = fmaf(p, z, 0.0092705272f);
  p = fmaf(p, z, 0.0422820123f);
  p = fmaf(p, z, 0.0705230784f);
  p = fmaf(p, z, 1.0f);
  p = p * p;
  p = p * p;
  p = p * p;
  p = p * p;
  float tail = 0.5f * reciprocal(p);
  return x * (x < 0.0f ? tail : 1.0f - tail);
}

#define WHOLE_WARP 0xffffffffu

__device__ __forceinline__ float warp_sum(float x) {
#pragma unroll
  for (int m = 16; m > 0; m >>= 1) x += __shfl_xor_sync(WHOLE_WARP, x, m);
  return x;
}

__device__ __forceinline__ float warp_max(float x) {
#pragma unroll
  for (int m = 16; m > 0; m >>= 1) x = fmaxf(x, __shfl_xor_sync(WHOLE_WARP, x, m));
  return x;
}
