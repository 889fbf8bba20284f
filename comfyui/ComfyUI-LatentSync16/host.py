"""ComfyUI as this pack sees it: its folders, language, memory, interrupt, and the text it shows on a node.

Everything that differs between versions of ComfyUI is asked for here, so that the other modules need not know.
"""
import json
import os
import sys

import comfy.model_management as model_management
import folder_paths

PACK = os.path.dirname(os.path.abspath(__file__))
MODEL_KIND = "latentsync"
ENGLISH, CHINESE = "en", "zh"


def register_model_folder():
    """Makes "latentsync" a kind of model: models/latentsync, and whatever extra_model_paths.yaml names for it."""
    folder_paths.add_model_folder_path(MODEL_KIND, os.path.join(folder_paths.models_dir, MODEL_KIND))


def model_folders():
    """The folders of the models of this kind, the user's first choice first."""
    return list(folder_paths.get_folder_paths(MODEL_KIND))


def pack_folders():
    """The folders that hold node packs; another LatentSync pack in there may have the weights already."""
    return list(folder_paths.get_folder_paths("custom_nodes"))


def language():
    """The language of the interface: CHINESE or ENGLISH. Asked for each time, because the user may change it."""
    path = os.path.join(folder_paths.get_user_directory(), "default", "comfy.settings.json")
    try:
        with open(path, encoding="utf-8") as file:
            settings = json.load(file)
    except (OSError, ValueError):
        return ENGLISH
    locale = settings.get("Comfy.Locale") if isinstance(settings, dict) else None
    return CHINESE if isinstance(locale, str) and locale.startswith(CHINESE) else ENGLISH


def input_folder():
    """Where ComfyUI's users put files for a workflow."""
    return folder_paths.get_input_directory()


def input_file(text):
    """The path a user means: what is relative lies in ComfyUI's input folder; quotes and spaces around it are left out.

    Names as ComfyUI writes them, such as "talk.mp4 [output]", are understood too. Empty for nothing.
    """
    name = strip_quotes(text)
    if not name:
        return ""
    for kind, folder in (("input", folder_paths.get_input_directory), ("output", folder_paths.get_output_directory), ("temp", folder_paths.get_temp_directory)):
        if name.endswith(f"[{kind}]"):
            return os.path.join(folder(), name[:-len(kind) - 2].strip())
    return os.path.normpath(os.path.join(input_folder(), os.path.expanduser(name)))


def strip_quotes(text):
    """The text without the quotes and spaces around it, which come along when a path is copied from a file manager."""
    name = (text or "").strip()
    for left, right in ('""', "''", "\u201c\u201d", "\u2018\u2019"):
        if len(name) > 1 and name[0] == left and name[-1] == right:
            name = name[1:-1].strip()
    return name


def throw_if_interrupted():
    """Raises what ComfyUI's executor takes for an interrupt, if the user asked for one."""
    model_management.throw_exception_if_processing_interrupted()


def free_card():
    """Gives the card's memory that ComfyUI holds to whoever comes next; the engine is another process."""
    model_management.unload_all_models()
    model_management.soft_empty_cache()


def show_text(node_id, text):
    """Shows a text on a node while it runs; does nothing where the host cannot, or outside of a server."""
    server = sys.modules.get("server")
    instance = getattr(getattr(server, "PromptServer", None), "instance", None)
    if node_id is not None and hasattr(instance, "send_progress_text"):
        instance.send_progress_text(text, node_id)


def is_taken(class_id):
    """Whether ComfyUI knows a node of this id from another pack, which was loaded before."""
    known = getattr(sys.modules.get("nodes"), "NODE_CLASS_MAPPINGS", {})
    owner = getattr(known.get(class_id), "__module__", __package__)
    return owner != __package__ and not owner.startswith(__package__ + ".")


def accepts_link(received, expected):
    """Whether an output of one type may be linked to an input of another, by the host's own rule where it has one."""
    try:
        from comfy_execution.validation import validate_node_input
    except ImportError:
        return received == expected
    return validate_node_input(received, expected)
