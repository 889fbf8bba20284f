"""Reads back a model folder that export.py wrote, to continue training or to evaluate it."""
import json
import os
import struct

import numpy as np
import torch


def read_safetensors(path):
    """float16 or float32 tensors by name, as float32."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    types = {"F32": np.float32, "F16": np.float16}
    out = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            values = np.frombuffer(data[start:end], types[entry["dtype"]]).reshape(entry["shape"])
            out[name] = torch.from_numpy(values.astype(np.float32))
    return out


def load_vae(vae, folder):
    vae.load_state_dict(read_safetensors(os.path.join(folder, "vae", "diffusion_pytorch_model.safetensors")))


def vae_config(folder):
    with open(os.path.join(folder, "vae", "config.json")) as file:
        return json.load(file)


def load_fitting(module, state):
    """Takes the tensors whose shapes agree; returns the share of values that were taken."""
    own = module.state_dict()
    fits = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    module.load_state_dict({**own, **fits})
    return sum(v.numel() for v in fits.values()) / sum(v.numel() for v in own.values())


def load_unet(unet, folder):
    """Returns the number of steps it was trained for."""
    saved = torch.load(os.path.join(folder, "latentsync_unet.pt"), map_location="cpu")
    unet.load_state_dict({k: v.float() for k, v in saved["state_dict"].items()})
    return saved["global_step"]


def load_encoder(encoder, folder):
    saved = torch.load(os.path.join(folder, "whisper", "tiny.pt"), map_location="cpu")["model_state_dict"]
    encoder.load_state_dict({k[len("encoder."):]: v.float() for k, v in saved.items()})
