"""Whisper's log-mel and audio encoder, with the public state-dict names (tiny.pt: dims, model_state_dict)."""
import math

import torch
from torch import nn
import torch.nn.functional as F

from networks.layers import attention


def mel_filters(count=80, n_fft=400, rate=16000):
    """Slaney-normalised triangular bands 0-8000 Hz on the Slaney scale, [count, n_fft/2+1]."""
    def to_mel(hz):
        return hz * 3 / 200 if hz < 1000 else 15 + math.log(hz / 1000) * 27 / math.log(6.4)

    def to_hz(mel):
        return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)

    top = to_mel(rate / 2)
    edges = torch.tensor([to_hz(top * i / (count + 1)) for i in range(count + 2)], dtype=torch.float64)
    bins = torch.linspace(0, rate / 2, n_fft // 2 + 1, dtype=torch.float64)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return (torch.minimum(rise, fall).clamp(min=0) * (2 / (edges[2:] - edges[:-2]))[:, None]).float()


class LogMel(nn.Module):
    """Samples -1..1 [b, n] -> [b, 80, n/160]; the maximum is over each row's own length only."""

    def __init__(self):
        super().__init__()
        self.register_buffer("filters", mel_filters(), persistent=False)
        self.register_buffer("window", torch.hann_window(400), persistent=False)

    def forward(self, samples, frames=None):
        """frames [b]: mel frames in use; those after are set to zero as the engine's padding does."""
        spectrum = torch.stft(samples.float(), 400, 160, window=self.window, center=True, pad_mode="reflect", return_complex=True)
        mel = self.filters @ spectrum[..., :-1].abs().square()
        mel = mel.clamp(min=1e-10).log10()
        if frames is None:
            top = mel.amax(dim=(1, 2), keepdim=True)
            return (torch.maximum(mel, top - 8) + 4) / 4
        inside = torch.arange(mel.shape[-1], device=mel.device)[None, None] < frames[:, None, None]
        top = torch.where(inside, mel, torch.full_like(mel, -10)).amax(dim=(1, 2), keepdim=True)
        return torch.where(inside, (torch.maximum(mel, top - 8) + 4) / 4, torch.zeros_like(mel))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width, bias=False)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x):
        return self.out(attention(self.query(x), self.key(x), self.value(x), self.heads))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn, self.attn_ln = Attention(width, heads), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, width * 4), nn.GELU(), nn.Linear(width * 4, width))
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x):
        x = x + self.attn(self.attn_ln(x))
        return x + self.mlp(self.mlp_ln(x))


class AudioEncoder(nn.Module):
    """log-mel [b, 80, 3000] -> features [b, 1500, layers+1, width] at 50 Hz."""

    def __init__(self, width=128, heads=4, layers=4, mels=80, context=1500):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv1d(mels, width, 3, padding=1), nn.Conv1d(width, width, 3, stride=2, padding=1)
        scale = torch.exp(-math.log(10000) / (width // 2 - 1) * torch.arange(width // 2))
        angle = torch.arange(context)[:, None] * scale[None]
        self.register_buffer("positional_embedding", torch.cat([angle.sin(), angle.cos()], dim=1))
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(layers)])
        self.ln_post = nn.LayerNorm(width)  # part of the format; the features are taken before it

    def forward(self, mel):
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        x = x + self.positional_embedding[: x.shape[1]].to(x.dtype)
        taken = [x]
        for block in self.blocks:
            x = block(x)
            taken.append(x)
        return torch.stack(taken, dim=2)


def frame_tokens(features, frame, rows=None):
    """Tokens of video frames: features [b, rows, l, c], frame [b, f] (25 fps) -> [b, f, 10*l, c].

    Rows 2i-4 .. 2i+5, clamped to the rows in use (rows [b]), time-major.
    """
    b, total, layers, width = features.shape
    last = (rows if rows is not None else torch.full((b,), total, device=features.device)) - 1
    index = frame[..., None] * 2 + torch.arange(-4, 6, device=features.device)
    index = torch.minimum(index.clamp(min=0), last[:, None, None])
    picked = features[torch.arange(b, device=features.device)[:, None, None], index]
    return picked.reshape(b, frame.shape[1], 10 * layers, width)
