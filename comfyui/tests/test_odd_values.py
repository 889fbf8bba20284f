"""Values that come through links, whose ranges ComfyUI does not check, and sounds with odd rates: a sentence, not a bare exception."""
import torch

import media
from rig import Failed, RigTest

NODES = ("LatentSync1.6", "LatentSync Length Adjuster")


class OddValues(RigTest):
    def check(self, sentence, name, audio=None, **links):
        prompt = self.rig.prompt(name, images=media.noise(1), audio=audio or media.silence(640), links=links)
        for key, value in links.items():
            prompt["value"] = {"class_type": "TestsFloat", "inputs": {"value": value}}
            prompt["node"]["inputs"][key] = ["value", 0]
        with self.assertRaisesRegex(Failed, sentence):
            self.host.run(prompt)

    def test_frame_rates(self):
        for name in NODES:
            for value in (0.0, -5.0, 500.0):
                with self.subTest(node=name, fps=value):
                    self.check("fps is .*; it must be from 1 to 120", name, fps=value)

    def test_sample_rates(self):
        for name in NODES:
            for rate in (0, -1):
                with self.subTest(node=name, rate=rate):
                    self.check("samples per second", name, audio={"waveform": torch.zeros(1, 1, 640), "sample_rate": rate})
