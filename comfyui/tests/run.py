"""Runs all tests and writes one line of JSON for each, for a runner in another language."""
import json
import sys
import time
import unittest


class Lines(unittest.TestResult):
    def write(self, test, kind, text=""):
        seconds = round(time.monotonic() - self.start, 2)
        print(json.dumps({"test": test.id(), "kind": kind, "seconds": seconds, "text": text}), flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.start = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        problems = [text for case, text in self.failures + self.errors if case is test or getattr(case, "test_case", None) is test]
        skips = [reason for case, reason in self.skipped if case is test]
        kind = "fail" if problems else "skip" if skips else "ok"
        self.write(test, kind, "\n".join(problems + skips))


result = Lines()
unittest.defaultTestLoader.discover(".").run(result)
for case, text in result.errors:
    if not isinstance(case, unittest.TestCase):
        print(case, text, file=sys.stderr)
sys.exit(0 if result.wasSuccessful() else 1)
