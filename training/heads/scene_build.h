// Host side: from parameters to scenes.
#pragma once
#include "map.h"
#include "noise.h"

namespace heads {

// Where the mean of the mesh's brow points lies (cm from the middle), and the mean of its nose
// points as a share of the tip's height.
const float BROW_X = 3.84f;
const float NOSE_SHARE = 0.72f;

void build_identity(uint64_t seed, HeadIdentity &out);
void build_scene(const HeadIdentity &identity, const HeadFrame &frame, const float *transform,
                 int frame_width, int frame_height, Scene &out);
void landmarks(const Scene &scene, HeadLandmarks &out);
void aligned_transform(const HeadLandmarks &points, int size, float *out);

} // namespace heads
