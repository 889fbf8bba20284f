"""Interrupts, crashes and engines that misbehave: the node tells the cause at once, the next run works, nothing stays behind."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import torch

import media
from rig import ENGINE, HERE, Failed, PACK, Refused, RigTest, URL, open_rig, stand_in_only
from standin.versions import VERSIONS

NODE = "LatentSync1.6"
VIDEO = "LatentSync1.6 Video"
FAST = {"inference_steps": 1, "lips_expression": 1.0, "num_frames": 4}
LONG = {"inference_steps": 300, "num_frames": 4, "keep_model_loaded": True}
SAMPLES = 8 * 640
# How often an interrupt is followed by a prompt that waits; more before a release (CONTRIBUTING.md).
ATTEMPTS = int(os.environ.get("LATENTSYNC_TEST_ATTEMPTS", 4))
# What the host adds to a node's own time, and what a busy machine does.
SLACK = 0.6

SCRIPT = """#!/usr/bin/env python3
import json, os, struct, sys, time
def send(kind, data):
    sys.stdout.buffer.write(struct.pack('<cI', kind, len(data)) + data)
    sys.stdout.flush()
def event(**members):
    send(b'J', json.dumps(members).encode())
def bad(*parts):
    # Says when, then does what goes wrong.
    open({mark!r}, 'w').write(str(time.monotonic()))
    for part in parts:
        part()
    time.sleep(60)
def read_job():
    while True:
        kind, size = struct.unpack('<cI', sys.stdin.buffer.read(5))
        payload = sys.stdin.buffer.read(size)
        if kind == b'J' and json.loads(payload)['type'].startswith('sync'):
            return
def hello():
    event(event='hello', protocol=1, version='0.1.0', features=['masks', 'mask', 'faces', 'download', 'pull', 'models'])
