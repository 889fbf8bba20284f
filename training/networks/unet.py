"""LatentSync's UNet3D with the public state-dict names; sizes from the `model` part of its config.yaml."""
import math

import torch
from torch import nn
import torch.nn.functional as F

from networks.layers import CrossAttention, FeedForward


def time_features(t, width):
    """Sinusoids of the timestep, cosines first."""
    rate = torch.exp(-math.log(10000) / (width // 2) * torch.arange(width // 2, device=t.device))
    angle = t.float()[:, None] * rate
    return torch.cat([angle.cos(), angle.sin()], dim=1)


def clip_norm(norm, x, frames):
    """GroupNorm whose statistics run over all frames of a clip: x [b*f, c, h, w].

    Sums per frame and channel, joined over the clip, give the same numbers as a norm over the joined clip, and x
    keeps its memory layout.
    """
    n, c, h, w = x.shape
    g = norm.num_groups
    count = frames * (c // g) * h * w
    with torch.autocast(x.device.type, enabled=False):  # it would copy x to float32 first
        total = x.sum(dim=(2, 3), dtype=torch.float32).reshape(-1, frames, g, c // g).sum(dim=(1, 3))
        power = torch.linalg.vector_norm(x, dim=(2, 3), dtype=torch.float32).square().reshape(-1, frames, g, c // g).sum(dim=(1, 3))
    mean = total / count
    scale = ((power / count - mean.square()).clamp(min=0) + norm.eps).rsqrt()
    weight = norm.weight.float() * scale.repeat_interleave(c // g, dim=1)
    shift = norm.bias.float() - mean.repeat_interleave(c // g, dim=1) * weight
    weight, shift = (v.to(x.dtype).repeat_interleave(frames, dim=0)[:, :, None, None] for v in (weight, shift))
    return torch.addcmul(shift, x, weight)


class TimestepEmbedding(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(width, width * 4), nn.Linear(width * 4, width * 4)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class Resnet(nn.Module):
    def __init__(self, inputs, outputs, time, config):
        super().__init__()
        groups, eps = config["norm_num_groups"], float(config["norm_eps"])
        self.norm1, self.conv1 = nn.GroupNorm(groups, inputs, eps), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, outputs)
        self.norm2, self.conv2 = nn.GroupNorm(groups, outputs, eps), nn.Conv2d(outputs, outputs, 3, padding=1)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time, frames):
        h = self.conv1(F.silu(clip_norm(self.norm1, x, frames)))
        h = h + self.time_emb_proj(time)[:, :, None, None].to(h.dtype)
        h = self.conv2(F.silu(clip_norm(self.norm2, h, frames)))
        return h + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.norm1, self.attn1 = nn.LayerNorm(width), CrossAttention(width, heads)
        self.norm2, self.attn2 = nn.LayerNorm(width), CrossAttention(width, heads, context)
        self.norm3, self.ff = nn.LayerNorm(width), FeedForward(width)

    def forward(self, x, audio):
        x = x + self.attn1(self.norm1(x))
        x = x + self.attn2(self.norm2(x), audio)
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, width, config):
        super().__init__()
        self.norm = nn.GroupNorm(config["norm_num_groups"], width, 1e-6)
        self.proj_in, self.proj_out = nn.Conv2d(width, width, 1), nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList(
            [TransformerBlock(width, config["attention_head_dim"], config["cross_attention_dim"])])

    def forward(self, x, audio):
        n, c, h, w = x.shape
        t = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(n, h * w, c)
        t = self.transformer_blocks[0](t, audio)
        return x + self.proj_out(t.reshape(n, h, w, c).permute(0, 3, 1, 2))


class FramePositions(nn.Module):
    def __init__(self, width, length):
        super().__init__()
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        angle = torch.arange(length)[:, None] * rate
        self.register_buffer("pe", torch.stack([angle.sin(), angle.cos()], dim=2).reshape(1, length, width))


class TemporalAttention(CrossAttention):
    def __init__(self, width, heads, length):
        super().__init__(width, heads)
        self.pos_encoder = FramePositions(width, length)

    def forward(self, x):
        return super().forward(x + self.pos_encoder.pe[:, : x.shape[1]].to(x.dtype))


class TemporalBlock(nn.Module):
    def __init__(self, width, heads, length, count):
        super().__init__()
        self.attention_blocks = nn.ModuleList([TemporalAttention(width, heads, length) for _ in range(count)])
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(count)])
        self.ff, self.ff_norm = FeedForward(width), nn.LayerNorm(width)

    def forward(self, x):
        for block, norm in zip(self.attention_blocks, self.norms):
            x = x + block(norm(x))
        return x + self.ff(self.ff_norm(x))


class TemporalTransformer(nn.Module):
    def __init__(self, width, config):
        super().__init__()
        options = config["motion_module_kwargs"]
        self.norm = nn.GroupNorm(config["norm_num_groups"], width, 1e-6)
        self.proj_in, self.proj_out = nn.Linear(width, width), nn.Linear(width, width)
        self.transformer_blocks = nn.ModuleList([
            TemporalBlock(width, options["num_attention_heads"], options["temporal_position_encoding_max_len"],
                          len(options["attention_block_types"])) for _ in range(options["num_transformer_block"])])
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)

    def forward(self, x, frames):
        n, c, h, w = x.shape
        b = n // frames
        t = self.norm(x).reshape(b, frames, c, h * w).permute(0, 3, 1, 2).reshape(b * h * w, frames, c)
        t = self.proj_in(t)
        for block in self.transformer_blocks:
            t = block(t)
        t = self.proj_out(t).reshape(b, h * w, frames, c).permute(0, 2, 3, 1).reshape(n, c, h, w)
        return x + t


class MotionModule(nn.Module):
    def __init__(self, width, config):
        super().__init__()
        self.temporal_transformer = TemporalTransformer(width, config)

    def forward(self, x, frames):
        return self.temporal_transformer(x, frames)


class Scaler(nn.Module):
    def __init__(self, width, up):
        super().__init__()
        self.up, self.conv = up, nn.Conv2d(width, width, 3, padding=1, stride=1 if up else 2)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest") if self.up else x)


class Block(nn.Module):
    """One level: resnets, each followed by attention and a motion module where the level has them."""

    def __init__(self, inputs, width, time, config, attend, move, up, scale):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(i, width, time, config) for i in inputs])
        if attend:
            self.attentions = nn.ModuleList([Transformer(width, config) for _ in inputs])
        if move:
            self.motion_modules = nn.ModuleList([MotionModule(width, config) for _ in inputs])
        if scale:
            setattr(self, "upsamplers" if up else "downsamplers", nn.ModuleList([Scaler(width, up)]))

    def layer(self, i, x, time, audio, frames):
        x = self.resnets[i](x, time, frames)
        if hasattr(self, "attentions"):
            x = self.attentions[i](x, audio)
        return self.motion_modules[i](x, frames) if hasattr(self, "motion_modules") else x


