"""Contact sheets of the head renderer, as PNG.

    python3 preview.py identities out.png     many heads, full frame
    python3 preview.py mouths out.png         heads x mouth shapes, aligned crops
    python3 preview.py poses out.png          one head in many poses
    python3 preview.py visemes out.png        one head over all mouth shapes, large
"""

import argparse

import cv2
import numpy as np

from heads import Heads

MOUTHS = {
    "rest": {},
    "press m": {"press": 1.0},
    "f v": {"jaw_open": 0.12, "tuck": 1.0, "upper_raise": 0.4},
    "s z": {"jaw_open": 0.06, "spread": 0.6, "upper_raise": 0.45, "lower_drop": 0.5},
    "ee": {"jaw_open": 0.18, "spread": 1.0, "upper_raise": 0.4, "lower_drop": 0.3},
    "eh": {"jaw_open": 0.4, "spread": 0.5, "upper_raise": 0.2},
    "aa": {"jaw_open": 0.85, "lower_drop": 0.1},
    "l n": {"jaw_open": 0.35, "tongue": 1.0, "upper_raise": 0.2},
    "oh": {"jaw_open": 0.55, "round": 0.6},
    "oo": {"jaw_open": 0.2, "round": 1.0},
    "smile": {"smile": 1.0},
    "laugh": {"smile": 0.9, "jaw_open": 0.45, "upper_raise": 0.6},
}


def mouth_frames(heads, shapes):
    frames = heads.frames(len(shapes))
    for frame, shape in zip(frames, shapes):
        for name, value in shape.items():
            frame[name] = value
    return frames


def sheet(images, columns):
    rows = [np.concatenate(list(images[i:i + columns]), 1) for i in range(0, len(images), columns)]
    return np.concatenate(rows, 0)


def render_identities(heads, args):
    ids = heads.identities(range(args.seed, args.seed + args.count))
    frames = heads.frames(args.count)
    rng = np.random.default_rng(args.seed)
    frames["yaw"] = rng.uniform(-20, 20, args.count)
    frames["pitch"] = rng.uniform(-8, 8, args.count)
    frames["roll"] = rng.uniform(-6, 6, args.count)
    images = heads.render(ids, frames, size=(args.size, args.size), samples=args.samples)
    return sheet(images, args.columns)


def render_mouths(heads, args):
    seeds = range(args.seed, args.seed + args.count)
    ids = np.repeat(heads.identities(seeds), len(MOUTHS))
    frames = np.tile(mouth_frames(heads, list(MOUTHS.values())), args.count)
    transforms = heads.aligned_transforms(ids, frames, size=256) * np.array([256 / args.size, 256 / args.size, 1])
    images = heads.render(ids, frames, transforms, size=(args.size, args.size), samples=args.samples)
    return sheet(images, len(MOUTHS))


def render_visemes(heads, args):
    frames = mouth_frames(heads, list(MOUTHS.values()))
    ids = heads.identities([args.seed])
    transforms = heads.aligned_transforms(ids, frames, size=256) * np.array([256 / args.size, 256 / args.size, 1])
    return sheet(heads.render(ids, frames, transforms, size=(args.size, args.size), samples=args.samples), 4)


def render_poses(heads, args):
    frames = heads.frames(15)
    for i, (yaw, pitch) in enumerate((y, p) for p in (15, 0, -15) for y in (-35, -18, 0, 18, 35)):
        frames[i]["yaw"], frames[i]["pitch"], frames[i]["roll"] = yaw, pitch, yaw * 0.3
        frames[i]["jaw_open"], frames[i]["gaze_x"] = 0.4 * (i % 2), -yaw / 40
    images = heads.render(heads.identities([args.seed]), frames, size=(args.size, args.size), samples=args.samples)
    return sheet(images, 5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["identities", "mouths", "poses", "visemes"])
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--samples", type=int, default=1)
    args = parser.parse_args()
    render = {"identities": render_identities, "mouths": render_mouths, "poses": render_poses,
              "visemes": render_visemes}[args.kind]
    cv2.imwrite(args.out, cv2.cvtColor(render(Heads(), args), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main()
