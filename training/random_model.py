"""A model folder with random weights, to measure what channels cost before training: random_model.py --vae 16,32,64,128 --out DIR

bench/LatentSync.NetworkBenchmark times such folders.
"""
import argparse
import os

import torch
import yaml

import export
from networks.unet import UNet3D
from networks.vae import AutoencoderKL
from networks.whisper import AudioEncoder
from pipeline.settings import AUDIO, CONFIG, VAE


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vae", type=numbers, default=VAE["block_out_channels"])
    parser.add_argument("--unet", type=numbers)
    parser.add_argument("--groups", type=int, default=VAE["norm_num_groups"])
    parser.add_argument("--attend", default="", help="levels with attention of the down path, such as 0110")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with open(CONFIG) as file:
        config = yaml.safe_load(file)
    model = config["model"]
    model["block_out_channels"] = options.unet or model["block_out_channels"]
    if options.attend:
        model["down_block_types"] = ["CrossAttnDownBlock3D" if level == "1" else "DownBlock3D" for level in options.attend]
        model["up_block_types"] = ["CrossAttnUpBlock3D" if level == "1" else "UpBlock3D" for level in options.attend[::-1]]
        model["motion_module_resolutions"] = [2 ** i for i, level in enumerate(options.attend) if level == "1"] + [8]
    vae = {**VAE, "block_out_channels": options.vae, "norm_num_groups": options.groups}
    torch.manual_seed(1)
    networks = {"vae": AutoencoderKL(vae), "unet": UNet3D(model), "encoder": AudioEncoder(**AUDIO)}
    states = {name: network.state_dict() for name, network in networks.items()}
    export.write(options.out, states["vae"], states["unet"], states["encoder"], 0, vae, config)
    sizes = {name: sum(p.numel() for p in network.parameters()) for name, network in networks.items()}
    print(os.path.basename(options.out), sizes, f"{sum(sizes.values()) * 2 / 1e6:.1f} MB in float16")


if __name__ == "__main__":
    main()