class Middle(nn.Module):
    def __init__(self, width, time, config):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(width, width, time, config) for _ in range(2)])
        self.attentions = nn.ModuleList([Transformer(width, config)])

    def forward(self, x, time, audio, frames):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, time, frames), audio), time, frames)


class UNet3D(nn.Module):
    """sample [b, 13, f, h, w], timestep [b], audio [b*f, tokens, c] -> predicted noise [b, 4, f, h, w]."""

    def __init__(self, config):
        super().__init__()
        widths, layers = config["block_out_channels"], config["layers_per_block"]
        time = widths[0] * 4
        self.width = widths[0]
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(widths[0])
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        skips = [widths[0]]
        for i, width in enumerate(widths):
            scale = i < len(widths) - 1
            inputs = [widths[max(i - 1, 0)]] + [width] * (layers - 1)
            self.down_blocks.append(Block(inputs, width, time, config, "CrossAttn" in config["down_block_types"][i],
                                          2 ** i in config["motion_module_resolutions"], False, scale))
            skips += [width] * (layers + scale)
        self.mid_block = Middle(widths[-1], time, config)
        previous = widths[-1]
        for i, width in enumerate(widths[::-1]):
            inputs = []
            for _ in range(layers + 1):
                inputs.append(previous + skips.pop())
                previous = width
            self.up_blocks.append(
                Block(inputs, width, time, config, "CrossAttn" in config["up_block_types"][i],
                      2 ** (len(widths) - 1 - i) in config["motion_module_resolutions"], True, i < len(widths) - 1))
        self.conv_norm_out = nn.GroupNorm(config["norm_num_groups"], widths[0], float(config["norm_eps"]))
        self.conv_out = nn.Conv2d(widths[0], config["out_channels"], 3, padding=1)

    def forward(self, sample, timestep, audio):
        b, c, frames, h, w = sample.shape
        x = sample.transpose(1, 2).reshape(b * frames, c, h, w).contiguous(memory_format=torch.channels_last)
        time = self.time_embedding(time_features(timestep, self.width).to(self.time_embedding.linear_1.weight.dtype))
        time = F.silu(time).repeat_interleave(frames, dim=0)
        x = self.conv_in(x)
        skips = [x]
        for block in self.down_blocks:
            for i in range(len(block.resnets)):
                x = block.layer(i, x, time, audio, frames)
                skips.append(x)
            for scaler in getattr(block, "downsamplers", ()):
                x = scaler(x)
                skips.append(x)
        x = self.mid_block(x, time, audio, frames)
        for block in self.up_blocks:
            for i in range(len(block.resnets)):
                x = block.layer(i, torch.cat([x, skips.pop()], dim=1), time, audio, frames)
            for scaler in getattr(block, "upsamplers", ()):
                x = scaler(x)
        x = self.conv_out(F.silu(clip_norm(self.conv_norm_out, x, frames)))
        return x.reshape(b, frames, -1, h, w).transpose(1, 2)
