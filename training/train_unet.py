"""Trains the UNet together with the audio encoder. Writes unet.pt {unet, encoder, reader, steps} (averaged weights).

    torchrun --nproc-per-node gpu train_unet.py --renderer heads/libheads_cuda.so --speech train.npz \
        --vae work/vae.pt --audio work/audio.pt --like ../models/demo --seconds 1000 --out work/unet.pt

Noise prediction as in LatentSync. The weight of a timestep makes the error of the clean latent count
clamp(SNR, 1, 5): plain noise loss nearly ignores the noisiest steps, where the mouth's shape is decided.

--like FOLDER starts from an earlier model's UNet and audio encoder. --resume unet.pt continues an earlier run; its optimizer and
its averages continue too where unet.pt.state lies beside it. --part 0:0.5 says which part of the whole training this run is.
"""
import argparse
import os
import time

import numpy as np
import torch
from torch import nn

from networks.lips import AudioReader, OpeningMeter
from networks.unet import TemporalBlock, TransformerBlock, UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline import augment
from pipeline.clips import ClipPool, PairMaker, to_float
from pipeline.losses import grain_loss, image_loss, weights
from pipeline.model_folder import load_encoder, load_unet
from pipeline.renderer import Renderer
from pipeline.run import Average, Clock, LowPrecision, join_processes, optimizer, quick, rate_at, recorded, save, set_rate
from pipeline.sampler import conditions
from pipeline.settings import AUDIO, CLIP, SCALING, alphas_cumprod, mask_256, mask_latents, unet_config
from pipeline.speech_set import FRAMES, SpeechSet
from train_audio import truth
from train_vae import MASK

PICTURES = 24  # frames decoded for the pixel loss in a step
OWN_NOISE = 0.5  # the frames' own share of the variance, as in LatentSync's use_mixed_noise


def latent_weights(mask_latent):
    """[1, 1, 1, 32, 32]: 1 where the model paints, 0.15 elsewhere, 3 around the mouth."""
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    mouth = torch.exp(-(((x - 15.5) / 7) ** 2 + ((y - 23.5) / 5.5) ** 2) ** 2).to(mask_latent.device)
    painted = 1 - mask_latent[0]
    return (0.15 + 0.85 * painted + 2 * mouth)[None, None, None]


def clip_noise(shape, device):
    """[b, 4, f, h, w]: one noise frame for the whole clip, mixed with noise of each frame's own."""
    b, c, f, h, w = shape
    shared = torch.randn(b, c, 1, h, w, device=device)
    return shared * (1 - OWN_NOISE) ** 0.5 + torch.randn(shape, device=device) * OWN_NOISE ** 0.5


def shuffle_references(reference, rng):
    """In 20 % of the clips the reference frames come from other moments of the input clip."""
    b, frames = reference.shape[:2]
    order = np.tile(np.arange(frames), (b, 1))
    for row in np.flatnonzero(rng.random(b) < 0.2):
        order[row] = rng.permutation(frames) if rng.random() < 0.5 else np.full(frames, rng.integers(frames))
    index = torch.from_numpy(order).to(reference.device, non_blocking=True)
    return reference.gather(1, index[..., None, None, None].expand_as(reference))


class Denoising(nn.Module):
    """Networks and losses of a step in latent space. All inputs are tensors, so that it can be recorded as a CUDA graph.

    log_mel [b, 80, 3000], at [b] first frame of the clip in its window, rows [b] features in use, controls [b, f, 7],
    latents [b, 3, f, 4, 32, 32] (target, masked, reference), t [b], noise [b, 4, f, 32, 32], kept [b] (0: no sound)
    -> loss, error of the controls, clean latents [b, 4, f, 32, 32].
    """

    def __init__(self, unet, encoder, reader, mask):
        super().__init__()
        self.unet, self.encoder, self.reader = unet, encoder, reader
        self.register_buffer("mask_latent", mask_latents(mask))
        self.register_buffer("weight", latent_weights(self.mask_latent))
        self.register_buffer("alphas", alphas_cumprod(mask.device))
        self.register_buffer("frames", torch.arange(CLIP, device=mask.device))

    def forward(self, log_mel, at, rows, controls, latents, t, noise, kept):
        kind = next(self.unet.parameters()).dtype
        tokens = frame_tokens(self.encoder(log_mel.to(kind)), at[:, None] + self.frames, rows)
        read = (self.reader(tokens.flatten(0, 1)).float() - controls.flatten(0, 1)).square().mean()
        target, masked, reference = (latents[:, i] for i in range(3))
        a = self.alphas[t][:, None, None, None, None]
        noisy = a.sqrt() * target.transpose(1, 2) + (1 - a).sqrt() * noise
        heard = tokens * kept[:, None, None, None].to(kind)
        joined = torch.cat([noisy, conditions(self.mask_latent, masked, reference)], dim=1).to(kind).contiguous()
        epsilon = self.unet(joined, t, heard.flatten(0, 1).contiguous()).float()
        snr = a / (1 - a)
        scale = (snr.clamp(1, 5) / snr).clamp(max=150)
        loss = (scale * self.weight * (epsilon - noise).square()).mean()
        return loss, read, (noisy - (1 - a).sqrt() * epsilon) / a.sqrt()


