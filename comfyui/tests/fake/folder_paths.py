"""The folders of a ComfyUI that the tests make; see host.py."""
import os

base_path = ""
models_dir = ""


def get_temp_directory():
    return os.path.join(base_path, "temp")


def get_input_directory():
    return os.path.join(base_path, "input")


def get_user_directory():
    return os.path.join(base_path, "user")


def get_folder_paths(name):
    return [os.path.join(base_path, name)]
