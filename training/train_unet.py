"""Trains the UNet together with the audio encoder. Writes unet.pt {unet, encoder, steps} (averaged weights).

The files --vae and --audio may still be in the making: it waits for them.

    python3 train_unet.py --renderer heads/libheads_cuda.so --speech train.npz --vae work/vae.pt \
        --audio work/audio.pt --seconds 1000 --out work/unet.pt

Noise prediction as in LatentSync. The weight of a timestep makes the error of the clean latent count
clamp(SNR, 1, 5): plain noise loss nearly ignores the noisiest steps, where the mouth's shape is decided.
"""
import argparse
import os
import time

import numpy as np
import torch

from networks.lips import AudioReader
from networks.unet import UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline import augment
from pipeline.clips import ClipPool, PairMaker, to_float
from pipeline.model_folder import load_encoder, load_unet, load_vae
from pipeline.renderer import Renderer
from pipeline.run import Average, Clock, autocast, optimizer, quick, set_rate
from pipeline.sampler import conditions
from pipeline.settings import AUDIO, CLIP, SCALING, VAE, alphas_cumprod, mask_256, mask_latents, unet_config
from pipeline.speech_set import SpeechSet
from train_audio import truth
from train_vae import MASK, image_loss, weights


def latent_weights(mask_latent):
    """[1, 1, 1, 32, 32]: 1 where the model paints, 0.15 elsewhere, 3 around the mouth."""
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    mouth = torch.exp(-(((x - 15.5) / 7) ** 2 + ((y - 23.5) / 5.5) ** 2) ** 2).to(mask_latent.device)
    painted = 1 - mask_latent[0]
    return (0.15 + 0.85 * painted + 2 * mouth)[None, None, None]


def clip_noise(shape, device):
    """[b, 4, f, h, w]: one noise frame for the whole clip, in 40 % of the clips mixed with noise per frame."""
    b, c, f, h, w = shape
    shared = torch.randn(b, c, 1, h, w, device=device)
    share = torch.where(torch.rand(b, 1, 1, 1, 1, device=device) < 0.6, 1.0, 0.5)
    return shared * share.sqrt() + torch.randn(shape, device=device) * (1 - share).sqrt()


def shuffle_references(reference, rng):
    """In 20 % of the clips the reference frames come from other moments of the input clip."""
    b, frames = reference.shape[:2]
    order = np.tile(np.arange(frames), (b, 1))
    for row in np.flatnonzero(rng.random(b) < 0.2):
        order[row] = rng.permutation(frames) if rng.random() < 0.5 else np.full(frames, rng.integers(frames))
    index = torch.from_numpy(order).to(reference.device)
    return reference.gather(1, index[..., None, None, None].expand_as(reference))