class Painting(nn.Module):
    """Losses of decoded frames: clean latents [n, 4, 32, 32], images -1..1 [n, 3, 256, 256], opening [n] -> loss, meter's error."""

    def __init__(self, vae, meter, mask, grain):
        super().__init__()
        self.vae, self.meter, self.grain = vae, meter, grain
        self.register_buffer("weight", weights(mask.device) * (1.05 - mask))

    def forward(self, clean, wanted, opening):
        kind = next(self.vae.parameters()).dtype
        painted = self.vae.decode((clean / SCALING).to(kind, memory_format=torch.channels_last))
        gap = self.meter(painted).float() - opening * 10
        painted = painted.float()
        loss = image_loss(painted, wanted, self.weight)
        if self.grain:
            loss = loss + self.grain * grain_loss(painted, wanted, self.weight)
        return loss, gap.square().clamp(max=0.25).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("renderer", "speech", "vae", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--audio", help="from train_audio.py; not needed with --resume")
    parser.add_argument("--like", help="model folder to start from")
    parser.add_argument("--resume", help="unet.pt of an earlier run")
    parser.add_argument("--seconds", type=float, default=1000)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--part", default="0:1", help="part of the whole training, for the learning rate")
    parser.add_argument("--no-sound", type=float, default=0.08, help="share of clips without sound, for guidance")
    parser.add_argument("--batch", type=int, default=32, help="clips in a step on each GPU")
    parser.add_argument("--pool", type=int, default=6144)
    parser.add_argument("--pairs", type=int, default=32)
    parser.add_argument("--reuse", type=int, default=16, help="times a rendered clip is used on average")
    parser.add_argument("--wide", type=float, default=0.75, help="share of heads of the wide seeds")
    parser.add_argument("--grain", type=float, default=0.4, help="weight of the loss of fine structure; 0 for an autoencoder that keeps none")
    parser.add_argument("--compile", action="store_true", help="compile the transformer blocks")
    options = parser.parse_args()
    first_part, last_part = (float(v) for v in options.part.split(":"))
    rank, device = join_processes()
    quick(device)
    saved = torch.load(options.resume or options.audio, map_location=device)
    before = int(saved["steps"]) if options.resume else 0
    torch.manual_seed(2 + before)  # the same start on all GPUs
    speech = SpeechSet(options.speech, device, (1.0, 0.9, 1.1, 1.2))
    unet = UNet3D(unet_config()).to(device)
    encoder, reader, mel = AudioEncoder(**AUDIO).to(device), AudioReader(AUDIO["width"]).to(device), LogMel().to(device)
    encoder.load_state_dict(saved["encoder"])
    reader.load_state_dict(saved["reader"])
    if options.resume:
        unet.load_state_dict(saved["unet"])
    elif options.like:
        before = load_unet(unet, options.like)
        load_encoder(encoder, options.like)
    first = torch.load(options.vae, map_location=device)
    vae = AutoencoderKL(first["config"]).to(device).eval().requires_grad_(False)
    meter = OpeningMeter().to(device).eval().requires_grad_(False)
    vae.load_state_dict(first["vae"])
    meter.load_state_dict(first["meter"])
    vae.to(memory_format=torch.channels_last)
    trained = unet, encoder, reader
    averages = [Average(module) for module in trained]
    learner = optimizer([{"params": list(unet.parameters())},
                         {"params": [*encoder.parameters(), *reader.parameters()], "share": 0.3}], options.rate, device)
    state = f"{options.resume}.state"
    if options.resume and os.path.exists(state):
        kept = torch.load(state, map_location=device)
        learner.load_state_dict(kept["learner"])
        for module, values, average, steps in zip(trained, kept["modules"], averages, kept["averaged"]):
            module.load_state_dict(values)
            average.steps = steps
        print(f"optimizer and weights of step {before} go on", flush=True)

    seed = 2 + before + 1000003 * rank
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    mask = mask_256(MASK, device)
    maker = PairMaker(Renderer(options.renderer, device), speech, options.pairs, CLIP, seed=seed, wide=options.wide)
    pool = ClipPool(maker, vae, mask, SCALING, options.pool, CLIP)
    low, frozen = LowPrecision(trained, device), LowPrecision((vae, meter), device)
    if options.compile:
        for module in low.modules[0].modules():
            if isinstance(module, (TransformerBlock, TemporalBlock)):
                module.compile(dynamic=False)
    b, start = options.batch, time.time()
    zeros = lambda *shape, kind=torch.float32: torch.zeros(*shape, dtype=kind, device=device)
    denoise = recorded(Denoising(*low.modules, mask), (
        zeros(b, 80, 3000), zeros(b, kind=torch.int64), torch.full((b,), 2 * FRAMES, device=device), zeros(b, CLIP, 7),
        zeros(b, 3, CLIP, 4, 32, 32), zeros(b, kind=torch.int64), zeros(b, 4, CLIP, 32, 32), zeros(b)))
    paint = recorded(Painting(*frozen.modules, mask, options.grain), (
        zeros(PICTURES, 4, 32, 32).requires_grad_(), zeros(PICTURES, 3, 256, 256), zeros(PICTURES)))
    print(f"recorded in {time.time() - start:.0f} s", flush=True)

    for _ in range(4):
        pool.refill()
    clock = Clock(options.seconds)
    steps, shown, progress, done = 0, zeros(4), 0.0, 0.0
    per_refill = max(1, int(options.pairs * 1.7 * options.reuse / b))
    while not done:
        if steps % per_refill == 0 or pool.count < options.pool // 4:
            pool.refill()
        latents, at, items, starts = pool.sample(rng, b)
        latents[:, 2] = shuffle_references(latents[:, 2], rng)
        samples, used, rows, begin = speech.windows(items, starts, CLIP, rng)
        with torch.no_grad():
            log_mel = mel(augment.sound(samples), used)
        t = torch.randint(0, 1000, (b,), device=device)
        kept = (torch.rand(b, device=device) > options.no_sound).float()
        noise = clip_noise((b, 4, CLIP, 32, 32), device)
        low.pull()
        loss, read, clean = denoise(log_mel, begin, rows, truth(speech, items, starts, device, CLIP), latents, t, noise, kept)
        total = loss + 2.0 * read
        pixel = gap = zeros(())
        if progress > (0 if options.resume or options.like else 0.3):
            quiet = torch.argsort(t)[: max(1, 5 * b // 8)]
            quiet = quiet[torch.randint(len(quiet), (PICTURES,), device=device)]
            frame = torch.randint(CLIP, (PICTURES,), device=device)
            pixel, gap = paint(clean[quiet, :, frame], to_float(pool.images[at[quiet], frame]), pool.opening[at[quiet], frame])
            total = total + 0.5 * pixel + 0.4 * gap
        total.backward()
        progress, done = low.push([clock.progress, float(clock.done)])
        torch.nn.utils.clip_grad_norm_(low.originals, 1.0)
        set_rate(learner, rate_at(options.rate, first_part + (last_part - first_part) * progress, steps))
        learner.step()
        for average, module in zip(averages, trained):
            average.update(module)
        steps += 1
        shown += torch.stack([loss.detach(), read.detach(), pixel.detach(), gap.detach()])
        if steps % 250 == 0 and rank == 0:
            values = " ".join(f"{name} {v:.4f}" for name, v in zip(("loss", "audio", "pixel", "gap"), (shown / 250).tolist()))
            print(f"unet step {before + steps} {clock.spent:.0f} s {values} clips {pool.made}", flush=True)
            shown.zero_()
        if (steps % 1000 == 0 or done) and rank == 0:
            states = [average.module.state_dict() for average in averages]
            save(options.out, dict(zip(("unet", "encoder", "reader"), states), steps=before + steps))
            if done:
                save(f"{options.out}.state", {"learner": learner.state_dict(), "modules": [module.state_dict() for module in trained],
                                              "averaged": [average.steps for average in averages]})
    print(f"unet: {steps} steps, {before + steps} in all, {pool.made} clips on GPU {rank}", flush=True)


if __name__ == "__main__":
    main()
