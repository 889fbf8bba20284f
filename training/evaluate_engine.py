"""Lip-sync scores of the engine itself: held-out heads as videos, held-out voices as sound, `latentsync sync` between.

    python3 evaluate_engine.py make --renderer heads/libheads.so --held-out held_out.npz --out work/films
    for f in work/films/*.mp4; do ../latentsync sync --video $f --audio ${f%.mp4}.wav --models ../models/demo --out ${f%.mp4}.synced.mkv; done
    python3 evaluate_engine.py score --films work/films

A film shows one head that speaks another text; its wav is a voice that it never speaks. The renderer knows the true gap
of the lips for that voice and where the face is, so that the result is measured without any face detector:
correlation with the true opening, with the film's own mouth, and closed lips while the voice is silent; in the painted
region PSNR against the true film, colour cast (of 1) and motion beside the lips against that of the input.
"""
import argparse
import glob
import json
import os
import subprocess
import wave

import numpy as np
import torch

from networks.lips import OpeningMeter
from pipeline import scenes
from pipeline.renderer import FRAME, FRAME_FIELDS, LANDMARK_FIELDS, Renderer
from pipeline.settings import mask_256
from pipeline.speech_set import STEP, SpeechSet, decode_mu_law
from pipeline.losses import weights
from train_vae import MASK

FPS = 25
FIRST_SEED = 10_000_500  # identities that training and evaluate.py's strips never show
RATE = 16000


def ffmpeg(*arguments, **options):
    return subprocess.Popen(["ffmpeg", "-v", "error", "-y", *arguments], **options)