def warm(forward, batch, device):
    """Compiles the training step on random data, so that this can be done while the earlier stages still run."""
    start = time.time()
    with autocast(device):
        forward(torch.randn(batch, 13, CLIP, 32, 32, device=device), torch.randint(0, 1000, (batch,), device=device),
                torch.randn(batch * CLIP, 10 * (AUDIO["layers"] + 1), AUDIO["width"], device=device, dtype=torch.bfloat16,
                            requires_grad=True)).float().square().mean().backward()
    print(f"compiled in {time.time() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("renderer", "speech", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--vae", help="from train_vae.py; without it the autoencoder of --resume")
    parser.add_argument("--audio", help="from train_audio.py; without it the encoder of --resume")
    parser.add_argument("--seconds", type=float, default=1000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--pool", type=int, default=6144)
    parser.add_argument("--pairs", type=int, default=32)
    parser.add_argument("--reuse", type=int, default=8, help="times a rendered clip is used on average")
    parser.add_argument("--resume", help="model folder whose UNet and audio encoder to start from")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    speech = SpeechSet(options.speech, device, (1.0, 0.9, 1.1, 1.2))
    unet = UNet3D(unet_config()).to(device)
    unet.to(memory_format=torch.channels_last)
    forward = torch.compile(unet) if options.compile else unet
    if options.compile:
        warm(forward, options.batch, device)
    for path in (options.vae, options.audio):
        while path and not os.path.exists(path):
            time.sleep(1)
    vae = AutoencoderKL(VAE).to(device).eval().requires_grad_(False)
    if options.vae:
        vae.load_state_dict(torch.load(options.vae, map_location=device)["vae"])
    else:
        load_vae(vae, options.resume)
    vae.to(memory_format=torch.channels_last)
    encoder, reader, mel = AudioEncoder(**AUDIO).to(device), AudioReader(AUDIO["width"]).to(device), LogMel().to(device)
    if options.audio:
        saved = torch.load(options.audio, map_location=device)
        encoder.load_state_dict(saved["encoder"])
        reader.load_state_dict(saved["reader"])
    before = 0
    if options.resume:
        before = load_unet(unet, options.resume)
        if not options.audio:
            load_encoder(encoder, options.resume)
    averages = Average(unet), Average(encoder)

    mask = mask_256(MASK, device)
    mask_latent, weight, pixel_weight = mask_latents(mask), latent_weights(mask_latents(mask)), weights(device) * (1.05 - mask)
    maker = PairMaker(Renderer(options.renderer, device), speech, options.pairs, CLIP, seed=2)
    pool = ClipPool(maker, vae, mask, SCALING, options.pool, CLIP)
    alphas = alphas_cumprod(device)
    learner = optimizer([{"params": list(unet.parameters())},
                         {"params": [*encoder.parameters(), *reader.parameters()], "share": 0.3}], 1e-3, device)

    def step(latents, tokens, t, noise, kept):
        """Losses of one batch; kept [b]: the sound is given (else zeros, for guidance)."""
        target, masked, reference = (latents[:, i] for i in range(3))
        clean = target.transpose(1, 2)
        a = alphas[t][:, None, None, None, None]
        noisy = a.sqrt() * clean + (1 - a).sqrt() * noise
        heard = tokens * kept[:, None, None, None].to(tokens.dtype)
        joined = torch.cat([noisy, conditions(mask_latent, masked, reference)], dim=1).contiguous()
        epsilon = forward(joined, t, heard.flatten(0, 1).contiguous()).float()
        snr = a / (1 - a)
        scale = (snr.clamp(1, 5) / snr).clamp(max=150)
        loss = (scale * weight * (epsilon - noise).square()).mean()
        return loss, (noisy - (1 - a).sqrt() * epsilon) / a.sqrt()

    steps, clock, shown = 0, Clock(options.seconds), [0.0, 0.0, 0.0]
    for _ in range(max(2, 2 * options.batch // options.pairs)):
        pool.refill()
    per_refill = max(1, int(options.pairs * 1.7 * options.reuse / options.batch))
    while clock.progress < 1:
        if steps % per_refill == 0:
            pool.refill()
        set_rate(learner, clock.rate(1e-3, steps, 100))
        latents, images, rows, items, starts = pool.sample(rng, options.batch)
        latents[:, 2] = shuffle_references(latents[:, 2], rng)
        samples, used, feature_rows, at = speech.windows(items, starts, CLIP, rng)
        with torch.no_grad():
            log_mel = mel(augment.sound(samples), used)
        t = torch.randint(0, 1000, (options.batch,), device=device)
        noise = clip_noise((options.batch, 4, CLIP, 32, 32), device)
        kept = torch.rand(options.batch, device=device) > 0.12
        with autocast(device):
            tokens = frame_tokens(encoder(log_mel), at[:, None] + torch.arange(CLIP, device=device), feature_rows)
            read = (reader(tokens.flatten(0, 1)).float() - truth(speech, items, starts, device, CLIP).flatten(0, 1)).square().mean()
            loss, clean = step(latents, tokens, t, noise, kept)
            pixel = torch.zeros((), device=device)
            if clock.progress > 0.5 and steps % 3 == 0:
                low = torch.argsort(t)[: max(1, options.batch // 3)]
                frame = torch.randint(CLIP, (2, len(low)), device=device)
                picked = torch.cat([clean[low, :, f] for f in frame])
                wanted = torch.cat([to_float(images[rows[low], f]) for f in frame])
                pixel = image_loss(vae.decode(picked / SCALING).float(), wanted, pixel_weight)
        total = loss + 2.0 * read + 0.5 * pixel
        learner.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 0.5)
        learner.step()
        averages[0].update(unet)
        averages[1].update(encoder)
        steps += 1
        shown = [s + v for s, v in zip(shown, (loss.detach(), read.detach(), pixel.detach()))]
        if steps % 100 == 0:
            values = " ".join(f"{name} {float(s) / 100:.4f}" for name, s in zip(("loss", "audio", "pixel"), shown))
            print(f"unet step {steps} {clock.spent:.0f} s {values} clips {pool.count}", flush=True)
            shown = [0.0, 0.0, 0.0]
        if steps % 500 == 0:
            save(options.out, averages, before + steps)
    save(options.out, averages, before + steps)
    print(f"unet: {steps} steps", flush=True)


def save(path, averages, steps):
    torch.save({"unet": averages[0].module.state_dict(), "encoder": averages[1].module.state_dict(), "steps": steps}, path + ".part")
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
