"""Pictures that are no heads, for the autoencoder: dead leaves, noise of all spectra, and photographs in the public domain.

Photographs are no part of the repository. photographs.py collects what Debian's python3-skimage and python3-scipy carry.
"""
import io
import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def noise(n, size, device):
    """[n, 3, size, size] around 0 with deviation 1: spectra between white and smooth, colours more or less alike."""
    rate = torch.fft.rfftfreq(size, device=device)[None] ** 2 + torch.fft.fftfreq(size, device=device)[:, None] ** 2
    slope = torch.rand(n, 1, 1, 1, device=device) * 1.6 + 0.3
    spectrum = torch.fft.rfft2(torch.randn(n, 3, size, size, device=device)) * rate.clamp(min=1 / size ** 2) ** (-slope / 2)
    x = torch.fft.irfft2(spectrum, s=(size, size))
    x = x / x.std(dim=(1, 2, 3), keepdim=True)
    alike = torch.rand(n, 1, 1, 1, device=device)
    return alike * x.mean(dim=1, keepdim=True) * math.sqrt(3) + (1 - alike) * x


def dead_leaves(n, size, device, leaves=48):
    """Discs and boxes over each other, each with a colour and a grain of its own: edges and areas as in photographs."""
    y, x = torch.meshgrid(torch.arange(size, device=device), torch.arange(size, device=device), indexing="ij")
    grain = noise(2 * n, size, device).reshape(2, n, 3, size, size)
    out = (torch.rand(n, 3, 1, 1, device=device) * 2 - 1) + 0.1 * grain[0]
    for leaf in range(leaves):
        radius = size * 0.5 * (1 - leaf / leaves) ** 2 * torch.rand(n, 1, 1, device=device) + 3
        at = torch.rand(n, 2, device=device) * size
        angle, flat = torch.rand(n, 1, 1, device=device) * math.pi, 0.3 + 0.7 * torch.rand(n, 1, 1, device=device)
        u, v = x[None] - at[:, :1, None], y[None] - at[:, 1:, None]
        u, v = u * angle.cos() + v * angle.sin(), (v * angle.cos() - u * angle.sin()) / flat
        round_leaf = torch.rand(n, 1, 1, device=device) < 0.6
        distance = torch.where(round_leaf, (u * u + v * v).sqrt(), torch.maximum(u.abs(), v.abs())) - radius
        cover = (0.5 - distance / (1 + 2 * torch.rand(n, 1, 1, device=device))).clamp(0, 1)[:, None]
        colour = torch.rand(n, 3, 1, 1, device=device) * 2 - 1
        colour = colour.mean(dim=1, keepdim=True) + torch.rand(n, 1, 1, 1, device=device) ** 2 * (colour - colour.mean(dim=1, keepdim=True))
        amount = torch.rand(n, 1, 1, 1, device=device) ** 2 * 0.35
        out = out * (1 - cover) + (colour + amount * grain[leaf % 2].roll(leaf * 17, dims=-1)) * cover
    return out.clamp(-1, 1)


class Photographs:
    """Random crops of a file of photographs."""

    def __init__(self, path, device):
        data = np.load(path, allow_pickle=False)
        images = [np.asarray(Image.open(io.BytesIO(data[name].tobytes())).convert("RGB")) for name in data.files]
        self._images = [torch.from_numpy(i.copy()).to(device).permute(2, 0, 1)[None].float() / 127.5 - 1 for i in images]

    def crops(self, n, size):
        """[n, 3, size, size]: turned, mirrored, at any scale from a quarter to twice."""
        out = []
        for index in np.random.randint(0, len(self._images), n):
            image = self._images[index]
            h, w = image.shape[-2:]
            angle, scale = np.random.uniform(-math.pi, math.pi), np.exp(np.random.uniform(math.log(0.5), math.log(1.6)))
            half = size / scale / 2
            mirror = 1 if np.random.rand() < 0.5 else -1
            cos, sin = math.cos(angle) * half * mirror, math.sin(angle) * half
            middle = np.random.uniform(-1, 1, 2) * np.maximum(0, 1 - 1.2 * half / np.array([w / 2, h / 2]))
            theta = torch.tensor([[cos * 2 / w, -sin * 2 / w, middle[0]], [sin * mirror * 2 / h, math.cos(angle) * half * 2 / h, middle[1]]],
                                 dtype=torch.float32, device=image.device)
            grid = F.affine_grid(theta[None], (1, 3, size, size), align_corners=False)
            out.append(F.grid_sample(image, grid, padding_mode="reflection", align_corners=False))
        return torch.cat(out)


def pictures(n, size, device, photographs=None):
    """A mixture of all kinds, [n, 3, size, size]."""
    kinds = [dead_leaves(n - n // 2, size, device)]
    kinds.append(photographs.crops(n // 2, size) if photographs else noise(n // 2, size, device) * 0.4)
    return torch.cat(kinds).clamp(-1, 1)
