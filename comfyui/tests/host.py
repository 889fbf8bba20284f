"""A host like ComfyUI: its folders, the node pack loaded the way it loads packs, and its way to run a prompt."""
import importlib.util
import inspect
import json
import os
import shutil
import stat
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PACK = os.path.join(os.path.dirname(HERE), "ComfyUI-LatentSync16")
ENGINE = os.environ.get("LATENTSYNC_TEST_ENGINE", os.path.join(ROOT, "latentsync"))
sys.path.insert(0, os.path.join(HERE, "fake"))

import comfy.model_management as mm  # noqa: E402
import comfy.utils  # noqa: E402
import folder_paths  # noqa: E402


class Host:
    """Folders of a ComfyUI, with the pack installed and the engine in its folder."""

    def __init__(self, engine=True):
        self.base = tempfile.mkdtemp(prefix="comfy host ")
        folder_paths.base_path, folder_paths.models_dir = self.base, os.path.join(self.base, "models")
        for folder in ("temp", "input", "models", "user/default", "custom_nodes", "output"):
            os.makedirs(os.path.join(self.base, folder))
        self.pack = os.path.join(self.base, "custom_nodes", "ComfyUI-LatentSync16")
        shutil.copytree(PACK, self.pack, ignore=shutil.ignore_patterns("__pycache__", "engine", "engine.txt"))
        if engine:
            self.use_engine(ENGINE)
        self.before = dict(os.environ)
        self.module = load("ComfyUI-LatentSync16 " + os.path.basename(self.base), self.pack)
        self.engine, self.nodes = self.module.nodes.engine, self.module.NODE_CLASS_MAPPINGS
        mm.calls.clear()
        mm.interrupted.clear()
        comfy.utils.bars.clear()

    def use_engine(self, path):
        with open(os.path.join(self.pack, "engine.txt"), "w", encoding="utf-8") as file:
            file.write(path + "\n")

    def set_language(self, language):
        with open(os.path.join(self.base, "user", "default", "comfy.settings.json"), "w", encoding="utf-8") as file:
            json.dump({"Comfy.Locale": language}, file)

    def use_script(self, text):
        """An engine that is a script."""
        path = os.path.join(self.base, "fake engine")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        self.use_engine(path)

    def run(self, name, **inputs):
        """Calls a node as ComfyUI's executor does; widgets that are not given have their defaults."""
        node = self.nodes[name]()
        return getattr(node, node.FUNCTION)(**{**defaults(self.nodes[name]), **inputs})

    def temporary_files(self):
        return sorted(os.listdir(os.path.join(self.base, "temp")))

    def process(self):
        return self.engine._worker and self.engine._worker.process

    def close(self):
        if self.engine._worker:
            self.engine._worker.close(5)
        shutil.rmtree(self.base)


def load(name, folder):
    spec = importlib.util.spec_from_file_location(name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def inputs_of(node):
    declared = node.INPUT_TYPES()
    return {**declared["required"], **declared.get("optional", {})}


def defaults(node):
    return {name: spec[1]["default"] for name, spec in inputs_of(node).items() if len(spec) > 1 and "default" in spec[1]}


def run_prompt(nodes, prompt):
    """Runs a graph in ComfyUI's API format: validates, then executes from the output back, each node once. Gives all results."""
    for key, entry in prompt.items():
        validate(nodes[entry["class_type"]], key, entry)
    results = {}

    def result_of(key):
        if key not in results:
            node, inputs = nodes[prompt[key]["class_type"]], {}
            for name, value in prompt[key]["inputs"].items():
                inputs[name] = result_of(value[0])[value[1]] if isinstance(value, list) else value
            results[key] = getattr(node(), node.FUNCTION)(**inputs)
        return results[key]

    for key in prompt:
        result_of(key)
    return results


def validate(node, key, entry):
    declared = inputs_of(node)
    missing = set(node.INPUT_TYPES().get("required", {})) - set(entry["inputs"])
    assert not missing, f"{key}: required inputs are missing: {missing}"
    for name, value in entry["inputs"].items():
        kind, *rest = declared[name]
        limits = rest[0] if rest else {}
        if isinstance(value, list):
            continue
        assert not isinstance(kind, list) or value in kind, f"{key}.{name}: {value} is not in the list"
        assert limits.get("min", value) <= value <= limits.get("max", value), f"{key}.{name}: {value} is out of range"
    if hasattr(node, "VALIDATE_INPUTS"):
        names = inspect.getfullargspec(node.VALIDATE_INPUTS).args[1:]
        answer = node.VALIDATE_INPUTS(**{name: entry["inputs"][name] for name in names})
        assert answer is True, f"{key}: {answer}"


def interrupt_after(seconds):
    timer = threading.Timer(seconds, mm.interrupted.set)
    timer.start()
    return timer


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)
