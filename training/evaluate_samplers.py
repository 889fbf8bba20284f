"""What a sampler, its steps, DeepCache and guidance cost and give: held-out heads with a known truth, one setting after the other.

    python3 evaluate_samplers.py make --renderer heads/libheads_cuda.so --held-out held_out.npz --out work/faces
    python3 evaluate_samplers.py measure --films work/faces --model ../models/demo --program "dotnet LatentSync.SamplerBenchmark.dll"
    python3 evaluate_samplers.py table --results work/faces/results.jsonl

The films are those of evaluate_engine.py, as aligned faces: the renderer knows where the face is, so no face is looked for,
and no video is coded. bench/LatentSync.SamplerBenchmark paints the faces with the engine, which loads the model once. Each setting
is a line in the results as soon as it is measured; `measure` goes on where it was stopped.

Per setting, over all frames that were painted: correlation of the lips' gap with the true one, and its deviation against the true
one's (gain); in the painted region PSNR in dB and SSIM against the true faces, and motion beside the lips against that of the
input (flicker); seconds.
"""
import argparse
import glob
import itertools
import json
import os
import shlex
import subprocess
import time

import numpy as np
import torch
import torch.nn.functional as F

from evaluate_engine import films
from networks.lips import OpeningMeter
from pipeline.renderer import Renderer
from pipeline.settings import mask_256
from pipeline.losses import weights
from train_vae import MASK

CLIP, SIDE = 16, 256
SAMPLERS = ("ddim", "dpmpp_2m", "uni_pc")
STEPS = (20, 15, 10, 8, 6, 4)
CACHES = (1, 2, 3, 5)
BANDS = {"full": (1.5, 0.0, 1.0), "band": (1.5, 0.0, 0.5), "none": (1.0, 0.0, 1.0)}
WINDOW = 11  # SSIM, Wang et al. 2004: a Gaussian of 1.5 pixels


def make(options):
    renderer = Renderer(options.renderer, device=options.device)
    os.makedirs(options.out, exist_ok=True)
    for film, identity, (wanted, own), opening, controls, sound in films(options, renderer):
        path = os.path.join(options.out, f"film{film}")
        transforms = renderer.aligned_transforms(np.repeat(identity, len(own), axis=0), own)
        faces = {}
        for name, rows in (("own", own), ("wanted", wanted)):
            parts = []
            for i in range(0, len(rows), 64):
                part = np.ascontiguousarray(rows[i: i + 64])
                identities = np.repeat(identity, len(part), axis=0)
                parts.append(renderer.render(identities, part, np.ascontiguousarray(transforms[i: i + 64]), SIDE).cpu())
            faces[name] = torch.cat(parts).numpy()
        np.savez(path + ".npz", wanted=opening[0], truth=faces["wanted"])
        faces["own"].tofile(path + ".faces")
        sound.tofile(path + ".sound")
        print(path, len(own), "frames", flush=True)


