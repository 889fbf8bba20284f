"""The worker's protocol as bytes: one message after the other, each with its type and length (docs/worker-protocol.md)."""
import json
import struct

VERSION = 1
JSON, PICTURE, SOUND, MASK = b"J", b"F", b"A", b"M"

# What ends a job.
ENDS = ("result", "error", "cancelled")

_HEADER = struct.Struct("<cI")
_LONGEST = 8192 * 8192 * 3


class ProtocolError(Exception):
    """The engine sent something that is no message; what follows cannot be understood."""


class Truncated(ProtocolError):
    """The engine ended within a message."""


def write(stream, kind, payload):
    """Writes a message: a dict as JSON, bytes as they are. Raises OSError or ValueError if nobody can read it any more."""
    data = json.dumps(payload).encode() if kind == JSON else payload
    stream.write(_HEADER.pack(kind, len(data)))
    stream.write(data)
    stream.flush()


def member(event, name, kind):
    """A member of an event, which has to be of this kind; int is taken for float too."""
    value = event.get(name)
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ProtocolError(f'the event "{event.get("event")}" with {name} {value!r}')
    return value


class Reader:
    """Reads messages. The payload of a picture lies in a buffer that the next message overwrites."""

    def __init__(self, stream):
        self._stream = stream
        self._buffer = bytearray()

    def read(self):
        """The type and payload of the next message, JSON as a dict with an "event"; None at the end of the stream."""
        header = self._stream.read(_HEADER.size)
        if not header:
            return None
        if len(header) < _HEADER.size:
            raise Truncated("the output ends within a message")
        kind, length = _HEADER.unpack(header)
        if kind not in (JSON, PICTURE, MASK) or length > _LONGEST:
            raise ProtocolError(f"a message of the type {kind!r} and {length} bytes")
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        payload = memoryview(self._buffer)[:length]
        if self._stream.readinto(payload) < length:
            raise Truncated("the output ends within a message")
        return kind, self._parse(payload) if kind == JSON else payload

    @staticmethod
    def _parse(payload):
        try:
            event = json.loads(bytes(payload))
        except ValueError as error:
            raise ProtocolError(f"a message that cannot be read: {error}") from error
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            raise ProtocolError("a message without an event")
        return event
