"""Sizes of the demonstration model and the constants that all stages share."""
import os

import torch
import yaml

SCALING = 0.18215
CLIP = 16
AUDIO = {"width": 128, "heads": 4, "layers": 4}
VAE = {
    "_class_name": "AutoencoderKL", "act_fn": "silu", "block_out_channels": [16, 16, 64, 96],
    "down_block_types": ["DownEncoderBlock2D"] * 4, "in_channels": 3, "latent_channels": 4, "layers_per_block": 1,
    "norm_num_groups": 8, "out_channels": 3, "sample_size": 256, "scaling_factor": SCALING,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
}
CONFIG = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "config.yaml")


def _config(section):
    with open(CONFIG) as file:
        return yaml.safe_load(file)[section]


def unet_config():
    return _config("model")


def frame_noise_share():
    """The frames' own share of the variance of the noise that sampling starts from."""
    return _config("run").get("frame_noise_share", 0.0)


def mask_256(runs_path, device):
    """[1, 256, 256], 1 = kept, 0 = repainted, from the file of zero runs (row, start-end;start-end)."""
    mask = torch.ones(1, 256, 256)
    with open(runs_path) as file:
        for line in file:
            if line[0] != "#":
                row, runs = line.strip().split(",")
                for run in runs.split(";"):
                    start, end = run.split("-")
                    mask[0, int(row), int(start):int(end)] = 0
    return mask.to(device)


def mask_latents(mask):
    """Nearest sample at every eighth pixel: [1, 32, 32]."""
    return mask[:, ::8, ::8].contiguous()


def alphas_cumprod(device):
    betas = torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float().to(device)
