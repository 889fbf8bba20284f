"""Writes the model folder in the public formats, float16: export.py --vae vae.pt --unet unet.pt --out work/demo

With --meter FILE the meter of lip opening, which evaluate.py needs and the model does not, goes to that file.

latentsync_unet.pt {global_step, state_dict}, whisper/tiny.pt {dims, model_state_dict},
vae/config.json, vae/diffusion_pytorch_model.safetensors, config.yaml.
"""
import argparse
import json
import os
import shutil
import struct

import torch
import yaml

from pipeline.settings import AUDIO, CONFIG


def save_safetensors(path, tensors):
    """8-byte little-endian length, JSON header padded with spaces to 8 bytes, then the data."""
    header, at = {}, 0
    for name in sorted(tensors):
        size = tensors[name].numel() * 2
        header[name] = {"dtype": "F16", "shape": list(tensors[name].shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(tensors):
            file.write(tensors[name].contiguous().numpy().tobytes())


def half(state):
    return {name: value.detach().cpu().contiguous().half() for name, value in state.items()}


def write(folder, vae, unet, encoder, steps, vae_config, config=None):
    """State dicts to a model folder; a UNet's config that is not the training's is written in place of it."""
    os.makedirs(os.path.join(folder, "whisper"), exist_ok=True)
    os.makedirs(os.path.join(folder, "vae"), exist_ok=True)
    torch.save({"global_step": int(steps), "state_dict": half(unet)}, os.path.join(folder, "latentsync_unet.pt"))
    width = AUDIO["width"]
    dims = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": width, "n_audio_head": AUDIO["heads"],
            "n_audio_layer": AUDIO["layers"], "n_vocab": 51865, "n_text_ctx": 448, "n_text_state": width,
            "n_text_head": AUDIO["heads"], "n_text_layer": 0}
    torch.save({"dims": dims, "model_state_dict": {"encoder." + name: value for name, value in half(encoder).items()}},
               os.path.join(folder, "whisper", "tiny.pt"))
    with open(os.path.join(folder, "vae", "config.json"), "w") as file:
        json.dump(vae_config, file, indent=2)
    save_safetensors(os.path.join(folder, "vae", "diffusion_pytorch_model.safetensors"), half(vae))
    target = os.path.join(folder, "config.yaml")
    if config is None:
        shutil.copyfile(CONFIG, target)
    else:
        with open(target, "w") as file:
            yaml.safe_dump(config, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("vae", "unet", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--meter")
    options = parser.parse_args()
    first, second = torch.load(options.vae, map_location="cpu"), torch.load(options.unet, map_location="cpu")
    if options.meter:
        torch.save(half(first["meter"]), options.meter)
    write(options.out, first["vae"], second["unet"], second["encoder"], second["steps"], first["config"])


if __name__ == "__main__":
    main()
