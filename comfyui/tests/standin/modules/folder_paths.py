"""The folders of a ComfyUI; host.py names the one around them."""
import os

base_path = models_dir = ""
folder_names_and_paths = {}


def set_base(path):
    global base_path, models_dir
    base_path, models_dir = path, os.path.join(path, "models")
    folder_names_and_paths.clear()
    folder_names_and_paths["custom_nodes"] = ([os.path.join(path, "custom_nodes")], set())


def get_input_directory():
    return os.path.join(base_path, "input")


def get_output_directory():
    return os.path.join(base_path, "output")


def get_temp_directory():
    return os.path.join(base_path, "temp")


def get_user_directory():
    return os.path.join(base_path, "user")


def add_model_folder_path(folder_name, full_folder_path, is_default=False):
    paths = folder_names_and_paths.setdefault(folder_name, ([], set()))[0]
    if full_folder_path in paths:
        if not is_default or paths[0] == full_folder_path:
            return
        paths.remove(full_folder_path)
    paths.insert(0 if is_default else len(paths), full_folder_path)


def get_folder_paths(folder_name):
    return folder_names_and_paths[folder_name][0][:]


def get_annotated_filepath(name, default_dir=None):
    for kind, folder in (("output", get_output_directory), ("input", get_input_directory), ("temp", get_temp_directory)):
        if name.endswith(f"[{kind}]"):
            return os.path.join(folder(), name[:-len(kind) - 3])
    return os.path.join(default_dir or get_input_directory(), name)


def exists_annotated_filepath(name):
    return os.path.exists(get_annotated_filepath(name))
