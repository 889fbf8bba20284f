"""The models and devices there are, for the drop-downs, and what a choice means."""
import os
import sys

import torch

from . import host
from .messages import NodeError

AUTO = "auto"
DEVICES = (AUTO, "cpu")
BUILT_IN = "demo"  # comes with the engine
PUBLISHED = ("latentsync-1.6", "latentsync-1.5")  # what the engine can download
DOWNLOAD = " (download)"  # after the name of a model in the drop-down: get it if it is not there

_UNET_FILE = "latentsync_unet.pt"
_CHECKPOINTS = "checkpoints"  # where packs that download the weights by themselves keep them


def model_choices():
    """What the drop-down offers: what there is, then what can be downloaded."""
    names = [AUTO, *_names(search_folders()), *_names([_store()]), BUILT_IN]
    downloads = [name + DOWNLOAD for name in PUBLISHED if name not in names]
    return list(dict.fromkeys(names + downloads))


def device_choices():
    """What the drop-down offers: the cards that PyTorch sees have the same numbers in the engine."""
    return [*DEVICES, *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]


def search_folders():
    """Where the engine looks for a model, in this order: ComfyUI's folders of models, then other packs."""
    return host.model_folders() + host.pack_folders()


def split_download(model):
    """The name of a model, and whether the user chose to download it."""
    return (model[:-len(DOWNLOAD)], True) if model.endswith(DOWNLOAD) else (model, False)


def require_known(model):
    """Refuses what cannot be a model, before anything is computed. A name may still be one of the engine's store."""
    name, _ = split_download(model)
    if os.path.isabs(name) and not os.path.isdir(name):
        raise NodeError("no_model_folder", path=name)


def _names(folders):
    found = []
    for folder in folders:
        found += [os.path.basename(path) for path in [folder, *_children(folder)] if _has_model(path)]
    return found


def _children(folder):
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return []


def _has_model(folder):
    return any(os.path.isfile(os.path.join(place, _UNET_FILE)) for place in (folder, os.path.join(folder, _CHECKPOINTS)))


def _store():
    """The engine's own store of models (docs/models.md)."""
    home = os.environ.get("LATENTSYNC_HOME")
    if home:
        return os.path.join(home, "models")
    if sys.platform == "win32":
        data = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        data = os.path.expanduser("~/Library/Application Support")
    else:
        given = os.environ.get("XDG_DATA_HOME", "")
        data = given if os.path.isabs(given) else os.path.expanduser("~/.local/share")
    return os.path.join(data, "latentsync", "models")
