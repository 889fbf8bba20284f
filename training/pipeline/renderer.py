"""The head renderer's C API (heads/heads.h) for PyTorch: rows of float32 in, uint8 images out."""
import ctypes
import os
import re

import numpy as np
import torch

FRAME = 512  # side of the virtual full frame in pixels

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "heads")


def _fields(struct):
    """Field names of a struct in heads.h, in order; every field is a float."""
    with open(os.path.join(_FOLDER, "heads.h")) as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    body = re.search(r"typedef struct %s \{(.*?)\}" % struct, text, re.S).group(1)
    return [name.strip() for line in re.findall(r"float ([^;]*);", body) for name in line.split(",")]


FRAME_FIELDS = {name: i for i, name in enumerate(_fields("HeadFrame"))}
LANDMARK_FIELDS = {name: i for i, name in enumerate(_fields("HeadLandmarks"))}


class Renderer:
    def __init__(self, library, device="cpu", samples=1):
        self._lib, self._device, self._samples = ctypes.CDLL(os.path.abspath(library)), torch.device(device), samples
        self.identity_floats = self._lib.heads_identity_floats()
        if self._lib.heads_frame_floats() != len(FRAME_FIELDS) or self._lib.heads_landmarks_floats() != len(LANDMARK_FIELDS):
            raise RuntimeError("heads.h and the library do not belong together")

    def identities(self, seeds):
        seeds = np.ascontiguousarray(seeds, dtype=np.uint64)
        out = np.zeros((len(seeds), self.identity_floats), np.float32)
        self._lib.heads_identities(seeds.ctypes.data_as(ctypes.c_void_p), len(seeds), out.ctypes.data_as(ctypes.c_void_p))
        return out

    def landmarks(self, identities, frames):
        out = np.zeros((len(frames), len(LANDMARK_FIELDS)), np.float32)
        self._lib.heads_landmarks(self._p(identities), self._p(frames), len(frames), FRAME, FRAME, self._p(out))
        return out

    def aligned_transforms(self, identities, frames, size=256):
        """[n, 2, 3]: pixel of the aligned face -> pixel of the full frame."""
        out = np.zeros((len(frames), 2, 3), np.float32)
        self._lib.heads_aligned_transforms(self._p(identities), self._p(frames), len(frames), FRAME, FRAME, size, self._p(out))
        return out

    def render(self, identities, frames, transforms, size=256):
        """uint8 [n, size, size, 3] on the renderer's device."""
        out = torch.empty((len(frames), size, size, 3), dtype=torch.uint8, device=self._device)
        arguments = [self._p(identities), self._p(frames), self._p(transforms), len(frames), FRAME, FRAME, size, size, self._samples]
        if self._device.type == "cuda":
            stream = torch.cuda.current_stream(self._device).cuda_stream
            code = self._lib.heads_render_cuda(*arguments, ctypes.c_void_p(out.data_ptr()), ctypes.c_void_p(stream))
        else:
            code = self._lib.heads_render(*arguments, ctypes.c_void_p(out.data_ptr()))
        if code != 0:
            raise RuntimeError(f"rendering failed with code {code}")
        return out

    @staticmethod
    def _p(array):
        if array.dtype != np.float32 or not array.flags.c_contiguous:
            raise ValueError("contiguous float32 expected")
        return array.ctypes.data_as(ctypes.c_void_p)
