"""A stand-in for ComfyUI: the names the nodes use, and a record of how they use them."""
