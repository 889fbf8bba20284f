"""Trains the autoencoder and, on the same images, the meter of lip opening. Writes vae.pt {vae, config, meter, critic, steps}.

    python3 train_vae.py --renderer heads/libheads_cuda.so --speech train.npz --seconds 300 --out work/vae.pt

--like FOLDER starts from the weights of an earlier model that fit, and keeps the meaning of its latents for the first 60 % of the
time, so that its UNet remains a good start. In the second half a critic that is trained beside it asks for fine structure.

The latents are rescaled at the end, inside quant_conv and post_quant_conv, so that latent * 0.18215 has mean 0
and standard deviation 1 in every channel.
"""
import argparse
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from networks.critic import Critic
from networks.lips import OpeningMeter
from networks.vae import AutoencoderKL
from pipeline import augment, textures
from pipeline.clips import PairMaker, to_bytes, to_float, varied
from pipeline.losses import grain_loss, image_loss, weights
from pipeline.model_folder import load_fitting, load_vae, read_safetensors, vae_config
from pipeline.renderer import Renderer
from pipeline.run import Average, Clock, autocast, optimizer, quick, save, set_rate
from pipeline.settings import SCALING, VAE, mask_256
from pipeline.speech_set import SpeechSet

MASK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipeline", "mask_256_zero_runs.csv")
NO_HEAD = -1.0  # opening of pictures without one


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


