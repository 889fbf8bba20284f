"""Times the full-size LatentSync 1.6 networks in PyTorch, fp16, as the original program runs them.

    python3 bench/gpu/pytorch_twin.py                        on an NVIDIA card, under a minute
    python3 bench/gpu/pytorch_twin.py --device cpu --tiny    a small network in seconds, to try the script

The weights are random: time and memory do not depend on their values. The numbers to compare `latentsync bench` with.
What the original does and this repeats: tensors [batch, channels, frames, height, width] that are folded to
[batch * frames, channels, height, width] and back around every convolution, scaled_dot_product_attention, no channels-last
layout, no compilation, cuDNN's own choice of algorithms; guidance as a batch of two; both encodes and the decode of
a clip each in one batch of all its frames; DeepCache with every third step full.

Prints a Markdown table and one line of JSON. Needs torch and numpy; nvidia-ml-py where process memory is wanted.
"""
import argparse
import json
import os
import platform
import statistics
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "training"))
from networks.unet import UNet3D, time_features  # noqa: E402
from networks.vae import AutoencoderKL  # noqa: E402

GIB = 1 << 30
LATENT_SCALE = 0.18215
LATENT_CHANNELS = 4
PIXELS_PER_LATENT = 8
AUDIO_TOKENS = 50
GUIDANCE = 1.5
TRAINING_STEPS = 1000


def unet_config(widths):
    """The model part of the public configuration of LatentSync 1.6, with other widths if asked."""
    return {
        "block_out_channels": widths, "layers_per_block": 2, "in_channels": 13, "out_channels": 4,
        "norm_num_groups": 32, "norm_eps": 1e-5, "attention_head_dim": 8, "cross_attention_dim": 384,
        "down_block_types": ["CrossAttnDownBlock3D"] * 3 + ["DownBlock3D"],
        "up_block_types": ["UpBlock3D"] + ["CrossAttnUpBlock3D"] * 3,
        "motion_module_resolutions": [1, 2, 4, 8],
        "motion_module_kwargs": {
            "num_attention_heads": 8, "num_transformer_block": 1, "attention_block_types": ["Temporal_Self"] * 2,
            "temporal_position_encoding_max_len": 24},
    }


def vae_config(widths):
    """Stable Diffusion 1.x's AutoencoderKL, with other widths if asked."""
    return {"block_out_channels": widths, "layers_per_block": 2, "norm_num_groups": 32, "latent_channels": LATENT_CHANNELS}


FULL = {"unet": [320, 640, 1280, 1280], "vae": [128, 256, 512, 512], "pixels": 512}
TINY = {"unet": [32, 32, 32, 64], "vae": [32, 32, 32, 32], "pixels": 128}


def fold(x):
    """[b, c, f, h, w] -> [b*f, c, h, w]; a copy, as in the original."""
    b, c, f, h, w = x.shape
    return x.permute(0, 2, 1, 3, 4).reshape(b * f, c, h, w)


