"""Trains the autoencoder and, on the same images, the meter of lip opening. Writes vae.pt {vae, meter, ...}.

    python3 train_vae.py --renderer heads/libheads_cuda.so --speech train.npz --seconds 300 --out work/vae.pt

The latents are rescaled at the end, inside quant_conv and post_quant_conv, so that latent * 0.18215 has mean 0
and standard deviation 1 in every channel.
"""
import argparse
import os

import torch
import torch.nn.functional as F
from PIL import Image

from networks.lips import OpeningMeter
from networks.vae import AutoencoderKL
from pipeline import augment
from pipeline.clips import PairMaker, to_bytes, to_float, varied
from pipeline.model_folder import load_vae
from pipeline.renderer import Renderer
from pipeline.run import Average, Clock, autocast, optimizer, quick, save, set_rate
from pipeline.settings import SCALING, VAE, mask_256
from pipeline.speech_set import SpeechSet

MASK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipeline", "mask_256_zero_runs.csv")


def weights(device):
    """Pixel weights [1, 1, 256, 256]: 3 around the mouth, 1 elsewhere."""
    y, x = torch.meshgrid(torch.arange(256.0), torch.arange(256.0), indexing="ij")
    bump = torch.exp(-(((x - 127) / 55) ** 2 + ((y - 190) / 42) ** 2) ** 2)
    return (1 + 2 * bump)[None, None].to(device)


def image_loss(got, want, weight):
    """Weighted L1, plus L1 of differences at three scales: edges stay sharp without a pretrained network.

    The last term is the colour without its grey part at an eighth of the size. Skins vary little between green and
    magenta, so that the L1 alone learns this axis last and faces come out with a cast.
    """
    loss = ((got - want).abs() * weight).mean()
    for _ in range(3):
        for axis in (-1, -2):
            loss = loss + 0.5 * (got.diff(dim=axis) - want.diff(dim=axis)).abs().mean()
        got, want = F.avg_pool2d(got, 2), F.avg_pool2d(want, 2)
    error = got - want
    return loss + 3 * (error - error.mean(dim=1, keepdim=True)).abs().mean()


@torch.no_grad()
def rescale(vae, mean, deviation):
    """Folds (latent - mean) / (deviation * 0.18215) into the 1x1 convolutions on both sides."""
    factor = 1 / (deviation * SCALING)
    channels = len(mean)
    quant, post = vae.quant_conv, vae.post_quant_conv
    quant.weight[:channels] *= factor[:, None, None, None]
    quant.bias[:channels] = (quant.bias[:channels] - mean) * factor
    quant.bias[channels:] += 2 * factor.log()
    post.bias += (post.weight[:, :, 0, 0] * mean).sum(1)
    post.weight /= factor[None, :, None, None]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renderer", required=True)
    parser.add_argument("--speech", required=True)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--pool", type=int, default=16384)
    parser.add_argument("--pairs", type=int, default=64)
    parser.add_argument("--resume", help="model folder to start from; its latents keep their meaning only roughly")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(1)
    maker = PairMaker(Renderer(options.renderer, device), SpeechSet(options.speech, device), options.pairs, 2, seed=1, still_share=0.5)
    mask, weight = mask_256(MASK, device), weights(device)
    vae, meter = AutoencoderKL(VAE).to(device), OpeningMeter().to(device)
    if options.resume:
        load_vae(vae, options.resume)
    vae.to(memory_format=torch.channels_last)
    averages = Average(vae), Average(meter)
    learner, meter_learner = optimizer(vae.parameters(), 1e-3, device), optimizer(meter.parameters(), 1e-3, device)

    pool = torch.zeros(options.pool, 3, 256, 256, dtype=torch.uint8, device=device)
    opening = torch.zeros(options.pool, device=device)
    fresh = options.pairs * 4

    def fill(at):
        batch = maker.next()
        images = augment.hue(varied(to_float(batch["images"])).flatten(0, 2))
        images = torch.where((torch.rand(len(images), device=device) < 0.5)[:, None, None, None], augment.defects(images), images)
        rows = torch.arange(at, at + fresh, device=device) % options.pool
        pool[rows] = to_bytes(images)
        opening[rows] = torch.from_numpy(batch["opening"].reshape(-1)).to(device)

    def step(shown, weight):
        mean, logvar = vae.encode(shown)
        z = mean + torch.randn_like(mean) * (logvar / 2).exp()
        out = vae.decode(z).float()
        kl = 0.5 * (mean.float().square() + logvar.float().exp() - 1 - logvar.float()).mean()
        return image_loss(out, shown.float(), weight) + 1e-4 * kl

    if options.compile:
        step = torch.compile(step)
    filled, at, steps, clock = 0, 0, 0, Clock(options.seconds)
    while clock.progress < 1:
        if steps % 16 == 0:
            for _ in range(4 if filled < options.pool // 2 else 1):
                fill(at)
                at = (at + fresh) % options.pool
                filled = min(filled + fresh, options.pool)
        rows = torch.randint(filled, (options.batch,), device=device)
        wanted = to_float(pool[rows])
        hidden = (torch.rand(options.batch, device=device) < 0.2)[:, None, None, None]
        shown = torch.where(hidden, wanted * mask, wanted).contiguous(memory_format=torch.channels_last)
        rate = clock.rate(1.5e-3, steps)
        set_rate(learner, rate)
        set_rate(meter_learner, rate)
        with autocast(device):
            loss = step(shown, weight)
            guess = meter(wanted)
        meter_loss = (guess.float() - opening[rows] * 10).square().mean()
        learner.zero_grad(set_to_none=True)
        meter_learner.zero_grad(set_to_none=True)
        (loss + meter_loss).backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        learner.step()
        meter_learner.step()
        averages[0].update(vae)
        averages[1].update(meter)
        steps += 1
        if steps % 200 == 1:
            print(f"vae step {steps} {clock.spent:.0f} s loss {loss.item():.4f} meter {meter_loss.item():.4f}", flush=True)

    vae, meter = averages[0].module, averages[1].module
    with torch.no_grad():
        sample = to_float(pool[torch.randint(filled, (min(256, filled),), device=device)])
        latents = torch.cat([vae.encode(part)[0] for part in sample.split(64)])
        mean, deviation = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3))
        rescale(vae, mean, deviation)
        latents = torch.cat([vae.encode(part)[0] for part in sample.split(64)])
        decoded = torch.cat([vae.decode(part) for part in latents.split(64)])
        noise = 10 * torch.log10(4 / (decoded - sample).square().mean(dim=(1, 2, 3))).mean()
        true = opening[torch.arange(min(filled, 2048), device=device)]
        guessed = torch.cat([meter(to_float(part)) for part in pool[: len(true)].split(256)])
        related = torch.corrcoef(torch.stack([guessed, true]))[0, 1]
    print(f"vae: {steps} steps, PSNR {noise:.2f} dB, latent std {(latents.std() * SCALING):.3f}, meter correlation {related:.3f}", flush=True)
    save(options.out, {"vae": vae.state_dict(), "meter": meter.state_dict(), "psnr": float(noise), "steps": steps})
    rows = torch.cat([sample[:8], decoded[:8].clamp(-1, 1)])
    grid = to_bytes(rows).reshape(2, 8, 3, 256, 256).permute(0, 3, 1, 4, 2).reshape(512, 2048, 3)
    Image.fromarray(grid.cpu().numpy()).save(os.path.splitext(options.out)[0] + ".png")


if __name__ == "__main__":
    main()
