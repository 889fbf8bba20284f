"""The speech set on the device: items of 30 s with mouth controls, plus resampled copies.

A copy resampled by 0.87-1.15 shifts pitch and formants together and speeds the mouth up by the same factor.
"""
import numpy as np
import torch
import torch.nn.functional as F

from speech.pack import load

SAMPLES, FRAMES, STEP = 480000, 750, 640  # 30 s at 16 kHz, at 25 fps; samples per frame


def decode_mu_law(code):
    x = code.float() / 127.5 - 1
    return x.sign() * (256.0 ** x.abs() - 1) / 255


class SpeechSet:
    """sound [n, 480000] uint8 mu-law, frames [n] frames in use, controls [n, 750, 7] numpy float32."""

    def __init__(self, path, device, factors=(1.0,)):
        data = load(path)
        base_controls = data["controls"].astype(np.float32) / 255
        base_controls[:, :, 1] = base_controls[:, :, 1] * 2 - 1
        sounds, controls, frames = [], [], []
        code = torch.from_numpy(data["sound"]).to(device, non_blocking=True)
        for factor in factors:
            for index in range(len(code)):
                length = int(data["length"][index])
                if factor == 1.0:
                    sound, count = code[index], length // STEP
                    mouth = base_controls[index]
                else:
                    x = decode_mu_law(code[index])
                    new = min(int(length / factor), SAMPLES)
                    y = F.interpolate(x[None, None, : int(new * factor)], size=new, mode="linear", align_corners=False)[0, 0]
                    y = torch.sign(y) * torch.log1p(255 * y.abs()) / np.log(256)
                    sound = torch.full((SAMPLES,), 128, dtype=torch.uint8, device=code.device)
                    sound[:new] = ((y + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
                    count = new // STEP
                    at = np.minimum(np.arange(FRAMES) * factor, FRAMES - 1.001)
                    low = at.astype(int)
                    part = (at - low)[:, None].astype(np.float32)
                    mouth = base_controls[index][low] * (1 - part) + base_controls[index][low + 1] * part
                sounds.append(sound)
                controls.append(mouth)
                frames.append(count)
        self.sound = torch.stack(sounds)
        self.controls = np.stack(controls).astype(np.float32)
        self.frames = np.array(frames)

    def __len__(self):
        return len(self.frames)

    def pick(self, rng, count, length):
        """Random (item, first frame) pairs with `length` frames of sound after them."""
        items = rng.choice(np.flatnonzero(self.frames > length), count)
        return items, (rng.random(count) * (self.frames[items] - length)).astype(np.int64)

    def windows(self, items, starts, length, rng, move=True):
        """Sound windows for clips: (samples [n, 480000], mel frames [n], feature rows [n], clip start in the window [n]).

        With `move` a window begins up to the whole way before its clip and may end soon after it, so that the
        encoder sees every position and padding as short files have it.
        """
        count = len(items)
        shift, ends = np.zeros(count, np.int64), self.frames[items].copy()
        if move:
            shift = np.where(rng.random(count) < 0.6, (rng.random(count) * (starts + 1)).astype(np.int64), 0)
            after = starts + length + (rng.random(count) * np.maximum(ends - starts - length, 1)).astype(np.int64)
            ends = np.where(rng.random(count) < 0.4, np.minimum(after, ends), ends)
        device = self.sound.device
        used = torch.from_numpy(ends - shift).to(device, non_blocking=True)
        index = torch.arange(SAMPLES, device=device)[None] + torch.from_numpy(shift * STEP).to(device, non_blocking=True)[:, None]
        code = self.sound[torch.from_numpy(items).to(device, non_blocking=True)].gather(1, index.clamp(max=SAMPLES - 1))
        samples = decode_mu_law(code)
        samples = samples * (torch.arange(SAMPLES, device=device)[None] < (used * STEP)[:, None])
        return samples, used * 4, used * 2, torch.from_numpy(starts - shift).to(device, non_blocking=True)
