"""What the ComfyUI node costs beside inference: a pass-through job, in which every image travels and none is changed.

    LATENTSYNC_TEST_ENGINE=.../latentsync python3 bench/comfyui/node_overhead.py [IMAGES] [RUNS]
"""
import os
import resource
import statistics
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "comfyui", "tests"))

import torch  # noqa: E402

from host import Host  # noqa: E402

WIDTH, HEIGHT, RATE, FPS = 1920, 1080, 44100, 25
MIB = 1 << 20


def resident(process):
    with open(f"/proc/{process}/statm", encoding="utf-8") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


class Peak(threading.Thread):
    """The most memory of this process and of the engine, sampled."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.stop, self.own, self.engine = host, threading.Event(), 0, 0

    def run(self):
        while not self.stop.wait(0.02):
            self.own = max(self.own, resident(os.getpid()))
            process = self.host.process()
            try:
                self.engine = max(self.engine, resident(process.pid)) if process else 0
            except (OSError, ValueError, IndexError):
                pass


def used():
    """Seconds of the processor: this process, of it in the system, and the engines that ended."""
    times = os.times()
    return times.user + times.system, times.system, times.children_user + times.children_system


def main():
    count, runs = (int(value) for value in (sys.argv[1:] + ["200", "3"][len(sys.argv) - 1:]))
    images = torch.empty((count, HEIGHT, WIDTH, 3))
    for image in images:  # 8-bit values, never the whole in another type
        image.copy_(torch.randint(0, 256, image.shape, dtype=torch.uint8)).div_(255)
    audio = {"waveform": torch.zeros(1, 2, count * RATE // FPS), "sample_rate": RATE}
    host = Host()
    before = resident(os.getpid())
    print(f"{count} images of {WIDTH}x{HEIGHT}, load {os.getloadavg()[0]:.1f}")
    print("| run | s | ms per image | ms of the processor per image, this process | of it the system | engine | this process, beyond both tensors, MiB | engine MiB |\n|---:|---:|---:|---:|---:|---:|---:|---:|")
    rows = []
    for run in range(runs):
        peak = Peak(host)
        peak.start()
        start, processor = time.monotonic(), used()
        result, _ = host.run("LatentSync1.6", images=images, audio=audio, pass_through=True)
        seconds, processor = time.monotonic() - start, [after - before for after, before in zip(used(), processor)]
        peak.stop.set()
        peak.join()
        assert len(result) == count and torch.equal(result[0], images[0]) and torch.equal(result[-1], images[-1])
        beyond = peak.own - before - result.numel() * result.element_size()
        rows.append([1000 * value / count for value in (seconds, *processor)])
        print(f"| {run + 1} | {seconds:.2f} | {' | '.join(f'{value:.1f}' for value in rows[-1])} | {beyond / MIB:.0f} | {peak.engine / MIB:.0f} |", flush=True)
        del result
    for name, of in (("best", min), ("median", statistics.median)):
        print(f"| {name} | | {' | '.join(f'{of(column):.1f}' for column in zip(*rows))} | | |")
    host.close()


main()
