"""The server, to which nodes send text; host.py makes the instance."""


class PromptServer:
    instance = None

    def __init__(self, send):
        self._send = send
        self.client_id = "tests"
        self.last_node_id = None

    def send_progress_text(self, text, node_id, sid=None):
        self._send("text", {"node": str(node_id), "text": text if isinstance(text, str) else bytes(text).decode()})

    def send_sync(self, event, data, sid=None):
        self._send(event, data)
