"""Renders what a lip-synced video should show: the same head in the same motion, with another mouth.

    python3 make_truth.py sample ../../tests/LatentSync.EndToEndTests/Data/voice-opening.csv truth.mp4 --frames 48

HEAD is "sample" (samples/head.mp4) or a film of make_test_films.py (tests/media). OPENING has a line for each frame: how far the lips are
open, as heads.landmarks tells it. Jaw and lips follow it alone, so that shapes of the mouth are not those of the sound; what does not move
is as it should be.
"""

import argparse
import subprocess

import numpy as np

from heads import Heads
from make_sample import FPS, HELD_OUT_SEED, motion
from make_test_films import FILMS

OPENING_OF_JAW = 0.16  # at jaw_open = 1
SAMPLE_FRAMES = 150


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("head")
    parser.add_argument("opening")
    parser.add_argument("out")
    parser.add_argument("--frames", type=int, default=48)
    parser.add_argument("--samples", type=int, default=1, help="rays per pixel in each direction")
    args = parser.parse_args()
    heads = Heads()
    if args.head == "sample":
        seed, width, height, count, scale, x, y = HELD_OUT_SEED, 512, 512, SAMPLE_FRAMES, 0.62, 0.0, 0.02
        frames = motion(heads, count, seed, talk=True)
    else:
        seed, width, height, count, move = FILMS[args.head]
        scale, x, y = 0.44, 0.0, -0.08
        frames = move(heads, seed, count)
    identity = heads.identities([seed])
    identity["head_scale"], identity["head_x"], identity["head_y"], identity["noise"] = scale, x, y, 0.002
    opening = np.loadtxt(args.opening, comments="#")[:count]
    frames = frames[: min(args.frames, len(opening))]
    frames["jaw_open"] = np.clip(opening[: len(frames)] / OPENING_OF_JAW, 0, 0.6)
    frames["spread"], frames["round"], frames["upper_raise"] = 0.2, 0.1, 0.4 * frames["jaw_open"]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(FPS), "-i", "-",
               "-c:v", "libx264", "-crf", "8", "-preset", "fast", "-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709:out_range=tv",
               "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", args.out]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    for i in range(len(frames)):
        encoder.stdin.write(heads.render(identity, frames[i: i + 1], frame_size=(width, height), samples=args.samples).tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg failed")


if __name__ == "__main__":
    main()
