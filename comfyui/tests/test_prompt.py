"""A prompt in ComfyUI's format gives a synced file: first with a small host of our own, then with a ComfyUI if one is named."""
import json
import os
import time
import unittest
import urllib.request
import uuid
import wave

import torch

import media
from host import Host, run_prompt

SECONDS = 0.32
FRAMES = 8


class LoadVideo:
    FUNCTION = "load"
    INPUT_TYPES = classmethod(lambda cls: {"required": {"file": ("STRING", {})}})

    def load(self, file):
        return media.head(5) if file == media.VIDEO else None, 25.0


class LoadAudio:
    FUNCTION = "load"
    INPUT_TYPES = classmethod(lambda cls: {"required": {"seconds": ("FLOAT", {})}})

    def load(self, seconds):
        return (media.voice(seconds, 44100, 2),)


class SaveVideo:
    FUNCTION = "save"
    INPUT_TYPES = classmethod(lambda cls: {"required": {"images": ("IMAGE",), "audio": ("AUDIO",), "fps": ("FLOAT", {}), "path": ("STRING", {})}})

    def save(self, images, audio, fps, path):
        height, width = images.shape[1:3]
        pixels, sound = path + ".rgb", path + ".wav"
        with open(pixels, "wb") as file:
            file.write((images * 255).round().to(torch.uint8).numpy().tobytes())
        with wave.open(sound, "wb") as file:
            file.setparams((audio["waveform"].shape[1], 2, audio["sample_rate"], 0, "NONE", ""))
            file.writeframes((audio["waveform"][0].t() * 32767).to(torch.int16).numpy().tobytes())
        media.ffmpeg("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", pixels, "-i", sound, path)
        return (path,)


class Prompt(unittest.TestCase):
    def setUp(self):
        self.host = Host()
        self.output = os.path.join(self.host.base, "output", "result.mp4")
        self.nodes = {**self.host.nodes, "LoadVideo": LoadVideo, "LoadAudio": LoadAudio, "SaveVideo": SaveVideo}

    def tearDown(self):
        self.host.close()

    def prompt(self, **changes):
        widgets = {"seed": 1, "lips_expression": 1.0, "inference_steps": 1, "num_frames": 4, "cache_interval": 3, "length_mode": "pingpong",
                   "silent_padding_sec": 0.0, "face": "largest", "model": "auto", "device": "cpu", "vram": "auto", "keep_model_loaded": False}
        return {
            "video": {"class_type": "LoadVideo", "inputs": {"file": media.VIDEO}},
            "audio": {"class_type": "LoadAudio", "inputs": {"seconds": SECONDS}},
            "sync": {"class_type": "LatentSync1.6", "inputs": {"images": ["video", 0], "audio": ["audio", 0], "fps": ["video", 1], **widgets, **changes}},
            "save": {"class_type": "SaveVideo", "inputs": {"images": ["sync", 0], "audio": ["sync", 1], "fps": 25.0, "path": self.output}},
        }

    def test_a_prompt_gives_a_synced_file(self):
        run_prompt(self.nodes, self.prompt())
        frames, width, height, seconds = media.streams(self.output)
        self.assertEqual((frames, width, height), (FRAMES, media.SIDE, media.SIDE))
        self.assertAlmostEqual(seconds, SECONDS, delta=0.05)

    def test_widgets_out_of_range_are_refused_before_the_run(self):
        for change in ({"num_frames": 33}, {"length_mode": "bounce"}, {"lips_expression": 0.9}, {"inference_steps": 0}):
            with self.assertRaisesRegex(AssertionError, "range|list"):
                run_prompt(self.nodes, self.prompt(**change))

    def test_a_missing_engine_is_said_before_the_run(self):
        self.host.use_engine(os.path.join(self.host.base, "gone"))
        with self.assertRaisesRegex(AssertionError, "engine.txt"):
            run_prompt(self.nodes, self.prompt())
        self.assertIsNone(self.host.process())


@unittest.skipUnless(os.environ.get("COMFYUI_URL"), "SKIPPED: no ComfyUI was named; start one with this pack and set COMFYUI_URL (such as http://127.0.0.1:8188)")
class LiveComfyUI(unittest.TestCase):
    """With LatentSync1.6 Video, whose inputs are paths: the server has to see the files of this machine."""

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(os.environ["COMFYUI_URL"].rstrip("/") + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def test_a_prompt_gives_a_synced_file(self):
        declared = self.call("/object_info/LatentSync1.6%20Video")["LatentSync1.6 Video"]["input"]["required"]
        inputs = {name: kind[1]["default"] for name, kind in declared.items()}
        inputs.update(video_path=media.VIDEO, audio_path=media.VOICE, inference_steps=1, lips_expression=1.0)
        prompt = {"1": {"class_type": "LatentSync1.6 Video", "inputs": inputs},
                  "2": {"class_type": "SaveVideo", "inputs": {"video": ["1", 0], "filename_prefix": "latentsync test", "format": "auto", "codec": "auto"}}}
        key = self.call("/prompt", {"prompt": prompt, "prompt_id": str(uuid.uuid4())})["prompt_id"]
        end = time.monotonic() + 600
        while not (history := self.call("/history/" + key)):
            self.assertLess(time.monotonic(), end, "the prompt did not end")
            time.sleep(1)
        self.assertEqual(history[key]["status"]["status_str"], "success", history[key]["status"])
        self.assertTrue(history[key]["outputs"]["2"])
