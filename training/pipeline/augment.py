"""Augmentation on the device: sound [n, samples] and images [clips, frames, 3, h, w] in -1..1."""
import math

import torch
import torch.nn.functional as F


def _uniform(n, low, high, device):
    return torch.rand(n, device=device) * (high - low) + low


def sound(samples, rate=16000):
    """Gain, equalisation, band limits, reverberation, noise, clipping, coarse quantisation; each in part of the rows."""
    n, length = samples.shape
    device = samples.device
    size = 1 << (length + rate // 2 - 1).bit_length() if length < rate else length + rate // 2
    spectrum = torch.fft.rfft(samples, size)
    hertz = torch.linspace(0, rate / 2, spectrum.shape[1], device=device)
    octave = torch.log2(hertz.clamp(min=40) / 40)  # 0 .. 7.6

    # smooth curve in decibels through nine random points, one per octave
    points = torch.randn(n, 9, device=device) * _uniform(n, 0, 5, device)[:, None]
    low = octave.long().clamp(max=7)
    part = octave - low
    decibels = points[:, low] * (1 - part) + points[:, low + 1] * part
    cut_low, cut_high = _uniform(n, 20, 350, device), _uniform(n, 2800, 8000, device)
    cut_low = torch.where(torch.rand(n, device=device) < 0.5, cut_low, torch.full_like(cut_low, 10))
    cut_high = torch.where(torch.rand(n, device=device) < 0.35, cut_high, torch.full_like(cut_high, 9000))
    gain = 10 ** (decibels / 20)
    gain = gain / (1 + (cut_low[:, None] / hertz.clamp(min=1)) ** 4).sqrt() / (1 + (hertz / cut_high[:, None]) ** 16).sqrt()
    spectrum = spectrum * gain

    # reverberation: direct sound plus exponentially fading noise, 0.1-0.5 s
    tail = rate // 2
    fade = torch.exp(-6.9 * torch.arange(tail, device=device) / rate / _uniform(n, 0.1, 0.5, device)[:, None])
    room = torch.randn(n, tail, device=device) * fade
    room[:, : rate // 300] = 0
    wet = _uniform(n, 0.05, 0.7, device) * (torch.rand(n, device=device) < 0.4)
    room = room / room.norm(dim=1, keepdim=True) * wet[:, None]
    room[:, 0] = 1
    out = torch.fft.irfft(spectrum * torch.fft.rfft(room, size), size)[:, :length]

    # noise of random slope, 5-45 dB under the speech
    noise = torch.fft.rfft(torch.randn(n, length, device=device))
    slope = _uniform(n, 0, 1.2, device)[:, None]
    grid = torch.linspace(0, rate / 2, noise.shape[1], device=device).clamp(min=30)
    noise = torch.fft.irfft(noise * (grid / 1000) ** -slope, length)
    level = out.square().mean(1).sqrt() * 10 ** (-_uniform(n, 5, 45, device) / 20) * (torch.rand(n, device=device) < 0.7)
    out = out + noise / noise.square().mean(1, keepdim=True).sqrt() * level[:, None]

    peak = out.abs().amax(1, keepdim=True).clamp(min=1e-4)
    out = out / peak * 10 ** (-_uniform(n, 0, 30, device)[:, None] / 20)
    clipped = out.clamp(-0.5, 0.5)
    out = torch.where((torch.rand(n, device=device) < 0.1)[:, None], clipped, out)
    steps = torch.where(torch.rand(n, device=device) < 0.2, 127.0, 32767.0)[:, None]
    return (out * steps).round() / steps


def _dct8(device):
    k = torch.arange(8, device=device).float()
    m = torch.cos(math.pi * (2 * k[None] + 1) * k[:, None] / 16) / 2
    m[0] /= math.sqrt(2)
    return m


def jpeg_like(x, strength):
    """8x8 DCT with coefficients rounded, coarser at high frequencies; strength [n] is the step at the highest."""
    n, c, h, w = x.shape
    m = _dct8(x.device)
    blocks = x.reshape(n, c, h // 8, 8, w // 8, 8).transpose(3, 4).contiguous()
    grid = torch.arange(8, device=x.device)
    step = (0.15 + (grid[:, None] + grid[None]) / 14) * strength[:, None, None, None, None, None]
    freq = (blocks @ m.T).transpose(4, 5).contiguous() @ m.T  # both axes; stored transposed, as is the symmetric step
    freq = (freq / step).round() * step
    blocks = (freq @ m).transpose(4, 5).contiguous() @ m
    return blocks.transpose(3, 4).reshape(n, c, h, w)


def colours(clips):
    """Random gain, contrast, gamma and saturation, equal for all images of a row: list of [n, ..., 3, h, w] -> same."""
    n, device = clips[0].shape[0], clips[0].device
    def shaped(v):
        return v.reshape(v.shape[0], *([1] * (clips[0].dim() - 4)), -1, 1, 1)
    gain = shaped(torch.exp(torch.randn(n, 3, device=device) * 0.06) * _uniform(n, 0.8, 1.15, device)[:, None])
    gamma = shaped(torch.exp(torch.randn(n, 1, device=device) * 0.18))
    contrast, saturation = shaped(_uniform(n, 0.75, 1.15, device)[:, None]), shaped(_uniform(n, 0.5, 1.25, device)[:, None])
    out = []
    for x in clips:
        x = ((x + 1) / 2 * gain).clamp(1e-4, 1) ** gamma
        x = (x - 0.45) * contrast + 0.45
        grey = x.mean(dim=-3, keepdim=True)
        out.append(((x - grey) * saturation + grey).clamp(0, 1) * 2 - 1)
    return out


def hue(x, share=0.25):
    """Colours turned around the grey axis by any angle, in a share of the rows of [n, 3, h, w]: axes that skin never shows."""
    n, device = x.shape[0], x.device
    angle = (_uniform(n, 0, 2 * math.pi, device) * (torch.rand(n, device=device) < share))[:, None, None]
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]], device=device) / math.sqrt(3)
    turn = angle.cos() * torch.eye(3, device=device) + (1 - angle.cos()) / 3 + angle.sin() * cross
    return torch.einsum("nij,njhw->nihw", turn, x).clamp(-1, 1)


