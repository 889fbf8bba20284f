// Hashes and value noise, equal on host and device.
#pragma once
#include "vec.h"
#include <stdint.h>

namespace heads {

HD uint32_t hash(uint32_t v) {
    v ^= v >> 16;
    v *= 0x7feb352dU;
    v ^= v >> 15;
    v *= 0x846ca68bU;
    v ^= v >> 16;
    return v;
}
HD float hash_unit(uint32_t v) { return (float)(hash(v) >> 8) * (1.0f / 16777216.0f); }
HD float hash3(int x, int y, int z) {
    return hash_unit((uint32_t)x * 73856093U ^ (uint32_t)y * 19349663U ^ (uint32_t)z * 83492791U);
}

// Value noise, 0..1, lattice spacing 1.
HD_NOINLINE float noise(Vec3 p) {
    float fx = floorf(p.x), fy = floorf(p.y), fz = floorf(p.z);
    int x = (int)fx, y = (int)fy, z = (int)fz;
    Vec3 f = vec(p.x - fx, p.y - fy, p.z - fz);
    f = f * f * (vec(3.0f) - 2.0f * f);
    float a = mixf(hash3(x, y, z), hash3(x + 1, y, z), f.x);
    float b = mixf(hash3(x, y + 1, z), hash3(x + 1, y + 1, z), f.x);
    float c = mixf(hash3(x, y, z + 1), hash3(x + 1, y, z + 1), f.x);
    float d = mixf(hash3(x, y + 1, z + 1), hash3(x + 1, y + 1, z + 1), f.x);
    return mixf(mixf(a, b, f.y), mixf(c, d, f.y), f.z);
}
HD float fbm(Vec3 p) {
    return 0.5f * noise(p) + 0.3f * noise(p * 2.03f) + 0.2f * noise(p * 4.1f);
}

} // namespace heads
