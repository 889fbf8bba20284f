"""A stand-in for ComfyUI: it loads packs and runs prompts as the facts of a real one say (tests/facts)."""
