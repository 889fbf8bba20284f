"""Speed of the GPU renderer, and its agreement with the CPU renderer.

    python3 bench.py            needs libheads_cuda.so, torch and a CUDA device
"""

import time

import numpy as np
import torch

from heads import Heads


def random_frames(heads, count, seed=0):
    rng = np.random.default_rng(seed)
    frames = heads.frames(count)
    for name, low, high in (("yaw", -30, 30), ("pitch", -15, 15), ("roll", -10, 10), ("jaw_open", 0, 0.8),
                            ("spread", 0, 1), ("round", 0, 0.6), ("upper_raise", 0, 0.5), ("lower_drop", 0, 0.5),
                            ("tongue", 0, 1), ("blink_left", 0, 0.3)):
        frames[name] = rng.uniform(low, high, count)
    frames["blink_right"] = frames["blink_left"]
    frames["noise_seed"] = np.arange(count)
    return frames


def main():
    heads = Heads(cuda=True)
    count = 512
    ids, frames = heads.identities(range(count)), random_frames(heads, count)
    transforms = heads.aligned_transforms(ids, frames)
    for samples in (1, 2):
        out = heads.render_cuda(ids, frames, transforms, samples=samples)
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(4):
            heads.render_cuda(ids, frames, transforms, samples=samples, out=out)
        torch.cuda.synchronize()
        rate = 4 * count / (time.perf_counter() - start)
        print("%d sample(s) per side: %.0f aligned 256x256 frames per second" % (samples, rate))
    few = 8
    on_gpu = heads.render_cuda(ids[:few], frames[:few], transforms[:few]).cpu().numpy().astype(int)
    on_cpu = heads.render(ids[:few], frames[:few], transforms[:few]).astype(int)
    difference = np.abs(on_gpu - on_cpu)
    print("CPU and GPU: mean difference %.4f, share above 8: %.5f" % (difference.mean(), (difference > 8).mean()))


if __name__ == "__main__":
    main()
