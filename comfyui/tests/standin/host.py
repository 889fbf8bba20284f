"""The stand-in: takes prompts, checks them, runs them in a thread of its own, and tells of it, as ComfyUI does.

What it does is what the facts say (tests/facts), no more: nodes of the older kind ("V1"), results kept while their inputs
are the same, lists that run a node once for each item. No subgraphs, no lazy inputs, no asynchronous nodes.
"""
import asyncio
import contextlib
import importlib.util
import json
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
import traceback
import uuid

import torch

MODULES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "modules")
sys.path.insert(0, MODULES)

import comfy.model_management as model_management  # noqa: E402
import comfy.utils  # noqa: E402
import comfy_execution.utils  # noqa: E402
import folder_paths  # noqa: E402
import nodes as registry  # noqa: E402
import server  # noqa: E402

from hosts.interface import Event, Host, Refused, Run  # noqa: E402

from .checks import PromptCheck, declared_inputs, is_link  # noqa: E402
from .versions import NEWEST, VERSIONS  # noqa: E402

FOLDERS = ("input", "output", "temp", "models", "custom_nodes", os.path.join("user", "default"))
JPEG, PNG = 1, 2


class StandIn(Host):
    """A ComfyUI of one version, with the packs whose folders are given, in the order of loading."""
    is_real = False

    def __init__(self, packs, version=NEWEST, model_folders=None):
        self.behaviour = VERSIONS[version]
        self.version = version
        self.base = tempfile.mkdtemp(prefix="comfy host ")
        for folder in FOLDERS:
            os.makedirs(os.path.join(self.base, folder))
        self._events, self._runs, self._complaints, self._lock = {}, {}, {}, threading.Lock()
        self._prompts, self._current, self._kept, self._objects = queue.Queue(), None, {}, {}
        self._set_up_modules(model_folders or {})
        for pack in packs:
            self.install(pack)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _set_up_modules(self, model_folders):
        folder_paths.set_base(self.base)
        for kind, folder in model_folders.items():
            folder_paths.add_model_folder_path(kind, folder)
        registry.NODE_CLASS_MAPPINGS.clear()
        registry.NODE_DISPLAY_NAME_MAPPINGS.clear()
        base = Exception if self.behaviour.interrupt_is_exception else BaseException
        model_management.InterruptProcessingException = type("InterruptProcessingException", (base,), {"__module__": "comfy.model_management"})
        model_management.interrupt_current_processing(False)
        model_management.calls.clear()
        comfy.utils.throttles, comfy.utils.hook = self.behaviour.throttles_progress, self._on_progress
        server.PromptServer.instance = server.PromptServer(self._send)

    def install(self, pack):
        """Copies a pack into custom_nodes and loads it, as the last so far. Gives its folder."""
        name = os.path.basename(os.path.normpath(pack))
        folder = os.path.join(self.base, "custom_nodes", name)
        shutil.copytree(pack, folder, ignore=shutil.ignore_patterns("__pycache__", "engine", "engine.txt"))
        module = asyncio.run(self._load(folder))
        for key, node in module.NODE_CLASS_MAPPINGS.items():
            node.RELATIVE_PYTHON_MODULE = "custom_nodes." + name
            registry.NODE_CLASS_MAPPINGS[key] = node
        registry.NODE_DISPLAY_NAME_MAPPINGS.update(getattr(module, "NODE_DISPLAY_NAME_MAPPINGS", {}))
        return folder

    @staticmethod
    async def _load(folder):
        name = folder.replace(".", "_x_")
        spec = importlib.util.spec_from_file_location(name, os.path.join(folder, "__init__.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    # What a client asks

    def submit(self, prompt):
        prompt = json.loads(json.dumps(prompt))
        check = PromptCheck(prompt, registry.NODE_CLASS_MAPPINGS, self.behaviour)
        outputs, answer = asyncio.run(check.run())
        if not outputs:
            raise Refused(answer)
        key = str(uuid.uuid4())
        with self._lock:
            self._events[key] = []
            self._complaints[key] = {name: entry["errors"] for name, entry in answer["node_errors"].items()}
        self._prompts.put((key, prompt, outputs))
        return key

    def complaints(self, key):
        return self._complaints[key]

    def finished(self, key):
        with self._lock:
            return self._runs.get(key)

    def events(self, key):
        with self._lock:
            return list(self._events[key])

    def interrupt(self):
        model_management.interrupt_current_processing()

    def queue(self):
        return int(self._current is not None), self._prompts.qsize()

    def object_info(self, name):
        node = registry.NODE_CLASS_MAPPINGS.get(name)
        if node is None:
            return None
        declared = node.INPUT_TYPES()
        return json.loads(json.dumps({
            "input": declared, "input_order": {group: list(inputs) for group, inputs in declared.items()}, "output": list(node.RETURN_TYPES),
            "output_name": list(getattr(node, "RETURN_NAMES", node.RETURN_TYPES)),
            "output_is_list": list(getattr(node, "OUTPUT_IS_LIST", [False] * len(node.RETURN_TYPES))),
            "name": name, "display_name": registry.NODE_DISPLAY_NAME_MAPPINGS.get(name, name), "description": getattr(node, "DESCRIPTION", ""),
            "python_module": node.RELATIVE_PYTHON_MODULE, "category": getattr(node, "CATEGORY", "sd"), "output_node": getattr(node, "OUTPUT_NODE", False),
            **({"output_tooltips": list(node.OUTPUT_TOOLTIPS)} if hasattr(node, "OUTPUT_TOOLTIPS") else {})}))

    def folder(self, name):
        return os.path.join(self.base, name)

    def process(self):
        return os.getpid()

    def set_language(self, language):
        with open(os.path.join(self.base, "user", "default", "comfy.settings.json"), "w", encoding="utf-8") as file:
            json.dump({"Comfy.Locale": language}, file)

    def close(self):
        self._prompts.put(None)
        self._thread.join(30)
        shutil.rmtree(self.base, ignore_errors=True)

    # What happens in the thread of the prompts

    def _work(self):
        for item in iter(self._prompts.get, None):
            self._current = item[0]
            try:
                asyncio.run(self._run(*item))
            except BaseException:  # a fault of the stand-in, or what no host could catch
                told = {"exception_type": "stand-in", "exception_message": traceback.format_exc(), "node_id": None}
                with self._lock:
                    self._runs[item[0]] = Run(item[0], "error", {}, list(self._events[item[0]]), told)
            self._current = None

    async def _run(self, key, prompt, outputs):
        model_management.interrupt_current_processing(False)
        with torch.inference_mode():
            run = _PromptRun(self, key, prompt)
            self._send("execution_start", {"prompt_id": key})
            ended, error = run.execute(outputs)
        self._send("executing", {"node": None, "prompt_id": key})
        with self._lock:
            self._runs[key] = Run(key, ended, run.ui, list(self._events[key]), error)

    def _send(self, name, data):
        key = data.get("prompt_id", self._current)
        with self._lock:
            if key in self._events:
                self._events[key].append(Event(name, data, time.monotonic()))

    def _on_progress(self, value, total, preview, node_id=None):
        context = comfy_execution.utils.get_executing_context()
        key = context.prompt_id if context else self._current
        node_id = node_id or (context.node_id if context else server.PromptServer.instance.last_node_id)
        model_management.throw_exception_if_processing_interrupted()
        self._send("progress_state", {"prompt_id": key, "nodes": {node_id: {"value": value, "max": total, "state": "running"}}})
        self._send("progress", {"value": value, "max": total, "prompt_id": key, "node": node_id})
        if preview is not None:
            kind, picture, _ = preview
            self._send("preview", {"kind": JPEG if kind == "JPEG" else PNG, "bytes": picture.width * picture.height})


class _PromptRun:
    """One prompt on its way."""

    def __init__(self, host, key, prompt):
        self.host, self.key, self.prompt = host, key, prompt
        self.ui, self.results, self.executed = {}, {}, []
        self._changed, self._signatures = {}, {}
        for name in prompt:
            self._signatures[name] = self._signature(name)
        kept = set(self._signatures.values())
        host._kept = {signature: entry for signature, entry in host._kept.items() if signature in kept}
        host._objects = {place: node for place, node in host._objects.items() if place[0] in prompt}

    def _class(self, name):
        return registry.NODE_CLASS_MAPPINGS[self.prompt[name]["class_type"]]

    def _signature(self, name):
        """What a result depends on: the node, its inputs, and those of all nodes before it."""
        entry = self.prompt[name]
        inputs = {key: [self._signature(value[0]), value[1]] if is_link(value) else value for key, value in sorted(entry["inputs"].items())}
        takes_its_id = "UNIQUE_ID" in declared_inputs(self._class(name), "hidden").values()
        return json.dumps([entry["class_type"], self._is_changed(name), inputs, name if takes_its_id else None], default=repr)

    def _is_changed(self, name):
        node = self._class(name)
        if not hasattr(node, "IS_CHANGED"):
            return False
        if name not in self._changed:
            try:
                answers = [node.IS_CHANGED(**one) for one in self._calls(name, links=False)]
                # What is not equal to itself changes each time.
                self._changed[name] = [answer if answer == answer else uuid.uuid4().hex for answer in answers]
            except Exception:
                self._changed[name] = uuid.uuid4().hex
        return self._changed[name]

    def _calls(self, name, links=True):
        """The arguments of each call of a node: one, unless it is given lists. Without links those are None."""
        node, values = self._class(name), {}
        declared = {**declared_inputs(node, "required"), **declared_inputs(node, "optional")}
        for key, value in self.prompt[name]["inputs"].items():
            if is_link(value):
                values[key] = self.results[value[0]][value[1]] if links else [None]
            elif key in declared:
                values[key] = [value]
        for key, kind in declared_inputs(node, "hidden").items():
            values[key] = [{"UNIQUE_ID": name, "PROMPT": self.prompt, "EXTRA_PNGINFO": None}.get(kind)]
        if getattr(node, "INPUT_IS_LIST", False):
            return [values]
        count = max(map(len, values.values()), default=1)
        return [{key: parts[min(index, len(parts) - 1)] for key, parts in values.items()} for index in range(count)]

    def execute(self, outputs):
        """How it ended, and the error that ended it."""
        cached = [name for name in self.prompt if self._signatures[name] in self.host._kept]
        self.host._send("execution_cached", {"nodes": cached, "prompt_id": self.key})
        waiting = self._needed(outputs)
        while waiting:
            ready = [name for name in waiting if name in self.results or all(link in self.results for link in self._links(name))]
            # Nodes that show something come first.
            name = next((name for name in ready if getattr(self._class(name), "OUTPUT_NODE", False)), ready[0])
            try:
                self._run_node(name)
            except model_management.InterruptProcessingException:
                self.host._send("execution_interrupted", {"prompt_id": self.key, "node_id": name, "node_type": self.prompt[name]["class_type"]})
                return "interrupted", None
            except Exception as error:
                return "error", self._tell(name, error)
            waiting.remove(name)
        self.host._send("execution_success", {"prompt_id": self.key})
        return "success", None

    def _links(self, name):
        return [value[0] for value in self.prompt[name]["inputs"].values() if is_link(value)]

    def _needed(self, outputs):
        """The nodes that the outputs depend on; what is kept needs nothing before it."""
        needed, ahead = [], list(outputs)
        while ahead:
            name = ahead.pop(0)
            kept = self.host._kept.get(self._signatures[name])
            if kept:
                self.results[name] = kept[0]
                if self.host.behaviour.keeps_what_was_shown and kept[1]:
                    self.ui[name] = kept[1]
            if name not in needed and (not kept or name in outputs):
                needed.append(name)
                ahead.extend(self._links(name))
        return sorted(needed, key=list(self.prompt).index)

    def _run_node(self, name):
        signature, state = self._signatures[name], {"prompt_id": self.key, "nodes": {name: {"state": "finished"}}}
        if signature in self.host._kept:
            self.results[name], ui = self.host._kept[signature]
            self.host._send("executed", {"node": name, "output": ui or None, "prompt_id": self.key})
            if ui:
                self.ui[name] = ui
            self.host._send("progress_state", state)
            return
        self.host._send("progress_state", {"prompt_id": self.key, "nodes": {name: {"state": "running"}}})
        server.PromptServer.instance.last_node_id = name
        self.host._send("executing", {"node": name, "prompt_id": self.key})
        place = name, self.prompt[name]["class_type"]
        calls = self._calls(name)
        node = self.host._objects.setdefault(place, None) or self._class(name)()
        self.host._objects[place] = node
        answers = []
        for index, arguments in enumerate(calls):
            model_management.throw_exception_if_processing_interrupted()
            with self._context(name, index):
                answers.append(getattr(node, node.FUNCTION)(**arguments))
        results, ui = self._collect(node, answers)
        if ui:
            self.ui[name] = ui
            self.host._send("executed", {"node": name, "output": ui, "prompt_id": self.key})
        self.results[name] = results
        if self.host.behaviour.requires_outputs:
            self._hand_out(name)
        self.host._kept[signature] = results, ui
        self.host._send("progress_state", state)
        self.executed.append(name)

    @contextlib.contextmanager
    def _context(self, name, index):
        token = comfy_execution.utils.current.set(comfy_execution.utils.ExecutionContext(self.key, name, index))
        try:
            yield
        finally:
            comfy_execution.utils.current.reset(token)

    def _collect(self, node, answers):
        """The results by output, each a list with one item for each call, and what the interface is shown."""
        rows, uis = [], []
        for answer in answers:
            if isinstance(answer, dict):
                if "ui" in answer:
                    uis.append(answer["ui"])
                if "result" in answer:
                    rows.append(answer["result"])
            else:
                rows.append(answer)
        lists = getattr(node, "OUTPUT_IS_LIST", [False] * len(node.RETURN_TYPES))
        results = []
        for index in range(len(rows[0]) if rows else 0):
            parts = [row[index] for row in rows]
            results.append([item for part in parts for item in part] if lists[index] else parts)
        ui = {key: json.loads(json.dumps([item for one in uis for item in one[key]])) for key in uis[0]} if uis else {}
        return results if rows else _NoResults(), ui

    def _hand_out(self, name):
        """Looks for each result that other nodes are linked to."""
        for entry in self.prompt.values():
            for value in entry["inputs"].values():
                if is_link(value) and value[0] == name:
                    list(self.results[name])[value[1]]

    def _tell(self, name, error):
        kind = type(error)
        full_name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        told = {"prompt_id": self.key, "node_id": name, "node_type": self.prompt[name]["class_type"], "executed": list(self.executed),
                "exception_message": f"{error}\n", "exception_type": full_name, "traceback": traceback.format_tb(error.__traceback__)}
        self.host._send("execution_error", told)
        return told


class _NoResults(list):
    """The results of a node that gave only something to show: whoever asks for one is given None."""

    def __getitem__(self, index):
        return [None]

