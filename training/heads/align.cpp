// The transform of LatentSync's aligned face: similarity from three points, crop, stretch.
#include "scene_build.h"

namespace heads {

void aligned_transform(const HeadLandmarks &l, int size, float *out) {
    double ratio = size / 256.0 * 2.8;
    double from[3][2] = {{l.left_brow_x, l.left_brow_y}, {l.right_brow_x, l.right_brow_y}, {l.nose_x, l.nose_y}};
    double to[3][2] = {{17 * ratio, 20 * ratio}, {58 * ratio, 20 * ratio}, {37.5 * ratio, 40 * ratio}};
    double c1[2] = {0, 0}, c2[2] = {0, 0};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            c1[k] += from[i][k] / 3;
            c2[k] += to[i][k] / 3;
        }
    // Scale: ratio of the standard deviations of all six centred numbers. Rotation: the angle
    // that maximises the agreement of the two triples.
    double s1 = 0, s2 = 0, cosine = 0, sine = 0;
    for (int i = 0; i < 3; i++) {
        double ax = from[i][0] - c1[0], ay = from[i][1] - c1[1];
        double bx = to[i][0] - c2[0], by = to[i][1] - c2[1];
        s1 += ax * ax + ay * ay;
        s2 += bx * bx + by * by;
        cosine += ax * bx + ay * by;
        sine += ax * by - ay * bx;
    }
    double scale = sqrt(s2 / s1), norm = sqrt(cosine * cosine + sine * sine);
    cosine /= norm;
    sine /= norm;
    double tx = c2[0] - scale * (cosine * c1[0] - sine * c1[1]);
    double ty = c2[1] - scale * (sine * c1[0] + cosine * c1[1]);
    // Inverse, after the stretch from the crop to the square (pixel centres at whole numbers).
    double width = (int)(75 * ratio + 1e-6), height = (int)(100 * ratio + 1e-6);
    double sx = width / size, sy = height / size;
    double ox = 0.5 * sx - 0.5 - tx, oy = 0.5 * sy - 0.5 - ty;
    out[0] = (float)(cosine / scale * sx);
    out[1] = (float)(sine / scale * sy);
    out[2] = (float)((cosine * ox + sine * oy) / scale);
    out[3] = (float)(-sine / scale * sx);
    out[4] = (float)(cosine / scale * sy);
    out[5] = (float)((-sine * ox + cosine * oy) / scale);
}

} // namespace heads
