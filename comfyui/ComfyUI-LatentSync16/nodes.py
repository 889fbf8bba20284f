"""The nodes. They check what comes in, run a job of the engine, and hand on what comes back."""
import os
import re
import shutil
import tempfile

import folder_paths
import numpy
import torch

from . import host, lengths, models, program, widgets
from .frames import ResultFrames, SourceFrames, select
from .jobs import FilesJob, FramesJob
from .messages import NodeError, say
from .sound import Sound

DEVICE = re.compile(r"auto|cpu|cuda:\d+")
VIDEO_TYPE = "temp"
LOWEST_RATE, HIGHEST_RATE = 1, 120


class _Node:
    """What all nodes have: their inputs, texts, and what is checked before a prompt runs."""

    CATEGORY = "LatentSync"
    FUNCTION = "run"
    NAME = None
    REQUIRED = {}

    @classmethod
    def optional(cls):
        """The inputs that may be left out, in the order in which workflows save them."""
        return {}

    @classmethod
    def INPUT_TYPES(cls):
        return widgets.inputs(cls.NAME, cls.REQUIRED, cls.optional())

    def __init_subclass__(cls):
        texts = widgets.texts(cls.NAME)
        cls.DESCRIPTION = texts["description"]
        cls.OUTPUT_TOOLTIPS = tuple(output["tooltip"] for output in texts["outputs"].values())
        cls.RETURN_NAMES = tuple(output["name"] for output in texts["outputs"].values())


class LatentSync16(_Node):
    """Images and a sound in, images with other lips out."""

    NAME = "LatentSync1.6"
    REQUIRED = widgets.MEDIA
    RETURN_TYPES = ("IMAGE", "AUDIO", "MASK", "IMAGE")

    @classmethod
    def optional(cls):
        return {**widgets.settings(), **widgets.RATE, **widgets.QUIET, **widgets.SAMPLER}

    @classmethod
    def VALIDATE_INPUTS(cls, input_types=None, model=None, device=None):
        return _problem(cls, input_types or {}, model, device) or True

    def run(self, images, audio, fps=25.0, node_id=None, **values):
        source, sound = SourceFrames(images), Sound(audio)
        result = ResultFrames(source)
        job = FramesJob(node_id, source, result, sound, _frame_rate(fps), values)
        event = job.run()
        faces = torch.from_numpy(numpy.asarray(job.picture_of_faces(), numpy.float32) / 255)[None]
        outputs = result.images, sound.resized(job.samples), result.mask, faces
        return {"ui": {"text": job.summary(event)}, "result": outputs[:len(self.RETURN_TYPES)]}


class LatentSync16Video(_Node):
    """The same from file to file, for videos whose frames no memory would hold."""

    NAME = "LatentSync1.6 Video"
    RETURN_TYPES = ("VIDEO", "STRING")
    OUTPUT_NODE = True  # it shows its result

    @classmethod
    def optional(cls):
        return {**widgets.settings(), **widgets.FILES, **widgets.QUIET, **widgets.SAMPLER}

    @classmethod
    def VALIDATE_INPUTS(cls, input_types=None, model=None, device=None, video_path=None, audio_path=None):
        links = input_types or {}
        paths = [path for name, path in (("video", video_path), ("audio", audio_path)) if path and name not in links]
        return _problem(cls, links, model, device) or _missing_file(paths) or True

    @classmethod
    def IS_CHANGED(cls, video_path="", audio_path="", **_):
        return [_version(host.input_file(path)) for path in (video_path, audio_path)]

    def run(self, video=None, audio=None, video_path="", audio_path="", node_id=None, **values):
        from comfy_api.input_impl import VideoFromFile  # not in the versions of ComfyUI that only have images
        folder = tempfile.mkdtemp(prefix="latentsync-", dir=folder_paths.get_temp_directory())
        try:
            output = os.path.join(folder, "result.mp4")
            source = _video_file(video, video_path, os.path.join(folder, "video.mp4"))
            sound = _sound_file(audio, audio_path, os.path.join(folder, "audio.wav"))
            job = FilesJob(node_id, source, sound, output, values)
            event = job.run()
            result = folder + ".mp4"
            os.replace(output, result)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        preview = {"filename": os.path.basename(result), "subfolder": "", "type": VIDEO_TYPE}
        return {"ui": {"images": [preview], "animated": (True,), "text": job.summary(event)}, "result": (VideoFromFile(result), result)}


