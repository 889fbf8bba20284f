"""The engine: a child process that is found, started and spoken to over its pipes (docs/worker-protocol.md)."""
import atexit
import collections
import json
import os
import queue
import shutil
import struct
import subprocess
import sys
import threading
import time

import folder_paths

PROTOCOL, HEADER, SOUND_PIECE, LARGEST, ENDS = 1, "<cI", 1 << 20, 3 << 26, ("result", "error", "cancelled")
IDLE_SECONDS = 600  # an engine that is kept ends after so long without a job
POLL_SECONDS, CANCEL_SECONDS, EXIT_SECONDS = 0.1, 0.8, 10.0
HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "latentsync.exe" if sys.platform == "win32" else "latentsync"


def load_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def language():
    try:
        locale = load_json(folder_paths.get_user_directory(), "default", "comfy.settings.json")["Comfy.Locale"]
        return "zh" if locale.startswith("zh") else "en"
    except (OSError, ValueError, KeyError, AttributeError):
        return "en"


class EngineError(RuntimeError):
    """A sentence of messages.json, in the language of ComfyUI's interface."""
    def __init__(self, name, **values):
        super().__init__(load_json(HERE, "messages.json")[language()].get(name, "{text}").format(folder=HERE, **values))


def find():
    """The engine's executable: named in engine.txt, else in LATENTSYNC_HOME, in the folder "engine", or in PATH."""
    setting, home = os.path.join(HERE, "engine.txt"), os.environ.get("LATENTSYNC_HOME")
    if os.path.isfile(setting):
        with open(setting, encoding="utf-8") as file:
            found = file.readline().strip()
    else:
        folders = ([home, os.path.join(home, "engine")] if home else []) + [os.path.join(HERE, "engine")]
        found = shutil.which(NAME, path=os.pathsep.join(folders)) or shutil.which(NAME)
    if not (found and os.path.isfile(found)):
        raise EngineError("setting" if found else "missing", path=found)
    return found


class Worker:
    """A running engine. Whoever uses it holds LOCK."""
    def __init__(self):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        self.process = subprocess.Popen([find(), "worker"], creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0), **pipes)
        self.events, self.log, self.sending, self.on_frame = queue.Queue(), collections.deque(maxlen=20), threading.Lock(), None
        self.logger = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.logger.start()
        threading.Thread(target=self._read, daemon=True).start()
        self.send({"type": "hello", "protocol": PROTOCOL, "language": language(), "idle_seconds": IDLE_SECONDS})

    def send(self, message, kind=b"J"):
        payload = json.dumps(message).encode() if kind == b"J" else message
        try:
            with self.sending:
                self.process.stdin.write(struct.pack(HEADER, kind, len(payload)))
                self.process.stdin.write(payload)
                self.process.stdin.flush()
        except (OSError, ValueError):
            pass  # the engine ended, of which _read tells

    def _read(self):
        reason, buffer = "", bytearray()
        try:
            while header := self.process.stdout.read(struct.calcsize(HEADER)):
                kind, size = struct.unpack(HEADER, header)
                buffer = buffer if size <= len(buffer) else bytearray(min(size, LARGEST))
                payload = memoryview(buffer)[:size]
                if self.process.stdout.readinto(payload) < size:
                    break
                event = json.loads(bytes(payload)) if kind == b"J" else {"event": "frame"}
                if event["event"] in ("frame", "same"):
                    self.on_frame(payload, event.get("source"))
                else:
                    self.events.put(event)
        except Exception as error:  # what it sent makes no sense
            reason = repr(error)
        self.events.put({"event": "ended", "reason": reason})

    def _feed(self, wants, done, sound, frame):
        for start in range(0, len(sound), SOUND_PIECE):
            self.send(sound[start:start + SOUND_PIECE], b"A")
        for want in iter(wants.get, None):
            for index in range(want["first"], want["first"] + want["count"] * want["step"], want["step"]):
                if not done.is_set():
                    self.send(frame(index), b"F")

    def _next(self):
        """The next event; an empty one if there is none for a while."""
        try:
            event = self.events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return {"event": ""}
        if event["event"] != "ended":
            return event
        self.close(CANCEL_SECONDS)
        self.logger.join(CANCEL_SECONDS)
        log = b"".join(self.log).decode("utf-8", "replace").strip() or event["reason"]
        raise EngineError("ended", code=self.process.returncode, log=log)

    def run(self, job, poll, on_event, on_frame=None, sound=b"", frame=None):
        """Runs a job to its result. poll is called every 100 ms at least, and stops the job by whatever it raises."""
        wants, done, self.on_frame, event = queue.Queue(), threading.Event(), on_frame, {"event": ""}
        try:
            self.send(job)
            threading.Thread(target=self._feed, args=(wants, done, sound, frame), daemon=True).start()
            while event["event"] not in ENDS:
                poll()
                event = self._next()
                (wants.put if event["event"] == "want" else on_event)(event)
        finally:
            done.set()
            wants.put(None)
            if event["event"] not in ENDS:
                self._cancel()
            elif not job["keep_model"]:
                self.close(EXIT_SECONDS)
        if event["event"] != "result":
            raise EngineError("error", text="\n".join(filter(None, (f'{event["title"]}: {event["message"]}', event.get("detail")))))
        return event

    def _cancel(self):
        """Asks the job to stop. An engine that does not is killed; the next run starts another."""
        until = time.monotonic() + CANCEL_SECONDS
        threading.Thread(target=self.send, args=({"type": "cancel"},), daemon=True).start()  # the pipe may be full
        try:
            while time.monotonic() < until:
                if self._next()["event"] in ENDS:
                    return
        except EngineError:
            pass
        self.close(0)

    def close(self, seconds):
        """Ends the process: by the end of its input, or by force after so many seconds."""
        try:
            if seconds:
                self.process.stdin.close()
            self.process.wait(seconds)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


LOCK, _worker = threading.Lock(), None


def run(job, poll, on_event, **streams):
    """Runs a job when those before it are done; starts the engine if none runs."""
    global _worker
    while not LOCK.acquire(timeout=POLL_SECONDS):
        poll()
    try:
        if _worker is None or _worker.process.poll() is not None:
            _worker = Worker()
        return _worker.run(job, poll, on_event, **streams)
    finally:
        LOCK.release()


atexit.register(lambda: _worker and _worker.close(CANCEL_SECONDS))
