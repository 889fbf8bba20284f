"""Nodes that record, and nodes that provoke: each shows one thing that a host does."""
import threading
import time

import comfy.model_management
import comfy.utils
import torch

from .observe import around, bases, describe, note

NUMBER = ("INT", {"default": 3, "min": 0, "max": 10})
LINKED = ("INT", {"forceInput": True})
CHOICE = (["one", "two"], {"default": "one"})
NONCE = {"nonce": ("STRING", {"default": ""})}  # a value that no cache knows


class Probe:
    """Records its construction and its run."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "probe", "run", ("INT",), True
    DESCRIPTION, OUTPUT_TOOLTIPS = "What it is for", ("What comes out",)

    def __init__(self):
        note("init", type(self).__name__, around())

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": ("INT", {"default": 3, "min": 0, "max": 10, "tooltip": "What goes in"}), "choice": CHOICE},
                "optional": {"linked": LINKED, "later": ("INT", {"default": 5, "min": 0, "max": 10}), "text": ("STRING", {"default": "x"})},
                "hidden": {"node_id": "UNIQUE_ID"}}

    def run(self, **values):
        note("run", type(self).__name__, {**around(), "arguments": describe(values)})
        return (values["number"],)


class ProbeChanged(Probe):
    """IS_CHANGED whose answer is set by `text`: a word, "nan" or "raise"."""

    @classmethod
    def IS_CHANGED(cls, **values):
        note("IS_CHANGED", cls.__name__, {**around(), "arguments": describe(values)})
        if values["text"] == "raise":
            raise ValueError("refused")
        return float("nan") if values["text"] == "nan" else values["text"]


class ProbeValidateNothing(Probe):
    """A VALIDATE_INPUTS without parameters, which refuses."""

    @classmethod
    def VALIDATE_INPUTS(cls):
        note("VALIDATE_INPUTS", cls.__name__, {**around(), "arguments": {}})
        return "refused by the node"


def answer(number):
    if number == 9:
        raise ValueError("nine raises")
    return {7: "seven is refused", 8: False}.get(number, True)


class ProbeValidateNumber(Probe):
    """One named input, which may be linked or a widget."""

    @classmethod
    def VALIDATE_INPUTS(cls, number):
        note("VALIDATE_INPUTS", cls.__name__, {**around(), "arguments": describe({"number": number})})
        return answer(number)


class ProbeValidateLinked(Probe):
    """Names an input that is linked, and one that the prompt need not have."""

    @classmethod
    def VALIDATE_INPUTS(cls, linked="default of linked", later="default of later"):
        note("VALIDATE_INPUTS", cls.__name__, {**around(), "arguments": describe({"linked": linked, "later": later})})
        return "refused by the node"


class ProbeValidateAll(Probe):
    """Takes all by **."""

    @classmethod
    def VALIDATE_INPUTS(cls, **values):
        note("VALIDATE_INPUTS", cls.__name__, {**around(), "arguments": describe(values)})
        return answer(values["number"])


class ProbeValidateTypes(Probe):
    """Asks for the types of what is linked."""

    @classmethod
    def VALIDATE_INPUTS(cls, input_types):
        note("VALIDATE_INPUTS", cls.__name__, {**around(), "arguments": describe({"input_types": input_types})})
        return True


class ProbeSee(Probe):
    """Records the kind of what it is given, and of what it is not given."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {}, "optional": {"image": ("IMAGE",), "audio": ("AUDIO",), **NONCE}}

    def run(self, nonce="", **values):
        note("run", type(self).__name__, {**around(), "arguments": describe(values)})
        return (0,)


class ProbeMake(Probe):
    """Tensors as nodes give them: made in the node, made in a thread, a list, with or without sound."""
    RETURN_TYPES, OUTPUT_NODE = ("IMAGE", "IMAGE", "AUDIO", "INT"), False

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"count": NUMBER}, "optional": NONCE}

    def run(self, count, nonce=""):
        made = []
        thread = threading.Thread(target=lambda: made.append(torch.zeros(count, 4, 4, 3)))
        thread.start()
        thread.join()
        return torch.zeros(count, 4, 4, 3), made[0], None, count


class ProbeMakeList(ProbeMake):
    """A list for ComfyUI."""
    RETURN_TYPES, OUTPUT_IS_LIST = ("INT",), (True,)

    def run(self, count, nonce=""):
        return (list(range(count)),)


class ProbeThread(Probe):
    """A buffer of the node's thread that another thread fills, as it is and with the mode entered there; and the reverse."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": NUMBER}, "optional": NONCE}

    def run(self, number, nonce=""):
        buffer, results = torch.zeros(4), {}

        def attempt(name, action):
            try:
                action()
                results[name] = "works"
            except Exception as error:
                results[name] = [type(error).__name__, str(error).split(".")[0][:60]]

        def other():
            results["other thread"] = {name: value for name, value in around().items() if name != "thread"}
            attempt("fills a buffer of the node", lambda: buffer.fill_(1))
            with torch.inference_mode():
                attempt("fills a buffer of the node in inference mode", lambda: buffer.fill_(1))
            attempt("reads a buffer of the node", lambda: (buffer * 2).sum().item())
            attempt("writes through numpy", lambda: buffer.numpy().fill(2))
            results["mine"] = torch.zeros(4)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        mine = results.pop("mine")
        attempt("node fills a buffer of the thread", lambda: mine.fill_(1))
        note("run", type(self).__name__, {"results": results})
        return (number,)


class ProbeProgress(Probe):
    """Sends progress: so many steps at once, maybe with pictures, maybe from another thread; or a text."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": ("INT", {"min": 0, "max": 1000}), "how": (["plain", "pictures", "thread", "text"],)}, "optional": NONCE,
                "hidden": {"node_id": "UNIQUE_ID"}}

    def run(self, number, how, node_id, nonce=""):
        from PIL import Image
        bar, errors = comfy.utils.ProgressBar(number), []

        def update():
            try:
                for step in range(number):
                    bar.update_absolute(step + 1, number, ("JPEG", Image.new("RGB", (8, 8)), 512) if how == "pictures" else None)
            except Exception as error:
                errors.append(type(error).__name__)

        if how == "text":
            from server import PromptServer
            PromptServer.instance.send_progress_text("文字", node_id)
            PromptServer.instance.send_progress_text("second", "1000")
        elif how == "thread":
            thread = threading.Thread(target=update)
            thread.start()
            thread.join()
        else:
            update()
        note("run", type(self).__name__, {"errors": errors})
        return (number,)


