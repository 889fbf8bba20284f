"""Finds which random numbers the arrays of the golden data were made of, and writes them as CSV for GoldenSubset.

    python3 find_draws.py ../../../shared/golden > draws.csv       # needs PyTorch; 4 minutes

The golden networks have random weights: normal numbers of PyTorch's generator with seed 1, times a scale, plus a shift. What is
known to be such a number need not be stored. A line is: file, offset of the first element in bytes, elements, kind (0 normal
float32, 1 normal float16, 2 uniform float32), number of 32-bit draws before it, scale, shift.
"""

import json
import math
import pathlib
import struct
import sys
import zipfile

import numpy as np
import torch

SEED = 1
BLOCK = 16  # normal numbers are made in blocks: eight pairs of uniform numbers
NORMAL, NORMAL_HALF, UNIFORM = 0, 1, 2

# Where each file's numbers begin, found once by a search over the whole stream.
STARTS = {
    "unet_tiny/latentsync_unet.pt": 2846308,
    "unet_tiny/sample.npy": 5708044,
    "unet_tiny/audio.npy": 5761292,
    "sampling/init_noise.npy": 8595248,
    "sampling/audio.npy": 8614704,
    "vae_tiny/diffusion_pytorch_model.safetensors": 93444802,
    "vae_tiny/image.npy": 94511906,
    "vae_tiny/z.npy": 94610210,
    "whisper_tiny/tiny.pt": 95100000,
    "e2e/init_noise.npy": 95606626,
}


def numpy_file(path):
    data = path.read_bytes()
    array = np.load(path)
    yield path.name, array, len(data) - array.nbytes


def safetensors_file(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            yield name, np.frombuffer(data[start:end], np.float32).reshape(entry["shape"]), start


def torch_file(path):
    """Each tensor is a stored entry of the zip archive; equal bytes tell which."""
    data = path.read_bytes()
    entries = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack("<HH", data[info.header_offset + 26:info.header_offset + 30])
            entries.setdefault(archive.read(info), info.header_offset + 30 + name + extra)
    saved = torch.load(path, map_location="cpu")
    for name, tensor in saved.get("state_dict", saved.get("model_state_dict")).items():
        yield name, tensor.numpy(), entries[tensor.contiguous().numpy().tobytes()]


def scale_and_shift(path, name, array):
    if path.suffix == ".npy":
        return (2.0, -1.0) if path.stem == "image" else (1.0, 0.0)
    if array.ndim > 1:
        return 1 / math.sqrt(np.prod(array.shape[1:])), 0.0
    return (0.1, 1.0) if name.endswith("weight") else (0.05, 0.0)


def main(folder):
    torch.manual_seed(SEED)
    stream = torch.rand(max(STARTS.values()) + 1_000_000).numpy()
    for file, start in STARTS.items():
        path = pathlib.Path(folder) / file
        read = numpy_file if path.suffix == ".npy" else safetensors_file if path.suffix == ".safetensors" else torch_file
        window = stream[start:start + 3_000_000]
        expected_at, missing = 0, 0
        for name, array, offset in read(path):
            if array.size < BLOCK:
                continue
            scale, shift = scale_and_shift(path, name, array)
            head = (array.reshape(-1)[:BLOCK].astype(np.float64) - shift) / scale
            kind = UNIFORM if path.stem == "image" else NORMAL_HALF if array.dtype == np.float16 else NORMAL
            wanted = head[:8] if kind == UNIFORM else 1 - np.exp(-(head[:8]**2 + head[8:]**2) / 2)

            def find(part):
                at = np.where(np.abs(part[:len(part) - BLOCK] - wanted[0]) < 5e-3)[0]
                for i in range(1, 8):
                    at = at[np.abs(part[at + i] - wanted[i]) < 5e-3]
                return at

            found = find(window[expected_at:expected_at + 100])
            found = found + expected_at if len(found) else find(window)
            if len(found) != 1:
                missing += 1
                continue
            print("%s,%d,%d,%d,%d,%r,%r" % (file, offset, array.size, kind, start + found[0], float(np.float32(scale)), shift))
            expected_at = found[0] + array.size + (BLOCK if array.size % BLOCK and kind != UNIFORM else 0)
        print("%s: %d tensors are not random numbers of the stream" % (file, missing), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
