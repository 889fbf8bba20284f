"""Trains the meter of lip opening beside an autoencoder that is kept as it is. Writes vae.pt as train_vae.py does.

    python3 train_meter.py --renderer heads/libheads_cuda.so --speech train.npz --keep ../models/demo --seconds 60 --out work/vae.pt

For training a UNet further without changing the latents that it knows.
"""
import argparse

import numpy as np
import torch

from networks.lips import OpeningMeter
from networks.vae import AutoencoderKL
from pipeline.clips import to_float
from pipeline.model_folder import load_vae, vae_config
from pipeline.renderer import Renderer
from pipeline.run import Average, Clock, autocast, optimizer, quick, save, set_rate
from pipeline.speech_set import SpeechSet
from train_vae import Pool, makers, opening_loss

RATE = 1e-3


@torch.no_grad()
def score(meter, maker, device):
    """Correlation of the opening with the truth on heads that were never trained on."""
    images = to_float(maker.next()["images"]).flatten(0, 2)
    guessed = torch.cat([meter(part) for part in images.split(64)])
    true = torch.from_numpy(maker.last.reshape(-1)).to(device)
    return torch.corrcoef(torch.stack([guessed, true.to(guessed)]))[0, 1].item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("renderer", "speech", "keep", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--pool", type=int, default=16384)
    parser.add_argument("--pairs", type=int, default=64)
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(1)
    np.random.seed(1)
    renderer, speech = Renderer(options.renderer, device), SpeechSet(options.speech, device)
    maker, held_out = makers(renderer, speech, options.pairs)
    config = vae_config(options.keep)
    vae, meter = AutoencoderKL(config), OpeningMeter().to(device)
    load_vae(vae, options.keep)
    average, learner = Average(meter), optimizer(meter.parameters(), RATE, device)
    pool = Pool(maker, options.pool, None, device)
    for _ in range(6):
        pool.fill()
    steps, clock = 0, Clock(options.seconds)
    while clock.progress < 1:
        if steps % 20 == 0:
            pool.fill()
        rows = torch.randint(pool.filled, (options.batch,), device=device)
        set_rate(learner, clock.rate(RATE, steps))
        with autocast(device):
            guess = meter(to_float(pool.images[rows]))
        loss = opening_loss(guess, pool.opening[rows])
        learner.zero_grad(set_to_none=True)
        loss.backward()
        learner.step()
        average.update(meter)
        steps += 1
        if steps % 1000 == 1:
            print(f"meter step {steps} {clock.spent:.0f} s loss {loss.item():.4f}", flush=True)
    plain, wide = (score(average.module, maker, device) for maker in held_out)
    print(f"meter: {steps} steps, correlation {plain:.3f} on plain heads, {wide:.3f} on wide ones", flush=True)
    save(options.out, {"vae": vae.state_dict(), "config": config, "meter": average.module.state_dict(), "steps": steps})


if __name__ == "__main__":
    main()