class Measure:
    """The numbers of painted clips; faces are uint8 [clips, 16, 256, 256, 3]."""

    def __init__(self, options, device):
        self.device, self.every = device, options.every
        self.meter = OpeningMeter().to(device)
        self.meter.load_state_dict({k: v.float() for k, v in torch.load(options.meter, map_location="cpu").items()})
        mask = mask_256(MASK, device)[0]
        self.painted, self.still = mask < 0.5, (mask < 0.5) & (weights(device)[0, 0] < 1.4)
        x = torch.arange(WINDOW, device=device) - WINDOW // 2
        line = torch.exp(-x.float() ** 2 / (2 * 1.5 ** 2))
        self.window = (line[:, None] * line)[None, None] / line.sum() ** 2
        truth, own, gap = [], [], []
        for path in sorted(glob.glob(os.path.join(options.films, "*.faces"))):
            data = np.load(path[: -len("faces")] + "npz")
            truth.append(self.clips(data["truth"]))
            own.append(self.clips(np.fromfile(path, np.uint8).reshape(-1, SIDE, SIDE, 3)))
            gap.append(self.clips(data["wanted"]))
        if not truth:
            raise SystemExit(f"no films in {options.films}")
        self.truth, self.gap = np.concatenate(truth), np.concatenate(gap)
        self.own_motion = np.concatenate([self.motion(self.floats(clip)).cpu().numpy() for clip in np.concatenate(own)])

    def clips(self, rows):
        """Whole clips, of which every so many-th is taken."""
        whole = len(rows) // CLIP * CLIP
        return rows[:whole].reshape(-1, CLIP, *rows.shape[1:])[:: self.every]

    def floats(self, clip):
        return torch.from_numpy(np.array(clip)).to(self.device).permute(0, 3, 1, 2).float() / 127.5 - 1

    def motion(self, faces):
        return faces.diff(dim=0).abs()[..., self.still].mean(dim=(1, 2))

    def ssim(self, a, b):
        """Of the grey values, where the window's middle is painted; [frames]."""
        grey = lambda x: x.mean(dim=1, keepdim=True)
        mean = lambda x: F.conv2d(x, self.window, padding=WINDOW // 2)
        a, b = grey(a), grey(b)
        ma, mb = mean(a), mean(b)
        va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
        c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
        values = (2 * ma * mb + c1) * (2 * both + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
        return values[:, 0][..., self.painted].mean(dim=1)

    @torch.no_grad()
    def __call__(self, faces):
        if faces.shape != self.truth.shape:
            raise SystemExit(f"{faces.shape[0]} clips were painted, not {self.truth.shape[0]}")
        gap, error, likeness, moved = [], [], [], []
        for clip, true in zip(faces, self.truth):
            got, true = self.floats(clip), self.floats(true)
            gap.append(self.meter(got) / 10)
            error.append(10 * torch.log10(4 / (got - true)[..., self.painted].square().mean(dim=(1, 2))))
            likeness.append(self.ssim(got, true))
            moved.append(self.motion(got))
        mean = lambda parts: float(torch.cat(parts).mean())
        got, wanted = torch.cat(gap).cpu().numpy(), self.gap.ravel()
        return {"correlation": float(np.corrcoef(got, wanted)[0, 1]), "gain": float(got.std() / wanted.std()), "psnr": mean(error),
                "ssim": mean(likeness), "flicker": mean(moved) / float(self.own_motion.mean())}


class Engine:
    """bench/LatentSync.SamplerBenchmark: a line of JSON in, a line of JSON and the faces out."""

    def __init__(self, options):
        command = [*shlex.split(options.program), options.model, options.films, options.engine_device]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def paint(self, setting):
        self.process.stdin.write(json.dumps(setting).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the engine ended with {self.process.wait()} at {setting}")
        told = json.loads(line)
        count = told["frames"] * SIDE * SIDE * 3
        faces = np.frombuffer(self.process.stdout.read(count), np.uint8).reshape(-1, CLIP, SIDE, SIDE, 3)
        return told, faces


def settings(options):
    """All settings. What needs the most room comes first in each kind of guidance, so that the engine lays its memory out once for each."""
    pick = lambda given, known: [value for value in known if not given or str(value) in given.split(",")]
    for band, steps, sampler, cache in itertools.product(pick(options.bands, BANDS), pick(options.steps, STEPS), pick(options.samplers, SAMPLERS[::-1]),
                                                         pick(options.caches, CACHES)):
        guidance, start, end = BANDS[band]
        yield band, {"sampler": sampler, "steps": steps, "cache": cache, "guidance": guidance, "from": start, "to": end, "every": options.every}


def measure(options):
    options.results = options.results or os.path.join(options.films, "results.jsonl")
    done = set()
    if os.path.exists(options.results):
        with open(options.results) as file:
            done = {json.dumps(json.loads(line)["setting"], sort_keys=True) for line in file}
    wanted = [(band, setting) for band, setting in settings(options) if json.dumps(setting, sort_keys=True) not in done]
    print(len(done), "are there,", len(wanted), "to go", flush=True)
    if not wanted:
        return
    meter, engine, began = Measure(options, torch.device(options.device)), Engine(options), time.monotonic()
    for index, (band, setting) in enumerate(wanted):
        if options.minutes and time.monotonic() - began > 60 * options.minutes:
            print("the time is over; run the same command again for the rest")
            break
        told, faces = engine.paint(setting)
        row = {"band": band, "setting": setting, **told, **meter(faces)}
        with open(options.results, "a") as file:
            file.write(json.dumps(row) + "\n")
        print(f"{index + 1}/{len(wanted)}", line_of(row), flush=True)
    engine.process.stdin.close()
    engine.process.wait()


def line_of(row):
    s = row["setting"]
    return (f"| `{s['sampler']}` | {s['steps']} | {s['cache']} | {row['band']} | {row['correlation']:.3f} | {row['gain']:.2f} | {row['psnr']:.2f} "
            f"| {row['ssim']:.3f} | {row['flicker']:.2f} | {1000 * row['denoise'] * CLIP / row['frames']:.1f} | {row['frames'] / row['seconds']:.1f} |")


def table(options):
    with open(options.results) as file:
        rows = [json.loads(line) for line in file]
    print("| sampler | steps | cache | guidance | correlation | gain | PSNR, dB | SSIM | flicker | denoising, ms a clip | frames/s |")
    print("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    order = {name: index for index, name in enumerate((*SAMPLERS, *BANDS))}
    for row in sorted(rows, key=lambda r: (order[r["band"]], r["setting"]["steps"], r["setting"]["cache"], order[r["setting"]["sampler"]])):
        print(line_of(row))
    print(f"\n{rows[0]['frames'] / 25:.0f} s of film, guidance 1.5 in all steps (full), in the first half (band) or 1.0 (none).")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    maker = commands.add_parser("make")
    for name in ("renderer", "held-out", "out"):
        maker.add_argument(f"--{name}", required=True)
    maker.add_argument("--films", type=int, default=5)
    maker.add_argument("--seconds", type=float, default=12.0)
    maker.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    maker.set_defaults(run=make)
    meter = commands.add_parser("measure")
    for name in ("films", "model", "program"):
        meter.add_argument(f"--{name}", required=True)
    for name in ("samplers", "steps", "caches", "bands"):
        meter.add_argument(f"--{name}", help="some of them, with commas; else all")
    meter.add_argument("--every", type=int, default=1, help="paint every so many-th clip")
    meter.add_argument("--minutes", type=float, help="stop after the setting in which they end")
    meter.add_argument("--results", help="default: results.jsonl beside the films")
    meter.add_argument("--meter", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights", "meter.pt"))
    meter.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="of the measures")
    meter.add_argument("--engine-device", default="auto")
    meter.set_defaults(run=measure)
    printer = commands.add_parser("table")
    printer.add_argument("--results", required=True)
    printer.set_defaults(run=table)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
