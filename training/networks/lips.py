"""Small measuring networks that are not shipped: controls from audio tokens, lip gap from an aligned face."""
import torch
from torch import nn
import torch.nn.functional as F

from networks.layers import CrossAttention, FeedForward


class AudioReader(nn.Module):
    """Mouth controls of a frame from its audio tokens [n, 50, width] -> [n, 7].

    It reads as the UNet does, by cross-attention without any knowledge of token order, so that an encoder
    trained with it puts what the UNet needs where cross-attention can find it.
    """

    def __init__(self, context, width=128, queries=4, depth=2):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width))
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(2 * depth)])
        self.attend = nn.ModuleList([CrossAttention(width, 8, context) for _ in range(depth)])
        self.feed = nn.ModuleList([FeedForward(width) for _ in range(depth)])
        self.out = nn.Linear(queries * width, 7)

    def forward(self, tokens):
        x = self.queries.expand(tokens.shape[0], -1, -1)
        for i, (attend, feed) in enumerate(zip(self.attend, self.feed)):
            x = x + attend(self.norms[2 * i](x), tokens)
            x = x + feed(self.norms[2 * i + 1](x))
        return self.out(x.flatten(1))


class OpeningMeter(nn.Module):
    """Ten times the gap of the lips (heads.h, opening) from aligned faces -1..1 [n, 3, 256, 256] -> [n]."""

    def __init__(self):
        super().__init__()
        widths = [3, 24, 32, 48, 64, 96]
        self.convs = nn.ModuleList([nn.Conv2d(a, b, 3, 2, 1) for a, b in zip(widths, widths[1:])])
        self.norms = nn.ModuleList([nn.GroupNorm(8, b) for b in widths[1:]])
        self.out = nn.Sequential(nn.Linear(96 * 16, 64), nn.SiLU(), nn.Linear(64, 1))

    def forward(self, x):
        x = F.interpolate(x[..., 112:256, 48:208], size=(128, 128), mode="bilinear", align_corners=False)
        for conv, norm in zip(self.convs, self.norms):
            x = F.silu(norm(conv(x)))
        return self.out(x.flatten(1))[:, 0]