"""


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def each_version(test):
    """Runs a test in the stand-in of each version; with a real host in that."""

    def run(self):
        for version in [None] if URL else VERSIONS:
            with self.subTest(version=version):
                if version:
                    self.restart(version)
                test(self)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


class FailureTest(RigTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.images, cls.audio = media.head(8), media.voice(0.32)

    def restart(self, version):
        if self.rig.host.version != version:
            self.rig.close()
            type(self).rig = open_rig(version)
            type(self).host = self.rig.host

    def start_long(self, name=NODE, **values):
        """Queues a job of many seconds, and waits until an engine is at work."""
        inputs = {"images": self.images} if name == NODE else {"video_path": media.VIDEO}
        return self.rig.start(name, audio=self.audio, **inputs, **{**LONG, **values})

    def check_next_run(self, **values):
        images = media.noise(2)
        result = self.rig.run(NODE, images=images, audio=media.silence(SAMPLES), keep_model_loaded=False, **FAST, **values)
        self.assert_equal_images(result.images[:2], images)
        self.wait_until(lambda: not self.rig.engines())
        self.assertEqual([name for name in self.rig.temporary_files() if not name.endswith(".mp4")], [])

    def wait_for_node(self, key, seconds=0.0):
        self.wait_until(lambda: any(event.name == "executing" and event.data["node"] == "node" for event in self.host.events(key)))
        time.sleep(seconds)


class Interrupts(FailureTest):
    def check(self, seconds, name=NODE, **values):
        key = self.start_long(name, **values)
        self.wait_for_node(key, seconds)
        start = time.monotonic()
        self.host.interrupt()
        run = self.host.wait(key)
        self.assertEqual(run.ended, "interrupted", run.error)
        self.assertLess(time.monotonic() - start, 1 + SLACK)

    @each_version
    def test_at_every_moment(self):
        for seconds in (0.0, 0.1, 0.3, 0.8, 2.0):
            with self.subTest(seconds=seconds):
                self.check(seconds)
        self.check_next_run()

    @each_version
    def test_from_file_to_file(self):
        for seconds in (0.2, 1.5):
            with self.subTest(seconds=seconds):
                self.check(seconds, VIDEO)
                self.assertEqual(self.rig.temporary_files(), [])
        self.check_next_run()

    @each_version
    def test_the_queued_prompt_after_it_runs(self):
        """With an engine that ends after its job, the next prompt comes just while it does."""
        for attempt in range(ATTEMPTS):
            first = self.start_long(keep_model_loaded=attempt % 2 == 1)
            images = media.noise(2)
            second = self.rig.start(NODE, images=images, audio=media.silence(SAMPLES), keep_model_loaded=False, seed=attempt, **FAST)
            third = self.rig.start(NODE, images=images, audio=media.silence(SAMPLES), keep_model_loaded=False, seed=attempt + 100, **FAST)
            self.wait_for_node(first, 0.2 * (attempt % 8))
            self.host.interrupt()
            self.assertEqual(self.host.wait(first).ended, "interrupted")
            for key in (second, third):
                run = self.host.wait(key)
                self.assertEqual(run.ended, "success", run.error)
                self.assert_equal_images(self.rig.result(run).images[:2], images)
            self.rig.forget_files()

    def test_an_engine_that_hears_nothing_is_ended(self):
        self.use_script("hello(); time.sleep(60)")
        self.check(0.5)
        self.wait_until(lambda: not self.rig.engines())
        self.rig.use_real_engine()
        self.check_next_run()

    def test_an_engine_that_wants_all_and_reads_nothing_is_ended(self):
        self.use_script("hello(); event(event='want', first=0, count=8, step=1); time.sleep(60)")
        self.check(0.5)
        self.wait_until(lambda: not self.rig.engines())

    def test_an_engine_that_says_nothing_at_all_is_ended(self):
        self.use_script("time.sleep(60)")
        self.check(0.3)
        self.wait_until(lambda: not self.rig.engines())

    def test_a_stopped_engine_is_ended(self):
        key = self.start_long()
        self.wait_until(self.rig.engines)
        engine, = self.rig.engines()
        time.sleep(0.5)
        os.kill(engine, signal.SIGSTOP)
        start = time.monotonic()
        self.host.interrupt()
        self.assertEqual(self.host.wait(key).ended, "interrupted")
        self.assertLess(time.monotonic() - start, 1 + SLACK)
        self.check_next_run()

    def use_script(self, body):
        self.rig.use_engine(self.rig.script(SCRIPT.replace("{mark!r}", repr(os.devnull)) + body + "\n"))


class Faults(FailureTest):
    """What an engine can do wrong; each ends the job within a second, with its cause, and no process is left."""

    # Each is done when the job has come.
    BODIES = {
        "text instead of messages": "sys.stdout.write('Welcome to my program\\n' * 1000); sys.stdout.flush()",
        "no JSON": "send(b'J', b'{not json')",
        "JSON that is no object": "send(b'J', b'[1]')",
        "a picture before the result begins": "send(b'F', b'abc')",
        "an image that there is not": "event(event='begin', frames=8); event(event='same', source=50)",
        "an image that there is not, before the result begins": "event(event='same', source=5)",
        "an image of negative number": "event(event='begin', frames=8); event(event='same', source=-1)",
        "an image without a number": "event(event='begin', frames=8); event(event='same')",
        "a picture of the wrong size": "event(event='begin', frames=8); send(b'F', b'abc')",
        "a result without a length": "event(event='begin')",
        "a result of no length": "event(event='begin', frames='many')",
        "a result of a terabyte": "event(event='begin', frames=1 << 40)",
        "more images than begun": "event(event='begin', frames=1); event(event='same', source=0); event(event='same', source=0)",
        "wants images that there are not": "event(event='want', first=8, count=5, step=1)",
        "wants without a count": "event(event='want', first=5)",
        "wants with words": "event(event='want', first='a', count=1, step=1)",
        "a preview without pixels": "event(event='preview', frame=0, width=8, height=8)",
        "a preview of the wrong size": "event(event='preview', frame=0, width=8, height=8, rgb='AAAA')",
        "a preview that is no base64": "event(event='preview', frame=0, width=1, height=1, rgb='*')",
        "an error without a title": "event(event='error')",
        "an error": "event(event='error', code=5, kind='model', title='A title', message='A message.', path=None, detail=None)",
        "cancelled, which nobody asked for": "event(event='cancelled')",
        "a result before all images": "event(event='begin', frames=8); event(event='result')",
        "a result without a beginning": "event(event='result', frames=8, synced_frames=8, samples=5120)",
        "an end without a word": "sys.exit(0)",
        "an end with a word": "sys.stderr.write('libfoo.so is missing'); sys.stderr.flush(); sys.exit(3)",
        "a message that breaks off": "sys.stdout.buffer.write(b'F\\xff\\xff'); sys.stdout.flush(); sys.exit(0)",
        "a message of four gigabytes": "sys.stdout.buffer.write(b'F\\xff\\xff\\xff\\xffabc'); sys.stdout.flush()",
        "another kind of message": "send(b'Q', b'abc')",
        "an event without a name": "event(stage='faces')",
    }

    def fail(self, body, begins="hello(); read_job()"):
        mark = os.path.join(tempfile.mkdtemp(prefix="mark "), "mark")
        self.addCleanup(shutil.rmtree, os.path.dirname(mark), True)
        self.rig.use_engine(self.rig.script(SCRIPT.replace("{mark!r}", repr(mark)) + f"{begins}\ndef wrong():\n    {body}\nbad(wrong)\n"))
        key = self.rig.start(NODE, images=self.images[:, ::8, ::8], audio=self.audio, **FAST, seed=time.time_ns() % 2 ** 60)
        run = self.host.wait(key)
        ended = [event.time for event in run.events if event.name == "execution_error"]
        self.assertEqual(run.ended, "error")
        self.assertTrue(os.path.exists(mark), f"the engine was not started: {run.error['exception_message']}")
        with open(mark, encoding="utf-8") as file:
            seconds = ended[0] - float(file.read())
        self.wait_until(lambda: not self.rig.engines())
        return run.error, seconds

    def test_each_is_told_within_a_second(self):
        longest = 0
        for name, body in self.BODIES.items():
            with self.subTest(name):
                error, seconds = self.fail(body)
                longest = max(longest, seconds)
                self.assertLess(seconds, 1 + SLACK)
                self.assertGreater(len(error["exception_message"].strip()), 15, error["exception_message"])
                self.assertNotIn(error["exception_type"], ("KeyError", "TypeError", "AttributeError", "IndexError", "ValueError"), error["exception_message"])
        print(f"longest time from a fault to the error on the node: {longest:.2f} s", file=sys.stderr)
        self.rig.use_real_engine()
        self.check_next_run()

    def test_nonsense_is_not_told_as_an_end(self):
        """The exit code would be that of the signal with which the node ended the engine."""
        for name in ("text instead of messages", "no JSON", "another kind of message", "wants with words"):
            with self.subTest(name):
                error, seconds = self.fail(self.BODIES[name])
                self.assertIn("makes no sense", error["exception_message"])
                self.assertLess(seconds, 0.5 + SLACK)

    def test_the_words_of_the_engine_are_in_the_error(self):
        for body, words in ((self.BODIES["an end with a word"], "libfoo.so is missing"), (self.BODIES["an end with a word"], "exit code 3"),
                            (self.BODIES["an error"], "A title: A message.")):
            self.assertIn(words, self.fail(body)[0]["exception_message"])

    def test_another_protocol_is_told(self):
        error, _ = self.fail("event(event='error', code=2, kind='protocol', title='Protocol', message='This engine speaks version 2.')", "pass")
        self.assertIn("This engine speaks version 2.", error["exception_message"])


class Texts(FailureTest):
    """What stands on the node while an engine works."""

    def texts(self, body):
        """The texts of a job in which the engine does this, and then fails."""
        end = "event(event='error', code=5, kind='model', title='End', message='End.')\n"
        self.rig.use_engine(self.rig.script(SCRIPT.replace("{mark!r}", repr(os.devnull)) + "hello(); read_job()\n" + body + end))
        run = self.host.wait(self.rig.start(NODE, images=self.images[:, ::8, ::8], audio=self.audio, **FAST, seed=time.time_ns() % 2 ** 60))
        self.assertEqual(run.ended, "error")
        return run.texts("node")

    def test_no_line_begins_with_what_closes_a_sentence(self):
        self.host.set_language("zh")
        self.addCleanup(self.host.set_language, "en")
        names = ["m" * length for length in range(34, 42)]
        text = self.texts("".join(f"event(event='notice', message='Using the model {name} (folder).')\n" for name in names))[-1]
        for name in names:
            self.assertIn(name + "。", text)

    def test_it_is_not_told_before_the_longest_stage_knows_its_own(self):
        """The faces are found within a second, which would otherwise stand there as the time of all."""
        step = "event(event='progress', stage={!r}, done={}, total=10, remaining_seconds={}); time.sleep(0.7)\n"
        texts = self.texts(step.format("prepare", 10, 0.0) + step.format("faces", 1, 1.0) + step.format("diffusion", 1, 45.0))
        self.assertTrue([text for text in texts if "Finding faces" in text], texts)
        self.assertFalse([text for text in texts if "0:01 left" in text], texts)
        self.assertTrue([text for text in texts if "0:45 left" in text], texts)


class Kills(FailureTest):
    def check(self, seconds, name=NODE, **values):
        key = self.start_long(name, **values)
        self.wait_until(self.rig.engines)
        time.sleep(seconds)
        start = time.monotonic()
        for engine in self.rig.engines():
            os.kill(engine, signal.SIGKILL)
        run = self.host.wait(key)
        self.assertEqual(run.ended, "error")
        self.assertLess(time.monotonic() - start, 1 + SLACK)
        self.assertIn("ended unexpectedly", run.error["exception_message"])
        self.assertEqual(self.rig.temporary_files(), [])

    def test_in_the_middle(self):
        for seconds in (0.0, 0.3, 1.5):
            with self.subTest(seconds=seconds):
                self.check(seconds)
        self.check_next_run()

    def test_in_the_middle_of_files(self):
        self.check(2.0, VIDEO)
        self.check_next_run()

    def test_between_two_jobs(self):
        """An engine that is kept may be gone when the next job comes."""
        for attempt in range(2):
            self.rig.run(NODE, images=media.noise(1), audio=media.silence(SAMPLES), keep_model_loaded=True, seed=attempt, **FAST)
            engine, = self.rig.engines()
            os.kill(engine, signal.SIGKILL)
            if attempt:
                self.wait_until(lambda gone=engine: not is_alive(gone))
            self.rig.run(NODE, images=media.noise(2), audio=media.silence(SAMPLES), keep_model_loaded=False, seed=attempt, **FAST)

    @stand_in_only
    def test_no_orphan_when_the_host_is_killed(self):
        code = ("import rig, media, threading, time\n"
                "r = rig.open_rig()\n"
                f"key = r.start({NODE!r}, images=media.head(8), audio=media.voice(0.32), **{LONG})\n"
                "while not r.engines(): time.sleep(0.01)\n"
                "time.sleep(1)\n"
                "print(r.engines()[0], r.host.base, flush=True)\n"
                "time.sleep(60)\n")
        child = subprocess.Popen([sys.executable, "-B", "-c", code], cwd=HERE, stdout=subprocess.PIPE, text=True)
        engine, base = child.stdout.readline().strip().split(" ", 1)
        self.addCleanup(shutil.rmtree, base)
        self.assertTrue(is_alive(engine))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        self.wait_until(lambda: not is_alive(engine))


class Finding(FailureTest):
    """Where the engine is, and what is said before the run where it is not."""

    def refusal(self):
        prompt = self.rig.prompt(NODE, images=self.images[:1], audio=self.audio, **FAST)
        with self.assertRaises(Refused) as caught:
            self.host.submit(prompt)
        return str(caught.exception)

    def check_works(self, setting):
        self.rig.use_engine(setting)
        self.check_next_run(seed=time.time_ns() % 2 ** 60)

    def test_a_path_in_quotes_a_folder_a_mark_and_utf_16(self):
        # The real engine under its usual name.
        folder = tempfile.mkdtemp(prefix="engine ü ")
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "latentsync")
        os.symlink(os.path.realpath(ENGINE), path)
        if os.path.exists(os.path.realpath(ENGINE) + ".dll"):  # not self-contained: it looks for its library beside the link
            os.remove(path)
            with open(path, "w", encoding="utf-8") as file:
                file.write(f'#!/bin/sh\nexec "{os.path.realpath(ENGINE)}" "$@"\n')
            os.chmod(path, 0o755)
        for setting in (path.encode(), folder.encode(), f'"{path}"\r\n'.encode(), f"  '{folder}{os.sep}'  \n\n".encode(), b"\xef\xbb\xbf" + path.encode(),
                        path.encode("utf-16"), f'"{path}"\r\n'.encode("utf-16-le"), b"\n" + path.encode() + b"\n"):
            with self.subTest(setting=setting):
                self.check_works(setting)

    def test_a_path_that_does_not_exist(self):
        self.rig.use_engine("/no/such/latentsync")
        self.assertIn('"/no/such/latentsync", which does not exist', self.refusal())

    def test_a_folder_without_an_engine(self):
        self.rig.use_engine(HERE)
        self.assertIn(f'"{HERE}"', self.refusal())

    def test_a_file_that_cannot_be_executed(self):
        path = self.rig.script("#!/bin/sh\n")
        os.chmod(path, 0o644)
        self.rig.use_engine(path)
        self.assertIn(f'"{path}"', self.refusal())

    def test_a_program_for_another_system(self):
        path = self.rig.script("MZ is not for here\0\0")
        self.rig.use_engine(path)
        with self.assertRaises(Failed) as caught:
            self.rig.run(NODE, images=self.images[:1], audio=self.audio, **FAST)
        self.assertIn(f'"{path}"', str(caught.exception))

    def test_what_is_no_text(self):
        for setting in (b"\xff\xfe\x00", b"\x80\x81\x82", b"\0" * 9):
            with self.subTest(setting=setting):
                self.rig.use_engine(setting)
                try:
                    self.host.run(self.rig.prompt(NODE, images=media.noise(1), audio=media.silence(SAMPLES), seed=time.time_ns() % 2 ** 60, **FAST))
                except Refused as error:
                    self.assertNotRegex(str(error), "Exception when validating")
                except Failed as error:  # where nothing is left of it, an engine may be found elsewhere
                    self.assertIn("engine", str(error))

    @stand_in_only
    def test_missing_everywhere_is_said_in_both_languages(self):
        self.rig.use_engine(None)
        self.hide_engines()
        self.assertIn("engine was not found", self.refusal())
        self.assertIn(self.rig.pack, self.refusal())
        self.host.set_language("zh-TW")
        self.addCleanup(self.host.set_language, "en")
        self.assertIn("找不到 LatentSync 引擎", self.refusal())

    def test_it_is_said_before_the_nodes_before_it_run(self):
        self.rig.use_engine("/no/such/latentsync")
        for name, inputs in ((NODE, {"images": self.images[:1], "audio": self.audio}), ("LatentSyncNode", {"images": self.images[:1], "audio": self.audio}),
                             (VIDEO, {"video": media.VIDEO, "audio": self.audio}), (VIDEO, {"video_path": media.VIDEO, "audio_path": media.VOICE})):
            with self.subTest(node=name, inputs=list(inputs)), self.assertRaisesRegex(Refused, "engine.txt"):
                self.host.submit(self.rig.prompt(name, **inputs))
        with self.assertRaisesRegex(Refused, "engine.txt"):
            self.host.submit(self.rig.prompt(VIDEO, fill=False, video_path=media.VIDEO, audio=self.audio))

    def hide_engines(self):
        saved = {name: os.environ.get(name) for name in ("PATH", "LATENTSYNC_HOME")}

        def restore():
            for name, value in saved.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

        self.addCleanup(restore)
        os.environ["PATH"] = os.environ["LATENTSYNC_HOME"] = os.path.join(self.host.base, "nothing")

    @stand_in_only
    def test_order_of_the_places(self):
        """Each place is tried with a program that says where it is; then one that comes before it is added."""
        self.rig.use_engine(None)
        self.hide_engines()
        base = self.host.base
        os.environ["PATH"] = os.pathsep.join([os.path.join(base, "in path"), "/usr/bin", "/bin"])
        os.environ["LATENTSYNC_HOME"] = os.path.join(base, "home")
        for place in (("in path",), ("custom_nodes", os.path.basename(PACK), "engine"), ("home", "engine"), ("home",)):
            path = os.path.join(base, *place, "latentsync")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\necho 'I am in {'-'.join(place)}' >&2\nexit 3\n")
            os.chmod(path, 0o755)
            with self.subTest(place=place), self.assertRaisesRegex(Failed, f"I am in {'-'.join(place)}"):
                self.rig.run(NODE, images=self.images[:1], audio=self.audio, seed=time.time_ns() % 2 ** 60, **FAST)


class Limits(FailureTest):
    """What is out of range or list is refused before the run, whatever else the node checks."""

    def test_out_of_range(self):
        for name in (NODE, VIDEO):
            for change, expected in (({"num_frames": 33}, "bigger"), ({"length_mode": "bounce"}, "list"), ({"lips_expression": 0.9}, "smaller"),
                                     ({"inference_steps": 0}, "smaller"), ({"quiet_mouth": "shut"}, "list"), ({"vram": "7"}, "list"),
                                     ({"sampler": "euler"}, "list"), ({"guidance_to": 1.1}, "bigger"),
                                     ({"silent_padding_sec": 61}, "bigger")):
                inputs = {"images": self.images[:1]} if name == NODE else {"video_path": media.VIDEO}
                with self.subTest(node=name, **change), self.assertRaisesRegex(Refused, expected):
                    self.host.submit(self.rig.prompt(name, audio=self.audio, **inputs, **{**FAST, **change}))

    def test_wrong_links(self):
        prompt = self.rig.prompt(NODE, images=self.images[:1], audio=self.audio, **FAST)
        prompt["node"]["inputs"].update(images=["audio", 0])
        with self.assertRaises(Refused):
            self.host.submit(prompt)

    def test_no_nodes_before_it(self):
        prompt = self.rig.prompt(NODE, audio=self.audio, **FAST)
        with self.assertRaisesRegex(Refused, "images"):
            self.host.submit(prompt)


class Clash(unittest.TestCase):
    """Of the ids of ComfyUI-LatentSyncWrapper that pack is the owner, whichever is loaded first."""

    @stand_in_only
    def test_the_owner_keeps_its_ids(self):
        from standin.host import StandIn
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        owner = os.path.join(folder, "ComfyUI-LatentSyncWrapper")
        os.makedirs(owner)
        with open(os.path.join(owner, "__init__.py"), "w", encoding="utf-8") as file:
            file.write("class Owner:\n    CATEGORY, FUNCTION, RETURN_TYPES, DESCRIPTION = 'x', 'run', (), 'the owner'\n"
                       "    @classmethod\n    def INPUT_TYPES(cls):\n        return {'required': {}}\n"
                       "NODE_CLASS_MAPPINGS = {'LatentSyncNode': Owner, 'VideoLengthAdjuster': Owner}\n")
        for packs in ([owner, PACK], [PACK, owner]):
            host = StandIn(packs)
            self.addCleanup(host.close)
            for name in ("LatentSyncNode", "VideoLengthAdjuster"):
                self.assertEqual(host.object_info(name)["description"], "the owner")
            self.assertIsNotNone(host.object_info(NODE))


class Models(unittest.TestCase):
    @stand_in_only
    def test_a_folder_of_extra_model_paths_is_looked_in(self):
        folder = tempfile.mkdtemp(prefix="extra models ")
        self.addCleanup(shutil.rmtree, folder)
        os.symlink(os.path.join(media.ROOT, "models", "demo"), os.path.join(folder, "of mine"))
        rig = open_rig(model_folders={"latentsync": folder})
        self.addCleanup(rig.close)
        self.assertIn("of mine", rig.host.object_info(NODE)["input"]["optional"]["model"][0])
        images = media.head(4)
        result = rig.run(NODE, images=images, audio=media.voice(0.16), model="of mine", keep_model_loaded=False, **FAST)
        self.assertFalse(torch.equal(result.images, images))


class Concurrent(FailureTest):
    def test_prompts_in_a_row(self):
        keys = [self.rig.start(NODE, images=media.noise(2), audio=media.silence(SAMPLES), seed=seed, keep_model_loaded=bool(seed % 2), **FAST)
                for seed in range(6)]
        for key in keys:
            self.assertEqual(self.host.wait(key).ended, "success")

    def test_the_queue_is_told(self):
        first = self.start_long()
        second = self.rig.start(NODE, images=media.noise(2), audio=media.silence(SAMPLES), **FAST)
        self.wait_for_node(first)
        self.assertEqual(self.host.queue(), (1, 1))
        self.host.interrupt()
        self.assertEqual(self.host.wait(first).ended, "interrupted")
        self.assertEqual(self.host.wait(second).ended, "success")
        self.wait_until(lambda: self.host.queue() == (0, 0))


del FailureTest, RigTest
