"""What the tests ask of a host, whether a real ComfyUI or the stand-in: take a prompt, run it, tell what came of it."""
import dataclasses
import os
import time
import typing

SECONDS = float(os.environ.get("LATENTSYNC_TEST_SECONDS", 120))  # how long a prompt of the tests may take


def errors_by_node(answer):
    """The errors of nodes in the answer to a prompt."""
    return {key: entry["errors"] for key, entry in (answer.get("node_errors") or {}).items()}


class Refused(Exception):
    """The host did not take a prompt. `errors` are those of the nodes: {node id: [{"type", "message", "details", ...}]}."""

    def __init__(self, body):
        self.body = body
        self.errors = errors_by_node(body)
        details = [f'{key}: {error["message"]}: {error["details"]}' for key, errors in self.errors.items() for error in errors]
        super().__init__("\n".join(details) or str(body.get("error")))


class Failed(Exception):
    """A node raised an exception: its text is what stands on the red node."""

    def __init__(self, run):
        self.run, self.kind = run, run.error["exception_type"]
        super().__init__(run.error["exception_message"].strip())


class Interrupted(Exception):
    """The prompt was stopped."""


@dataclasses.dataclass
class Event:
    """A message of the host: its name, its data, and when it came (time.monotonic). Binary ones are "text" and "preview"."""
    name: str
    data: dict
    time: float


@dataclasses.dataclass
class Run:
    """A prompt that ended. `outputs` is what nodes gave as "ui", by node id; `ended` is "success", "error" or "interrupted"."""
    key: str
    ended: str
    outputs: dict
    events: typing.List[Event]
    error: typing.Optional[dict] = None

    def named(self, *names):
        return [event for event in self.events if event.name in names]

    def texts(self, node=None):
        return [event.data["text"] for event in self.named("text") if node in (None, event.data["node"])]


class Host:
    """The common part of both hosts. Files that both sides see lie in `folder(name)`: input, output, temp, user, custom_nodes."""

    version: str
    is_real: bool

    def submit(self, prompt):
        """Queues a prompt in the API format and gives its key. Raises Refused."""
        raise NotImplementedError

    def complaints(self, key):
        """What a prompt that was taken will not run: the errors of nodes that only other output nodes need."""
        raise NotImplementedError

    def finished(self, key):
        """The Run of a prompt, or None while it waits or runs."""
        raise NotImplementedError

    def events(self, key):
        """The events of a prompt so far."""
        raise NotImplementedError

    def interrupt(self):
        """Stops what runs now."""
        raise NotImplementedError

    def queue(self):
        """How many prompts run and wait."""
        raise NotImplementedError

    def object_info(self, name):
        """What the interface is told of a node; None if there is none of that name."""
        raise NotImplementedError

    def folder(self, name):
        raise NotImplementedError

    def process(self):
        """The number of the host's process."""
        raise NotImplementedError

    def set_language(self, language):
        raise NotImplementedError

    def close(self):
        pass

    def wait(self, key, seconds=SECONDS):
        """Waits for a prompt and gives its Run, however it ended."""
        end = time.monotonic() + seconds
        while (run := self.finished(key)) is None:
            if time.monotonic() > end:
                self.interrupt()
                raise TimeoutError(f"the prompt did not end within {seconds:.0f} s: {[event.name for event in self.events(key)][-5:]}")
            time.sleep(0.01)
        return run

    def run(self, prompt, seconds=SECONDS):
        """Runs a prompt to its end. Raises Refused, Failed or Interrupted."""
        run = self.wait(self.submit(prompt), seconds)
        if run.ended == "error":
            raise Failed(run)
        if run.ended == "interrupted":
            raise Interrupted()
        return run
