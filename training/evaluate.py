"""Lip-sync scores on held-out heads and held-out voices. Writes scores.json and strips of frames.

    python3 evaluate.py --renderer heads/libheads_cuda.so --held-out held_out.npz --model work/demo \
        --meter weights/meter.pt --out work/eval

The opening in the results is read by the meter that train_vae.py trains on renders. Strips: rows of input,
result and truth, every second frame of a clip. "plain" are heads as the films of evaluate_engine.py show them, "wide" those of
the wide seeds. redder_lips: how much red against green and blue is too much around the mouth, of 1.
"""
import argparse
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from networks.lips import OpeningMeter
from networks.unet import UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline.clips import PairMaker, to_bytes, to_float
from pipeline.model_folder import load_encoder, load_unet, load_vae, vae_config
from pipeline.renderer import Renderer
from pipeline.run import autocast, quick
from pipeline.sampler import conditions, sample
from pipeline.settings import AUDIO, CLIP, SCALING, frame_noise_share, mask_256, mask_latents, unet_config
from pipeline.speech_set import SpeechSet
from pipeline.losses import weights
from train_vae import MASK


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
        self.vae, self.unet = AutoencoderKL(vae_config(folder)).to(device).eval(), UNet3D(unet_config()).to(device).eval()
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

    def run(self, source, tokens, steps, guidance, share, seed=1247):
        """source [b, f, 3, 256, 256] -> composed faces; share: the frames' own share of the noise that clips start from."""
        flat = source.flatten(0, 1)
        encode = lambda x: torch.cat([self.vae.encode(p)[0] for p in x.split(128)]).reshape(*source.shape[:2], 4, 32, 32) * SCALING
        generator = torch.Generator(self.device).manual_seed(seed)
        noise = torch.randn(1, 4, CLIP + 1, 32, 32, generator=generator, device=self.device)
        noise = (1 - share) ** 0.5 * noise[:, :, :1] + share ** 0.5 * noise[:, :, 1:]
        noise = noise.expand(len(source), -1, -1, -1, -1)
        latents = sample(self.unet, conditions(mask_latents(self.mask), encode(flat * self.mask), encode(flat)),
                         tokens.flatten(0, 1), noise, steps, guidance)
        flat_latents = latents.transpose(1, 2).flatten(0, 1).float() / SCALING
        decoded = torch.cat([self.vae.decode(p) for p in flat_latents.split(128)]).float().clamp(-1, 1)
        return (decoded * (1 - self.mask) + flat * self.mask).reshape(source.shape)

    def opening(self, faces):
        return torch.cat([self.meter(p) for p in faces.flatten(0, 1).split(256)]).float().reshape(faces.shape[:2]).cpu().numpy() / 10


