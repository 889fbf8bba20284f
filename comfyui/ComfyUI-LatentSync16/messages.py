"""What the user reads: sentences in the language of ComfyUI's interface, in the words that stand on the node.

The engine is used from the command line too, and its sentences are English and name command-line options. Here they
are put into node words ("face" instead of "--face") and, for a Chinese interface, translated (errors.json).
"""
import functools
import json
import os
import re

from . import host

# Options of the engine whose widget has another name; all others only lose their dashes.
WIDGET_OF_OPTION = {"models": "model", "length": "length_mode", "loop": "length_mode", "silent-padding": "silent_padding_sec"}
PLACE = re.compile(r"{(\w+)}")
QUOTED_OR_OPTION = re.compile(r'"[^"]*"|“[^”]*”|(?<![\w-])--([a-z0-9]+(?:-[a-z0-9]+)*)')


class NodeError(RuntimeError):
    """A failure in one sentence for the user; ComfyUI shows it on the red node."""

    def __init__(self, name, /, **values):
        super().__init__(say(name, **values))


class EngineError(NodeError):
    """A failure that the engine told of: its title, its sentence, and more lines if there are any."""

    def __init__(self, event):
        title, sentence, detail = (str(event.get(name) or "") for name in ("title", "message", "detail"))
        first = ": ".join(text for text in (title, in_node_words(sentence)) if text)
        RuntimeError.__init__(self, "\n".join(text for text in (first or say("no_reason"), detail) if text))


def say(name, /, **values):
    """A sentence of messages.json in the language of the interface."""
    return _sentences()[host.language()][name].format(**values)


def in_node_words(text):
    """What the engine says, sentence by sentence (one a line), as a user of the node should read it."""
    return "\n".join(_translate(line) for line in text.splitlines())


def _translate(sentence):
    language = host.language()
    for pattern, places, texts in _engine_sentences():
        found = pattern.fullmatch(sentence)
        if found and language in texts:
            values = {place: _translate(value) if place == "sentence" else value for place, value in zip(places, found.groups())}
            return _name_widgets(texts[language].format(**values), language)
    sentence = _name_widgets(sentence, language)
    return sentence if language == host.ENGLISH else say("untranslated", text=sentence)


def _name_widgets(text, language):
    """Replaces command-line options by the names of the widgets, as the interface shows them; what is quoted is a path."""

    def widget(match):
        if match.group(1) is None:
            return match.group()
        name = WIDGET_OF_OPTION.get(match.group(1), match.group(1).replace("-", "_"))
        label = _widget_labels().get(name) if language == host.CHINESE else None
        return f"“{label}”（{name}）" if label else name

    return QUOTED_OR_OPTION.sub(widget, text)


@functools.lru_cache(maxsize=None)
def _sentences():
    return _load("messages.json")


@functools.lru_cache(maxsize=None)
def _engine_sentences():
    """Of each sentence of errors.json: what it looks like, the names of its places, and how it reads by language."""
    entries = []
    for entry in _load("errors.json"):
        pieces = PLACE.split(entry["sentence"])
        pattern = "".join("(.*?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
        entries.append((re.compile(pattern, re.DOTALL), pieces[1::2], entry))
    return entries


@functools.lru_cache(maxsize=None)
def _widget_labels():
    """The Chinese names of the widgets of all nodes."""
    nodes = _load("locales", host.CHINESE, "nodeDefs.json").values()
    return {name: texts["name"] for node in nodes for name, texts in node.get("inputs", {}).items()}


def _load(*path):
    with open(os.path.join(host.PACK, *path), encoding="utf-8") as file:
        return json.load(file)
