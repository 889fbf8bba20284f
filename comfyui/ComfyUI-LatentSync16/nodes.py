"""The nodes: they convert tensors and hand them on; all lip-syncing happens in the engine."""
import base64
import itertools
import logging
import math
import os
import shutil
import tempfile
import time
import wave

import comfy.model_management as mm
import comfy.utils
import folder_paths
import numpy
import torch
from PIL import Image

from . import engine
from .engine import EngineError

STAGES = {"prepare": 20, "faces": 130, "diffusion": 800, "output": 50}  # shares of the progress bar
PREVIEW_SECONDS, PREVIEW_SIDE, STRIP, INT16, INT32 = 1.0, 512, 64, 2 ** 15, 2 ** 31  # a strip of rows stays in the processor's cache
LENGTHS = {"pingpong": ("audio", "pingpong"), "loop_to_audio": ("audio", "loop"), "freeze": ("audio", "freeze"), "trim": ("audio", "trim"), "video": ("video", "pingpong")}
WIDGETS = {group: {name: tuple(kind) for name, kind in widgets.items()} for group, widgets in engine.load_json(engine.HERE, "widgets.json").items()}
MEDIA, SAMPLING, SETTINGS = WIDGETS["media"], WIDGETS["sampling"], {**WIDGETS["sampling"], **WIDGETS["settings"]}


def run_job(job, values, frames=None, sound=b""):
    """Makes room on the card, runs the job, shows how far it is, and listens for the interrupt button."""
    settings = {"silent_padding" if name == "silent_padding_sec" else name: value for name, value in values.items()}
    settings["length"], settings["loop"] = LENGTHS[settings.pop("length_mode", "pingpong")]
    settings["folder"] = folder_paths.get_input_directory()  # where a picture of a face is looked for
    settings["model_folders"] = [os.path.join(folder_paths.models_dir, "latentsync"), *folder_paths.get_folder_paths("custom_nodes")]
    job.update(keep_model=settings.pop("keep_model_loaded", False), settings=settings)
    if settings.get("device") != "cpu":
        mm.unload_all_models()
        mm.soft_empty_cache()
    bar, done, shown = comfy.utils.ProgressBar(sum(STAGES.values())), {}, []

    def on_event(event):
        if event["event"] == "begin":
            frames.begin(event["frames"])
        elif event["event"] == "preview":
            shown.append(("JPEG", Image.frombytes("RGB", (event["width"], event["height"]), base64.b64decode(event["rgb"])), PREVIEW_SIDE))
        elif event["event"] == "notice":
            logging.info("[LatentSync] %s", event["message"])
        elif event["event"] == "progress":
            done[event["stage"]] = STAGES[event["stage"]] * event["done"] / event["total"]
            bar.update_absolute(int(sum(done.values())), bar.total, frames.preview() if frames else shown.pop() if shown else None)

    streams = {"on_frame": frames.receive, "frame": frames.send, "sound": sound} if frames else {}
    return engine.run(job, mm.throw_exception_if_processing_interrupted, on_event, **streams)


def sound_of(audio):
    if audio is None or audio["waveform"].numel() == 0:
        raise EngineError("no_audio")
    waveform = audio["waveform"].reshape((-1,) + audio["waveform"].shape[-2:])[0]  # [channels, samples] of the first of the batch
    return waveform.to("cpu", torch.float32) / (1 if waveform.dtype.is_floating_point else INT16)


def resize_sound(audio, samples):
    missing = samples - audio["waveform"].shape[-1]  # negative where the sound is cut
    return {**audio, "waveform": torch.nn.functional.pad(audio["waveform"], (0, missing))} if missing else audio


