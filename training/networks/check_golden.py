"""Loads the golden weights into these modules and compares the outputs: check_golden.py FOLDER (limit 1e-4)."""
import json
import os
import sys
import wave

import numpy as np
import torch
import yaml

from networks.unet import UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline.model_folder import read_safetensors


def report(name, got, want):
    want = torch.from_numpy(want).float()
    error = ((got.float() - want).norm() / want.norm()).item()
    print(f"{name}: relative error {error:.1e}")
    return error < (1e-3 if "mel" in name else 1e-4)


@torch.no_grad()
def main(folder):
    load = lambda *parts: np.load(os.path.join(folder, *parts))
    good = []
    with open(os.path.join(folder, "unet_tiny", "config.yaml")) as file:
        unet = UNet3D(yaml.safe_load(file)["model"])
    unet.load_state_dict(torch.load(os.path.join(folder, "unet_tiny", "latentsync_unet.pt"), map_location="cpu")["state_dict"])
    audio = torch.from_numpy(load("unet_tiny", "audio.npy")).flatten(0, 1)
    out = unet(torch.from_numpy(load("unet_tiny", "sample.npy")), torch.from_numpy(load("unet_tiny", "timestep.npy")), audio)
    good.append(report("unet", out, load("unet_tiny", "noise_pred.npy")))

    with open(os.path.join(folder, "vae_tiny", "config.json")) as file:
        vae = AutoencoderKL(json.load(file))
    vae.load_state_dict(read_safetensors(os.path.join(folder, "vae_tiny", "diffusion_pytorch_model.safetensors")))
    moments = torch.cat(vae.encode(torch.from_numpy(load("vae_tiny", "image.npy"))), dim=1)
    good.append(report("vae encode", moments, load("vae_tiny", "moments.npy")))
    good.append(report("vae decode", vae.decode(torch.from_numpy(load("vae_tiny", "z.npy"))), load("vae_tiny", "decoded.npy")))

    saved = torch.load(os.path.join(folder, "whisper_tiny", "tiny.pt"), map_location="cpu")
    dims = saved["dims"]
    encoder = AudioEncoder(dims["n_audio_state"], dims["n_audio_head"], dims["n_audio_layer"])
    encoder.load_state_dict({k[8:]: v.float() for k, v in saved["model_state_dict"].items() if k.startswith("encoder.")})
    with wave.open(os.path.join(folder, "whisper_tiny", "speech.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
    mel = LogMel()(torch.from_numpy(samples)[None])
    good.append(report("mel", mel[0, :, :500], load("whisper_tiny", "log_mel_first_500.npy")))
    windows = torch.zeros(2, 80, 3000)
    windows[0], rest = mel[0, :, :3000], mel[0, :, 3000:]
    windows[1, :, : rest.shape[1]] = rest
    features = encoder(windows).flatten(0, 1)[: mel.shape[-1] // 2]
    good.append(report("whisper", features[::25], load("whisper_tiny", "features_every_25th.npy")))
    index = torch.from_numpy(load("whisper_tiny", "chunk_index.npy")).long()
    good.append(report("tokens", frame_tokens(features[None], index[None])[0], load("whisper_tiny", "chunks.npy")))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main(sys.argv[1])
