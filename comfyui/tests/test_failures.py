"""Interrupts, crashes and engines that misbehave: the host lives, the next run works, nothing stays behind."""
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

import torch

import media
from host import ENGINE, HERE, PACK, Host, interrupt_after, mm, wait_until

NODE = "LatentSync1.6"
LONG = {"inference_steps": 200, "num_frames": 4, "keep_model_loaded": True}
SAMPLES = 8 * 640
SCRIPT = "#!/usr/bin/env python3\nimport sys, struct, time\ndef send(kind, data):\n    sys.stdout.buffer.write(struct.pack('<cI', kind, len(data)) + data)\n    sys.stdout.flush()\n"
HELLO = "send(b'J', b'{\"event\":\"hello\",\"protocol\":1,\"version\":\"0\"}')\n"


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Failures(unittest.TestCase):
    def setUp(self):
        self.host = Host()
        self.images, self.audio = media.head(8), media.voice(0.32)

    def tearDown(self):
        self.host.close()

    def start_long(self):
        self.host.run(NODE, images=self.images, audio=self.audio, **LONG)

    def check_next_run(self):
        mm.interrupted.clear()
        images = media.noise(2)
        result, _ = self.host.run(NODE, images=images, audio=media.silence(SAMPLES), keep_model_loaded=False)
        self.assertTrue(torch.equal(result[:2], images))
        self.assertEqual(self.host.process().poll(), 0)
        self.assertEqual(self.host.temporary_files(), [])

    def check_interrupt(self, seconds, run):
        interrupt_after(seconds)
        start = time.monotonic()
        with self.assertRaises(mm.InterruptProcessingException):
            run()
        self.assertLess(time.monotonic() - start - seconds, 1.2)

    def test_interrupt_at_every_moment(self):
        for seconds in (0.0, 0.05, 0.15, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0):
            with self.subTest(seconds=seconds):
                self.check_interrupt(seconds, self.start_long)
        self.check_next_run()

    def test_interrupt_from_file_to_file(self):
        for seconds in (0.2, 0.6, 1.5, 3.0):
            with self.subTest(seconds=seconds):
                self.check_interrupt(seconds, lambda: self.host.run(
                    "LatentSync1.6 Video", video_path=media.VIDEO, audio=self.audio, **LONG))
                self.assertEqual(self.host.temporary_files(), [])
        self.check_next_run()

    def check_kill(self, seconds, name, **inputs):
        def kill():
            wait_until(lambda: self.host.process() is not None)
            time.sleep(seconds)
            self.host.process().kill()

        killer = threading.Thread(target=kill)
        killer.start()
        with self.assertRaisesRegex(RuntimeError, "ended unexpectedly"):
            self.host.run(name, **inputs, **LONG)
        killer.join()
        self.assertEqual(self.host.temporary_files(), [])

    def test_engine_killed_in_the_middle(self):
        for seconds in (0.0, 0.3, 1.5):
            with self.subTest(seconds=seconds):
                self.check_kill(seconds, NODE, images=media.head(8), audio=media.voice(0.32))
                self.host.engine._worker = None
        self.check_next_run()

    def test_engine_killed_in_the_middle_of_files(self):
        self.check_kill(2.5, "LatentSync1.6 Video", video_path=media.VIDEO, audio=media.voice(0.32))
        self.host.engine._worker = None
        self.check_next_run()

    def test_engine_ends_with_a_last_word(self):
        self.host.use_script("#!/bin/sh\necho 'libfoo.so is missing' >&2\nexit 3\n")
        with self.assertRaisesRegex(RuntimeError, "(?s)exit code 3.*libfoo.so is missing"):
            self.start_long()
        self.use_real_engine()

    def test_garbage(self):
        for body in ("sys.stdout.write('Welcome to my program\\n' * 1000); sys.stdout.flush(); time.sleep(60)",
                     HELLO + "send(b'J', b'{not json'); time.sleep(60)",
                     HELLO + "send(b'J', b'[1]'); time.sleep(60)",
                     HELLO + "send(b'F', b'abc'); time.sleep(60)",
                     HELLO + "send(b'J', b'{\"event\":\"same\",\"source\":5}'); time.sleep(60)",
                     HELLO + "send(b'J', b'{\"event\":\"begin\",\"frames\":1}'); send(b'F', b'abc'); time.sleep(60)",
                     HELLO + "sys.stdout.buffer.write(b'F\\xff\\xff\\xff\\xffabc'); sys.stdout.flush(); sys.stdout.close()"):
            with self.subTest(body=body):
                self.host.use_script(SCRIPT + body + "\n")
                with self.assertRaisesRegex(RuntimeError, "ended unexpectedly"):
                    self.start_long()
                self.assertIsNotNone(self.host.process().poll())
        self.use_real_engine()

    def test_engine_that_hears_nothing_is_killed(self):
        self.host.use_script(SCRIPT + HELLO + "time.sleep(60)\n")
        self.check_interrupt(0.3, self.start_long)
        self.assertIsNotNone(self.host.process().poll())
        self.use_real_engine()

    def test_engine_that_wants_all_and_reads_nothing_is_killed(self):
        self.host.use_script(SCRIPT + HELLO + "send(b'J', b'{\"event\":\"want\",\"first\":0,\"count\":8,\"step\":1}'); time.sleep(60)\n")
        self.check_interrupt(0.5, self.start_long)
        self.use_real_engine()

    def use_real_engine(self):
        self.host.use_engine(ENGINE)
        self.check_next_run()

    def test_no_orphan_when_the_host_is_killed(self):
        code = ("import host, media; h = host.Host()\n"
                "import threading; threading.Timer(2.0, lambda: print(h.process().pid, h.base, flush=True)).start()\n"
                f"h.run('{NODE}', images=media.head(8), audio=media.voice(0.32), **{LONG})\n")
        child = subprocess.Popen([sys.executable, "-c", code], cwd=HERE, stdout=subprocess.PIPE, text=True)
        engine, base = child.stdout.readline().strip().split(" ", 1)
        self.addCleanup(shutil.rmtree, base)
        self.assertTrue(is_alive(engine))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        wait_until(lambda: not is_alive(engine), 10)


