"""DDIM as the engine runs it: eta 0, leading spacing with offset 1, guidance between no sound and sound."""
import torch

from pipeline.settings import alphas_cumprod


@torch.no_grad()
def sample(unet, conditions, tokens, noise, steps=20, guidance=1.5):
    """conditions [b, 9, f, h, w] (mask, masked, reference), tokens [b*f, 50, c], noise [b, 4, 1 or f, h, w] -> latents [b, 4, f, h, w]."""
    alphas = alphas_cumprod(noise.device)
    x = noise.expand(-1, -1, conditions.shape[2], -1, -1)
    stride = 1000 // steps
    for index in range(steps - 1, -1, -1):
        t = index * stride + 1
        time = torch.full((len(x),), t, device=x.device)
        joined = torch.cat([x, conditions], dim=1)
        if guidance == 1.0:
            epsilon = unet(joined, time, tokens).float()
        else:
            silent, heard = unet(torch.cat([joined, joined]), torch.cat([time, time]),
                                 torch.cat([torch.zeros_like(tokens), tokens])).float().chunk(2)
            epsilon = silent + guidance * (heard - silent)
        now, before = alphas[t], alphas[t - stride] if t >= stride else alphas[0]
        clean = (x - (1 - now).sqrt() * epsilon) / now.sqrt()
        x = before.sqrt() * clean + (1 - before).sqrt() * epsilon
    return x


def conditions(mask_latent, masked, reference):
    """mask [1, 32, 32], masked and reference [b, f, 4, h, w] -> [b, 9, f, h, w]."""
    b, frames = masked.shape[:2]
    mask = mask_latent[None, :, None].expand(b, -1, frames, -1, -1)
    return torch.cat([mask, masked.transpose(1, 2), reference.transpose(1, 2)], dim=1)
