"""Records what the nodes ask of ComfyUI's memory management; the tests raise the interrupt."""
import threading

calls = []
interrupted = threading.Event()


class InterruptProcessingException(BaseException):
    """A BaseException, as in today's ComfyUI: what catches Exception does not see it."""


def unload_all_models():
    calls.append("unload_all_models")


def soft_empty_cache():
    calls.append("soft_empty_cache")


def throw_exception_if_processing_interrupted():
    calls.append("poll")
    if interrupted.is_set():
        interrupted.clear()
        raise InterruptProcessingException()
