"""The inputs of the nodes: their kinds, ranges and defaults. Their tooltips are those of the English translation.

Workflows save the values of widgets as a list, and prompts by name: so a new input comes after the others, and none is
renamed. Only what no node can do without is required; all others are optional, in the same order.
"""
import functools
import json
import os

from . import host, models

LENGTH_MODES = ("pingpong", "loop_to_audio", "freeze", "trim", "video")
ADJUST_MODES = ("normal", "pingpong", "loop_to_audio", "freeze")
QUIET_MOUTHS = ("model", "rest", "source")
SAMPLERS = ("ddim", "dpmpp_2m", "uni_pc")
BUDGETS = ("auto", "low", "medium", "high", "2", "3", "4", "5", "6", "8", "10", "12", "16", "24")
HIDDEN = {"node_id": "UNIQUE_ID"}

MEDIA = {"images": ("IMAGE",), "audio": ("AUDIO",)}
FILES = {"video": ("VIDEO",), "audio": ("AUDIO",), "video_path": ("STRING", {"default": ""}), "audio_path": ("STRING", {"default": ""})}
SAMPLING = {
    "seed": ("INT", {"default": 1247, "min": 0, "max": 2 ** 64 - 1, "control_after_generate": True}),
    "lips_expression": ("FLOAT", {"default": 1.5, "min": 1.0, "max": 3.0, "step": 0.1}),
    "inference_steps": ("INT", {"default": 20, "min": 1, "max": 999}),
}
RATE = {"fps": ("FLOAT", {"default": 25.0, "min": 1.0, "max": 120.0, "step": 0.001, "round": 0.001})}
SAMPLER = {
    "sampler": (list(SAMPLERS), {"default": "ddim"}),
    "guidance_from": ("FLOAT", {"default": 0.0, "min": 0.0, "max": 1.0, "step": 0.05}),
    "guidance_to": ("FLOAT", {"default": 1.0, "min": 0.0, "max": 1.0, "step": 0.05}),
}
QUIET = {"quiet_mouth": (list(QUIET_MOUTHS), {"default": "model"})}


def padding(seconds):
    """The silence after the sound; its default differs between the nodes."""
    return {"silent_padding_sec": ("FLOAT", {"default": seconds, "min": 0.0, "max": 60.0, "step": 0.1})}


def settings():
    """All that can be set of a job but its inputs; the drop-downs hold what there is now."""
    return {
        **SAMPLING,
        "num_frames": ("INT", {"default": 16, "min": 4, "max": 32, "step": 4}),
        "cache_interval": ("INT", {"default": 3, "min": 1, "max": 10}),
        "length_mode": (list(LENGTH_MODES), {"default": "pingpong"}),
        **padding(0.0),
        "face": ("STRING", {"default": "largest"}),
        "model": (models.model_choices(), {"default": models.AUTO}),
        "device": (models.device_choices(), {"default": models.AUTO}),
        "vram": (list(BUDGETS), {"default": "auto"}),
        "keep_model_loaded": ("BOOLEAN", {"default": False}),
    }


def inputs(node, required, optional):
    """What ComfyUI asks for as INPUT_TYPES."""
    tooltips = texts(node)["inputs"]
    groups = {"required": required, "optional": optional}
    declared = {group: {name: _with_tooltip(kind, tooltips[name]["tooltip"]) for name, kind in widgets.items()} for group, widgets in groups.items()}
    return {**declared, "hidden": dict(HIDDEN)}


def texts(node):
    """The English words of a node."""
    return _english()[node.replace(".", "_")]


def _with_tooltip(kind, tooltip):
    return kind[0], {**(kind[1] if len(kind) > 1 else {}), "tooltip": tooltip}


@functools.lru_cache(maxsize=None)
def _english():
    with open(os.path.join(host.PACK, "locales", host.ENGLISH, "nodeDefs.json"), encoding="utf-8") as file:
        return json.load(file)