def films(options, renderer):
    """Heads that speak one text, and a voice that says another: for each film its number, the identity, HeadFrame rows as they
    should be and as they are, [2, n, k], the true gap of the lips and the mouth controls of both, and the voice."""
    speech = SpeechSet(options.held_out, torch.device("cpu"))
    rng = np.random.default_rng(5)
    length = int(options.seconds * FPS)
    items = np.flatnonzero(speech.frames >= length)
    for film in range(options.films):
        heard, spoken = items[film % len(items)], items[(film + len(items) // 2) % len(items)]
        start = int(rng.integers(speech.frames[heard] - length + 1))
        identity = renderer.identities([FIRST_SEED + film])
        frames = np.repeat(scenes.motion(rng, 1, length), 2, axis=0)
        frames[..., FRAME_FIELDS["noise_seed"]] = np.arange(length)
        controls = np.stack([speech.controls[heard, start: start + length], speech.controls[spoken, :length]])
        scenes.mouth_columns(frames, controls)
        flat = np.ascontiguousarray(frames.reshape(2 * length, -1))
        opening = renderer.landmarks(np.repeat(identity, 2 * length, axis=0), flat)[:, LANDMARK_FIELDS["opening"]].reshape(2, length)
        sound = decode_mu_law(speech.sound[heard])[start * STEP: (start + length) * STEP].numpy()
        yield film, identity, flat.reshape(2, length, -1), opening, controls, (sound * 32767).astype("<i2")


def make(options):
    renderer = Renderer(options.renderer)
    os.makedirs(options.out, exist_ok=True)
    for film, identity, (wanted, own), opening, controls, sound in films(options, renderer):
        path = os.path.join(options.out, f"film{film}")
        identities = np.repeat(identity, len(own), axis=0)
        np.savez(path + ".npz", wanted=opening[0], own=opening[1], jaw=controls[0, :, 0], transforms=renderer.aligned_transforms(identities, own))
        whole = np.float32([[[1, 0, 0], [0, 1, 0]]])
        for name, part in (("", own), (".truth", wanted)):
            encoder = ffmpeg("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{FRAME}x{FRAME}", "-r", str(FPS), "-i", "-", "-c:v", "libx264",
                             "-crf", "14", "-preset", "fast", "-pix_fmt", "yuv420p", path + name + ".mp4", stdin=subprocess.PIPE)
            for i in range(len(part)):
                encoder.stdin.write(renderer.render(identity, part[i: i + 1], whole, FRAME).numpy().tobytes())
            encoder.stdin.close()
            if encoder.wait():
                raise SystemExit("ffmpeg failed")
        with wave.open(path + ".wav", "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes(sound.tobytes())


def aligned(frames, transforms):
    """Full frames uint8 [n, FRAME, FRAME, 3] -> faces -1..1 [n, 3, 256, 256], by the renderer's own transforms."""
    images = torch.from_numpy(frames).permute(0, 3, 1, 2).float() / 127.5 - 1
    y, x = torch.meshgrid(torch.arange(256.0), torch.arange(256.0), indexing="ij")
    at = torch.from_numpy(transforms) @ torch.stack([x.flatten(), y.flatten(), torch.ones(65536)])
    grid = (at.transpose(1, 2).reshape(-1, 256, 256, 2) + 0.5) / FRAME * 2 - 1
    return torch.nn.functional.grid_sample(images, grid, align_corners=False, padding_mode="border")


def faces_of(path, transforms):
    """Aligned faces of a film, 32 frames at a time, in the order of the frames."""
    decoder = ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-", stdout=subprocess.PIPE)
    for i in range(0, len(transforms), 32):
        data = decoder.stdout.read(32 * FRAME * FRAME * 3)
        frames = np.frombuffer(data, np.uint8).reshape(-1, FRAME, FRAME, 3)[: len(transforms) - i].copy()
        yield aligned(frames, transforms[i: i + len(frames)])
    decoder.kill()


@torch.no_grad()
def measure(meter, path, suffix, transforms):
    """Gap of the lips per frame; and against the true film PSNR in dB and mean colour error of the painted region, motion
    there beside the lips against that of the input."""
    mask = mask_256(MASK, "cpu")[0]
    painted, still = mask < 0.5, (mask < 0.5) & (weights("cpu")[0, 0] < 1.4)
    gap, error, cast, moved, moved_before = [], [], [], [], []
    stem = path[: -len(suffix)]
    for got, true, source in zip(*(faces_of(p, transforms) for p in (path, stem + ".truth.mp4", stem + ".mp4"))):
        gap.append(meter(got) / 10)
        count = min(len(got), len(true))
        difference = (got[:count] - true[:count])[..., painted]
        error.append(10 * torch.log10(4 / difference.square().mean(dim=(1, 2))))
        cast.append(difference.mean(dim=2) / 2)
        moved.append(got.diff(dim=0).abs()[..., still].mean(dim=(1, 2)))
        moved_before.append(source.diff(dim=0).abs()[..., still].mean(dim=(1, 2)))
    mean = lambda parts: torch.cat(parts).mean(dim=0)
    return torch.cat(gap).numpy(), {"psnr_painted": mean(error), "colour_cast": mean(cast).abs().max(), "flicker": mean(moved) / mean(moved_before)}


def score(options):
    meter = OpeningMeter()
    meter.load_state_dict({k: v.float() for k, v in torch.load(options.meter, map_location="cpu").items()})
    seen, truth, looks = [], [], []
    for path in sorted(glob.glob(os.path.join(options.films, f"film*{options.suffix}"))):
        data = np.load(path[: -len(options.suffix)] + ".npz")
        gap, look = measure(meter, path, options.suffix, data["transforms"])
        looks.append(look)
        seen.append(gap)
        truth.append({name: data[name][: len(gap)] for name in ("wanted", "own", "jaw")})
    if not seen:
        raise SystemExit(f"no film*{options.suffix} in {options.films}")
    together = lambda name: np.concatenate([t[name] for t in truth])
    got, wanted = np.concatenate(seen), together("wanted")
    correlation = lambda a, b: round(float(np.corrcoef(a, b)[0, 1]), 3)
    by_offset = {}
    for k in range(-4, 5):
        by_offset[k] = correlation(np.concatenate([s[max(0, k): len(s) + min(0, k)] for s in seen]),
                                   np.concatenate([t["wanted"][max(0, -k): len(t["wanted"]) - max(0, k)] for t in truth]))
    silent, span = together("jaw") < 0.02, np.percentile(wanted, 98)
    print(json.dumps({
        "seconds": len(got) / FPS, "correlation": correlation(got, wanted), "by_offset": by_offset,
        "each_film": [correlation(s, t["wanted"]) for s, t in zip(seen, truth)], "with_own_mouth": correlation(got, together("own")),
        "gain": round(float(got.std() / wanted.std()), 3), "closed_in_silence": round(float((got[silent] < 0.1 * span).mean()), 3),
        **{name: [round(float(look[name]), 3) for look in looks] for name in looks[0]}}, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    maker = commands.add_parser("make")
    for name in ("renderer", "held-out", "out"):
        maker.add_argument(f"--{name}", required=True)
    maker.add_argument("--films", type=int, default=5)
    maker.add_argument("--seconds", type=float, default=12.0)
    maker.set_defaults(run=make)
    scorer = commands.add_parser("score")
    scorer.add_argument("--films", required=True)
    scorer.add_argument("--suffix", default=".synced.mkv")
    scorer.add_argument("--meter", default="weights/meter.pt")
    scorer.set_defaults(run=score)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
