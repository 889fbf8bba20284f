"""Interrupts, and what nodes ask of the card's memory: the latter is only written down, in `calls`."""
import threading

calls = []
_interrupt = False
_lock = threading.RLock()


class InterruptProcessingException(BaseException):
    """Replaced by a class with the base of the version (host.py)."""


def interrupt_current_processing(value=True):
    global _interrupt
    with _lock:
        _interrupt = value


def processing_interrupted():
    with _lock:
        return _interrupt


def throw_exception_if_processing_interrupted():
    global _interrupt
    with _lock:
        if _interrupt:
            _interrupt = False
            raise InterruptProcessingException()


def unload_all_models():
    calls.append("unload_all_models")


def soft_empty_cache(force=False):
    calls.append("soft_empty_cache")


def get_torch_device():
    import torch
    return torch.device("cpu")


def free_memory(memory_required, device, keep_loaded=()):
    calls.append("free_memory")
    return []
