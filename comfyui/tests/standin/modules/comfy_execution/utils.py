"""Which node runs here: belongs to the thread of the prompt."""
import contextvars
import typing


class ExecutionContext(typing.NamedTuple):
    prompt_id: str
    node_id: str
    list_index: typing.Optional[int]


current = contextvars.ContextVar("current", default=None)


def get_executing_context():
    return current.get()
