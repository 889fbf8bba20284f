"""The stand-in does what each real ComfyUI did: every recorded fact of every version (facts/)."""
import glob
import json
import os
import unittest

import experiments
from standin.host import StandIn
from standin.versions import VERSIONS

HERE = os.path.dirname(os.path.abspath(__file__))
PACKS = [os.path.join(HERE, "packs", name) for name in ("inputs", "probe", "probe_twin")]


def recorded():
    for path in sorted(glob.glob(os.path.join(HERE, "facts", "*.json"))):
        with open(path, encoding="utf-8") as file:
            facts = json.load(file)
        yield facts["host"]["comfyui"], facts["facts"]


class Facts(unittest.TestCase):
    maxDiff = None

    def test_the_stand_in_reproduces_each(self):
        for version, facts in recorded():
            host = StandIn(PACKS, version)
            self.addCleanup(host.close)
            for experiment in experiments.EXPERIMENTS:
                found = json.loads(json.dumps(experiment(host)))
                for fact, value in facts[experiment.__name__].items():
                    with self.subTest(version=version, experiment=experiment.__name__, fact=fact):
                        self.assertEqual(found.get(fact), value)

    def test_each_version_has_facts_and_each_experiment_is_in_them(self):
        facts = dict(recorded())
        self.assertEqual(set(facts), set(VERSIONS))
        for version in facts:
            self.assertEqual(set(facts[version]), {experiment.__name__ for experiment in experiments.EXPERIMENTS}, version)