class ProbeInterrupt(Probe):
    """Waits for the interrupt in one way or another, and records how it comes."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": NUMBER, "how": (["poll", "progress", "plain progress", "ask", "swallow", "never"],)}, "optional": NONCE}

    def run(self, number, how, nonce=""):
        bar, end, step = comfy.utils.ProgressBar(1000000), time.monotonic() + 10, 0
        note("waits", type(self).__name__, {"flag": comfy.model_management.processing_interrupted()})
        try:
            while time.monotonic() < end:
                step += 1
                time.sleep(0.01)
                if how in ("poll", "swallow"):
                    comfy.model_management.throw_exception_if_processing_interrupted()
                elif how == "progress":
                    bar.update_absolute(step, 1000000, ("JPEG", picture(), 8))
                elif how == "plain progress":
                    bar.update_absolute(step)
                elif how == "never" and step > 40:
                    break
                elif how == "ask" and comfy.model_management.processing_interrupted():
                    note("asked", type(self).__name__, {"again": comfy.model_management.processing_interrupted()})
                    break
            note("ended", type(self).__name__, {"step": step < 900})
        except BaseException as error:
            note("interrupted", type(self).__name__, {
                "class": f"{type(error).__module__}.{type(error).__name__}", "bases": bases(type(error)), "is_exception": isinstance(error, Exception),
                "flag_after": comfy.model_management.processing_interrupted(), **{name: value for name, value in around().items() if name != "thread"}})
            if how != "swallow":
                raise
        return (number,)


def picture():
    from PIL import Image
    return Image.new("RGB", (8, 8))


class ProbeFolders(Probe):
    """Records what the host says of folders and names of files."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": NUMBER}, "optional": NONCE}

    def run(self, number, nonce=""):
        import os

        import folder_paths
        base = os.path.dirname(folder_paths.get_input_directory())
        folders = {name: getattr(folder_paths, f"get_{name}_directory")() for name in ("input", "output", "temp", "user")}
        folder_paths.add_model_folder_path("probes", os.path.join(base, "models", "probes"))
        folder_paths.add_model_folder_path("probes", os.path.join(base, "second"))
        folder_paths.add_model_folder_path("probes", os.path.join(base, "models", "probes"))
        folder_paths.add_model_folder_path("probes", os.path.join(base, "first"), is_default=True)
        try:
            unknown = folder_paths.get_folder_paths("no such kind")
        except Exception as error:
            unknown = type(error).__name__
        note("run", type(self).__name__, {"folders": {
            "exist": {name: os.path.isdir(path) for name, path in folders.items()},
            "are": {name: os.path.relpath(path, base) for name, path in folders.items()},
            "models": os.path.relpath(folder_paths.models_dir, base), "custom_nodes": os.path.relpath(folder_paths.get_folder_paths("custom_nodes")[0], base),
            "added": [os.path.relpath(path, base) for path in folder_paths.get_folder_paths("probes")], "of an unknown kind": unknown,
            "annotated": [os.path.relpath(folder_paths.get_annotated_filepath(name), base)
                          for name in ("a b.mp4", "a.mp4 [output]", "a.mp4 [temp]", "c/d.wav")],
            "exists": [folder_paths.exists_annotated_filepath(name) for name in ("no such.mp4", "probe-journal.jsonl [output]")]}})
        return (number,)


class ProbeReturn(Probe):
    """Gives its result in the ways that there are."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": NUMBER, "how": (["tuple", "ui", "ui and result", "nothing", "list"],)}, "optional": NONCE}

    def run(self, number, how, nonce=""):
        note("run", type(self).__name__, {})
        return {"tuple": (number,), "list": [number], "ui": {"ui": {"a": ["b"]}}, "ui and result": {"ui": {"text": ["b", 1]}, "result": (number,)},
                "nothing": None}[how]


class ProbeQuiet(ProbeReturn):
    """The same, but no output node."""
    OUTPUT_NODE = False


class ProbeRaise(Probe):
    """Raises."""

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"number": NUMBER, "how": (["RuntimeError", "KeyError", "two lines", "own"],)}, "optional": NONCE}

    def run(self, number, how, nonce=""):
        raise {"RuntimeError": RuntimeError("a sentence"), "KeyError": KeyError("title"), "two lines": RuntimeError("one\ntwo"), "own": OwnError("mine")}[how]


class OwnError(RuntimeError):
    """An exception of the pack."""


class ProbeTwin(Probe):
    """An id that the pack probe_twin has too."""


NODE_CLASS_MAPPINGS = {node.__name__: node for node in (
    Probe, ProbeChanged, ProbeValidateNothing, ProbeValidateNumber, ProbeValidateLinked, ProbeValidateAll, ProbeValidateTypes, ProbeSee, ProbeMake,
    ProbeMakeList, ProbeThread, ProbeProgress, ProbeInterrupt, ProbeFolders, ProbeReturn, ProbeQuiet, ProbeRaise, ProbeTwin)}
