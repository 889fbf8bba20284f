"""What a node shows while it runs: the bar, a picture, what is done, how long it will take, and what the engine noticed."""
import base64
import logging
import re
import time
import unicodedata

import comfy.utils
from PIL import Image

from . import host, protocol
from .messages import in_node_words, say

# Shares of the bar. The stages run side by side.
STAGES = {"prepare": 20, "faces": 130, "diffusion": 800, "output": 50}
TEXT_SECONDS = 0.5
PREVIEW_SECONDS = 1.0
PREVIEW_SIDE = 512
SECONDS_PER_MINUTE = 60
GIGABYTE = 1e9
# The node's text is not wrapped by the interface, and what does not fit is cut off.
LINE_WIDTH = 46
# A line may be broken after a space, and before and after each Chinese character, but does not begin with what closes a sentence.
_CHINESE = r"\u3000-\u9fff\uff00-\uffef"
_CLOSING = "[\u3001\u3002\u300b\u300d\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*"
WORD = re.compile(rf"[{_CHINESE}]{_CLOSING}|[^\s{_CHINESE}]+{_CLOSING}\s*|\s+")


class Status:
    """Turns the engine's events into what the node shows. All methods are called by the node's thread."""

    def __init__(self, node_id):
        self._node_id = node_id
        self._bar = comfy.utils.ProgressBar(sum(STAGES.values()))
        self._done = {}
        self._remaining = {}
        self._notices = {}  # sentences and how grave they are
        self._picture = None
        self._last_text = self._last_picture = float("-inf")

    def on_event(self, event):
        """Takes an event of a job."""
        kind = event["event"]
        if kind == "progress" and event.get("stage") in STAGES:
            self._progress(event)
        elif kind == "notice":
            message = str(event.get("message", ""))
            self.notice(in_node_words(message), log=message)
        elif kind == "preview":
            self.show_picture(_small_picture(event))

    def notice(self, sentence, level=logging.INFO, log=None):
        """Adds a sentence that stays on the node to the end; the log gets it too, or what it is given instead."""
        logging.log(level, "[LatentSync] %s", log or sentence)
        self._notices[sentence] = level
        self._show(self._line())

    def wants_picture(self):
        """Whether it is time for another picture."""
        return time.monotonic() - self._last_picture >= PREVIEW_SECONDS

    def show_picture(self, picture):
        """Shows a picture on the node."""
        self._last_picture = time.monotonic()
        self._bar.update_absolute(int(sum(self._done.values())), self._bar.total, ("JPEG", picture, PREVIEW_SIDE))

    def download(self, event):
        """Shows how far the download of a model is, by an event of its job."""
        if event["event"] == "progress":
            self._bar.update_absolute(int(self._bar.total * _share(event)), self._bar.total)
            values = {name: event[name] / GIGABYTE for name in ("done", "total")}
            self._show_now_and_then(say("downloading", **values) + _time_left(_remaining(event)))
        elif event["event"] == "notice":
            self.on_event(event)

    def end(self, summary):
        """Shows how it ended; gives all lines, for the node's "ui"."""
        self._show(summary)
        return self._with_notices(summary)

    def _progress(self, event):
        stage = event["stage"]
        self._done[stage] = STAGES[stage] * _share(event)
        self._remaining[stage] = _remaining(event)
        self._bar.update_absolute(int(sum(self._done.values())), self._bar.total)
        self._show_now_and_then(self._line())

    def _line(self):
        """The stage that all wait for, and how much of all stages is done."""
        if not self._done:
            return say("starting")
        shares = {name: self._done.get(name, 0) / most for name, most in STAGES.items()}
        waited_for = next((name for name, share in shares.items() if share < 1), "output")
        stage = "diffusion" if 0 < shares["diffusion"] < 1 else waited_for
        percent = int(100 * sum(self._done.values()) / self._bar.total)
        # Until the longest stage knows its own time, that of the others would promise an end too early.
        remaining = max(filter(None, self._remaining.values()), default=None) if self._remaining.get("diffusion") is not None else None
        return say("stage_" + stage, percent=percent) + _time_left(remaining)

    def _show_now_and_then(self, line):
        if time.monotonic() - self._last_text >= TEXT_SECONDS:
            self._show(line)

    def _show(self, line):
        self._last_text = time.monotonic()
        host.show_text(self._node_id, "\n".join(map(_wrapped, self._with_notices(line))))

    def _with_notices(self, line):
        """The line and all notices, the gravest first: a node shows few lines without being made taller."""
        return [line, *sorted(self._notices, key=self._notices.get, reverse=True)]


def _share(event):
    """How much of a stage is done, 0 to 1."""
    done, total = (protocol.member(event, name, float) for name in ("done", "total"))
    return min(1.0, max(0.0, done / total)) if total > 0 else 0.0


def _remaining(event):
    """The seconds that are left; None while nobody knows."""
    return None if event.get("remaining_seconds") is None else protocol.member(event, "remaining_seconds", float)


def _small_picture(event):
    size = protocol.member(event, "width", int), protocol.member(event, "height", int)
    try:
        return Image.frombytes("RGB", size, base64.b64decode(protocol.member(event, "rgb", str), validate=True))
    except ValueError as error:
        raise protocol.ProtocolError(f"a preview of {size[0]}x{size[1]} pixels that is none: {error}") from error


def _wrapped(text):
    """The text in lines as wide as a node; a Chinese character is as wide as two letters."""
    lines, width = [""], 0
    for word in WORD.findall(text):
        length = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word.rstrip())
        if lines[-1] and width + length > LINE_WIDTH:
            lines.append("")
            width = 0
        lines[-1] += word
        width += length + len(word) - len(word.rstrip())
    return "\n".join(line.rstrip() for line in lines)


def _time_left(seconds):
    if not seconds:
        return ""
    minutes, seconds = divmod(int(seconds), SECONDS_PER_MINUTE)
    return say("time_left", minutes=minutes, seconds=seconds)
