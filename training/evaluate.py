"""Lip-sync scores on held-out heads and held-out voices. Writes scores.json and strips of frames.

    python3 evaluate.py --renderer heads/libheads_cuda.so --held-out held_out.npz --model work/demo \
        --meter weights/meter.pt --out work/eval

The opening in the results is read by the meter that train_vae.py trains on renders. Strips: rows of input,
result and truth, every second frame of a clip.
"""
import argparse
import json
import os

import numpy as np
import torch
from PIL import Image

from networks.lips import OpeningMeter
from networks.unet import UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline.clips import PairMaker, to_bytes, to_float
from pipeline.model_folder import load_encoder, load_unet, load_vae
from pipeline.renderer import Renderer
from pipeline.run import autocast, quick
from pipeline.sampler import conditions, sample
from pipeline.settings import AUDIO, CLIP, SCALING, VAE, frame_noise_share, mask_256, mask_latents, unet_config
from pipeline.speech_set import SpeechSet
from train_vae import MASK, weights


def correlation(a, b):
    return float(np.corrcoef(np.ravel(a), np.ravel(b))[0, 1])


def moving(faces, where):
    """Mean difference between neighbouring frames in a region; faces [n, f, 3, h, w], where [h, w]."""
    return faces.diff(dim=1).abs()[..., where].mean()


def by_offset(result, truth, reach=4):
    """Correlation with the truth moved by -reach..reach frames inside each clip."""
    scores = {}
    for offset in range(-reach, reach + 1):
        moved = truth[:, max(0, -offset): CLIP - max(0, offset)]
        scores[offset] = round(correlation(result[:, max(0, offset): CLIP - max(0, -offset)], moved), 3)
    return scores


