/* Procedural talking heads: C API.
 *
 * A head is a HeadIdentity (everything that stays the same in a video) and, for every
 * frame, a HeadFrame (pose, eyes and mouth). Both are plain structs of float32.
 *
 * Space: centimetres; x to the viewer's right, y up, z towards the camera; the origin lies
 * between the eyes' height and the ears. "left" and "right" are those of the image.
 * Images: a virtual full frame of frame_width x frame_height pixels; what is rendered is a
 * window of it. A transform is 6 floats, row-major 2x3: full-frame pixel = T * (x, y, 1),
 * for output pixel (x, y); pixel centres lie at whole numbers.
 */
#ifndef HEADS_H
#define HEADS_H

#include <stdint.h>

#if defined(_WIN32)
#define HEADS_API __declspec(dllexport)
#else
#define HEADS_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Lengths in cm; colours are linear RGB 0..1; angles in degrees; weights 0..1. */
typedef struct HeadIdentity {
    /* skull */
    float cranium_width, cranium_height, cranium_depth; /* half sizes, about 7.4, 8.4, 9.2 */
    float face_width;      /* half width at the cheeks, 5.7..6.8 */
    float jaw_width;       /* half width at the jaw corners, 4.2..5.6 */
    float chin_y;          /* height of the chin point, -12.4..-10.8 */
    float chin_width;      /* 1.3..2.1 */
    float chin_forward;    /* -0.5..0.7 */
    float cheek_fullness;  /* 0..1 */
    float cheekbone;       /* 0..1 */
    float brow_ridge;      /* 0..1 */
    float forehead;        /* forward bulge, -0.4..0.4 */
    /* nose */
    float nose_y;          /* height of the tip, -4.7..-3.6 */
    float nose_forward;    /* 0.8..1.25, times the usual protrusion */
    float nose_width;      /* 0.8..1.35 */
    float nose_bridge;     /* 0.4..0.8, radius at the bridge */
    float nose_tip;        /* 0.7..1.05, radius at the tip */
    float nose_hump;       /* -0.25..0.35 */
    /* eyes */
    float eye_x;           /* half distance of the eyes, 2.95..3.5 */
    float eye_z;           /* centre of the eyeball */
    float eye_width;       /* half width of the opening, 1.2..1.5 */
    float eye_height;      /* upper half height of the opening, 0.42..0.68 */
    float eye_tilt;        /* slope of the opening, -0.08..0.16 */
    float iris_radius;     /* 0.66..0.76 */
    float iris_r, iris_g, iris_b;
    /* brows */
    float brow_y;          /* 1.9..2.7 */
    float brow_thickness;  /* half height, 0.2..0.5 */
    float brow_arch;       /* 0..0.5 */
    float brow_density;    /* 0.75..1.25 */
    float brow_tilt;       /* -0.12..0.12 */
    float brow_r, brow_g, brow_b;
    /* ears */
    float ear_size;        /* 0.85..1.2 */
    float ear_out;         /* 0..1 */
    /* mouth */
    float mouth_y;         /* height of the closed lip line, -7.6..-6.7 */
    float mouth_width;     /* half width at rest, 2.3..3 */
    float upper_lip;       /* height of the upper vermilion, 0.4..0.95 */
    float lower_lip;       /* height of the lower vermilion, 0.55..1.15 */
    float lip_forward;     /* 0.15..0.55 */
    float cupid_bow;       /* 0..1 */
    float lip_r, lip_g, lip_b;
    float lip_gloss;       /* 0..1 */
    float lip_edge;        /* softness of the colour's edge, 0.05..0.16 */
    float tooth_r, tooth_g, tooth_b;
    float tooth_width;     /* 0.68..0.86 */
    float tooth_show;      /* length of the upper teeth below the lip line, 0.25..0.5 */
    float jaw_range;       /* drop of the lower teeth at jaw_open = 1, 2.1..2.7 */
    /* skin */
    float skin_r, skin_g, skin_b;
    float blush;           /* 0..1 */
    float freckles;        /* 0..1 */
    float pores;           /* 0..1 */
    float age;             /* 0..1 */
    float shine;           /* 0..1 */
    float moles;           /* 0..1 */
    float detail_seed;     /* 0..1000 */
    /* hair: 0 bald, 1 buzz, 2 short, 3 quiff, 4 long straight, 5 long wavy, 6 curly,
       7 bob with fringe, 8 tied up, 9 receding */
    float hair_style;
    float hair_volume;     /* thickness, 0.2..3 */
    float hair_line;       /* height of the front hairline, 3.5..7.3 */
    float hair_length;     /* lowest point of the hair, -18..-3 */
    float hair_wave;       /* 0..1 */
    float hair_part;       /* x of the parting, -4..4 */
    float hair_r, hair_g, hair_b;
    /* beard: 0 none, 1 stubble, 2 moustache, 3 goatee, 4 full */
    float beard_style;
    float beard_density;   /* 0..1 */
    float beard_length;    /* 0..1.2 */
    float beard_r, beard_g, beard_b;
    /* glasses: 0 none, 1 round, 2 rectangular, 3 wide */
    float glasses_style;
    float glasses_size;    /* 0.9..1.15 */
    float glasses_thickness; /* 0.12..0.24 */
    float glasses_r, glasses_g, glasses_b;
    /* clothes: 0 crew neck, 1 V neck, 2 shirt with collar, 3 turtleneck, 4 jacket, 5 scarf */
    float clothes_style;
    float clothes_pattern; /* 0 plain, 1 stripes, 2 checks, 3 knit */
    float clothes_r, clothes_g, clothes_b;
    float clothes2_r, clothes2_g, clothes2_b;
    float neck_radius;     /* 4.2..5.8 */
    float shoulder_width;  /* 15..21 */
    /* background: 0 gradient, 1 room, 2 bokeh, 3 clouds, 4 shelves */
    float back_style;
    float back_r, back_g, back_b;
    float back2_r, back2_g, back2_b;
    float back_seed;       /* 0..1000 */
    /* light; directions point from the head to the lamp, azimuth 0 = camera */
    float key_azimuth, key_height; /* degrees */
    float key_r, key_g, key_b;
    float fill_r, fill_g, fill_b;  /* from the other side */
    float rim_r, rim_g, rim_b;     /* from behind */
    float rim_azimuth;
    float ambient_r, ambient_g, ambient_b;
    float shadow;          /* softness 4 (soft) .. 32 (hard) */
    /* camera */
    float fov;             /* vertical, degrees, 14..34 */
    float head_scale;      /* height of the head / height of the frame, 0.4..0.62 */
    float head_x, head_y;  /* where the head's middle lies, in heights of the frame, 0 = centre */
    float exposure;        /* 0.8..1.25 */
    float saturation;      /* 0.8..1.15 */
    float blur;            /* radius of the pixel footprint, 0.5..1.3 full-frame pixels */
    float noise;           /* sigma of the sensor noise, 0..0.02 */
    /* what only seeds from HEADS_WIDE on have; 0 = as without */
    float skin_detail;     /* 0..1, fine grain of the skin: bumps and spots of half a millimetre and more */
    float wrinkles;        /* 0..1, lines beside mouth and eyes, on lips and neck */
    float tooth_gap;       /* 0..1, gap between the middle incisors */
    float tooth_uneven;    /* 0..1, teeth of uneven length and shade */
    float lip_lines;       /* 0..1, contrast of the lips' fine lines */
    float makeup;          /* 0..1, eye shadow */
    float makeup_r, makeup_g, makeup_b;
    float beard_strands;   /* 0..1, contrast of single hairs */
    /* held before the face as far as HeadFrame.prop says: 0 nothing, 1 microphone, 2 hand */
    float prop_style;
    float prop_x, prop_y, prop_z; /* cm from the mouth */
    float prop_tilt;       /* degrees */
    float prop_r, prop_g, prop_b;
    /* filled by heads_identity from the finished surface */
    float fit_mouth_z;     /* surface at the lip line */
    float fit_mouth_curve; /* it recedes by curve * x^2 */
    float fit_brow_z;      /* surface at the brow's centre */
    float fit_chin_z;
} HeadIdentity;

