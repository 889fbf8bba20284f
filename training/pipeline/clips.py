"""Pairs of clips: the same head and motion twice, each with its own speech.

Clip A is what should come out for A's sound; clip B is what goes in (masked, and as reference). Only the mouth
differs, as when a video is dubbed, so nothing but the sound tells what A's mouth does. Either may be A.
"""
import copy
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from pipeline import augment, scenes
from pipeline.renderer import LANDMARK_FIELDS

HELD_OUT_SEED = 10_000_000  # identities from here on are never trained on
WIDE = 1 << 40  # heads.h: the same heads, made harder


class PairMaker:
    """next() -> dict with images uint8 [pairs, 2, length, 3, 256, 256], items and starts [pairs, 2] (item -1: no
    sound belongs to it), opening [pairs, 2, length] (true gap of the lips, see heads.h)."""

    def __init__(self, renderer, speech, pairs, length, seed, held_out=False, still_share=0.3, clean=False, wide=0.75):
        self._renderer, self._speech, self._pairs, self._length = renderer, speech, pairs, length
        self._rng = np.random.default_rng(seed)
        self._low, self._high = (HELD_OUT_SEED, 2 * HELD_OUT_SEED) if held_out else (0, HELD_OUT_SEED)
        self._still_share, self._clean, self._wide = still_share, clean, wide
        self._worker, self.last = ThreadPoolExecutor(1), None  # openings of the last batch
        self._ahead = self._worker.submit(self._prepare)

    def _prepare(self):
        rng, pairs, length = self._rng, self._pairs, self._length
        seeds = rng.integers(self._low, self._high, pairs)
        wide = np.random.default_rng(seeds[0]).random(pairs) < self._wide  # other draws stay the same with any share
        identities = self._renderer.identities(seeds + np.where(wide, WIDE, 0))
        frames = scenes.motion(rng, pairs, length)
        scenes.widen(np.random.default_rng(seeds[0] + 1), frames, wide)
        frames = np.repeat(frames[:, None], 2, axis=1)
        items, starts = self._speech.pick(rng, pairs * 2, length)
        controls = np.stack([self._speech.controls[i, s : s + length] for i, s in zip(items, starts)])
        controls = controls.reshape(pairs, 2, length, 7).copy()
        items, starts = items.reshape(pairs, 2), starts.reshape(pairs, 2)
        still = rng.random(pairs) < self._still_share
        controls[still, 1] = scenes.still_controls(rng, int(still.sum()), length)
        items[still, 1] = -1
        scenes.mouth_columns(frames, controls)
        flat = np.ascontiguousarray(frames.reshape(pairs * 2 * length, -1))
        everyone = np.repeat(identities, 2 * length, axis=0)
        transforms = self._renderer.aligned_transforms(everyone, flat).reshape(pairs, 2, length, 2, 3)
        transforms[:, 1] = transforms[:, 0]
        if not self._clean:
            transforms[:] = scenes.jitter(rng, transforms[:, 0])[:, None]
        opening = self._renderer.landmarks(everyone, flat)[:, LANDMARK_FIELDS["opening"]].reshape(pairs, 2, length)
        return everyone, flat, np.ascontiguousarray(transforms.reshape(-1, 2, 3)), items, starts, opening, controls

    def next(self):
        everyone, flat, transforms, items, starts, opening, controls = self._ahead.result()
        self._ahead, self.last = self._worker.submit(self._prepare), opening
        images = self._renderer.render(everyone, flat, transforms)
        images = images.reshape(self._pairs, 2, self._length, *images.shape[1:]).permute(0, 1, 2, 5, 3, 4)
        return {"images": images, "items": items, "starts": starts, "opening": opening, "controls": controls}


def to_float(images):
    return images.float() / 127.5 - 1


def to_bytes(images):
    return ((images.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def varied(images):
    """Colours, blur and coding, the same for both clips of a pair: [pairs, 2, frames, 3, h, w]."""
    (images,) = augment.colours([images])
    (images,) = augment.blur([images])
    (images,) = augment.motion_blur([images])
    return augment.coded(images)


class ClipPool:
    """Ring of finished training records on the device; a record is one direction of a pair."""

    def __init__(self, maker, vae, mask, scaling, capacity, length):
        self._maker, self._mask, self._scaling = maker, mask, scaling
        device = mask.device
        self._vae = copy.deepcopy(vae).half() if device.type == "cuda" else vae
        self.latents = torch.zeros(capacity, 3, length, 4, 32, 32, device=device, dtype=torch.float16)
        self.images = torch.zeros(capacity, length, 3, 256, 256, device=device, dtype=torch.uint8)
        self.opening = torch.zeros(capacity, length, device=device)
        self.items, self.starts = np.zeros(capacity, np.int64), np.zeros(capacity, np.int64)
        self.made, self._capacity = 0, capacity

    @property
    def count(self):
        return min(self.made, self._capacity)

    def _encode(self, images):
        flat = images.reshape(-1, *images.shape[-3:])
        kind = next(self._vae.parameters()).dtype
        with torch.no_grad():
            parts = [self._vae.encode(p.to(kind, memory_format=torch.channels_last))[0].float() for p in flat.split(256)]
        return (torch.cat(parts) * self._scaling).reshape(*images.shape[:-3], 4, 32, 32)

    def refill(self):
        """Renders one batch of pairs and stores both directions where both have sound."""
        batch = self._maker.next()
        clean = varied(to_float(batch["images"]))
        source = augment.defects(clean.flatten(0, 2)).reshape(clean.shape)
        target, reference, masked = self._encode(clean), self._encode(source), self._encode(source * self._mask)
        pair, side = np.nonzero(batch["items"] >= 0)
        rows = (self.made + np.arange(len(pair))) % self._capacity
        at, pair_at, side_at = (torch.from_numpy(v).to(self.latents.device, non_blocking=True) for v in (rows, pair, side))
        self.latents[at, 0] = target[pair_at, side_at].half()
        self.latents[at, 1], self.latents[at, 2] = masked[pair_at, 1 - side_at].half(), reference[pair_at, 1 - side_at].half()
        self.images[at] = to_bytes(clean[pair_at, side_at])
        self.opening[at] = torch.from_numpy(batch["opening"][pair, side]).to(self.opening)
        self.items[rows], self.starts[rows] = batch["items"][pair, side], batch["starts"][pair, side]
        self.made += len(pair)

    def sample(self, rng, count):
        """latents [count, 3, f, 4, 32, 32], rows of the pool (on the device), items, starts."""
        rows = rng.integers(0, self.count, count)
        at = torch.from_numpy(rows).to(self.latents.device, non_blocking=True)
        return self.latents[at].float(), at, self.items[rows], self.starts[rows]
