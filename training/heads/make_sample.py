"""Renders the sample video: one head, 6 s, 512x512, 25 fps, with small natural motion.

    python3 make_sample.py ../../samples/head.mp4
"""

import argparse
import subprocess

import numpy as np

from heads import Heads

FPS = 25
HELD_OUT_SEED = 10_000_007  # training uses seeds below 10,000,000


def wander(rng, count, period_s, size):
    """A smooth random curve with about one swing per period, standard deviation size."""
    knots = rng.normal(size=int(count / FPS / period_s * 2) + 5)
    at = np.arange(count) / FPS / period_s * 2
    i = at.astype(int)
    t = at - i
    p0, p1, p2, p3 = (knots[i + k] for k in range(4))
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return size * curve


def blinks(count, times):
    """Lid closure over time: 80 ms down, 40 ms shut, 160 ms up."""
    seconds = np.arange(count) / FPS
    shape = [np.interp(seconds - at, [0, 0.08, 0.12, 0.28], [0, 1, 1, 0], left=0, right=0) for at in times]
    return np.max(shape, axis=0, initial=0)


def motion(heads, count, seed, talk):
    rng = np.random.default_rng(seed)
    frames = heads.frames(count)
    for name, period, size in (("yaw", 3.0, 3.5), ("pitch", 2.5, 1.6), ("roll", 3.5, 1.2), ("x", 4.0, 0.25),
                               ("y", 3.0, 0.12), ("brow_raise", 1.5, 0.12), ("sway", 4.0, 0.4)):
        frames[name] = wander(rng, count, period, size)
    frames["gaze_x"] = -frames["yaw"] / 25
    frames["gaze_y"] = -frames["pitch"] / 18
    frames["blink_left"] = frames["blink_right"] = blinks(count, np.arange(1.1, count / FPS, 2.7))
    if talk:
        # Syllables at about four per second, without meaning.
        seconds = np.arange(count) / FPS
        open_close = np.maximum(0, np.sin(2 * np.pi * 2.1 * seconds + wander(rng, count, 0.8, 0.8)))
        frames["jaw_open"] = open_close * np.clip(0.28 + wander(rng, count, 0.7, 0.1), 0.05, 0.5)
        frames["spread"] = np.clip(0.3 + wander(rng, count, 0.5, 0.3), 0, 1)
        frames["round"] = np.clip(wander(rng, count, 0.6, 0.4), 0, 0.8)
        frames["upper_raise"] = 0.25 * open_close
    frames["smile"] = 0.15
    frames["noise_seed"] = np.arange(count)
    return frames


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=HELD_OUT_SEED)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--samples", type=int, default=2)
    parser.add_argument("--closed", action="store_true", help="lips stay closed")
    parser.add_argument("--crf", type=int, default=18)
    args = parser.parse_args()
    heads = Heads()
    count = int(args.seconds * FPS)
    frames = motion(heads, count, args.seed, not args.closed)
    identity = heads.identities([args.seed])
    identity["head_scale"], identity["head_x"], identity["head_y"] = 0.62, 0.0, 0.02  # large, in the middle
    identity["noise"] = 0.002  # a clean camera keeps the file small
    size = (args.size, args.size)
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "%dx%d" % size, "-r", str(FPS),
               "-i", "-", "-c:v", "libx264", "-crf", str(args.crf), "-preset", "slow", "-pix_fmt", "yuv420p",
               "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709", "-color_primaries", "bt709",
               "-color_trc", "bt709", "-movflags", "+faststart", args.out]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    for i in range(count):
        encoder.stdin.write(heads.render(identity, frames[i:i + 1], frame_size=size, samples=args.samples).tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg failed")


if __name__ == "__main__":
    main()