/* What changes per frame; all zero is a neutral face that looks at the camera, lips closed. */
typedef struct HeadFrame {
    float yaw;          /* degrees, -45..45, positive: the face turns to the viewer's right */
    float pitch;        /* degrees, -20..20, positive: the face looks up */
    float roll;         /* degrees, -15..15, positive: clockwise in the image */
    float x, y, z;      /* translation in cm, -4..4 */
    float blink_left;   /* 0 open .. 1 shut (left in the image) */
    float blink_right;
    float gaze_x;       /* -1..1, positive: viewer's right (25 degrees at 1) */
    float gaze_y;       /* -1..1, positive: up (18 degrees at 1) */
    float brow_raise;   /* -1..1 */
    float brow_frown;   /* 0..1 */
    float jaw_open;     /* 0..1: the lower teeth, chin and lower lip drop */
    float spread;       /* 0..1: lips wider (EE) */
    float round;        /* 0..1: lips narrower and forward (OO) */
    float upper_raise;  /* 0..1: upper lip up, shows the upper teeth */
    float lower_drop;   /* 0..1: lower lip down, shows the lower teeth */
    float press;        /* 0..1: closes the lips whatever the jaw does; 1 = pressed (M, B, P) */
    float tuck;         /* 0..1: lower lip under the upper teeth (F, V) */
    float tongue;       /* 0 at rest .. 1 at the upper teeth (L, N, TH) */
    float smile;        /* 0..1: corners up and out, cheeks up */
    float light;        /* -1..1: relative change of all light, 0 = as in the identity */
    float sway;         /* degrees, -6..6: lean of the shoulders */
    float noise_seed;   /* any number: another one gives another sensor noise */
    float prop;         /* 0..1: how far the microphone or hand is raised */
    float prop_x, prop_y; /* cm: where it has moved since */
} HeadFrame;

