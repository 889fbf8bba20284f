"""A host with our pack in it, for the tests: runs a node with given tensors, gives tensors back, knows the engine's processes.

With COMFYUI_URL the host is that ComfyUI, whose custom_nodes hold the pack and tests/packs/inputs; else the stand-in.
"""
import dataclasses
import functools
import os
import signal
import stat
import time
import typing
import unittest
import uuid

import numpy
import torch

from hosts.interface import Failed, Refused, Run

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NAME = "ComfyUI-LatentSync16"
PACK = os.environ.get("LATENTSYNC_TEST_PACK", os.path.join(os.path.dirname(HERE), NAME))
INPUTS = os.path.join(HERE, "packs", "inputs")
ENGINE = os.environ.get("LATENTSYNC_TEST_ENGINE", os.path.join(ROOT, "latentsync"))
URL = os.environ.get("COMFYUI_URL")
IMAGE_OUTPUTS = ("images", "picture")  # the sink's names for a node's outputs of that type, in their order
SINKS = {"AUDIO": ["audio"], "MASK": ["mask"], "VIDEO": ["video"], "STRING": ["text"]}

stand_in_only = unittest.skipIf(URL, "SKIPPED: this test looks into the stand-in")
real_only = unittest.skipUnless(URL, "SKIPPED: no ComfyUI was named; see CONTRIBUTING.md, and set COMFYUI_URL (such as http://127.0.0.1:8188)")


@dataclasses.dataclass
class Form:
    """A tensor in one of the forms that nodes may give it (packs/inputs: FORMS), or one by one ("ComfyUI list")."""
    tensor: typing.Any
    form: str


@dataclasses.dataclass
class Result:
    """What a node gave: tensors, the sound as ComfyUI's AUDIO, paths; how each was described; and the prompt's run."""
    run: Run
    node: str
    described: dict
    images: typing.Any = None
    audio: typing.Any = None
    mask: typing.Any = None
    picture: typing.Any = None
    path: typing.Optional[str] = None

    @property
    def shown(self):
        """What the node shows when it is done ("ui")."""
        return self.run.outputs.get(self.node, {})

    @property
    def texts(self):
        """What stood on the node while it ran."""
        return self.run.texts(self.node)


