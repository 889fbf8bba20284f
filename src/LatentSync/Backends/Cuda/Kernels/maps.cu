// Maps as windows, phases and other layouts: what surrounds convolutions.
#include "numbers.cuh"

// The windows of a convolution side by side, so that a product computes it: x [image, height, width, channels] ->
// y [image, out_height, out_width, columns], columns = (row, column, channel) of the window, then zeros. What lies outside
// the map is zero. A thread writes eight columns. grid (blocks, images)
extern "C" __global__ void gather_windows(const Element* __restrict__ x, Eight* __restrict__ y, int height, int width, int channels, int kernel, int stride,
                                          int top, int left, int out_height, int out_width, int vectors) {
  uint64 image = (uint64)blockIdx.y * height * width * channels;
  uint32 count = (uint32)out_height * out_width * vectors;
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    uint32 vector = i % vectors, pixel = i / vectors;
    int down = (int)(pixel / out_width) * stride - top, across = (int)(pixel % out_width) * stride - left;
    float f[8];
#pragma unroll
    for (int k = 0; k < 8; k++) {
      int column = vector * 8 + k, tap = column / channels, c = column - tap * channels;
      int row = down + tap / kernel, place = across + tap % kernel;
      bool inside = tap < kernel * kernel && row >= 0 && row < height && place >= 0 && place < width;
      f[k] = inside ? load(x + image + ((uint64)row * width + place) * channels + c) : 0.0f;
    }
    y[(uint64)blockIdx.y * count + i] = pack(f);
  }
}

// The same for channels in multiples of eight: whole vectors.
extern "C" __global__ void gather_window_vectors(const Eight* __restrict__ x, Eight* __restrict__ y, int height, int width,
                                                 int channel_vectors, int kernel, int stride, int top, int left, int out_height, int out_width) {
  uint64 image = (uint64)blockIdx.y * height * width * channel_vectors;
  uint32 vectors = kernel * kernel * channel_vectors, count = (uint32)out_height * out_width * vectors;
  float zeros[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  Eight none = pack(zeros);
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    uint32 vector = i % vectors, pixel = i / vectors, tap = vector / channel_vectors;
    int row = (int)(pixel / out_width) * stride - top + (int)(tap / kernel), place = (int)(pixel % out_width) * stride - left + (int)(tap % kernel);
    bool inside = row >= 0 && row < height && place >= 0 && place < width;
    y[(uint64)blockIdx.y * count + i] = inside ? x[image + ((uint64)row * width + place) * channel_vectors + vector % channel_vectors] : none;
  }
}

// Rows of float32 [rows, from_columns] -> Element [rows, columns] starting at a column of wider rows; columns beyond are zero.
extern "C" __global__ void widen(const float* __restrict__ x, int from_columns, Element* __restrict__ y, int stride, int first, int columns, int rows) {
  uint64 count = (uint64)rows * columns;
  for (uint64 i = (uint64)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (uint64)gridDim.x * blockDim.x) {
    uint64 row = i / columns;
    int c = i % columns;
    store(y + row * stride + first + c, c < from_columns ? x[row * from_columns + c] : 0.0f);
  }
}

// The reverse: the first columns of rows of Element, as float32.
extern "C" __global__ void narrow(const Element* __restrict__ x, int stride, float* __restrict__ y, int columns, int rows) {
  uint64 count = (uint64)rows * columns;
  for (uint64 i = (uint64)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (uint64)gridDim.x * blockDim.x) {
    uint64 row = i / columns;
    y[i] = load(x + row * stride + i % columns);
  }
}

// Columns of float32 rows into columns of other rows, times a factor, plus a number.
extern "C" __global__ void copy_columns(const float* __restrict__ x, int from_stride, float* __restrict__ y, int to_stride, int columns,
                                        int rows, float factor, float addend) {
  uint64 count = (uint64)rows * columns;
  for (uint64 i = (uint64)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (uint64)gridDim.x * blockDim.x) {
    uint64 row = i / columns;
    int c = i % columns;
    y[row * to_stride + c] = fmaf(x[row * from_stride + c], factor, addend);
  }
}

// Guidance and the DDIM step: e = e0 + g (e1 - e0), x' = a x + b e, in float32. The latents are the first columns of the
// network's input, and lie there alone.
extern "C" __global__ void sampler_step(float* __restrict__ sample, int stride, const float* __restrict__ without, const float* __restrict__ with,
                                        int columns, int rows, float guidance, float latent_factor, float noise_factor) {
  uint32 count = (uint32)rows * columns;
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    uint64 at = (uint64)(i / columns) * stride + i % columns;
    float e0 = without[i], e1 = with[i];
    sample[at] = latent_factor * sample[at] + noise_factor * (e0 + guidance * (e1 - e0));
  }
}

// The step of a sampler that looks back: x' = a x + b e + c newer + d older, and p x + q e takes the place of older, which may
// be newer. What has the factor 0 is not looked at: there may be nothing yet.
extern "C" __global__ void multistep(float* __restrict__ sample, int stride, const float* __restrict__ without, const float* __restrict__ with,
                                     int columns, int rows, float guidance, float latent_factor, float noise_factor, const float* newer, float* older,
                                     float newer_factor, float older_factor, float clean_latent_factor, float clean_noise_factor) {
  uint32 count = (uint32)rows * columns;
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    uint64 at = (uint64)(i / columns) * stride + i % columns;
    float e0 = without[i], e1 = with[i], e = e0 + guidance * (e1 - e0), x = sample[at];
    float next = latent_factor * x + noise_factor * e;
    if (newer_factor != 0.0f) next += newer_factor * newer[i];
    if (older_factor != 0.0f) next += older_factor * older[i];
    sample[at] = next;
    older[i] = clean_latent_factor * x + clean_noise_factor * e;
  }
}

// Bytes 0..255 -> -1..1; where there is a mask, times its value: 1 keeps. pixels [rows, 3], mask [side * side], y [rows, 3]
extern "C" __global__ void face_pixels(const unsigned char* __restrict__ pixels, const float* __restrict__ mask, float* __restrict__ y,
                                       int image_pixels, int rows) {
  uint32 count = (uint32)rows * 3;
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    float value = pixels[i] / 127.5f - 1.0f;
    y[i] = mask ? value * mask[i / 3 % image_pixels] : value;
  }
}

// The kept region over the generated faces: generated + mask (face - generated). generated [rows, 3], pixels [rows, 3]
// -> y [image, 3, pixel]
extern "C" __global__ void composite_faces(const float* __restrict__ generated, const unsigned char* __restrict__ pixels, const float* __restrict__ mask,
                                           float* __restrict__ y, int image_pixels, int rows) {
  uint32 count = (uint32)rows * 3;
  for (uint32 i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
    uint32 pixel = i % image_pixels, channel = i / image_pixels % 3, image = i / image_pixels / 3;
    uint64 from = ((uint64)image * image_pixels + pixel) * 3 + channel;
    float value = generated[from];
    y[i] = value + mask[pixel] * (pixels[from] / 127.5f - 1.0f - value);
  }
}
