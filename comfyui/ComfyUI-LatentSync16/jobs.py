"""The jobs of the nodes: what the engine is asked for, and what is done with its answers."""
import logging
import os

from . import host, models, protocol, worker
from .engine import ENGINE
from .messages import NodeError, say
from .pictures import Face, with_boxes
from .status import PREVIEW_SIDE, Status

# What the engine calls length and loop.
LENGTHS = {
    "pingpong": ("audio", "pingpong"),
    "loop_to_audio": ("audio", "loop"),
    "freeze": ("audio", "freeze"),
    "trim": ("audio", "trim"),
    "video": ("video", "pingpong"),
}


class NodeJob(worker.Job):
    """A job with the settings of a node's widgets."""

    def __init__(self, node_id, values):
        self.status = Status(node_id)
        self.settings = dict(values)
        self.keep_model = self.settings.pop("keep_model_loaded", False)
        self.model, self.is_download = models.split_download(self.settings.pop("model", models.AUTO))
        if "silent_padding_sec" in self.settings:
            self.settings["silent_padding"] = self.settings.pop("silent_padding_sec")
        self.settings["length"], self.settings["loop"] = LENGTHS[self.settings.pop("length_mode", "pingpong")]
        self.settings["folder"] = host.input_folder()  # where a picture of a face is looked for
        self.settings["model"] = self.model
        self.settings["model_folders"] = models.search_folders()

    def run(self):
        """Gets the model if the user chose so, makes room on the card, and runs the job. Gives the engine's result."""
        before = [DownloadJob(self.model, self.status)] if self.is_download else []
        if self.settings.get("device") != "cpu":
            host.free_card()
        result = ENGINE.run(*before, self)
        self._warn(result)
        return result

    def summary(self, result):
        """Shows what was done, and gives it as lines for the node's "ui"."""
        values = {name: result.get(name) or 0 for name in ("frames", "synced_frames", "elapsed_seconds")}
        return self.status.end(say("summary", **values))

    def message(self, features):
        """What both kinds of job have in common."""
        return {"settings": self.settings, "keep_model": self.keep_model}

    def poll(self):
        host.throw_if_interrupted()

    def on_event(self, event):
        self.status.on_event(event)

    def _warn(self, result):
        """Says which frames were not painted, and why; without this a user would look for the reason elsewhere."""
        if not any(result.get(name) for name in ("synced_frames", "frames_turned_away", "quiet_frames")):
            self.status.notice(say("no_face"), logging.WARNING)
            return
        for name in ("frames_without_face", "frames_turned_away"):
            if result.get(name):
                self.status.notice(say(name, count=result[name], frames=result["frames"]), logging.WARNING)


class FramesJob(NodeJob):
    """Images and a sound through the pipe, images back through it."""

    def __init__(self, node_id, source, result, sound, fps, values):
        super().__init__(node_id, values)
        self._source = source
        self._result = result
        self._sound = sound.mono()
        self._rate = sound.rate
        self._fps = fps
        self._preview_step = max(1, max(source.width, source.height) // PREVIEW_SIDE)
        self._faces = None
        self.samples = None  # that the sound of the result is to have

    def message(self, features):
        if "masks" not in features:
            self.status.notice(say("old_engine"), logging.WARNING)
        return {
            "type": "sync_frames",
            "width": self._source.width,
            "height": self._source.height,
            "frames": len(self._source),
            "fps": f"{self._fps:.3f}",
            "samples": len(self._sound),
            "sample_rate": self._rate,
            **{name: True for name in ("masks", "faces") if name in features},
            **super().message(features),
        }

    def sound(self):
        return memoryview(self._sound.numpy()).cast("B")

    def frame(self, index):
        return self._source.bytes(index)

    def take(self, kind, payload, event):
        if kind == protocol.PICTURE:
            self._result.add_painted(payload)
        elif kind == protocol.MASK:
            self._result.add_mask(*self._rectangle(event), payload)
        elif event["event"] == "begin":
            self._result.begin(protocol.member(event, "frames", int))
        elif event["event"] == "same":
            self._result.add_unchanged(protocol.member(event, "source", int))

    def on_event(self, event):
        super().on_event(event)
        if event["event"] == "faces":
            self._see(protocol.member(event, "frame", int), protocol.member(event, "faces", list))
        elif event["event"] == "progress" and self._result.done and self.status.wants_picture():
            self.status.show_picture(self._preview())

    def finish(self, event):
        self._result.require_whole()
        self.samples = protocol.member(event, "samples", int)

    def picture_of_faces(self):
        """The first frame with a chosen face, with boxes around all faces; the first frame of all if there is none."""
        return self._picture_of_faces(step=1)

    def _see(self, frame, found):
        """Keeps the first faces among which one is chosen; until then the first ones at all."""
        faces = [_face(entry) for entry in found]
        is_better = self._faces is None or not any(face.is_chosen for face in self._faces[1])
        if is_better and (self._faces is None or any(face.is_chosen for face in faces)):
            self._faces = frame, faces
            self.status.show_picture(self._picture_of_faces(self._preview_step))

    def _picture_of_faces(self, step):
        frame, faces = self._faces or (0, [])
        return with_boxes(self._source.picture(frame, step), faces, step)

    def _preview(self):
        return with_boxes(self._result.picture(self._preview_step), [], self._preview_step)

    @staticmethod
    def _rectangle(event):
        if event is None:
            raise protocol.ProtocolError("it sent a mask without its place")
        return [protocol.member(event, name, int) for name in ("left", "top", "width", "height")]


class FilesJob(NodeJob):
    """From files to a file: no frame passes through here."""

    def __init__(self, node_id, video, audio, output, values):
        super().__init__(node_id, values)
        self._paths = {"video": video, "audio": audio, "output": output}

    def message(self, features):
        return {"type": "sync_files", **self._paths, **super().message(features)}

    def _warn(self, result):
        if result.get("synced_frames"):  # else the engine has said why
            super()._warn(result)

    def finish(self, event):
        if not os.path.isfile(self._paths["output"]):
            raise protocol.ProtocolError("it said that it was done and wrote no file")


class DownloadJob(worker.Job):
    """Downloads a model into the first of ComfyUI's folders for models of this kind, or the rest of it."""

    keep_model = True

    def __init__(self, name, status):
        self._name = name
        self._status = status

    def message(self, features):
        if "pull_model" not in features:
            raise NodeError("old_engine_download")
        folder = host.model_folders()[0]
        os.makedirs(folder, exist_ok=True)
        return {"type": "pull_model", "name": self._name, "folder": folder, "keep_model": self.keep_model}

    def poll(self):
        host.throw_if_interrupted()

    def on_event(self, event):
        self._status.download(event)


def _face(entry):
    """A face as the engine tells of it."""
    box = entry.get("box") if isinstance(entry, dict) else None
    if not isinstance(box, list) or len(box) != 4 or not all(isinstance(side, (int, float)) for side in box):
        raise protocol.ProtocolError(f"a face that is none: {entry!r}")
    return Face(*box, bool(entry.get("chosen")))