class Rig:
    """The host and the pack in it."""

    def __init__(self, host, pack):
        self.host, self.pack = host, pack
        self.files, self._setting = [], os.path.join(pack, "engine.txt")
        self._saved = self._read_setting()
        host.set_language("en")

    def _read_setting(self):
        try:
            with open(self._setting, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    # The engine

    def use_engine(self, path):
        """Writes engine.txt; bytes are written as they are. None: there is none."""
        if path is None:
            if os.path.exists(self._setting):
                os.remove(self._setting)
            return
        with open(self._setting, "wb") as file:
            file.write(path if isinstance(path, bytes) else path.encode() + b"\n")

    def use_real_engine(self):
        if URL and self._saved is not None:
            self.use_engine(self._saved)
        else:
            self.use_engine(ENGINE)

    def script(self, text, name=None):
        """Writes a program of a few lines; gives its path."""
        path = os.path.join(self.host.folder("temp"), name or f"fake engine {uuid.uuid4().hex}")
        self.files.append(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path

    def engines(self):
        """The processes that the host started and that live: their numbers."""
        own, found = str(self.host.process()), []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                    state, parent = file.read().rsplit(")", 1)[1].split()[:2]
                with open(f"/proc/{name}/cmdline", encoding="utf-8") as file:
                    arguments = file.read().split("\0")
            except OSError:
                continue
            if parent == own and state != "Z" and "worker" in arguments:
                found.append(int(name))
        return found

    def allow_pass_through(self, name):
        """Gives a node the engine's setting with which everything but the networks runs."""
        self.host.run({"1": {"class_type": "TestsPassThrough", "inputs": {"node": name}}})

    def end_kept_engines(self):
        while engines := self.engines():
            for engine in engines:
                os.kill(engine, signal.SIGKILL)
            time.sleep(0.05)

    def temporary_files(self):
        """What the pack left in the host's folder for such."""
        return sorted(name for name in os.listdir(self.host.folder("temp")) if name.startswith("latentsync"))

    # Nodes

    def write(self, tensor):
        """Puts a tensor into the input folder, for the nodes of packs/inputs."""
        name = uuid.uuid4().hex + ".npy"
        self.files.append(os.path.join(self.host.folder("input"), name))
        numpy.save(self.files[-1], tensor.numpy())
        return name

    def prompt(self, name, images=None, audio=None, video=None, fill=True, **widgets):
        """A prompt of one node, with what it is given and a sink behind it; required widgets get their defaults if `fill`."""
        info = self.host.object_info(name)
        prompt = {"node": {"class_type": name, "inputs": {**(_defaults(info) if fill else {}), **widgets}},
                  "sink": {"class_type": "TestsSink", "inputs": {"keep": True}}}
        for key, value, source in (("images", images, self._images), ("audio", audio, self._audio), ("video", video, self._video)):
            if value is not None:
                prompt[key] = source(value)
                prompt["node"]["inputs"][key] = [key, 0]
        left = {"IMAGE": list(IMAGE_OUTPUTS), **{kind: list(names) for kind, names in SINKS.items()}}
        for index, kind in enumerate(info["output"]):
            prompt["sink"]["inputs"][left[kind].pop(0)] = ["node", index]
        return prompt

    def _images(self, value):
        value = value if isinstance(value, Form) else Form(value, "as it is")
        kind = "TestsImageList" if value.form == "ComfyUI list" else "TestsImages"
        form = {} if value.form == "ComfyUI list" else {"form": value.form}
        return {"class_type": kind, "inputs": {"file": self.write(value.tensor), **form}}

    def _audio(self, value):
        form = "as it is"
        if isinstance(value, Form):
            value, form = value.tensor, value.form
        return {"class_type": "TestsAudio", "inputs": {"file": self.write(value["waveform"]), "rate": value["sample_rate"], "form": form}}

    @staticmethod
    def _video(value):
        return {"class_type": "TestsVideo", "inputs": {"path": value}}

    def start(self, name, **inputs):
        """Queues a node; gives the key of the prompt."""
        return self.host.submit(self.prompt(name, **inputs))

    def run(self, name, **inputs):
        """Runs a node to its end. Raises Refused, Failed or Interrupted."""
        return self.result(self.host.run(self.prompt(name, **inputs)))

    def result(self, run, node="node", sink="sink"):
        """What the sink of a prompt has written."""
        described = {name: values[0] for name, values in run.outputs[sink].items()}
        audio = described.get("audio")
        return Result(run, node, described, *(self._load(described.get(name)) for name in ("images",)),
                      audio and {"waveform": self._load(audio["waveform"]), **{key: value for key, value in audio.items() if key != "waveform"}},
                      self._load(described.get("mask")), self._load(described.get("picture")), described.get("text"))

    def _load(self, described):
        if not isinstance(described, dict) or "file" not in described:
            return None
        self.files.append(described["file"])
        return torch.from_numpy(numpy.load(described["file"]))

    def forget_files(self):
        for path in self.files:
            if os.path.exists(path):
                os.remove(path)
        self.files.clear()

    def close(self):
        self.end_kept_engines()
        self.forget_files()
        self.use_engine(self._saved)
        self.host.close()


def _defaults(info):
    return {name: kind[1]["default"] for name, kind in info["input"].get("required", {}).items() if len(kind) > 1 and "default" in kind[1]}


@functools.lru_cache(maxsize=1)
def real_host():
    from hosts.real import RealHost
    return RealHost(URL)


def open_rig(version=None, **options):
    """The rig of the tests: the real host if there is one, else a new stand-in."""
    if URL:
        host = real_host()
        return Rig(host, os.path.join(host.folder("custom_nodes"), NAME))
    from standin.host import StandIn
    from standin.versions import NEWEST
    host = StandIn([INPUTS, PACK], version or NEWEST, **options)
    rig = Rig(host, os.path.join(host.base, "custom_nodes", NAME))
    rig.use_real_engine()
    return rig


class RigTest(unittest.TestCase):
    """A test with a rig, one for all tests of its class."""
    version = None

    @classmethod
    def setUpClass(cls):
        cls.rig = open_rig(cls.version)
        cls.host = cls.rig.host

    @classmethod
    def tearDownClass(cls):
        cls.rig.close()

    def setUp(self):
        self.rig.use_real_engine()

    def tearDown(self):
        self.rig.forget_files()

    def wait_until(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "waited too long")
            time.sleep(0.01)

    def assert_equal_images(self, found, expected):
        self.assertEqual((tuple(found.shape), found.dtype), (tuple(expected.shape), expected.dtype))
        self.assertTrue(torch.equal(found, expected), "the images differ")


__all__ = ["ENGINE", "Failed", "Form", "HERE", "NAME", "PACK", "ROOT", "Refused", "RigTest", "URL", "open_rig", "real_only", "stand_in_only"]
