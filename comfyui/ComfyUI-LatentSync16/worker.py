"""One process of the engine, and how a job runs in it.

Three threads take part in a job. The node's own thread waits for events and listens for the interrupt button. The feeder
sends the sound and the frames that the engine asks for; the reader takes what comes. Both call the job's methods, and
whatever goes wrong in them becomes an event too, so that the job ends at once and the node tells the cause.
"""
import collections
import logging
import queue
import subprocess
import threading
import time

from . import protocol
from .messages import EngineError, NodeError

POLL_SECONDS = 0.1
CANCEL_SECONDS = 0.7  # how long an engine may take to stop before it is ended by force; an interrupt takes a second at most
CRASH_SECONDS = 0.1  # how long an engine that sent nonsense may take to end by itself, so that its own exit code is told
EXIT_SECONDS = 10.0  # how long it may take to free its memory after a job
LOG_LINES = 20
SOUND_PIECE = 1 << 20

# Events that belong to the stream of frames and are taken in its order, by the reader.
STREAM = ("begin", "same", "mask")


class EndedBeforeJob(NodeError):
    """A kept process ended before it took the job, so another may do it: it had waited for too long, or was ended."""


class _Failure:
    """An exception of another thread, on its way to the node's."""

    def __init__(self, job, error):
        self.job = job
        self.error = error


class Job:
    """What a worker does for a node. This one takes no frames and tells nobody anything."""

    keep_model = False

    def message(self, features):
        """The job as the protocol writes it, for an engine of these features. Called by the node's thread."""
        raise NotImplementedError

    def poll(self):
        """Called by the node's thread every 100 ms at least; stops the job by whatever it raises."""

    def on_event(self, event):
        """Takes an event that is not of the stream. Called by the node's thread."""

    def finish(self, event):
        """Checks the result: raises a ProtocolError if it cannot be. Called by the node's thread."""

    def sound(self):
        """The bytes of the sound. Called by the feeder."""
        return b""

    def frame(self, index):
        """The bytes of a frame of the source; they are sent before the next call. Called by the feeder."""
        raise protocol.ProtocolError("it asked for a frame where there are none")

    def take(self, kind, payload, event):
        """Takes a part of the result: an event of STREAM, a picture, or a mask and its event. Called by the reader."""
        raise protocol.ProtocolError("it sent a frame where there are none")


