"""What the ComfyUI node costs beside inference: time per image and memory, in the stand-in or, with COMFYUI_URL, in a real ComfyUI.

    LATENTSYNC_TEST_ENGINE=.../latentsync python3 bench/comfyui/node_overhead.py [IMAGES] [RUNS] [faces|memory]

The job is a pass-through: every image travels both ways, and none is changed. With "faces" the whole engine runs, with the sample
head and the built-in model: the memory is that of a real job, the time is the engine's. With "memory" as much memory as the
result needs is released when the node starts. A virtual machine whose hypervisor takes free memory back needs 50 ms per
image to get it again, whoever asks for it; released just before, it is still there, and what is measured is the node.
"""
import os
import resource
import statistics
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "comfyui", "tests"))

import numpy  # noqa: E402
import torch  # noqa: E402

import media  # noqa: E402
from rig import URL, open_rig  # noqa: E402

NODE = "LatentSync1.6"
WIDTH, HEIGHT, RATE, FPS = 1920, 1080, 44100, 25
MIB = 1 << 20
IMAGE_BYTES = HEIGHT * WIDTH * 3 * 4


def resident(process):
    with open(f"/proc/{process}/statm", encoding="utf-8") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def processor(process):
    """Seconds of the processor that a process and its ended children used, and those of them in the system."""
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        user, system, child_user, child_system = (int(value) / os.sysconf("SC_CLK_TCK") for value in file.read().rsplit(")", 1)[1].split()[11:15])
    return user + system, system, child_user + child_system


class Peak(threading.Thread):
    """The most memory of the host and of the engine while the node runs, sampled. Releases the memory that was held for it."""

    def __init__(self, rig, held):
        super().__init__(daemon=True)
        self.rig, self.held, self.stop, self.before, self.host, self.engine = rig, held, threading.Event(), 0, 0, 0

    def start(self):
        """At the start of the node: what ComfyUI and the images took until then is not the node's."""
        self.held.clear()
        self.before = resident(self.rig.host.process())
        super().start()

    def run(self):
        while not self.stop.wait(0.05):
            try:
                self.host = max(self.host, resident(self.rig.host.process()))
                self.engine = max([self.engine, *map(resident, self.rig.engines())])
            except (OSError, ValueError, IndexError):  # an engine that has just ended
                pass


def measure(host, key, name, on_start):
    """Waits for a prompt; gives its run, the seconds of a node (to the beginning of the next) and the processor's in that time."""
    samples = []
    while (run := host.finished(key)) is None:
        executing = [event for event in host.events(key) if event.name == "executing"]
        begun = [event.data["node"] for event in executing]
        if name in begun and len(samples) < min(2, len(begun) - begun.index(name)):
            samples.append((executing[begun.index(name) + len(samples)].time, processor(host.process())))
            if len(samples) == 1:
                on_start()
        time.sleep(0.005)
    (start, before), (end, after) = samples
    return run, end - start, [now - earlier for now, earlier in zip(after, before)]


def prompt(count, seed, faces):
    size = {"count": count, "height": HEIGHT, "width": WIDTH}
    if faces:
        images = {"class_type": "TestsLarge", "inputs": {**size, "file": None}}
        settings = {"inference_steps": 1, "lips_expression": 1.0, "seed": seed}
    else:
        images = {"class_type": "TestsNoise", "inputs": {**size, "seed": seed + 1}}
        settings = {"pass_through": True}
    return {
        "images": images,
        "audio": {"class_type": "TestsAudio", "inputs": {"file": None, "rate": RATE, "form": "as it is"}},
        "node": {"class_type": NODE, "inputs": {"images": ["images", 0], "audio": ["audio", 0], "fps": float(FPS), **settings}},
        "sink": {"class_type": "TestsSink", "inputs": {"keep": False, "images": ["node", 0]}},
        "same": {"class_type": "TestsSink", "inputs": {"keep": False, "images": ["images", 0]}}}


def main():
    faces, memory = sys.argv[-1] == "faces", sys.argv[-1] == "memory"
    numbers = sys.argv[1:len(sys.argv) - (faces or memory)]
    count, runs = (int(value) for value in numbers + ["200", "3"][len(numbers):])
    rig = open_rig()
    if not faces:
        rig.allow_pass_through(NODE)
    rig.use_real_engine()
    host = rig.host
    tensors = count * 2 * IMAGE_BYTES
    print(f"ComfyUI {host.version} ({'real' if URL else 'stand-in'}), {count} images of {WIDTH}x{HEIGHT}, load {os.getloadavg()[0]:.1f}")
    print(f"images in and out: {tensors / MIB:.0f} MiB")
    print("| run | s | ms per image | ms of the processor per image, host | of it the system | engine | host's peak MiB | "
          "of it the node's beyond the result, MiB | engine MiB |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    rows = []
    for run in range(runs):
        job = prompt(count, run, faces)
        job["audio"]["inputs"]["file"] = rig.write(torch.zeros(1, 2, count * RATE // FPS))
        if faces:
            job["images"]["inputs"]["file"] = rig.write(media.head(FPS))
        held = [numpy.ones(count * IMAGE_BYTES, numpy.uint8)] if memory else []
        peak = Peak(rig, held)
        start = time.monotonic()
        key = host.submit(job)
        ended, seconds, used = measure(host, key, "node", peak.start)
        peak.stop.set()
        peak.join()
        assert ended.ended == "success", ended.error
        summary = ended.outputs["node"]["text"]
        assert not faces or f"{count} of {count} frames" in summary[0], summary
        found, expected = (ended.outputs[name]["images"][0]["hash"] for name in ("sink", "same"))
        assert (found == expected) != faces, "the images are not what they should be"
        rows.append([1000 * value / count for value in (seconds, *used)])
        print(f"| {run + 1} | {time.monotonic() - start:.1f} | {' | '.join(f'{value:.1f}' for value in rows[-1])} | {peak.host / MIB:.0f} | "
              f"{(peak.host - peak.before - tensors / 2) / MIB:.0f} | {peak.engine / MIB:.0f} |", flush=True)
        host.wait(host.submit({"1": {"class_type": "TestsHost", "inputs": {"nonce": str(run)}}}))  # nothing of the run is kept
    for name, of in (("best", min), ("median", statistics.median)):
        print(f"| {name} | | {' | '.join(f'{of(column):.1f}' for column in zip(*rows))} | | | |")
    rig.close()


main()