def makers(renderer, speech, pairs):
    """What makes the heads to train on, and those that are held out: plain ones, and those of the wide seeds."""
    maker = PairMaker(renderer, speech, pairs, 2, seed=1, still_share=0.5)
    return maker, [PairMaker(renderer, speech, max(4, pairs // 4), 2, seed=7, held_out=True, wide=share) for share in (0.0, 1.0)]


def opening_loss(guess, opening):
    """Squared error of the meter where there is a head; opening [n] as Pool has it."""
    return ((guess.float() - opening * 10).square() * (opening > NO_HEAD + 0.5)).mean()


class Pool:
    """Finished pictures on the device: heads, and 1 in 7 something else."""

    def __init__(self, maker, size, photographs, device):
        self._maker, self._photographs, self._device, self._at, self.filled = maker, photographs, device, 0, 0
        self.images = torch.zeros(size, 3, 256, 256, dtype=torch.uint8, device=device)
        self.opening = torch.zeros(size, device=device)

    def fill(self):
        batch = self._maker.next()
        heads = augment.hue(varied(to_float(batch["images"])).flatten(0, 2))
        opening = torch.from_numpy(batch["opening"].reshape(-1)).to(self._device)
        others = textures.pictures(max(2, len(heads) // 6), 256, self._device, self._photographs)
        images = torch.cat([heads, augment.hue(others, 0.5)])
        opening = torch.cat([opening, torch.full((len(others),), NO_HEAD, device=self._device)])
        images = torch.where((torch.rand(len(images), device=self._device) < 0.4)[:, None, None, None], augment.defects(images), images)
        rows = torch.arange(self._at, self._at + len(images), device=self._device) % len(self.images)
        self.images[rows], self.opening[rows] = to_bytes(images), opening.to(self.opening)
        self._at = (self._at + len(images)) % len(self.images)
        self.filled = min(self.filled + len(images), len(self.images))


@torch.no_grad()
def report(vae, meter, teacher, pool, held_out, photographs, mask, path):
    """PSNR on heads that were never trained on, sharpness, and a sheet: truth above, decoded below."""
    device = mask.device
    heads = torch.cat([to_float(maker.next()["images"]).flatten(0, 2)[::2] for maker in held_out])
    sets = {"plain": heads[: len(heads) // 2], "wide": heads[len(heads) // 2:]}
    if photographs:
        sets["photographs"] = photographs.crops(32, 256)
    shown, line = [], []
    for name, images in sets.items():
        latents = torch.cat([vae.encode(p)[0] for p in images.split(32)])
        decoded = torch.cat([vae.decode(p) for p in latents.split(32)]).clamp(-1, 1)
        psnr = 10 * torch.log10(4 / (decoded - images).square().mean(dim=(1, 2, 3)))
        laplace = lambda x: F.conv2d(x.mean(1, keepdim=True), torch.tensor([[[[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]]], device=device))[..., 60:, :]
        sharp = (laplace(decoded).var(dim=(1, 2, 3)) / laplace(images).var(dim=(1, 2, 3))).median()
        line.append(f"{name} {psnr.mean():.2f} dB sharpness {sharp:.2f}")
        if teacher is not None:
            then = torch.cat([teacher.encode(p)[0] for p in images.split(32)])
            line.append(f"latents correlate {torch.corrcoef(torch.stack([then.flatten(), latents.flatten()]))[0, 1]:.3f}")
        shown.append(torch.cat([images[:8], decoded[:8]]))
    guessed = torch.cat([meter(p) for p in heads.split(64)])
    true = torch.cat([torch.from_numpy(m.last.reshape(-1)[::2]) for m in held_out]).to(device)
    line.append(f"meter correlation {torch.corrcoef(torch.stack([guessed, true.to(guessed)]))[0, 1]:.3f}")
    grid = to_bytes(torch.cat(shown)).reshape(2 * len(sets), 8, 3, 256, 256).permute(0, 3, 1, 4, 2).reshape(512 * len(sets), 2048, 3)
    Image.fromarray(grid.cpu().numpy()).save(path)
    return ", ".join(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renderer", required=True)
    parser.add_argument("--speech", required=True)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--pool", type=int, default=16384)
    parser.add_argument("--pairs", type=int, default=64)
    parser.add_argument("--like", help="model folder to start from")
    parser.add_argument("--resume", help="vae.pt of an earlier run; no teacher then, and the critic from the start")
    parser.add_argument("--photographs", help="from photographs.py")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(1)
    np.random.seed(1)
    renderer, speech = Renderer(options.renderer, device), SpeechSet(options.speech, device)
    photographs = textures.Photographs(options.photographs, device) if options.photographs else None
    maker, held_out = makers(renderer, speech, options.pairs)
    mask, weight = mask_256(MASK, device), weights(device)
    vae, meter, critic, teacher = AutoencoderKL(VAE).to(device), OpeningMeter().to(device), Critic().to(device), None
    if options.resume:
        first = torch.load(options.resume, map_location=device)
        vae.load_state_dict(first["vae"])
        meter.load_state_dict(first["meter"])
        critic.load_state_dict(first["critic"])
    elif options.like:
        teacher = AutoencoderKL(vae_config(options.like)).to(device).eval().requires_grad_(False)
        load_vae(teacher, options.like)
        share = load_fitting(vae, read_safetensors(os.path.join(options.like, "vae", "diffusion_pytorch_model.safetensors")))
        print(f"{share:.0%} of the autoencoder's values are from {options.like}", flush=True)
        teacher.to(memory_format=torch.channels_last)
    vae.to(memory_format=torch.channels_last)
    critic.to(memory_format=torch.channels_last)
    averages = Average(vae), Average(meter)
    learner, meter_learner = optimizer(vae.parameters(), options.rate, device), optimizer(meter.parameters(), 1e-3, device)
    critic_learner = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.99), weight_decay=0)
    pool = Pool(maker, options.pool, photographs, device)

    def generate(shown):
        mean, logvar = vae.encode(shown)
        out = vae.decode(mean + torch.randn_like(mean) * (logvar / 2).exp())
        kl = 0.5 * (mean.float().square() + logvar.float().exp() - 1 - logvar.float()).mean()
        return out.float(), mean.float(), kl

    def judge(out, wanted):
        return image_loss(out, wanted, weight) + 0.6 * grain_loss(out, wanted, weight)

    if options.compile:
        generate, judge = torch.compile(generate), torch.compile(judge)
    for _ in range(6):
        pool.fill()
    steps, clock = 0, Clock(options.seconds)
    while clock.progress < 1:
        progress = clock.progress
        if steps % 20 == 0:
            pool.fill()
        rows = torch.randint(pool.filled, (options.batch,), device=device)
        wanted = to_float(pool.images[rows])
        hidden = (torch.rand(options.batch, device=device) < 0.2)[:, None, None, None]
        shown = torch.where(hidden, wanted * mask, wanted).contiguous(memory_format=torch.channels_last)
        rate = clock.rate(options.rate, steps)
        set_rate(learner, rate)
        set_rate(meter_learner, rate)
        with autocast(device):
            out, mean, kl = generate(shown)
            guess = meter(wanted)
        picture = out.detach().requires_grad_()
        seen = shown.float()
        loss = judge(picture, seen)
        (gradient,) = torch.autograd.grad(loss, picture)
        strength = 1.0 if options.resume else min(max((progress - 0.45) / 0.1, 0), 1)
        believed = torch.zeros((), device=device)
        if strength > 0:
            with autocast(device):
                real, fake = critic(seen), critic(picture.detach())
                critic_loss = F.relu(1 - real.float()).mean() + F.relu(1 + fake.float()).mean()
            critic_learner.zero_grad(set_to_none=True)
            critic_loss.backward()
            critic_learner.step()
            with autocast(device):
                believed = critic(picture).float().mean()
            (wish,) = torch.autograd.grad(-believed, picture)
            gradient = gradient + wish * (0.25 * strength * gradient.norm() / (wish.norm() + 1e-12))
        other = 1e-4 * kl
        if teacher is not None and progress < 0.6:
            with torch.no_grad(), autocast(device):
                then = teacher.encode(shown)[0].float()
            other = other + min(1.0, (0.6 - progress) / 0.3) * SCALING ** 2 * (mean - then).square().mean()
        meter_loss = opening_loss(guess, pool.opening[rows])
        learner.zero_grad(set_to_none=True)
        meter_learner.zero_grad(set_to_none=True)
        torch.autograd.backward([out, other + meter_loss], [gradient, None])
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        learner.step()
        meter_learner.step()
        averages[0].update(vae)
        averages[1].update(meter)
        steps += 1
        if steps % 250 == 1:
            print(f"vae step {steps} {clock.spent:.0f} s loss {loss.item():.4f} latents {(other - 1e-4 * kl).item():.4f} "
                  f"meter {meter_loss.item():.4f} believed {believed.item():.2f}", flush=True)

    vae, meter = averages[0].module, averages[1].module
    with torch.no_grad():
        is_head = torch.nonzero(pool.opening[: pool.filled] > NO_HEAD + 0.5)[:, 0]
        sample = to_float(pool.images[is_head[torch.randint(len(is_head), (256,), device=device)]])
        latents = torch.cat([vae.encode(part)[0] for part in sample.split(64)])
        rescale(vae, latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3)))
    line = report(vae, meter, teacher, pool, held_out, photographs, mask, os.path.splitext(options.out)[0] + ".png")
    print(f"vae: {steps} steps, {line}", flush=True)
    save(options.out, {"vae": vae.state_dict(), "config": VAE, "meter": meter.state_dict(), "critic": critic.state_dict(), "steps": steps})


if __name__ == "__main__":
    main()