/* Positions in full-frame pixels. */
typedef struct HeadLandmarks {
    float left_brow_x, left_brow_y;   /* the three points faces are aligned by, as means of */
    float right_brow_x, right_brow_y; /* the mesh points of brows and nose */
    float nose_x, nose_y;
    float mouth_left_x, mouth_left_y; /* corners of the lips */
    float mouth_right_x, mouth_right_y;
    float upper_lip_x, upper_lip_y;   /* inner edges in the middle */
    float lower_lip_x, lower_lip_y;
    float chin_x, chin_y;
    float opening; /* gap of the inner lips / distance of brows and resting chin; 0 = closed */
} HeadLandmarks;

HEADS_API int heads_identity_floats(void);
HEADS_API int heads_frame_floats(void);
HEADS_API int heads_landmarks_floats(void);

/* Seeds from here on are the heads of the seeds without it, with what makes them harder: texture of the skin, lines,
   uneven teeth, make-up, scarves, hard and coloured light, something before the mouth. */
#define HEADS_WIDE (1ULL << 40)

/* The same seed always gives the same head. */
HEADS_API void heads_identities(const uint64_t *seeds, int count, HeadIdentity *out);

/* One row of each array per image. transforms: count*6 floats. samples: rays per pixel side,
   1..4. out: count * out_height * out_width * 3 bytes, RGB. Returns 0, or -1 for bad sizes. */
HEADS_API int heads_render(const HeadIdentity *identities, const HeadFrame *frames,
                           const float *transforms, int count, int frame_width, int frame_height,
                           int out_width, int out_height, int samples, uint8_t *out);

/* The same on the current CUDA device: structs and transforms in host memory, out in device
   memory; stream is a cudaStream_t (0 = default). Returns 0 or a CUDA error. Only in the
   library built with nvcc. */
HEADS_API int heads_render_cuda(const HeadIdentity *identities, const HeadFrame *frames,
                                const float *transforms, int count, int frame_width,
                                int frame_height, int out_width, int out_height, int samples,
                                uint8_t *device_out, void *stream);

HEADS_API void heads_landmarks(const HeadIdentity *identities, const HeadFrame *frames, int count,
                               int frame_width, int frame_height, HeadLandmarks *out);

/* The transform whose render is LatentSync's aligned face of size x size pixels: crop of
   int(75 r) x int(100 r), r = 2.8 size/256, brows and nose on r*(17,20), r*(58,20),
   r*(37.5,40), stretched to the square. */
HEADS_API void heads_aligned_transforms(const HeadIdentity *identities, const HeadFrame *frames,
                                        int count, int frame_width, int frame_height, int size,
                                        float *out);

#ifdef __cplusplus
}
#endif
#endif
