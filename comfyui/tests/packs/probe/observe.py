"""The journal, and what is noted of a call: its thread, PyTorch's modes, its arguments."""
import asyncio
import json
import os
import threading

import folder_paths
import torch

_lock = threading.Lock()


def note(hook, node, values, name="journal"):
    """Adds a line to a journal of the output folder."""
    line = {"process": os.getpid(), "hook": hook, "node": node, **values}
    with _lock, open(os.path.join(folder_paths.get_output_directory(), f"probe-{name}.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def around():
    """The thread and its modes."""
    try:
        asyncio.get_running_loop()
        loop = True
    except RuntimeError:
        loop = False
    return {"main_thread": threading.current_thread() is threading.main_thread(), "thread": threading.get_ident(), "event_loop": loop,
            "inference_mode": torch.is_inference_mode_enabled(), "grad_mode": torch.is_grad_enabled()}


def describe(value):
    """A value as JSON: numbers and text as they are, of a tensor its kind."""
    if isinstance(value, torch.Tensor):
        return {"tensor": [len(value.shape), str(value.dtype), str(value.device)], "contiguous": value.is_contiguous(), "inference": value.is_inference()}
    if isinstance(value, dict):
        return {name: describe(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *map(describe, value)]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return "class " + type(value).__name__


def bases(kind):
    return [base.__name__ for base in kind.__mro__[1:] if base is not object]
