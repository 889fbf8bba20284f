"""What every training script does: time limit, learning rate, average of weights, saving."""
import copy
import math
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
    def progress(self):
        return min(self.spent / self.seconds, 1.0)

    def rate(self, top, step, warm=200):
        """Linear warm-up, then half a cosine down to 3 %."""
        return top * min(1.0, (step + 1) / warm) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * self.progress)))


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


def quick(device):
    """TensorFloat-32 where autocast leaves float32."""
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
