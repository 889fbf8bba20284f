"""Where the engine's program is: what engine.txt says, else a few usual places."""
import os
import shutil
import stat
import sys
import sysconfig

import torch

from . import host
from .messages import NodeError

NAME = "latentsync.exe" if sys.platform == "win32" else "latentsync"
SETTING = os.path.join(host.PACK, "engine.txt")
OWN_FOLDER = os.path.join(host.PACK, "engine")
LONGEST_SETTING = 1 << 16  # bytes; more is no path
PACKAGES = "LATENTSYNC_PYTHON_PACKAGES"  # where the engine finds the CUDA libraries that PyTorch has brought


def find():
    """The path of the program: named in engine.txt, else in LATENTSYNC_HOME, in the folder "engine" here, or in PATH.

    Raises a NodeError that says what is missing, and where.
    """
    named = _named()
    if named:
        return _require(named)
    home = os.environ.get("LATENTSYNC_HOME")
    folders = ([home, os.path.join(home, "engine")] if home else []) + [OWN_FOLDER]
    _allow(os.path.join(OWN_FOLDER, NAME))
    found = shutil.which(NAME, path=os.pathsep.join(folders)) or shutil.which(NAME)
    if not found:
        raise NodeError("missing", folder=host.PACK)
    return found


def environment():
    """The environment of the engine: this process's, and the folders of Python's packages behind those that the user names."""
    folders = [os.path.dirname(os.path.dirname(torch.__file__)), *(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))]
    named = [folder for folder in os.environ.get(PACKAGES, "").split(os.pathsep) if folder]
    return {**os.environ, PACKAGES: os.pathsep.join(dict.fromkeys(named + [os.path.abspath(folder) for folder in folders]))}


def _named():
    """What engine.txt names, as a full path; None if there is no such file or nothing in it."""
    try:
        with open(SETTING, "rb") as file:
            text = _decode(file.read(LONGEST_SETTING))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NodeError("setting_unreadable", path=SETTING, reason=error.strerror) from error
    lines = (host.strip_quotes(line) for line in text.replace("\0", "").splitlines())
    line = next((line for line in lines if line and not line.startswith("#")), None)
    return line and os.path.join(host.PACK, os.path.expandvars(os.path.expanduser(line)))


def _decode(data):
    """Text as editors write it: UTF-8 or UTF-16, with or without a mark of which at its beginning."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return data.decode("utf-16-be" if data.startswith(b"\0") else "utf-16-le", "replace")
    return data.decode("utf-8-sig", "replace")


def _require(path):
    """The program at a path that the user named: itself, or in the folder, or in its folder "engine"."""
    if os.path.isdir(path):
        candidates = [os.path.join(path, NAME), os.path.join(path, "engine", NAME)]
        found = next((candidate for candidate in candidates if os.path.isfile(candidate)), None)
        if not found:
            raise NodeError("setting_empty_folder", path=path, name=NAME)
        path = found
    if not os.path.isfile(path):
        raise NodeError("setting", path=path)
    if not os.access(path, os.X_OK):
        raise NodeError("not_executable", path=path)
    return path


def _allow(path):
    """Makes our own copy of the program executable: some programs that unpack archives lose the permission."""
    if os.path.isfile(path) and not os.access(path, os.X_OK):
        try:
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        except OSError as error:
            raise NodeError("not_executable", path=path) from error