def blur(clips):
    """The same Gaussian blur (sigma 0-1.4, in half of the rows) on every image of a row."""
    n, device = clips[0].shape[0], clips[0].device
    sigma = (_uniform(n, 0.3, 1.4, device) * (torch.rand(n, device=device) < 0.5)).clamp(min=0.05)
    grid = torch.arange(-3, 4, device=device).float()
    kernel = torch.exp(-grid ** 2 / (2 * sigma[:, None] ** 2))
    kernel = kernel / kernel.sum(1, keepdim=True)
    out = []
    for x in clips:
        for axis in (-1, -2):
            moved = [x.roll(k, dims=axis) * kernel[:, 3 + k].reshape(n, *([1] * (x.dim() - 1))) for k in range(-3, 4)]
            x = sum(moved[1:], moved[0])
        out.append(x)
    return out


def motion_blur(clips, share=0.15, taps=7):
    """The camera or the head moves while the shutter is open: a straight blur that comes and goes, the same for all clips.

    clips: list of [n, sides, frames, 3, h, w].
    """
    n, frames, device = clips[0].shape[0], clips[0].shape[2], clips[0].device
    rows = torch.nonzero(torch.rand(n, device=device) < share)[:, 0]
    if len(rows) == 0:
        return clips
    angle, phase = _uniform(len(rows), 0, 2 * math.pi, device), _uniform(len(rows), 0, 2 * math.pi, device)
    rate, size = _uniform(len(rows), 0.1, 0.9, device), _uniform(len(rows), 2, 10, device)
    length = size[:, None] * (rate[:, None] * torch.arange(frames, device=device) + phase[:, None]).sin().abs()  # pixels
    for x in clips:
        part = x[rows]
        sides, h, w = part.shape[1], part.shape[-2], part.shape[-1]
        moved = torch.zeros_like(part).flatten(0, 2)
        for tap in range(taps):
            at = (tap / (taps - 1) - 0.5) * length
            step = torch.stack([at * angle.cos()[:, None] * 2 / w, at * angle.sin()[:, None] * 2 / h], dim=-1)
            step = step[:, None].expand(-1, sides, -1, -1).reshape(-1, 2)
            grid = F.affine_grid(torch.eye(2, 3, device=device).expand(len(step), -1, -1), (len(step), 3, h, w), align_corners=False)
            moved += F.grid_sample(part.flatten(0, 2), grid + step[:, None, None], padding_mode="reflection", align_corners=False) / taps
        x[rows] = moved.view_as(part)
    return clips


def coded(x, rows_share=(0.25, 0.3, 0.25)):
    """What a video has lost before anyone sees it, in parts of the rows of [n, ..., 3, h, w]: size, colour, coefficients.

    It is lost in the input and in what should come out alike, so that a painted mouth is as sharp as its surroundings.
    """
    n, device, h, w = x.shape[0], x.device, x.shape[-2], x.shape[-1]
    small, dull, coarse = (torch.nonzero(torch.rand(n, device=device) < share)[:, 0] for share in rows_share)
    if len(small):
        size = int(torch.randint(int(0.4 * h), int(0.85 * h), (1,)))
        part = x[small].flatten(0, -4)
        part = F.interpolate(part, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
        x[small] = F.interpolate(part, size=(h, w), mode="bicubic", align_corners=False).clamp(-1, 1).view_as(x[small])
    if len(dull):
        part = x[dull]
        grey = (part * torch.tensor([0.299, 0.587, 0.114], device=device)[:, None, None]).sum(-3, keepdim=True)
        colour = F.interpolate(F.avg_pool2d((part - grey).flatten(0, -4), 2), scale_factor=2.0, mode="nearest")
        x[dull] = (grey + colour.view_as(part)).clamp(-1, 1)
    if len(coarse):
        part = x[coarse]
        each = part[0].numel() // (3 * h * w)
        strength = _uniform(len(coarse), 0.02, 0.25, device).repeat_interleave(each)
        x[coarse] = jpeg_like(part.flatten(0, -4), strength).clamp(-1, 1).view_as(part)
    return x


def defects(x):
    """Sensor noise and coding artefacts of a source video on [n, 3, h, w]; each in a part of the rows."""
    n, device = x.shape[0], x.device
    sigma = (_uniform(n, 0.0, 0.07, device) * (torch.rand(n, device=device) < 0.5))[:, None, None, None]
    x = x + torch.randn_like(x) * sigma
    coded = jpeg_like(x, _uniform(n, 0.02, 0.5, device))
    return torch.where((torch.rand(n, device=device) < 0.4)[:, None, None, None], coded, x).clamp(-1, 1)
