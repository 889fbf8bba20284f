"""Frames and sounds to test with, out of the samples of the repository."""
import functools
import os
import struct
import subprocess

import torch

from rig import ROOT

SIDE = 512
RATE = 16000
VIDEO, VOICE = (os.path.join(ROOT, "samples", name) for name in ("head.mp4", "voice.wav"))


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *arguments], check=True, capture_output=True).stdout


@functools.lru_cache(maxsize=None)
def head(count):
    """The first frames of the sample head, [count, 512, 512, 3] in 0..1."""
    data = ffmpeg("-i", VIDEO, "-frames:v", str(count), "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(count, SIDE, SIDE, 3) / 255


def voice(seconds, rate=RATE, channels=1):
    """The first seconds of the sample voice as ComfyUI's AUDIO."""
    data = ffmpeg("-i", VOICE, "-t", str(seconds), "-ar", str(rate), "-f", "f32le", "-ac", "1", "-")
    samples = torch.frombuffer(bytearray(data), dtype=torch.float32)
    return {"waveform": samples.repeat(1, channels, 1), "sample_rate": rate}


def noise(count, height=96, width=64, channels=3):
    """Images without a face; their values are no multiples of 1/255."""
    return torch.rand((count, height, width, channels), generator=torch.Generator().manual_seed(count))


def silence(samples, rate=RATE, channels=1):
    return {"waveform": torch.zeros(1, channels, samples), "sample_rate": rate}


def streams(path):
    """Frames, width, height of the pictures and seconds of the sound of a file."""
    def probe(*arguments):
        command = ["ffprobe", "-v", "error", *arguments, "-of", "csv=p=0", path]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().strip(",").split(",")
    width, height, frames = probe("-select_streams", "v", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames")
    return int(frames), int(width), int(height), float(probe("-select_streams", "a", "-show_entries", "stream=duration")[0])


def message(kind, payload):
    """A message of the worker's protocol."""
    return struct.pack("<cI", kind, len(payload)) + payload
