"""LatentSync for ComfyUI: the lips of a video move to a sound. Needs no Python packages; see README.md."""
from .nodes import NODE_CLASS_MAPPINGS

NODE_DISPLAY_NAME_MAPPINGS = {name: name for name in NODE_CLASS_MAPPINGS}
WEB_DIRECTORY = "./web"
