"""Renders the videos of the tests, tests/media: heads that training never sees.

    make && python3 make_test_films.py ../../tests/media            # 20 minutes on two cores
    python3 make_test_films.py --only turned ../../tests/media      # one of them

speaker.mp4   6.4 s, 540x840: somebody who speaks to the camera
second.mp4    3 s, 360x560: somebody else, bearded, in other light
turned.mp4    2.4 s, 360x560: a third person, who turns the head to the side and back
"""

import argparse
import pathlib
import subprocess

import numpy as np

from heads import Heads
from make_sample import FPS, motion

# Rays per pixel of the video, in each direction.
OVERSAMPLING = 4 / 3


def speaking(heads, seed, count):
    return motion(heads, count, seed, talk=True)


def turning(heads, seed, count):
    """Looks at the camera, turns by 65 degrees, stays, turns back."""
    frames = motion(heads, count, seed, talk=True)
    turn = np.interp(np.arange(count), [0.15 * count, 0.4 * count, 0.6 * count, 0.85 * count], [0, 65, 65, 0])
    frames["yaw"] = turn + 0.3 * frames["yaw"]
    frames["gaze_x"] = 0
    return frames


#       name: (seed of the identity, width, height, frames, motion)
FILMS = {
    "speaker": (10_000_114, 540, 840, 160, speaking),
    "second": (10_000_120, 360, 560, 75, speaking),
    "turned": (10_000_131, 360, 560, 60, turning),
}


def render(heads, name, path, crf):
    seed, width, height, count, move = FILMS[name]
    frames = move(heads, seed, count)
    identity = heads.identities([seed])
    identity["head_scale"], identity["head_x"], identity["head_y"] = 0.44, 0.0, -0.08
    identity["noise"] = 0.002  # a clean camera keeps the file small
    size = (round(width * OVERSAMPLING), round(height * OVERSAMPLING))
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "%dx%d" % size, "-r", str(FPS),
               "-i", "-", "-c:v", "libx264", "-crf", str(crf), "-preset", "veryslow", "-pix_fmt", "yuv420p",
               "-vf", "scale=%d:%d:flags=lanczos:out_color_matrix=bt709:out_range=tv" % (width, height),
               "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
               "-fflags", "+bitexact", "-movflags", "+faststart", str(path)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    for i in range(count):
        encoder.stdin.write(heads.render(identity, frames[i:i + 1], frame_size=size, samples=1).tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", choices=FILMS)
    parser.add_argument("--crf", type=int, default=18)
    args = parser.parse_args()
    heads = Heads()
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in [args.only] if args.only else FILMS:
        render(heads, name, args.folder / (name + ".mp4"), args.crf)


if __name__ == "__main__":
    main()