def unfold(x, frames):
    """[b*f, c, h, w] -> [b, c, f, h, w], a view."""
    n, c, h, w = x.shape
    return x.reshape(n // frames, frames, c, h, w).permute(0, 2, 1, 3, 4)


class OriginalLayout:
    """Runs the modules of a UNet3D with the tensor layouts of the original program; x is [b, c, f, h, w]."""

    def __init__(self, unet):
        self.unet = unet
        self.cached = None

    @staticmethod
    def conv(layer, x):
        return unfold(layer(fold(x)), x.shape[2])

    def resnet(self, layer, x, time):
        h = self.conv(layer.conv1, F.silu(layer.norm1(x)))
        h = h + layer.time_emb_proj(F.silu(time))[:, :, None, None, None]
        h = self.conv(layer.conv2, F.silu(layer.norm2(h)))
        return (self.conv(layer.conv_shortcut, x) if hasattr(layer, "conv_shortcut") else x) + h

    @staticmethod
    def transformer(layer, x, audio):
        frames = x.shape[2]
        x = fold(x)
        n, c, h, w = x.shape
        t = layer.proj_in(layer.norm(x)).permute(0, 2, 3, 1).reshape(n, h * w, c)
        t = layer.transformer_blocks[0](t, audio)
        t = t.reshape(n, h, w, c).permute(0, 3, 1, 2).contiguous()
        return unfold(layer.proj_out(t) + x, frames)

    @staticmethod
    def motion(layer, x):
        layer, frames = layer.temporal_transformer, x.shape[2]
        x = fold(x)
        n, c, h, w = x.shape
        t = layer.proj_in(layer.norm(x).permute(0, 2, 3, 1).reshape(n, h * w, c))
        for block in layer.transformer_blocks:
            for attend, norm in zip(block.attention_blocks, block.norms):
                # Frames become the sequence for each attention and go back for the norms.
                s = norm(t).reshape(n // frames, frames, h * w, c).permute(0, 2, 1, 3).reshape(-1, frames, c)
                s = attend(s).reshape(n // frames, h * w, frames, c).permute(0, 2, 1, 3).reshape(n, h * w, c)
                t = s + t
            t = block.ff(block.ff_norm(t)) + t
        t = layer.proj_out(t).reshape(n, h, w, c).permute(0, 3, 1, 2).contiguous()
        return unfold(t + x, frames)

    def layer(self, block, i, x, time, audio):
        x = self.resnet(block.resnets[i], x, time)
        if hasattr(block, "attentions"):
            x = self.transformer(block.attentions[i], x, audio)
        return self.motion(block.motion_modules[i], x) if hasattr(block, "motion_modules") else x

    def scale(self, layer, x):
        return self.conv(layer.conv, F.interpolate(x, scale_factor=[1.0, 2.0, 2.0], mode="nearest") if layer.up else x)

    def begin(self, sample, timestep):
        features = time_features(timestep, self.unet.width).to(sample.dtype)
        return self.conv(self.unet.conv_in, sample), self.unet.time_embedding(features)

    def head(self, x):
        return self.conv(self.unet.conv_out, F.silu(self.unet.conv_norm_out(x)))

    def full(self, sample, timestep, audio):
        """sample [b, 13, f, h, w], timestep [b], audio [b*f, tokens, c] -> noise [b, 4, f, h, w]."""
        x, time = self.begin(sample, timestep)
        skips = [x]
        for block in self.unet.down_blocks:
            for i in range(len(block.resnets)):
                x = self.layer(block, i, x, time, audio)
                skips.append(x)
            for scaler in getattr(block, "downsamplers", ()):
                x = self.scale(scaler, x)
                skips.append(x)
        middle = self.unet.mid_block
        x = self.resnet(middle.resnets[0], x, time)
        x = self.resnet(middle.resnets[1], self.transformer(middle.attentions[0], x, audio), time)
        for block in self.unet.up_blocks:
            for i in range(len(block.resnets)):
                self.cached = x
                x = self.layer(block, i, torch.cat([x, skips.pop()], dim=1), time, audio)
            for scaler in getattr(block, "upsamplers", ()):
                x = self.scale(scaler, x)
        return self.head(x)

    def short(self, sample, timestep, audio):
        """DeepCache's step: only the last layer of the last block, on what entered it in the last full step."""
        x, time = self.begin(sample, timestep)
        block = self.unet.up_blocks[-1]
        return self.head(self.layer(block, len(block.resnets) - 1, torch.cat([self.cached, x], dim=1), time, audio))


class Clip:
    """Everything the GPU does for one clip: two encodes, the sampling, one decode."""

    def __init__(self, unet, vae, frames, pixels, steps, cache, device, dtype):
        self.net, self.vae, self.frames, self.steps, self.cache = OriginalLayout(unet), vae, frames, steps, cache
        side = pixels // PIXELS_PER_LATENT

        def noise(*shape):
            return torch.randn(shape, device=device, dtype=dtype)

        self.images = noise(frames, 3, pixels, pixels).clamp_(-1, 1)
        self.latents = noise(1, LATENT_CHANNELS, frames, side, side)
        self.conditions = noise(2, 1 + 2 * LATENT_CHANNELS, frames, side, side)
        self.mask = (noise(2, 1, frames, side, side) > 0).to(dtype)
        self.audio = noise(2 * frames, AUDIO_TOKENS, 384)
        betas = np.linspace(0.00085 ** 0.5, 0.012 ** 0.5, TRAINING_STEPS) ** 2
        self.kept = np.cumprod(1 - betas).tolist()

    def compile(self):
        """What a user gets for a line: the steps and the autoencoder compiled, their weights in channels-last order."""
        for network in (self.net.unet, self.vae):
            network.to(memory_format=torch.channels_last)
        self.net.full, self.net.short = torch.compile(self.net.full), torch.compile(self.net.short)
        self.vae.encode, self.vae.decode = torch.compile(self.vae.encode), torch.compile(self.vae.decode)

    def sample_input(self, latents, conditions):
        return torch.cat([torch.cat([latents] * 2), conditions], dim=1)

    def moment(self, timestep):
        return torch.full((2,), timestep, device=self.latents.device, dtype=torch.long)

    def full_step(self):
        return self.net.full(self.sample_input(self.latents, self.conditions), self.moment(501), self.audio)

    def cached_step(self):
        return self.net.short(self.sample_input(self.latents, self.conditions), self.moment(501), self.audio)

    def encode(self):
        """Masked and reference images, each in one batch; a sample of the posterior -> two of [1, 4, f, h, w]."""
        encoded = []
        for _ in range(2):
            mean, logvar = self.vae.encode(self.images)
            latents = (mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)) * LATENT_SCALE
            encoded.append(latents.transpose(0, 1)[None])
        return encoded

    def decode(self, latents=None):
        """All frames in one batch -> [f, 3, h, w]."""
        return self.vae.decode(fold((self.latents if latents is None else latents) / LATENT_SCALE))

    def whole(self):
        conditions = torch.cat([self.mask] + [torch.cat([latents] * 2) for latents in self.encode()], dim=1)
        latents, stride = self.latents, TRAINING_STEPS // self.steps
        for index in range(self.steps):
            timestep = (self.steps - 1 - index) * stride + 1
            step = self.net.full if index % self.cache == 0 else self.net.short
            without, spoken = step(self.sample_input(latents, conditions), self.moment(timestep), self.audio).chunk(2)
            noise = without + GUIDANCE * (spoken - without)
            now, then = self.kept[timestep], self.kept[max(timestep - stride, 0)]
            clean = (latents - (1 - now) ** 0.5 * noise) / now ** 0.5
            latents = then ** 0.5 * clean + (1 - then) ** 0.5 * noise
        return self.decode(latents)


def random_networks(size, device, dtype):
    """Random weights; made on the card where PyTorch can, since a processor takes a minute for a billion numbers."""
    torch.manual_seed(0)

    def make():
        nets = UNet3D(unet_config(size["unet"])), AutoencoderKL(vae_config(size["vae"]))
        for name, weight in nets[0].named_parameters():
            if name.endswith("temporal_transformer.proj_out.weight"):  # zero at the start of training
                torch.nn.init.normal_(weight, std=0.02)
        return nets

    if device.type == "cuda":
        with torch.device(device):
            nets = make()
    else:
        nets = make()
    return [net.to(device=device, dtype=dtype).eval().requires_grad_(False) for net in nets]


def median_ms(run, device, warm_ups, repeats):
    """Median time of a call in milliseconds: by CUDA events on a card, by the clock elsewhere."""
    for _ in range(warm_ups):
        run()
    times = []
    for _ in range(repeats):
        if device.type == "cuda":
            start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            torch.cuda.synchronize()
            start.record()
            run()
            end.record()
            end.synchronize()
            times.append(start.elapsed_time(end))
        else:
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


class CardMemory:
    """GPU memory of this process by NVML, in bytes; of the whole card where the driver does not tell processes apart."""

    def __init__(self, device):
        self.nvml = self.handle = None
        if device.type != "cuda":
            return
        try:
            import pynvml
        except ImportError:
            print("No process memory: nvidia-ml-py is not installed.", file=sys.stderr)
            return
        try:
            pynvml.nvmlInit()
            uuid = str(torch.cuda.get_device_properties(device).uuid)  # the index differs under CUDA_VISIBLE_DEVICES
            self.handle = pynvml.nvmlDeviceGetHandleByUUID(uuid if uuid.startswith("GPU-") else "GPU-" + uuid)
            self.nvml = pynvml
        except (pynvml.NVMLError, AttributeError) as error:  # PyTorch before 2.4 does not know the card's UUID
            print(f"No process memory: {error}", file=sys.stderr)

    def used(self):
        """(bytes, "process" or "card"), or (None, None) without NVML."""
        if self.nvml is None:
            return None, None
        for process in self.nvml.nvmlDeviceGetComputeRunningProcesses(self.handle):
            if process.pid == os.getpid() and process.usedGpuMemory:
                return process.usedGpuMemory, "process"
        return self.nvml.nvmlDeviceGetMemoryInfo(self.handle).used, "card"

    def driver(self):
        return self.nvml.nvmlSystemGetDriverVersion() if self.nvml else None


def measure(clip, device, repeats, memory):
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    finite = bool(torch.isfinite(clip.whole()).all())  # warms everything up
    row = {
        "frames": clip.frames,
        "full_step_ms": median_ms(clip.full_step, device, 1, repeats),
        "cached_step_ms": median_ms(clip.cached_step, device, 2, repeats),
        "encode_ms": median_ms(clip.encode, device, 1, repeats),
        "decode_ms": median_ms(clip.decode, device, 1, repeats),
        "clip_ms": median_ms(clip.whole, device, 0, max(repeats // 2, 1)),
        "finite": finite,
    }
    row["frames_per_second"] = 1000 * clip.frames / row["clip_ms"]
    row["memory_gib"], row["memory_of"] = memory.used()
    if row["memory_gib"]:
        row["memory_gib"] /= GIB
    row["torch_peak_gib"] = torch.cuda.max_memory_allocated() / GIB if device.type == "cuda" else None
    return row


def table(rows):
    columns = [("frames", "frames", "{}"), ("full step ms", "full_step_ms", "{:.1f}"), ("cached step ms", "cached_step_ms", "{:.1f}"),
               ("2 encodes ms", "encode_ms", "{:.0f}"), ("decode ms", "decode_ms", "{:.0f}"), ("clip ms", "clip_ms", "{:.0f}"),
               ("frames/s", "frames_per_second", "{:.2f}"), ("memory GiB", "memory_gib", "{:.2f}"), ("torch peak GiB", "torch_peak_gib", "{:.2f}")]
    lines = ["| " + " | ".join(title for title, _, _ in columns) + " |", "|" + " ---: |" * len(columns)]
    for row in rows:
        lines.append("| " + " | ".join("-" if row[key] is None else form.format(row[key]) for _, key, form in columns) + " |")
    return "\n".join(lines)


def machine(device, memory):
    cuda = device.type == "cuda"
    return {
        "card": torch.cuda.get_device_name(device) if cuda else None, "driver": memory.driver(), "python": platform.python_version(),
        "torch": torch.__version__, "cuda": torch.version.cuda if cuda else None, "cudnn": torch.backends.cudnn.version() if cuda else None,
        "device": str(device), "processor": platform.processor() or platform.machine(),
        "fused_attention": hasattr(F, "scaled_dot_product_attention"),
    }


@torch.no_grad()
def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda", help="cuda, cuda:1, cpu (default: cuda)")
    parser.add_argument("--tiny", action="store_true", help="a small network, to try the script")
    parser.add_argument("--frames", type=int, nargs="+", default=[16, 12, 8], help="clip sizes to measure (default: 16 12 8)")
    parser.add_argument("--steps", type=int, default=20, help="sampling steps of the whole clip (default: 20)")
    parser.add_argument("--cache", type=int, default=3, help="one full step in so many (default: 3)")
    parser.add_argument("--repeats", type=int, default=7, help="timed runs of each part (default: 7)")
    parser.add_argument("--compile", action="store_true", help="weights in channels-last order and torch.compile, which takes minutes")
    options = parser.parse_args(arguments)
    if not all(1 <= frames <= 24 for frames in options.frames):
        parser.error("--frames: the model has positions for 1 to 24 frames.")
    if not 1 <= options.steps <= TRAINING_STEPS or options.cache < 1 or options.repeats < 1:
        parser.error(f"--steps is 1 to {TRAINING_STEPS}; --cache and --repeats are at least 1.")

    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        parser.error("PyTorch finds no NVIDIA card; --device cpu --tiny tries the script without one.")
    size, dtype = TINY if options.tiny else FULL, torch.float16 if device.type == "cuda" else torch.float32
    memory = CardMemory(device)
    unet, vae = random_networks(size, device, dtype)
    rows = []
    for frames in options.frames:
        clip = Clip(unet, vae, frames, size["pixels"], options.steps, options.cache, device, dtype)
        if options.compile:
            clip.compile()
        rows.append(measure(clip, device, options.repeats, memory))
        del clip

    about = machine(device, memory)
    full = len(range(0, options.steps, options.cache))
    print(f"PyTorch {about['torch']} on {about['card'] or about['device']}, driver {about['driver']}, CUDA {about['cuda']}, cuDNN {about['cudnn']}; "
          f"{size['pixels']} px, {str(dtype).split('.')[-1]}, {options.steps} steps ({full} full, {options.steps - full} cached), guidance on, "
          f"random weights{', torch.compile' if options.compile else ''}; medians.\n")
    print(table(rows))
    if rows[0]["memory_of"] == "card":
        print("\nMemory is that of the whole card: the driver does not tell processes apart here.")
    print("\n" + json.dumps({"machine": about, "tiny": options.tiny, "steps": options.steps, "cache": options.cache, "rows": rows}))


if __name__ == "__main__":
    main()
