"""A second pack with a node of the pack probe: which of both does the host take?"""
import json
import os

import folder_paths


class ProbeTwin:
    """The id of another pack."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE, DESCRIPTION = "probe", "run", ("INT",), True, "Twin of the second"

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": ("INT", {})}}

    def run(self, number):
        return (number,)


def known():
    """Whether the other twin is registered already."""
    import nodes
    return "ProbeTwin" in nodes.NODE_CLASS_MAPPINGS


NODE_CLASS_MAPPINGS = {"ProbeTwin": ProbeTwin}
with open(os.path.join(folder_paths.get_output_directory(), "probe-imports.jsonl"), "a", encoding="utf-8") as file:
    file.write(json.dumps({"process": os.getpid(), "hook": "import", "node": "probe_twin", "known": known()}) + "\n")