class Worker:
    """A running engine; one job at a time. Whoever made it closes it."""

    def __init__(self, program, environment, language, idle_seconds):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        try:
            self._process = subprocess.Popen([program, "worker"], env=environment, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0), **pipes)
        except OSError as error:
            raise NodeError("cannot_start", path=program, reason=error.strerror or str(error)) from error
        self.language = language
        self._events = queue.Queue()
        self._log = collections.deque(maxlen=LOG_LINES)
        self._sending = threading.Lock()
        self._job = None
        self._features = None
        self._has_worked = False
        self._is_ending = False
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._keep_log, self._read)]
        for thread in self._threads:
            thread.start()
        self._send(protocol.JSON, {"type": "hello", "protocol": protocol.VERSION, "language": language, "idle_seconds": idle_seconds})

    @property
    def pid(self):
        """The number of the process."""
        return self._process.pid

    @property
    def is_running(self):
        """Whether the process lives; one that is about to end does too."""
        return self._process.poll() is None

    @property
    def is_usable(self):
        """Whether the worker may be given another job: it lives, it has answered, and it is not about to end."""
        return self.is_running and self._features is not None and not self._is_ending

    def run(self, job):
        """Runs a job to its end, and gives the event that tells of its result.

        Raises what the job's methods raise, an EngineError, or EndedBeforeJob.
        """
        self._greet(job)
        message = job.message(self._features)
        wants, stopped = queue.Queue(), threading.Event()
        feeder = threading.Thread(target=self._feed, args=(job, message, wants, stopped), daemon=True)
        self._job = job
        end, was_heard = None, False
        try:
            feeder.start()
            while end is None:
                job.poll()
                event = self._next(job, was_heard)
                if event is None:
                    continue
                was_heard = True
                if event["event"] == "want":
                    wants.put(_wanted(event))
                elif event["event"] in protocol.ENDS:
                    end = event
                    if event["event"] == "result":
                        job.finish(event)
                else:
                    job.on_event(event)
        except protocol.ProtocolError as error:
            self._is_ending = True
            raise NodeError("nonsense", what=str(error)) from error
        finally:
            self._job = None
            stopped.set()
            wants.put(None)
            if end is None and self._is_ending:  # it has broken the protocol: there is nobody to ask
                self.close()
            elif end is None:
                self._cancel()
            feeder.join(CANCEL_SECONDS)
            if feeder.is_alive():  # it waits for an engine that does not read
                self.close()
        self._has_worked = True
        if end["event"] == "error":
            self._is_ending = end.get("kind") == "protocol"
            raise EngineError(end)
        if end["event"] == "cancelled":  # nobody asked for it: the engine waited for this node for too long
            self._is_ending = True
            raise NodeError("gave_up")
        self._is_ending = not job.keep_model
        return end

    def close(self, seconds=0.0):
        """Waits for the process to end by itself, ends it by force after so many seconds, and frees all it had.

        Tells whether it has ended by itself.
        """
        has_ended = True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            has_ended = False
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(CANCEL_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                pipe.close()
            except OSError:  # what was not yet written has nobody to read it
                pass
        return has_ended

    def hang_up(self, seconds):
        """Ends an idle process: it goes when its input ends."""
        try:
            self._process.stdin.close()
        except OSError:  # it is gone already
            pass
        self.close(seconds)

    def _keep_log(self):
        self._log.extend(self._process.stderr)

    def _read(self):
        """Reads to the end of the process. A job that fails to take its part does not stop the reading: the engine must not wait."""
        reader = protocol.Reader(self._process.stdout)
        end = {"event": "ended", "reason": "", "is_nonsense": False}
        mask = None
        try:
            for kind, payload in iter(reader.read, None):
                if kind == protocol.JSON and payload["event"] == "mask":
                    mask = payload
                elif kind == protocol.JSON and payload["event"] not in STREAM:
                    self._events.put(payload)
                else:
                    self._hand_on(kind, payload, mask)
        except (protocol.Truncated, OSError, ValueError) as error:
            end["reason"] = str(error)
        except protocol.ProtocolError as error:
            end.update(reason=str(error), is_nonsense=True)
        except Exception as error:  # a fault of this pack; nothing reads the pipe any more
            self._events.put(_Failure(self._job, error))
        self._events.put(end)

    def _hand_on(self, kind, payload, mask):
        job = self._job
        if job is None:
            return
        try:
            if kind == protocol.JSON:
                job.take(kind, None, payload)
            else:
                job.take(kind, payload, mask)
        except BaseException as error:  # pylint: disable=broad-except  (raised again in the node's thread)
            self._job = None
            self._events.put(_Failure(job, error))

    def _feed(self, job, message, wants, stopped):
        """Sends a job, its sound, and the frames that the engine wants, until it is stopped."""
        try:
            self._send(protocol.JSON, message)
            sound = job.sound()
            for start in range(0, len(sound), SOUND_PIECE):
                if stopped.is_set():
                    return
                self._send(protocol.SOUND, sound[start:start + SOUND_PIECE])
            for wanted in iter(wants.get, None):
                for index in wanted:
                    if stopped.is_set():
                        return
                    self._send(protocol.PICTURE, job.frame(index))
        except BaseException as error:  # pylint: disable=broad-except  (raised again in the node's thread)
            self._events.put(_Failure(job, error))

    def _send(self, kind, payload):
        try:
            with self._sending:
                protocol.write(self._process.stdin, kind, payload)
        except (OSError, ValueError):
            pass  # the process ended, of which the reader tells with its reason

    def _greet(self, job):
        while self._features is None:
            job.poll()
            event = self._next(job, was_heard=True)
            if event is None:
                continue
            if event["event"] == "hello":
                features = event.get("features")
                self._features = frozenset(map(str, features) if isinstance(features, list) else ())
            elif event["event"] == "error":
                raise EngineError(event)

    def _next(self, job, was_heard):
        """The next event; None if there is none for a while. Raises what another thread did, or that the process ended."""
        try:
            event = self._events.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None
        if isinstance(event, _Failure):
            if event.job is not job:  # a job that was given up
                return None
            raise event.error
        if event["event"] != "ended":
            return event
        has_ended = self.close(CRASH_SECONDS if event["is_nonsense"] else CANCEL_SECONDS)
        log = b"".join(self._log).decode("utf-8", "replace").strip()
        if event["is_nonsense"] and not has_ended:
            if log:
                logging.warning("[LatentSync] %s", log)
            raise NodeError("nonsense", what=event["reason"])
        kind = EndedBeforeJob if self._has_worked and not was_heard else NodeError
        raise kind("ended", code=self._process.returncode, log="\n".join(text for text in (event["reason"], log) if text))

    def _cancel(self):
        """Asks for the end of the job and waits for it for a moment; an engine that does not stop is ended by force."""
        until = time.monotonic() + CANCEL_SECONDS
        threading.Thread(target=self._send, args=(protocol.JSON, {"type": "cancel"}), daemon=True).start()  # the pipe may be full
        while self.is_running:
            try:
                event = self._events.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if isinstance(event, dict) and event["event"] in protocol.ENDS:
                self._has_worked = True
                return
        self.close()


def _wanted(event):
    """The numbers of the frames that the engine wants, in its order."""
    first, count, step = (protocol.member(event, name, int) for name in ("first", "count", "step"))
    if step not in (-1, 1):
        raise protocol.ProtocolError(f"it wants every {step}th frame")
    return range(first, first + count * step, step)
