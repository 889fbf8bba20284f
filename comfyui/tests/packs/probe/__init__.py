"""Records what a node sees inside a host: each call of each hook, line by line, in a file that the experiments read.

The experiments (tests/experiments.py) run it in a real ComfyUI and in the stand-in for it, and compare.
"""
import os

import folder_paths

from .observe import around, note

JOURNAL_FOLDER = folder_paths.get_output_directory()
os.makedirs(JOURNAL_FOLDER, exist_ok=True)
note("import", "probe", {
    **around(),
    "module": __name__.replace(os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep, "<custom_nodes>/"),
    "latentsync_folders": len(folder_paths.folder_names_and_paths.get("latentsync", [[]])[0]),
}, name="imports")

from .nodes import NODE_CLASS_MAPPINGS  # noqa: E402

NODE_DISPLAY_NAME_MAPPINGS = {"ProbeTwin": "Twin of the first"}

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS"]
