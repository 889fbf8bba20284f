"""ComfyUI's package of this name, as far as nodes use it."""