class Model:
    def __init__(self, folder, meter, device):
        self.device, self.mask = device, mask_256(MASK, device)
        self.vae, self.unet = AutoencoderKL(VAE).to(device).eval(), UNet3D(unet_config()).to(device).eval()
        self.encoder, self.mel, self.meter = AudioEncoder(**AUDIO).to(device).eval(), LogMel().to(device), OpeningMeter().to(device)
        load_vae(self.vae, folder)
        load_unet(self.unet, folder)
        load_encoder(self.encoder, folder)
        self.meter.load_state_dict({k: v.float() for k, v in torch.load(meter, map_location="cpu").items()})

    def tokens(self, speech, items, starts, backwards=False):
        samples, used, rows, at = speech.windows(items, starts, CLIP, None, move=False)
        if backwards:
            samples = torch.stack([torch.cat([s[: n * 160].flip(0), s[n * 160:]]) for s, n in zip(samples, used.tolist())])
        return frame_tokens(self.encoder(self.mel(samples, used)), at[:, None] + torch.arange(CLIP, device=self.device), rows)

    def run(self, source, tokens, steps, guidance, seed=1247):
        """source [b, f, 3, 256, 256] -> composed faces."""
        flat = source.flatten(0, 1)
        encode = lambda x: torch.cat([self.vae.encode(p)[0] for p in x.split(128)]).reshape(*source.shape[:2], 4, 32, 32) * SCALING
        generator = torch.Generator(self.device).manual_seed(seed)
        share, noise = frame_noise_share(), torch.randn(1, 4, CLIP + 1, 32, 32, generator=generator, device=self.device)
        noise = (1 - share) ** 0.5 * noise[:, :, :1] + share ** 0.5 * noise[:, :, 1:]
        noise = noise.expand(len(source), -1, -1, -1, -1)
        latents = sample(self.unet, conditions(mask_latents(self.mask), encode(flat * self.mask), encode(flat)),
                         tokens.flatten(0, 1), noise, steps, guidance)
        flat_latents = latents.transpose(1, 2).flatten(0, 1).float() / SCALING
        decoded = torch.cat([self.vae.decode(p) for p in flat_latents.split(128)]).float().clamp(-1, 1)
        return (decoded * (1 - self.mask) + flat * self.mask).reshape(source.shape)

    def opening(self, faces):
        return torch.cat([self.meter(p) for p in faces.flatten(0, 1).split(256)]).float().reshape(faces.shape[:2]).cpu().numpy() / 10


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("renderer", "held-out", "model", "meter", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--clips", type=int, default=96, help="clips of 16 frames; 96 = 61 s")
    parser.add_argument("--quick", action="store_true", help="one setting of the sampler only")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(7)
    os.makedirs(options.out, exist_ok=True)
    speech, model = SpeechSet(options.held_out, device), Model(options.model, options.meter, device)
    maker = PairMaker(Renderer(options.renderer, device), speech, options.clips, CLIP, seed=11, held_out=True, clean=True)
    batch = maker.next()
    truth, source = to_float(batch["images"][:, 0]), to_float(batch["images"][:, 1])
    items, starts, gaps = batch["items"][:, 0], batch["starts"][:, 0], batch["opening"]
    other = np.roll(np.arange(options.clips), options.clips // 2)
    painted = (1 - model.mask).expand(3, -1, -1).bool()
    still = painted[0] & (weights(device)[0, 0] < 1.4)
    scores = {"clips": options.clips, "seconds": options.clips * CLIP / 25,
              "meter": round(correlation(model.opening(truth), gaps[:, 0]), 3)}
    settings = [(20, 1.5)] if options.quick else [(20, 1.5), (10, 1.5), (20, 1.0)]
    for steps, guidance in settings:
        with autocast(device):
            tokens = model.tokens(speech, items, starts)
            faces = torch.cat([model.run(s, k, steps, guidance) for s, k in zip(source.split(32), tokens.split(32))])
            opened = model.opening(faces)
        error = (faces - truth).square()[..., painted].mean(-1)
        silent = (batch["controls"][:, 0, :, 0] < 0.02)
        span = np.percentile(gaps[:, 0], 98)
        entry = {"correlation": round(correlation(opened, gaps[:, 0]), 3), "with_source_mouth": round(correlation(opened, gaps[:, 1]), 3),
                 "by_offset": by_offset(opened, gaps[:, 0]), "gain": round(float(np.std(opened) / np.std(gaps[:, 0])), 3),
                 "psnr_painted": round(float((10 * torch.log10(4 / error)).mean()), 2),
                 "closed_in_silence": round(float((opened[silent] < 0.1 * span).mean()), 3) if silent.any() else None}
        entry["colour_cast"] = [round(float(v), 4) for v in (faces - truth).movedim(2, 0)[..., painted[0]].flatten(1).mean(1) / 2]
        entry["flicker"] = round(float(moving(faces, still) / moving(source, still)), 3)
        if (steps, guidance) == settings[0]:
            shuffled = tokens[torch.from_numpy(other).to(device)]
            with autocast(device):
                for name, wrong in ("shuffled_sound", shuffled), ("reversed_sound", model.tokens(speech, items, starts, True)):
                    result = torch.cat([model.run(s, k, steps, guidance) for s, k in zip(source.split(32), wrong.split(32))])
                    entry[name] = round(correlation(model.opening(result), gaps[:, 0]), 3)
            inside = (model.opening(truth) - gaps[:, 0])
            entry["meter_error"] = round(float(np.abs(inside).mean() / span), 3)
            for part in range(3):
                rows = torch.cat([torch.cat([v[c, ::2] for v in (source, faces, truth)]) for c in range(part * 3, part * 3 + 3)])
                grid = to_bytes(rows).reshape(9, 8, 3, 256, 256)[..., 60:, 20:236].permute(0, 3, 1, 4, 2).reshape(9 * 196, 8 * 216, 3)
                Image.fromarray(grid.cpu().numpy()).save(os.path.join(options.out, f"strip{part}.jpg"), quality=88)
        scores[f"steps{steps}_guidance{guidance}"] = entry
    with open(os.path.join(options.out, "scores.json"), "w") as file:
        json.dump(scores, file, indent=1)
    print(json.dumps(scores), flush=True)


if __name__ == "__main__":
    main()