def sharpness(faces, where):
    """Variance of the Laplacian in a region of [..., 3, h, w], image by image."""
    grey = F.pad(faces.flatten(0, -4).mean(1, keepdim=True), (1, 1, 1, 1), mode="replicate")
    kernel = torch.tensor([[[[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]]], device=faces.device)
    return F.conv2d(grey, kernel)[:, 0][:, where].var(dim=1)


class Trial:
    """A set of held-out clips, and what the model makes of them."""

    def __init__(self, model, renderer, speech, clips, wide):
        self.model, self.speech, device = model, speech, model.device
        batch = PairMaker(renderer, speech, clips, CLIP, seed=11, held_out=True, clean=True, wide=wide).next()
        self.truth, self.source = to_float(batch["images"][:, 0]), to_float(batch["images"][:, 1])
        self.items, self.starts, self.gaps = batch["items"][:, 0], batch["starts"][:, 0], batch["opening"]
        self.silent = batch["controls"][:, 0, :, 0] < 0.02
        self.painted = (1 - model.mask)[0].bool()
        self.still = self.painted & (weights(device)[0, 0] < 1.4)
        self.lips = weights(device)[0, 0] > 2.6
        with autocast(device):
            self.tokens = model.tokens(speech, self.items, self.starts)
            self.backwards = model.tokens(speech, self.items, self.starts, True)

    def paint(self, tokens, setting):
        with autocast(self.model.device):
            return torch.cat([self.model.run(s, k, *setting) for s, k in zip(self.source.split(32), tokens.split(32))])

    def score(self, setting, with_wrong_sounds):
        faces = self.paint(self.tokens, setting)
        with autocast(self.model.device):
            opened, true = self.model.opening(faces), self.model.opening(self.truth)
        gaps, span = self.gaps[:, 0], np.percentile(self.gaps[:, 0], 98)
        error = (faces - self.truth).square()[..., self.painted].mean(-1).mean(-1)
        cast = (faces - self.truth).movedim(2, 0) / 2
        red = cast[0] - 0.5 * (cast[1] + cast[2])
        entry = {
            "meter": round(correlation(true, gaps), 3), "correlation": round(correlation(opened, gaps), 3),
            "with_source_mouth": round(correlation(opened, self.gaps[:, 1]), 3), "by_offset": by_offset(opened, gaps),
            "gain": round(float(np.std(opened) / np.std(gaps)), 3), "psnr_painted": round(float((10 * torch.log10(4 / error)).mean()), 2),
            "closed_in_silence": round(float((opened[self.silent] < 0.1 * span).mean()), 3) if self.silent.any() else None,
            "colour_cast": [round(float(v), 4) for v in cast[..., self.painted].flatten(1).mean(1)],
            "redder_lips": round(float(red[..., self.lips].mean()), 4),
            "sharpness": round(float((sharpness(faces, self.painted) / sharpness(self.truth, self.painted)).median()), 3),
            "flicker": round(float(moving(faces, self.still) / moving(self.source, self.still)), 3),
        }
        if with_wrong_sounds:
            half = len(gaps) // 2
            for name, tokens in ("shuffled_sound", self.tokens.roll(half, 0)), ("reversed_sound", self.backwards):
                entry[name] = round(correlation(self.model.opening(self.paint(tokens, setting)), gaps), 3)
        return entry, faces

    def strips(self, faces, path, clips=3):
        clips = min(clips, len(self.truth))
        rows = torch.cat([torch.cat([v[c, ::2] for v in (self.source, faces, self.truth)]) for c in range(clips)])
        grid = to_bytes(rows).reshape(3 * clips, 8, 3, 256, 256)[..., 60:, 20:236].permute(0, 3, 1, 4, 2)
        Image.fromarray(grid.reshape(3 * clips * 196, 8 * 216, 3).cpu().numpy()).save(path, quality=88)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("renderer", "held-out", "model", "meter", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--clips", type=int, default=96, help="clips of 16 frames; 96 = 61 s")
    parser.add_argument("--quick", action="store_true", help="two settings of the sampler only")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(7)
    os.makedirs(options.out, exist_ok=True)
    speech, model = SpeechSet(options.held_out, device), Model(options.model, options.meter, device)
    renderer = Renderer(options.renderer, device)
    scores = {"clips": options.clips, "seconds": options.clips * CLIP / 25}
    share = frame_noise_share()
    settings = [(10, 1.5, share), (10, 1.0, share), (10, 1.0, 0.5 - share), (20, 1.5, share), (20, 1.0, share)]
    for name, wide in ("plain", 0.0), ("wide", 1.0):
        trial = Trial(model, renderer, speech, options.clips, wide)
        for number, setting in enumerate(settings[:3] if options.quick else settings):
            entry, faces = trial.score(setting, with_wrong_sounds=number == 1)
            scores[f"{name} steps {setting[0]} guidance {setting[1]} own noise {setting[2]}"] = entry
            if number == 1:
                trial.strips(faces, os.path.join(options.out, f"strip-{name}.jpg"))
    with open(os.path.join(options.out, "scores.json"), "w") as file:
        json.dump(scores, file, indent=1)
    for name, entry in scores.items():
        print(f"{name}: {json.dumps(entry)}", flush=True)


if __name__ == "__main__":
    main()
