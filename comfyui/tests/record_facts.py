"""Records the facts of a running ComfyUI: COMFYUI_URL=http://127.0.0.1:8188 python3 record_facts.py

Its custom_nodes must hold comfyui/tests/packs/inputs, probe and probe_twin, and PyTorch must be in the Python that runs this.
Writes facts/VERSION.json; a difference from what was there is for a person to judge (git diff).
"""
import json
import os

import experiments
from hosts.real import RealHost

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    host = RealHost(os.environ["COMFYUI_URL"])
    system = host.call("/system_stats")["system"]
    facts = {"host": {"comfyui": host.version, "python": system["python_version"].split()[0], "pytorch": system["pytorch_version"]},
             "facts": experiments.all_facts(host)}
    path = os.path.join(HERE, "facts", host.version + ".json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(facts, file, ensure_ascii=False, indent=2, sort_keys=True)
        file.write("\n")
    print(path)


if __name__ == "__main__":
    main()
