"""LatentSync for ComfyUI: the lips of a video move to a sound. Needs no Python packages; see README.md."""
from . import host

host.register_model_folder()

from .nodes import NODE_CLASS_MAPPINGS, NODE_DISPLAY_NAME_MAPPINGS  # noqa: E402  (the drop-downs look into the folder)

WEB_DIRECTORY = "./web"

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS", "WEB_DIRECTORY"]
