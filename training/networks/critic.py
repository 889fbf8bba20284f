"""Tells decoded pictures from true ones, patch by patch; only training needs it."""
from torch import nn
import torch.nn.functional as F


class Critic(nn.Module):
    """[n, 3, h, w] -> [n, 1, h/8, w/8], positive where it looks true."""

    def __init__(self, widths=(48, 96, 128)):
        super().__init__()
        normed = nn.utils.parametrizations.spectral_norm
        inputs = (3, *widths[:-1])
        self.convs = nn.ModuleList([normed(nn.Conv2d(a, b, 4, 2, 1)) for a, b in zip(inputs, widths)])
        self.middle, self.out = normed(nn.Conv2d(widths[-1], widths[-1], 3, 1, 1)), normed(nn.Conv2d(widths[-1], 1, 3, 1, 1))

    def forward(self, x):
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.2)
        return self.out(F.leaky_relu(self.middle(x), 0.2))
