// One image's scene: the identity plus all that follows from the frame's parameters.
#pragma once
#include "heads.h"
#include "vec.h"

namespace heads {

// The mouth in the head's space (cm). Inner contours run from the corners (x = +-half_width,
// y = corner_y) to the middle (upper_y above lower_y; equal when closed).
struct Mouth {
    float half_width, corner_y, upper_y, lower_y;
    float upper_height, lower_height; // of the vermilion in the middle
    float z, curve;                   // lip centre: z - curve * x^2
    float upper_out, lower_out;       // lips forward of that
    float protrude;                   // of the surrounding skin
    float drop;                       // of jaw and chin
    float teeth_z, upper_teeth_y, lower_teeth_y; // front of the arches; incisal edges
    float tongue_y, tongue_z;
    float smile, spread;
};

struct Eye {
    float blink;
    Vec3 gaze; // unit vector in the head's space
};

struct Scene {
    HeadIdentity id;
    Mouth mouth;
    Eye eye[2]; // left and right in the image
    float brow_raise, brow_frown;
    Mat3 rotation;  // head space -> world
    Vec3 pivot, shift;
    Vec3 neck_base;
    float sway_sin, sway_cos;
    float camera_z, focal; // focal length in full-frame pixels
    float centre_x, centre_y;
    float frame_width, frame_height;
    Vec3 key_dir, fill_dir, rim_dir; // in the head's space
    Vec3 key, fill, rim, ambient;
    float exposure;
    Vec3 prop; // in the world
    float prop_sin, prop_cos;
    int prop_style;
    float transform[6];
    uint32_t noise_seed;
};

HD Vec3 to_world(const Scene &s, Vec3 p) { return mul(s.rotation, p - s.pivot) + s.pivot + s.shift; }
HD Vec3 to_head(const Scene &s, Vec3 p) { return mul_t(s.rotation, p - s.pivot - s.shift) + s.pivot; }

enum Material { SKIN, BODY_SKIN, INNER, TEETH, TONGUE, EYE, HAIR, GLASSES, CLOTHES, MICROPHONE };

struct Hit {
    float distance;
    int material;
};
HD void add(Hit &hit, float distance, int material) {
    if (distance < hit.distance) {
        hit.distance = distance;
        hit.material = material;
    }
}

} // namespace heads
