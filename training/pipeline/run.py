"""What every training script does: time limit, learning rate, average of weights, saving."""
import copy
import math
import os
import time

import torch


class Clock:
    """Training runs for a number of seconds; progress 0..1 drives the learning rate."""

    def __init__(self, seconds):
        self.start, self.seconds = time.time(), seconds

    @property
    def spent(self):
        return time.time() - self.start

    @property
    def done(self):
        return self.spent >= self.seconds

    @property
    def progress(self):
        return min(self.spent / self.seconds, 1.0)

    def rate(self, top, step):
        return rate_at(top, self.progress, step)


def rate_at(top, progress, step, warm=200):
    """Linear warm-up, then half a cosine down to 3 %."""
    return top * min(1.0, (step + 1) / warm) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * progress)))


class Average:
    """Exponential moving average of a module's weights; quick at first."""

    def __init__(self, module, decay=0.999):
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay, self.steps = decay, 0
        self._pairs = None

    @torch.no_grad()
    def update(self, module):
        if self._pairs is None:
            self._pairs = ([p for p in self.module.parameters()], [p for p in module.parameters()])
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        torch._foreach_mul_(self._pairs[0], decay)
        torch._foreach_add_(self._pairs[0], [p.detach() for p in self._pairs[1]], alpha=1 - decay)


def optimizer(parameters, rate, device):
    return torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.99), weight_decay=0.01,
                             **({"fused": True} if device.type == "cuda" else {}))


def set_rate(optimizer, rate):
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("share", 1.0)


def autocast(device):
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")


class LowPrecision:
    """bfloat16 copies of modules for forward and backward; the optimizer and the averages work on the originals.

    Autocast would cast every weight in every step, thousands of small kernels. With several processes (torchrun) the
    gradients are averaged over them, and so is the `note`, a few numbers on which all processes must agree.
    """

    def __init__(self, modules, device):
        kind = torch.bfloat16 if device.type == "cuda" else torch.float32
        self.originals = [p for module in modules for p in module.parameters()]
        self.modules = [copy.deepcopy(module).to(kind).to(memory_format=torch.channels_last) for module in modules]
        self._copies = [p for module in self.modules for p in module.parameters()]
        self._agreed = None

    @torch.no_grad()
    def pull(self):
        torch._foreach_copy_(self._copies, self.originals)

    @torch.no_grad()
    def push(self, note):
        """Gradients to the originals; returns the averaged note of the step before, which is there without waiting."""
        parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in self._copies]
        device = parts[0].device
        flat = torch.cat([torch.cat([p.flatten() for p in parts]).float(), torch.tensor(note).to(device, non_blocking=True)])
        if torch.distributed.is_initialized():
            torch.distributed.all_reduce(flat)
            flat /= torch.distributed.get_world_size()
        for original, part in zip(self.originals, flat[: -len(note)].split([p.numel() for p in parts])):
            original.grad = part.view_as(original)
        for low in self._copies:
            low.grad = None
        if device.type != "cuda":
            return flat[-len(note):].tolist()
        pinned = torch.empty(len(note), pin_memory=True)
        pinned.copy_(flat[-len(note):], non_blocking=True)
        before, self._agreed = self._agreed, (pinned, torch.cuda.Event())
        self._agreed[1].record()
        if before is None:
            return [0.0] * len(note)
        before[1].synchronize()
        return before[0].tolist()


def join_processes():
    """(rank, device): one GPU per process under torchrun, else the first GPU or the CPU."""
    if "RANK" not in os.environ:
        return 0, torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rank = int(os.environ["LOCAL_RANK"])
    torch.cuda.set_device(rank)
    torch.distributed.init_process_group("nccl")
    return rank, torch.device("cuda", rank)


def recorded(module, example):
    """The module as a CUDA graph, forward and backward: the small networks here are bound by launches otherwise."""
    return torch.cuda.make_graphed_callables(module, example, allow_unused_input=True) if example[0].is_cuda else module


def save(path, state):
    torch.save(state, path + ".part")
    os.replace(path + ".part", path)


def quick(device):
    """TensorFloat-32 where autocast leaves float32."""
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
