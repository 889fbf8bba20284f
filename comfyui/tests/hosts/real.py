"""A real ComfyUI of this machine, over HTTP and its websocket. Its custom_nodes hold the pack and those of tests/packs."""
import asyncio
import json
import struct
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from .interface import Event, Host, Refused, Run, errors_by_node

TEXT, PREVIEWS = 3, (1, 4)
ENDS = {"execution_success": "success", "execution_error": "error", "execution_interrupted": "interrupted"}
WAIT = 30


class RealHost(Host):
    is_real = True

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.client = uuid.uuid4().hex
        self.version = self.call("/system_stats")["system"]["comfyui_version"]
        self._complaints = {}
        self._events, self._lock, self._ready = [], threading.Lock(), threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True).start()
        if not self._ready.wait(WAIT):
            raise TimeoutError("the websocket did not answer")
        self._about = self.run({"1": {"class_type": "TestsHost", "inputs": {"nonce": uuid.uuid4().hex}}}).outputs["1"]["about"][0]

    def call(self, path, body=None, method=None):
        """JSON of a route; the body is sent as JSON. None for an empty answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    async def _listen(self):
        import aiohttp  # whoever runs ComfyUI has it
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(f"{self.url}/ws?clientId={self.client}", max_msg_size=0, heartbeat=WAIT) as socket:
                async for message in socket:
                    self._ready.set()
                    event = self._text_event(message.data) if message.type == aiohttp.WSMsgType.TEXT else self._binary_event(message.data)
                    with self._lock:
                        self._events.append(event)

    @staticmethod
    def _text_event(text):
        message = json.loads(text)
        return Event(message["type"], message.get("data") or {}, time.monotonic())

    @staticmethod
    def _binary_event(data):
        kind, = struct.unpack(">I", data[:4])
        if kind == TEXT:
            size, = struct.unpack(">I", data[4:8])
            return Event("text", {"node": data[8:8 + size].decode(), "text": data[8 + size:].decode()}, time.monotonic())
        return Event("preview" if kind in PREVIEWS else "binary", {"kind": kind, "bytes": len(data)}, time.monotonic())

    def submit(self, prompt):
        key = str(uuid.uuid4())
        try:
            answer = self.call("/prompt", {"prompt": prompt, "client_id": self.client, "prompt_id": key})
        except urllib.error.HTTPError as error:
            if error.code != 400:
                raise
            raise Refused(json.loads(error.read())) from None
        self._complaints[key] = errors_by_node(answer)
        return key

    def complaints(self, key):
        return self._complaints[key]

    def finished(self, key):
        # The history is written a moment after the last event; "executing" without a node comes after both.
        events = self.events(key)
        last = next((event for event in events if event.name == "executing" and event.data["node"] is None), None)
        if last is None:
            return None
        entry = self.call(f"/history/{key}")[key]
        messages = dict((name, data) for name, data in entry["status"]["messages"])
        ended = next(ENDS[name] for name in messages if name in ENDS)
        return Run(key, ended, entry["outputs"], events, messages.get("execution_error"))

    def events(self, key):
        """Binary events name no prompt: those between a prompt's first and last event are its own."""
        with self._lock:
            events = list(self._events)
        places = [index for index, event in enumerate(events) if event.data.get("prompt_id") == key]
        between = range(places[0], places[-1] + 1) if places else ()
        return [events[index] for index in between if events[index].data.get("prompt_id", key) == key and events[index].name != "status"]

    def interrupt(self):
        self.call("/interrupt", {})

    def queue(self):
        queue = self.call("/queue")
        return len(queue["queue_running"]), len(queue["queue_pending"])

    def object_info(self, name):
        try:
            return self.call("/object_info/" + urllib.parse.quote(name)).get(name)
        except urllib.error.HTTPError:
            return None

    def folder(self, name):
        return self._about["folders"][name]

    def process(self):
        return self._about["process"]

    def set_language(self, language):
        self.call("/settings/Comfy.Locale", language)