class Finding(unittest.TestCase):
    def setUp(self):
        self.host = Host(engine=False)
        self.saved = {name: os.environ.get(name) for name in ("LATENTSYNC_HOME", "PATH")}
        os.environ["PATH"] = os.environ["LATENTSYNC_HOME"] = os.path.join(self.host.base, "nothing")

    def tearDown(self):
        for name, value in self.saved.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        self.host.close()

    def validate(self):
        return self.host.nodes[NODE].VALIDATE_INPUTS()

    def program(self, *folder):
        path = os.path.join(self.host.base, *folder, "latentsync")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(path, 0o755)
        return path

    def test_missing_engine_is_said_before_the_run(self):
        self.assertIn("engine was not found", self.validate())
        self.assertIn(self.host.pack, self.validate())
        self.host.set_language("zh-TW")
        self.assertIn("找不到 LatentSync 引擎", self.validate())

    def test_order_of_the_places(self):
        for place in (("in path",), ("custom_nodes", "ComfyUI-LatentSync16", "engine"), ("home", "engine"), ("home",)):
            path = self.program(*place)
            os.environ["PATH"] = os.path.join(self.host.base, "in path")
            os.environ["LATENTSYNC_HOME"] = os.path.join(self.host.base, "home")
            self.assertEqual(self.host.engine.find(), path)
            self.assertIs(self.validate(), True)
        self.host.use_engine(self.program("named"))
        self.assertEqual(self.host.engine.find(), os.path.join(self.host.base, "named", "latentsync"))

    def test_wrong_setting_is_said(self):
        self.host.use_engine("/no/such/latentsync")
        self.assertIn('"/no/such/latentsync", which does not exist', self.validate())

    def test_the_pack_itself_is_not_written_to(self):
        self.assertEqual(sorted(name for name in os.listdir(self.host.pack) if name != "__pycache__"), sorted(
            name for name in os.listdir(PACK) if name not in ("__pycache__", "engine", "engine.txt")))
