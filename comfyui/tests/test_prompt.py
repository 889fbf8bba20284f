"""Prompts with ComfyUI's own nodes around ours, in a real ComfyUI: from a file to a file, as users have them."""
import os
import uuid

import media
from rig import Failed, RigTest, real_only

FAST = {"inference_steps": 2, "lips_expression": 1.0, "num_frames": 16}
SECONDS = 1.0  # of the sound; the video is half as long, so it runs back and forth


@real_only
class FromFileToFile(RigTest):
    def setUp(self):
        super().setUp()
        for path, seconds in ((media.VIDEO, SECONDS / 2), (media.VOICE, SECONDS)):
            copy = os.path.join(self.host.folder("input"), "tests " + os.path.basename(path))
            media.ffmpeg("-y", "-i", path, "-t", str(seconds), copy)
            self.rig.files.append(copy)

    def chain(self, name, **widgets):
        """LoadVideo, GetVideoComponents, LoadAudio -> node -> CreateVideo, SaveVideo."""
        return {
            "video": {"class_type": "LoadVideo", "inputs": {"file": "tests head.mp4"}},
            "parts": {"class_type": "GetVideoComponents", "inputs": {"video": ["video", 0]}},
            "audio": {"class_type": "LoadAudio", "inputs": {"audio": "tests voice.wav"}},
            "sync": {"class_type": name, "inputs": {"images": ["parts", 0], "audio": ["audio", 0], **widgets}},
            "create": {"class_type": "CreateVideo", "inputs": {"images": ["sync", 0], "audio": ["sync", 1], "fps": ["parts", 2]}},
            "save": {"class_type": "SaveVideo", "inputs": {
                "video": ["create", 0], "filename_prefix": "latentsync tests " + uuid.uuid4().hex, "format": "auto", "codec": "auto"}}}

    def check_saved(self, run):
        saved, = run.outputs["save"]["images"]
        path = os.path.join(self.host.folder(saved["type"]), saved["subfolder"], saved["filename"])
        self.rig.files.append(path)
        frames, width, height, sound = media.streams(path)
        self.assertEqual((width, height), (media.SIDE, media.SIDE))
        self.assertAlmostEqual(frames / 25, sound, delta=0.1)
        self.assertGreater(frames, 24)
        return path

    def test_images_with_the_new_node(self):
        run = self.host.run(self.chain("LatentSync1.6", fps=["parts", 2], **FAST), 300)
        self.check_saved(run)
        self.assertNotIn("No frame", "\n".join(run.outputs["sync"]["text"]))

    def test_images_with_the_old_nodes(self):
        prompt = self.chain("LatentSyncNode", seed=1247, lips_expression=1.0, inference_steps=2)
        prompt["adjust"] = {"class_type": "VideoLengthAdjuster", "inputs": {
            "images": ["parts", 0], "audio": ["audio", 0], "mode": "pingpong", "fps": 25.0, "silent_padding_sec": 0.5}}
        prompt["sync"]["inputs"].update(images=["adjust", 0], audio=["adjust", 1])
        self.check_saved(self.host.run(prompt, 300))

    def test_a_video_and_its_own_sound(self):
        """The sample video has no sound: its audio is None, which is said."""
        prompt = self.chain("LatentSync1.6", **FAST)
        prompt["sync"]["inputs"]["audio"] = ["parts", 1]
        with self.assertRaisesRegex(Failed, "There is no sound"):
            self.host.run(prompt)

    def test_files_with_the_video_node(self):
        prompt = self.chain("LatentSync1.6")
        for name in ("parts", "create"):
            del prompt[name]
        prompt["sync"] = {"class_type": "LatentSync1.6 Video", "inputs": {"video": ["video", 0], "audio": ["audio", 0], **FAST}}
        prompt["save"]["inputs"]["video"] = ["sync", 0]
        self.check_saved(self.host.run(prompt, 300))


del RigTest