class LatentSyncLengthAdjuster(_Node):
    """Makes images and sound equally long, for workflows that want the images before the lips move."""

    NAME = "LatentSync Length Adjuster"
    REQUIRED = widgets.MEDIA
    RETURN_TYPES = ("IMAGE", "AUDIO")

    @classmethod
    def optional(cls):
        return {"mode": (list(widgets.ADJUST_MODES), {"default": "normal"}), **widgets.RATE, **widgets.padding(0.5)}

    def run(self, images, audio, mode="normal", fps=25.0, silent_padding_sec=0.5, node_id=None):
        sound = Sound(audio)
        order, samples = lengths.adjust(mode, len(SourceFrames(images)), sound.samples, sound.rate, _frame_rate(fps), silent_padding_sec)
        return select(images, order), sound.resized(samples)


class LatentSyncNode(LatentSync16):
    """The node of ComfyUI-LatentSyncWrapper, for workflows made with it."""

    NAME = "LatentSyncNode"
    RETURN_TYPES = ("IMAGE", "AUDIO")

    @classmethod
    def optional(cls):
        return widgets.SAMPLING

    @classmethod
    def VALIDATE_INPUTS(cls, input_types=None):
        return _problem(cls, input_types or {}) or True


class VideoLengthAdjuster(LatentSyncLengthAdjuster):
    """The other node of ComfyUI-LatentSyncWrapper."""

    NAME = "VideoLengthAdjuster"


def _problem(node, links, model=None, device=None):
    """What is wrong before anything is computed, in a sentence; None if nothing is.

    ComfyUI checks the types of links and the choices of drop-downs only where a node does not do so itself. Here a model
    may also be a path, or come from a text that is linked, as in workflows from before there were drop-downs.
    """
    try:
        program.find()
        if model:
            models.require_known(model)
        if device and not DEVICE.fullmatch(device):
            raise NodeError("bad_device", device=device)
        declared = node.INPUT_TYPES()
        for name, received in links.items():
            expected = {**declared["required"], **declared["optional"]}[name][0]
            if not (isinstance(expected, list) and received in ("STRING", "COMBO", "*")) and not host.accepts_link(received, expected):
                raise NodeError("wrong_type", name=name, received=received, expected="COMBO" if isinstance(expected, list) else expected)
    except NodeError as error:
        return str(error)
    return None


def _frame_rate(fps):
    """Frames per second; ComfyUI does not check the range of a value that comes through a link."""
    rate = float(fps)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise NodeError("bad_fps", fps=fps)
    return rate


def _missing_file(paths):
    missing = next((path for path in map(host.input_file, paths) if path and not os.path.isfile(path)), None)
    return say("no_file", path=missing) if missing else None


def _version(path):
    """What changes when a file does."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def _video_file(video, path, copy):
    """The path of the video: of the one that is linked, a copy, because only ComfyUI knows what of its file is shown."""
    if video is None:
        return _require_file(path, "no_video")
    if not hasattr(video, "save_to"):
        raise NodeError("not_video", what=type(video).__name__)
    video.save_to(copy)
    return copy


def _sound_file(audio, path, copy):
    if audio is None:
        return _require_file(path, "no_audio")
    Sound(audio).write(copy)
    return copy


def _require_file(text, nothing):
    path = host.input_file(text)
    if not path:
        raise NodeError(nothing)
    if not os.path.isfile(path):
        raise NodeError("no_file", path=path)
    return path


_OWN = (LatentSync16, LatentSync16Video, LatentSyncLengthAdjuster)
# Of these ids another pack is the owner: where it is installed, its nodes stay. If it is loaded after this one, ComfyUI
# replaces ours by itself.
_FOREIGN = (LatentSyncNode, VideoLengthAdjuster)

NODE_CLASS_MAPPINGS = {node.NAME: node for node in (*_OWN, *(node for node in _FOREIGN if not host.is_taken(node.NAME)))}
NODE_DISPLAY_NAME_MAPPINGS = {name: widgets.texts(name)["display_name"] for name in NODE_CLASS_MAPPINGS}
