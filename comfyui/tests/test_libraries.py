"""The engine is told where the host's Python has its packages: PyTorch has brought CUDA's libraries there."""
import os
import unittest.mock

import torch

from rig import Failed, RigTest, stand_in_only

NODE = "LatentSync1.6"
VARIABLE = "LATENTSYNC_PYTHON_PACKAGES"
SCRIPT = """#!/usr/bin/env python3
import os
with open({path!r}, "w", encoding="utf-8") as file:
    file.write(os.environ.get({variable!r}, "nothing"))
"""


@stand_in_only
class Packages(RigTest):
    def told(self):
        """What an engine that the node starts finds in the variable."""
        path = os.path.join(self.host.folder("temp"), "environment.txt")
        self.rig.files.append(path)
        self.rig.use_engine(self.rig.script(SCRIPT.format(path=path, variable=VARIABLE)))
        with self.assertRaises(Failed):
            self.rig.run(NODE, images=torch.zeros(4, 64, 64, 3), audio={"waveform": torch.zeros(1, 1, 8 * 640), "sample_rate": 16000})
        with open(path, encoding="utf-8") as file:
            return file.read().split(os.pathsep)

    def test_the_folder_of_pytorch_comes_first(self):
        with unittest.mock.patch.dict(os.environ):
            os.environ.pop(VARIABLE, None)
            folders = self.told()
        self.assertTrue(os.path.samefile(os.path.join(folders[0], "torch"), os.path.dirname(torch.__file__)), folders)
        self.assertEqual(len(folders), len(set(folders)))
        self.assertTrue(all(os.path.isabs(folder) for folder in folders), folders)

    def test_what_the_user_names_comes_before_it(self):
        with unittest.mock.patch.dict(os.environ, {VARIABLE: os.pathsep.join(["/mine", "", "/mine too"])}):
            folders = self.told()
            self.assertEqual(os.environ[VARIABLE], os.pathsep.join(["/mine", "", "/mine too"]))
        self.assertEqual(folders[:2], ["/mine", "/mine too"])
        self.assertGreater(len(folders), 2)


del RigTest
