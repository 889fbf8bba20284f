"""Models that a node downloads, if its user chose so; and models in folders of the user's own."""
import json
import os
import shutil
import tempfile
import time
import unittest

import media
from rig import INPUTS, NAME, PACK, ROOT, Failed, Refused, Rig, RigTest, stand_in_only

NODE = "LatentSync1.6"
FAST = {"inference_steps": 1, "lips_expression": 1.0, "num_frames": 4}
SAMPLES = 640
MODEL = "latentsync-1.6"

# An engine that keeps what it was asked for in a file, and downloads nothing.
ENGINE = """#!/usr/bin/env python3
import json, struct, sys, time
def event(**members):
    data = json.dumps(members).encode()
    sys.stdout.buffer.write(struct.pack('<cI', b'J', len(data)) + data)
    sys.stdout.flush()
while header := sys.stdin.buffer.read(5):
    kind, length = struct.unpack('<cI', header)
    data = sys.stdin.buffer.read(length)
    if kind != b'J':
        continue
    job = json.loads(data)
    with open(LOG, 'a') as file:
        file.write(json.dumps(job) + '\\n')
    if job['type'] == 'hello':
        event(event='hello', protocol=1, version='0.1.0', features=['masks', 'faces', 'pull_model', 'segments'])
    elif job['type'] == 'pull_model':
        DOWNLOAD
    elif job['type'] == 'cancel':
        event(event='cancelled')
    else:
        event(event='begin', frames=1)
        event(event='same', source=0)
        event(event='result', frames=1, synced_frames=0, frames_without_face=1, samples=640)
        if not job['keep_model']:
            break
"""
WORKS = """
        for done in range(0, 6):
            event(event='progress', stage='download', done=done * 10 ** 9, total=5 * 10 ** 9, remaining_seconds=(5 - done) * 61.0)
            time.sleep(0.2)
        event(event='result', model=job['name'], folder=job['folder'], changed=True)"""
FAILS = """
        event(event='error', code=10, kind='download_failed', title='下载失败', path=None, detail=None,
              message='The download from huggingface.co failed (it answered 503); check the network and the proxy (HTTPS_PROXY), '
                      'or set HF_ENDPOINT to a mirror; what was downloaded is kept.')"""
HANGS = """
        event(event='progress', stage='download', done=1, total=2, remaining_seconds=None)"""


class Download(RigTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="download ")
        self.addCleanup(shutil.rmtree, self.folder)
        self.log = os.path.join(self.folder, "log")

    def start(self, download, model=MODEL + " (download)", **values):
        self.rig.use_engine(self.rig.script(ENGINE.replace("DOWNLOAD", download.strip()).replace("LOG", repr(self.log))))
        return self.rig.start(NODE, images=media.noise(1), audio=media.silence(SAMPLES), model=model, **FAST, **values)

    def jobs(self):
        with open(self.log, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_it_is_offered_and_done_before_the_job(self):
        self.assertIn(MODEL + " (download)", self.host.object_info(NODE)["input"]["optional"]["model"][0])
        run = self.host.wait(self.start(WORKS))
        self.assertEqual(run.ended, "success", run.error)
        hello, pull, job = self.jobs()
        self.assertEqual((hello["type"], pull["type"], pull["name"], pull["keep_model"]), ("hello", "pull_model", MODEL, True))
        self.assertEqual(os.path.normpath(pull["folder"]), os.path.join(self.host.folder("models"), "latentsync"))
        self.assertEqual((job["type"], job["settings"]["model"], job["keep_model"]), ("sync_frames", MODEL, False))
        self.assertIn(pull["folder"], job["settings"]["model_folders"])
        texts = " ".join(run.texts("node"))
        self.assertRegex(texts, r"Downloading: \d\.00 of 5\.00 GB, [1-5]:0\d left")

    def test_nothing_is_downloaded_unasked(self):
        for model in ("auto", MODEL):
            self.host.wait(self.start(WORKS, model=model, seed=len(model)))
            self.assertNotIn("pull_model", [job["type"] for job in self.jobs()])

    def test_a_failure_is_told_in_the_language_of_the_interface(self):
        self.host.set_language("zh")
        self.addCleanup(self.host.set_language, "en")
        run = self.host.wait(self.start(FAILS))
        self.assertEqual(run.ended, "error")
        self.assertRegex(run.error["exception_message"], "^下载失败: 从 huggingface.co 下载失败（it answered 503）；请检查网络")

    def test_it_can_be_interrupted(self):
        key = self.start(HANGS)
        self.wait_until(lambda: os.path.exists(self.log) and len(self.jobs()) > 1)
        start = time.monotonic()
        self.host.interrupt()
        self.assertEqual(self.host.wait(key).ended, "interrupted")
        self.assertLess(time.monotonic() - start, 1.6)
        self.wait_until(lambda: not self.rig.engines())


@stand_in_only
class OwnFolders(unittest.TestCase):
    def test_a_folder_of_extra_model_paths_is_offered_and_used(self):
        from standin.host import StandIn
        folder = tempfile.mkdtemp(prefix="my models ")
        self.addCleanup(shutil.rmtree, folder)
        os.symlink(os.path.join(ROOT, "models", "demo"), os.path.join(folder, "mine"))
        host = StandIn([INPUTS, PACK], model_folders={"latentsync": folder})
        rig = Rig(host, os.path.join(host.base, "custom_nodes", NAME))
        self.addCleanup(rig.close)
        rig.use_real_engine()
        self.assertIn("mine", host.object_info(NODE)["input"]["optional"]["model"][0])
        result = rig.run(NODE, images=media.noise(1), audio=media.silence(SAMPLES), model="mine", **FAST)
        self.assert_no_notice_of_a_model(result.shown["text"])
        for value, error in ((os.path.join(folder, "mine"), None), (os.path.join(folder, "gone"), Refused), ("no such", Failed)):
            with self.subTest(model=value):
                if error is None:
                    rig.run(NODE, images=media.noise(1), audio=media.silence(SAMPLES), model=value, **FAST)
                else:
                    with self.assertRaises(error):
                        rig.run(NODE, images=media.noise(1), audio=media.silence(SAMPLES), model=value, **FAST)

    def assert_no_notice_of_a_model(self, lines):
        self.assertFalse([line for line in lines if "No model was chosen" in line], lines)
