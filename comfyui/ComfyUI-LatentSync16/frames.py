"""IMAGE of ComfyUI to the engine's bytes and back, one frame at a time, so that no second copy of a batch is made.

ComfyUI runs nodes in PyTorch's inference mode, which belongs to the thread, and refuses to change a tensor of that mode
outside of it. The frames are read and written by threads of the worker; so they remember the mode they were made in, and
each method that touches a tensor enters it.
"""
import functools
import math

import numpy
import torch

from .messages import NodeError
from .protocol import ProtocolError

# Rows that are converted at once: their values stay in the processor's cache.
STRIP = 64
COLOURS = 3
LEVELS = 255


def _in_mode_of_frames(method):
    """For methods that other threads call."""

    @functools.wraps(method)
    def enter(self, *arguments):
        with torch.inference_mode(self._inference_mode):
            return method(self, *arguments)

    return enter


class SourceFrames:
    """The images that a node was given: a batch, a single image, or a list of either, all of one size."""

    def __init__(self, images):
        self._inference_mode = torch.is_inference_mode_enabled()
        self._images = _split(images)
        shapes = {tuple(image.shape) for image in self._images}
        if len(shapes) > 1:
            raise NodeError("sizes_differ", sizes=", ".join(sorted(f"{width}x{height}" for height, width, _ in shapes)))
        self.height, self.width, channels = shapes.pop()
        if channels not in (1, COLOURS, COLOURS + 1):
            raise NodeError("odd_channels", channels=channels)
        self._bytes = torch.empty((self.height, self.width, COLOURS), dtype=torch.uint8)
        self._strip = torch.empty((STRIP, self.width, COLOURS), dtype=torch.float32)

    def __len__(self):
        return len(self._images)

    @property
    def shape(self):
        """Rows, pixels per row, colours."""
        return self.height, self.width, COLOURS

    @_in_mode_of_frames
    def bytes(self, index):
        """A frame as R, G, B of 8 bits each; the next call overwrites it."""
        for source, target in zip(self._colours(index).split(STRIP), self._bytes.split(STRIP)):
            if source.dtype == torch.uint8:
                target.copy_(source)
                continue
            values = self._strip[:len(source)].copy_(source).clamp_(0, 1)
            if not math.isfinite(values.sum()):  # quicker than to replace what is no number in each frame
                values.nan_to_num_()
            target.copy_(values.mul_(LEVELS).round_())
        return memoryview(self._bytes.numpy()).cast("B")

    @_in_mode_of_frames
    def copy_to(self, index, target):
        """A frame as it came, in all its precision."""
        target.copy_(self._colours(index))
        if self._images[index].dtype == torch.uint8:
            target.div_(LEVELS)

    @_in_mode_of_frames
    def picture(self, index, step=1):
        """A frame as an array of 8-bit colours, or every so many pixels of it."""
        colours = self._colours(index)[::step, ::step]
        return colours.numpy() if colours.dtype == torch.uint8 else _eight_bits(colours)

    def _colours(self, index):
        if not 0 <= index < len(self._images):
            raise ProtocolError(f"it speaks of frame {index} of {len(self._images)}")
        image = self._images[index].to("cpu")
        return image[..., :COLOURS].expand(self.shape)  # a grey image is one whose colours are equal


class ResultFrames:
    """The images that the engine gives back, and where it painted."""

    def __init__(self, source):
        self._inference_mode = torch.is_inference_mode_enabled()
        self._source = source
        self._rectangle = None
        self.images = None  # [frames, height, width, 3] float32
        self.mask = None  # [frames, height, width] float32: how much of each pixel is painted
        self.done = 0

    @_in_mode_of_frames
    def begin(self, count):
        """The result will have so many frames."""
        if self.images is not None or count < 1:
            raise ProtocolError("it begins a result twice, or an empty one")
        height, width, colours = self._source.shape
        try:
            # numpy's memory lies in huge pages, unlike torch's. Of the mask only what is painted takes memory at all.
            self.images = torch.from_numpy(numpy.empty((count, height, width, colours), numpy.float32))
            self.mask = torch.from_numpy(numpy.zeros((count, height, width), numpy.float32))
        except (MemoryError, ValueError) as error:  # numpy's word for a size that no address space has is the second
            raise NodeError("no_memory", frames=count, size=f"{width}x{height}", gigabytes=count * height * width * colours * 4 / 1e9) from error

    @_in_mode_of_frames
    def add_painted(self, pixels):
        """The next frame: R, G, B of 8 bits each."""
        target = self._next()
        if len(pixels) != target.numel():
            raise ProtocolError(f"a frame has {len(pixels)} bytes instead of {target.numel()}")
        picture = torch.frombuffer(pixels, dtype=torch.uint8).reshape(target.shape)
        for strip, part in zip(picture.split(STRIP), target.split(STRIP)):
            torch.div(strip, LEVELS, out=part)
        self.done += 1

    @_in_mode_of_frames
    def add_unchanged(self, index):
        """The next frame is one of the source."""
        self._source.copy_to(index, self._next())
        self.done += 1

    @_in_mode_of_frames
    def add_mask(self, left, top, width, height, weights):
        """Where the next frame is painted: a rectangle of weights of 8 bits each."""
        self._next()
        if min(left, top, width, height) < 0:
            raise ProtocolError("a mask outside of its frame")
        target = self.mask[self.done, top:top + height, left:left + width]
        if target.numel() != width * height or target.numel() != len(weights):
            raise ProtocolError("a mask does not fit its frame")
        if len(weights):
            target.copy_(torch.frombuffer(weights, dtype=torch.uint8).reshape(target.shape)).div_(LEVELS)

    def require_whole(self):
        """Refuses a result of which a part is missing."""
        if self.images is None or self.done < len(self.images):
            raise ProtocolError(f"it sent {self.done} frames of the result and said that it was done")

    @_in_mode_of_frames
    def picture(self, step=1):
        """The last frame as an array of 8-bit colours, or every so many pixels of it; None before the first."""
        return _eight_bits(self.images[self.done - 1, ::step, ::step]) if self.done else None

    def _next(self):
        if self.images is None or self.done >= len(self.images):
            raise ProtocolError("it sent a frame too many, or before it began")
        return self.images[self.done]


def select(images, order):
    """The images of these numbers, in this order, as a batch; the batch itself if that is all of it."""
    frames = _split(images)
    if isinstance(images, torch.Tensor) and images.dim() == 4:
        return images if order == list(range(len(images))) else images[torch.tensor(order)]
    return torch.stack([frames[index] for index in order])


def _split(images):
    """A list of images [height, width, channels], which share the memory of what was given."""
    parts = list(images) if isinstance(images, (list, tuple)) else [images]
    frames = []
    for part in parts:
        if not isinstance(part, torch.Tensor) or part.dim() not in (3, 4) or not part.numel():
            raise NodeError("no_images")
        if not part.dtype.is_floating_point and part.dtype != torch.uint8:
            raise NodeError("odd_images", kind=part.dtype)
        frames.extend([part] if part.dim() == 3 else part.unbind(0))
    if not frames:
        raise NodeError("no_images")
    return frames


def _eight_bits(image):
    return image.float().nan_to_num().clamp(0, 1).mul(LEVELS).round().to(torch.uint8).numpy()