class Frames:
    """The frames of a job: out of one tensor, into another, each converted on its way."""
    def __init__(self, images):
        if images is None or images.dim() != 4 or images.numel() == 0:
            raise EngineError("no_images")
        self.images, self.result, self.count, self.shown = images, None, 0, 0.0
        self.bytes, self.strip = (torch.empty((rows, images.shape[2], 3), dtype=kind) for rows, kind in ((images.shape[1], torch.uint8), (STRIP, torch.float32)))

    def send(self, index):
        for source, target in zip(self.images[index, ..., :3].split(STRIP), self.bytes.split(STRIP)):
            values = self.strip[:len(source)].copy_(source).clamp_(0, 1)
            values = values if math.isfinite(values.sum()) else values.nan_to_num_()  # which takes longer than the sum
            target.copy_(values.mul_(255).round_())
        return memoryview(self.bytes.numpy()).cast("B")

    def begin(self, count):
        self.result = torch.from_numpy(numpy.empty((count, *self.bytes.shape), numpy.float32))  # in huge pages, unlike torch's

    def receive(self, pixels, source):
        if source is not None:  # nothing was painted: the image as it came, in all its precision
            self.result[self.count] = self.images[source, ..., :3]
        else:
            picture = torch.frombuffer(pixels, dtype=torch.uint8).reshape(self.bytes.shape)
            for strip, target in zip(picture.split(STRIP), self.result[self.count].split(STRIP)):
                torch.div(strip, 255, out=target)
        self.count += 1

    def preview(self):
        if self.count and time.monotonic() - self.shown > PREVIEW_SECONDS:
            self.shown, step = time.monotonic(), max(1, max(self.bytes.shape) // PREVIEW_SIDE)
            picture = self.result[self.count - 1, ::step, ::step].nan_to_num().clamp(0, 1) * 255
            return "JPEG", Image.fromarray(picture.to(torch.uint8).numpy()), PREVIEW_SIDE


class LatentSync16:
    CATEGORY, FUNCTION, RETURN_TYPES, RETURN_NAMES = "LatentSync", "run", ("IMAGE", "AUDIO"), ("images", "audio")
    INPUT_TYPES = classmethod(lambda cls: {"required": {**MEDIA, **SETTINGS, **WIDGETS["rate"]}, "optional": WIDGETS["later"]})

    @classmethod
    def VALIDATE_INPUTS(cls):
        try:
            return bool(engine.find())
        except EngineError as error:
            return str(error)

    def run(self, images, audio, fps=25.0, **values):
        frames, sound = Frames(images), sound_of(audio).mean(0)
        job = {"type": "sync_frames", "width": images.shape[2], "height": images.shape[1], "frames": images.shape[0],
               "fps": f"{fps:.3f}", "samples": len(sound), "sample_rate": int(audio["sample_rate"])}
        result = run_job(job, values, frames, memoryview(sound.numpy()).cast("B"))
        if not result["synced_frames"]:
            logging.warning("[LatentSync] %s", EngineError("no_face"))
        return frames.result, resize_sound(audio, result["samples"])


class LatentSync16Video(LatentSync16):
    RETURN_TYPES, RETURN_NAMES = ("VIDEO", "STRING"), ("video", "path")
    INPUT_TYPES = classmethod(lambda cls: {"required": SETTINGS, "optional": {**WIDGETS["files"], **WIDGETS["later"]}})

    @classmethod
    def IS_CHANGED(cls, video_path="", audio_path="", **_):
        return [os.path.getmtime(path) if os.path.isfile(path) else None for path in (video_path, audio_path)]

    def run(self, video=None, audio=None, video_path="", audio_path="", **values):
        from comfy_api.input_impl import VideoFromFile  # not in the ComfyUI versions that only have images
        folder = tempfile.mkdtemp(prefix="latentsync-", dir=folder_paths.get_temp_directory())
        try:
            source, sound, output = (os.path.join(folder, name) for name in ("video.mp4", "audio.wav", "result.mp4"))
            if video is not None:
                video.save_to(source)  # what of the file is shown, ComfyUI knows
            elif not video_path:
                raise EngineError("no_video")
            if audio is not None or not audio_path:
                samples = sound_of(audio).t().double().mul(INT32).clamp(-INT32, INT32 - 1).to(torch.int32).contiguous()
                with wave.open(sound, "wb") as file:
                    file.setparams((samples.shape[1], 4, int(audio["sample_rate"]), 0, "NONE", ""))
                    file.writeframes(samples.numpy())
            run_job({"type": "sync_files", "video": video_path if video is None else source,
                     "audio": sound if os.path.exists(sound) else audio_path, "output": output}, values)
            os.replace(output, folder + ".mp4")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return VideoFromFile(folder + ".mp4"), folder + ".mp4"


class LatentSyncLengthAdjuster(LatentSync16):
    FUNCTION, INPUT_TYPES, VALIDATE_INPUTS = "adjust", classmethod(lambda cls: {"required": WIDGETS["length"]}), classmethod(lambda cls: True)

    def adjust(self, images, audio, mode, fps=25.0, silent_padding_sec=0.5):
        """The rules of the VideoLengthAdjuster that users know; freeze holds the last image."""
        (count, samples), rate = (len(Frames(images).images), sound_of(audio).shape[-1]), int(audio["sample_rate"])
        padded, order = samples + math.ceil(silent_padding_sec * rate), list(range(count))
        wanted = int(padded / rate * fps) if mode == "normal" else math.ceil(padded / rate * fps)
        if mode == "normal" and count <= wanted:
            padded, wanted = min(padded, int(count / fps * rate)), count
        elif mode == "pingpong" and samples / rate <= count / fps:
            padded, wanted = int(count / fps * rate), count
        back = {"pingpong": order[-2:0:-1], "freeze": order[-1:] * wanted}.get(mode, [])
        chosen = list(itertools.islice(itertools.cycle(order + back), wanted))
        return images if chosen == order else images[torch.tensor(chosen)], resize_sound(audio, padded)


# The last two load workflows that were made with ComfyUI-LatentSyncWrapper.
NODE_CLASS_MAPPINGS = {
    "LatentSync1.6": LatentSync16, "LatentSync1.6 Video": LatentSync16Video, "LatentSync Length Adjuster": LatentSyncLengthAdjuster,
    "LatentSyncNode": type("LatentSyncNode", (LatentSync16,), {"INPUT_TYPES": classmethod(lambda cls: {"required": {**MEDIA, **SAMPLING}})}),
    "VideoLengthAdjuster": type("VideoLengthAdjuster", (LatentSyncLengthAdjuster,), {})}
