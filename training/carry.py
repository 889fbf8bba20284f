"""Checkpoints between machines: carry.py out WORK FOLDER writes parts of 15 MiB in float16, carry.py in FOLDER WORK joins them again.

WORK holds vae.pt, audio.pt and unet.pt as the training scripts write them, as far as they exist.
"""
import glob
import io
import os
import sys

import torch

PART = 15 << 20
FILES = ("vae", "audio", "unet")


def moved(value, kind):
    if isinstance(value, dict):
        return {name: moved(part, kind) for name, part in value.items()}
    return value.to("cpu", kind) if torch.is_tensor(value) and value.is_floating_point() else value


def out(work, folder):
    kept = {}
    for name in FILES:
        path = os.path.join(work, f"{name}.pt")
        if os.path.exists(path):
            kept[name] = moved(torch.load(path, map_location="cpu"), torch.float16)
    if "unet" in kept:
        kept.pop("audio", None)  # the UNet's file holds the encoder and its reader
    data = io.BytesIO()
    torch.save(kept, data)
    data = data.getvalue()
    os.makedirs(folder, exist_ok=True)
    for index, at in enumerate(range(0, len(data), PART)):
        with open(os.path.join(folder, f"checkpoint.{index}"), "wb") as file:
            file.write(data[at: at + PART])
    print(f"{', '.join(kept)}: {len(data) / 1e6:.1f} MB for {folder}")


def take(folder, work):
    parts = sorted(glob.glob(os.path.join(folder, "checkpoint.*")))
    kept = torch.load(io.BytesIO(b"".join(open(part, "rb").read() for part in parts)), map_location="cpu")
    os.makedirs(work, exist_ok=True)
    for name, value in kept.items():
        torch.save(moved(value, torch.float32), os.path.join(work, f"{name}.pt"))
    print(f"{', '.join(kept)} from {len(parts)} parts")


if __name__ == "__main__":
    {"out": out, "in": take}[sys.argv[1]](*sys.argv[2:])
