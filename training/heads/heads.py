"""Python access to the head renderer (ctypes and NumPy only).

Identities, frames and landmarks are NumPy structured arrays whose fields are those of heads.h.
"""

import ctypes
import pathlib
import re

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent


def _struct_dtype(name):
    """The float32 fields of a struct, read from heads.h."""
    text = re.sub(r"/\*.*?\*/", "", (FOLDER / "heads.h").read_text(), flags=re.S)
    body = re.search(r"typedef struct %s \{(.*?)\}" % name, text, flags=re.S).group(1)
    fields = [field.strip() for line in re.findall(r"float ([^;]+);", body) for field in line.split(",")]
    return np.dtype([(field, np.float32) for field in fields])


IDENTITY = _struct_dtype("HeadIdentity")
FRAME = _struct_dtype("HeadFrame")
LANDMARKS = _struct_dtype("HeadLandmarks")


def _pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


class Heads:
    """The renderer. cuda=True loads the library that also renders on the GPU."""

    def __init__(self, cuda=False, library=None):
        path = library or FOLDER / ("libheads_cuda.so" if cuda else "libheads.so")
        self._lib = ctypes.CDLL(str(path))
        for dtype, count in ((IDENTITY, self._lib.heads_identity_floats()),
                             (FRAME, self._lib.heads_frame_floats()),
                             (LANDMARKS, self._lib.heads_landmarks_floats())):
            if dtype.itemsize != 4 * count:
                raise RuntimeError("heads.h and the library do not match; build it again")

    def identities(self, seeds):
        """Seeds (integers) to an array of identities."""
        seeds = np.ascontiguousarray(seeds, np.uint64)
        out = np.zeros(len(seeds), IDENTITY)
        self._lib.heads_identities(_pointer(seeds), len(seeds), _pointer(out))
        return out

    @staticmethod
    def frames(count):
        """Neutral frames."""
        return np.zeros(count, FRAME)

    def landmarks(self, identities, frames, frame_size=(512, 512)):
        identities, frames = self._pair(identities, frames)
        out = np.zeros(len(frames), LANDMARKS)
        self._lib.heads_landmarks(_pointer(identities), _pointer(frames), len(frames), *frame_size, _pointer(out))
        return out

    def aligned_transforms(self, identities, frames, frame_size=(512, 512), size=256):
        """[n, 2, 3]: pixel of the aligned face -> pixel of the full frame."""
        identities, frames = self._pair(identities, frames)
        out = np.zeros((len(frames), 2, 3), np.float32)
        self._lib.heads_aligned_transforms(_pointer(identities), _pointer(frames), len(frames), *frame_size, size,
                                           _pointer(out))
        return out

    def render(self, identities, frames, transforms=None, frame_size=(512, 512), size=None, samples=1):
        """uint8 [n, height, width, 3]. Without transforms the full frame is rendered."""
        identities, frames, transforms, size = self._job(identities, frames, transforms, frame_size, size)
        out = np.empty((len(frames), size[1], size[0], 3), np.uint8)
        self._check(self._lib.heads_render(_pointer(identities), _pointer(frames), _pointer(transforms), len(frames),
                                           *frame_size, *size, samples, _pointer(out)))
        return out

    def render_cuda(self, identities, frames, transforms=None, frame_size=(512, 512), size=None, samples=1,
                    out=None):
        """The same into a torch uint8 tensor on the current CUDA device, on the current stream."""
        import torch

        identities, frames, transforms, size = self._job(identities, frames, transforms, frame_size, size)
        shape = (len(frames), size[1], size[0], 3)
        if out is None:
            out = torch.empty(shape, dtype=torch.uint8, device="cuda")
        if tuple(out.shape) != shape or out.dtype != torch.uint8 or not out.is_contiguous() or not out.is_cuda:
            raise ValueError("out must be a contiguous CUDA uint8 tensor of shape %s" % (shape,))
        stream = torch.cuda.current_stream().cuda_stream
        self._check(self._lib.heads_render_cuda(_pointer(identities), _pointer(frames), _pointer(transforms),
                                                len(frames), *frame_size, *size, samples,
                                                ctypes.c_void_p(out.data_ptr()), ctypes.c_void_p(stream)))
        return out

    @staticmethod
    def _pair(identities, frames):
        frames = np.ascontiguousarray(frames, FRAME)
        identities = np.asarray(identities, IDENTITY).reshape(-1)
        if len(identities) == 1 and len(frames) != 1:
            identities = np.repeat(identities, len(frames))
        if len(identities) != len(frames):
            raise ValueError("one identity per frame, or one for all")
        return np.ascontiguousarray(identities), frames

    def _job(self, identities, frames, transforms, frame_size, size):
        identities, frames = self._pair(identities, frames)
        if transforms is None:
            size = size or frame_size
            scale_x, scale_y = frame_size[0] / size[0], frame_size[1] / size[1]
            one = [[scale_x, 0, 0.5 * scale_x - 0.5], [0, scale_y, 0.5 * scale_y - 0.5]]
            transforms = np.tile(np.array(one, np.float32), (len(frames), 1, 1))
        transforms = np.ascontiguousarray(transforms, np.float32).reshape(len(frames), 2, 3)
        return identities, frames, transforms, size or (256, 256)

    @staticmethod
    def _check(status):
        if status:
            raise RuntimeError("heads renderer: error %d" % status)
