// Three-component vectors and scalar helpers for host and device.
#pragma once
#include <math.h>

#ifdef __CUDACC__
#define HD __host__ __device__ inline
#define HD_NOINLINE __host__ __device__ __noinline__
#define HEADS_LOOP _Pragma("unroll 1")
#else
#define HD inline
#define HD_NOINLINE inline __attribute__((noinline))
#define HEADS_LOOP
#endif
// HEADS_LOOP keeps a loop's body single: the instruction cache limits this code, not arithmetic.
// HEADS_CONVERGE brings the threads of a warp together again after a loop they leave at
// different times.
#ifdef __CUDA_ARCH__
#define HEADS_CONVERGE __syncwarp()
#else
#define HEADS_CONVERGE
#endif

namespace heads {

struct Vec3 {
    float x, y, z;
};

HD Vec3 vec(float x, float y, float z) { return Vec3{x, y, z}; }
HD Vec3 vec(float a) { return Vec3{a, a, a}; }
HD Vec3 operator+(Vec3 a, Vec3 b) { return vec(a.x + b.x, a.y + b.y, a.z + b.z); }
HD Vec3 operator-(Vec3 a, Vec3 b) { return vec(a.x - b.x, a.y - b.y, a.z - b.z); }
HD Vec3 operator*(Vec3 a, Vec3 b) { return vec(a.x * b.x, a.y * b.y, a.z * b.z); }
HD Vec3 operator*(Vec3 a, float b) { return vec(a.x * b, a.y * b, a.z * b); }
HD Vec3 operator*(float b, Vec3 a) { return a * b; }
HD float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
HD Vec3 cross(Vec3 a, Vec3 b) {
    return vec(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}
HD float length(Vec3 a) { return sqrtf(dot(a, a)); }
HD Vec3 normalize(Vec3 a) { return a * (1.0f / sqrtf(dot(a, a) + 1e-20f)); }

HD float clampf(float v, float lo, float hi) { return fminf(fmaxf(v, lo), hi); }
HD float saturate(float v) { return clampf(v, 0.0f, 1.0f); }
HD float mixf(float a, float b, float t) { return a + (b - a) * t; }
HD Vec3 mix(Vec3 a, Vec3 b, float t) { return a + (b - a) * t; }
HD float sq(float v) { return v * v; }
HD float smooth(float lo, float hi, float v) {
    float t = saturate((v - lo) / (hi - lo));
    return t * t * (3.0f - 2.0f * t);
}
// A bump of height 1 and half-width 1 with compact support.
HD float bump(float v) {
    float t = 1.0f - v * v;
    return t > 0.0f ? t * t : 0.0f;
}

// Smooth minimum and maximum (quadratic, blend width k).
HD float smin(float a, float b, float k) {
    float h = fmaxf(k - fabsf(a - b), 0.0f) / k;
    return fminf(a, b) - h * h * k * 0.25f;
}
HD float smax(float a, float b, float k) { return -smin(-a, -b, k); }

// Rows of a rotation matrix.
struct Mat3 {
    Vec3 r0, r1, r2;
};
HD Vec3 mul(const Mat3 &m, Vec3 v) { return vec(dot(m.r0, v), dot(m.r1, v), dot(m.r2, v)); }
HD Vec3 mul_t(const Mat3 &m, Vec3 v) { return m.r0 * v.x + m.r1 * v.y + m.r2 * v.z; }

// Signed distances of basic bodies.
HD float ellipsoid(Vec3 p, Vec3 c, Vec3 r) {
    Vec3 q = p - c;
    Vec3 a = vec(q.x / r.x, q.y / r.y, q.z / r.z);
    Vec3 b = vec(a.x / r.x, a.y / r.y, a.z / r.z);
    float k0 = length(a), k1 = length(b);
    return k0 * (k0 - 1.0f) / (k1 + 1e-9f);
}
HD float ellipse(float x, float y, float rx, float ry) {
    float ax = x / rx, ay = y / ry, bx = ax / rx, by = ay / ry;
    float k0 = sqrtf(ax * ax + ay * ay);
    return k0 * (k0 - 1.0f) / (sqrtf(bx * bx + by * by) + 1e-6f);
}
HD float sphere(Vec3 p, Vec3 c, float r) { return length(p - c) - r; }
// A capsule whose radius goes from r0 at a to r1 at b.
HD float capsule(Vec3 p, Vec3 a, Vec3 b, float r0, float r1) {
    Vec3 pa = p - a, ba = b - a;
    float t = saturate(dot(pa, ba) / dot(ba, ba));
    return length(pa - ba * t) - mixf(r0, r1, t);
}

} // namespace heads
