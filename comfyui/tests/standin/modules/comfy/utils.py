"""The progress bar: `hook` is the host's, set while prompts run."""
import time

SECONDS_BETWEEN, PERCENT_BETWEEN = 0.1, 0.5
throttles = True
hook = None


class ProgressBar:
    def __init__(self, total, node_id=None):
        self.total, self.current, self.hook, self.node_id = total, 0, hook, node_id
        self._sent, self._time = None, 0.0

    def update_absolute(self, value, total=None, preview=None):
        if total is not None:
            self.total = total
        self.current = value = min(value, self.total)
        if self.hook is None or not (preview is not None or self._is_due(value)):
            return
        # What the hook raises, as it does for an interrupt, leaves the update unsent.
        self.hook(value, self.total, preview, node_id=self.node_id)
        self._sent, self._time = value, time.perf_counter()

    def update(self, value):
        self.update_absolute(self.current + value)

    def _is_due(self, value):
        if not throttles or self._sent is None or value >= self.total:
            return True
        percent = 100 * (value - self._sent) / self.total if self.total > 0 else 100
        return time.perf_counter() - self._time >= SECONDS_BETWEEN and percent >= PERCENT_BETWEEN
