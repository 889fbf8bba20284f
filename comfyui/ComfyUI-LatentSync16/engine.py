"""The engine that this ComfyUI has: one process for all nodes, started for the first job and kept as long as a job asks."""
import atexit
import threading

from . import host, program
from .worker import EXIT_SECONDS, POLL_SECONDS, EndedBeforeJob, Worker

IDLE_SECONDS = 600  # an engine that is kept ends after so long without a job
QUIT_SECONDS = 1.0  # what it gets when ComfyUI ends


class Engine:
    """Runs jobs one after the other, in a worker that is kept, or in a new one."""

    def __init__(self):
        self._turn = threading.Lock()
        self._worker = None

    @property
    def worker(self):
        """The worker that waits for the next job or runs one; None if there is none."""
        return self._worker

    def run(self, *jobs):
        """Runs jobs one after the other when those before them are done, and gives the event that tells of the last result.

        Whether the worker is kept then, or when one of them fails, says the last.
        """
        while not self._turn.acquire(timeout=POLL_SECONDS):
            jobs[0].poll()
        try:
            try:
                return self._run(jobs)
            except EndedBeforeJob:  # the kept engine ended just when work came
                return self._run(jobs)
        finally:
            self._turn.release()

    def quit(self):
        """Ends the worker, if there is one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.hang_up(QUIT_SECONDS)

    def _run(self, jobs):
        worker = self._take()
        is_done = False
        try:
            result = [worker.run(job) for job in jobs][-1]
            is_done = True
            return result
        finally:
            if not (jobs[-1].keep_model and worker.is_usable):
                # Whoever comes next must not meet an engine on its way out.
                self._worker = None
                worker.close(EXIT_SECONDS if is_done else 0.0)

    def _take(self):
        language = host.language()
        if self._worker is not None and not (self._worker.is_usable and self._worker.language == language):
            worker, self._worker = self._worker, None
            worker.close()
        if self._worker is None:
            self._worker = Worker(program.find(), program.environment(), language, IDLE_SECONDS)
        return self._worker


ENGINE = Engine()
atexit.register(ENGINE.quit)
