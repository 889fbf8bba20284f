"""What a host does, found out by experiment: the facts that the stand-in has to reproduce. See facts/README.md.

Each experiment runs prompts with the nodes of packs/probe and gives facts, which are JSON without times, numbers of
processes or anything else that differs from run to run.
"""
import json
import os
import time
import uuid

from hosts.interface import Failed, Refused

EXPERIMENTS = []


def experiment(function):
    EXPERIMENTS.append(function)
    return function


def all_facts(host):
    """The facts of all experiments: {"experiment": {"fact": value}}."""
    return {function.__name__: json.loads(json.dumps(function(host))) for function in EXPERIMENTS}


class Journal:
    """What the probe wrote since this object was made."""

    def __init__(self, host, name="journal"):
        self.path = os.path.join(host.folder("output"), f"probe-{name}.jsonl")
        self.start = os.path.getsize(self.path) if os.path.exists(self.path) else 0

    def lines(self, *hooks):
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            file.seek(self.start)
            lines = [json.loads(line) for line in file]
        return [{name: value for name, value in line.items() if name != "process"} for line in lines if not hooks or line["hook"] in hooks]

    def only(self, *hooks):
        line, = self.lines(*hooks)
        return line

    def hooks(self):
        return [f'{line["hook"]} {line["node"]}' for line in self.lines()]


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def fresh(kind, **inputs):
    """A node that no cache knows."""
    return node(kind, nonce=uuid.uuid4().hex, **inputs)


def probe(kind="Probe", **inputs):
    """The same for the nodes with all inputs."""
    return node(kind, **{"number": 3, "choice": "one", "text": uuid.uuid4().hex, **inputs})


def make(count=2):
    return fresh("ProbeMake", count=count)


def source(**inputs):
    """A node with one INT, which is no output node: where an output node is valid, a prompt is taken whatever the others are."""
    return fresh("ProbeQuiet", **{"number": 3, "how": "tuple", **inputs})


def ended(host, prompt):
    """How a prompt ends: "success", or the exception as the user sees it."""
    try:
        host.run(prompt)
        return "success"
    except Failed as error:
        return [error.kind, str(error)]
    except Refused as error:
        return {"refused": {key: [[entry["type"], entry["message"], entry["details"]] for entry in entries] for key, entries in error.errors.items()},
                "error": error.body["error"]["type"] if isinstance(error.body.get("error"), dict) else error.body.get("error")}


def refusal(host, prompt):
    """Of a refused prompt the kinds of errors by node; "accepted" for another."""
    result = ended(host, prompt)
    return {key: [[kind, details] for kind, _, details in entries] for key, entries in result["refused"].items()} if isinstance(result, dict) else "accepted"


def place(line):
    return {name: line[name] for name in ("main_thread", "event_loop", "inference_mode", "grad_mode")}


@experiment
def loading(host):
    path = os.path.join(host.folder("output"), "probe-imports.jsonl")
    with open(path, encoding="utf-8") as file:
        lines = [line for line in map(json.loads, file) if line["process"] == host.process()]
    imported, info = {line["node"]: line for line in lines[-2:]}, host.object_info("ProbeTwin")
    first = lines[-2]["node"]
    winner = "probe_twin" if info["description"].startswith("Twin of") else "probe"
    return {"import": place(imported["probe"]),
            "second pack sees the first in nodes.NODE_CLASS_MAPPINGS": imported["probe_twin"]["known"] == (first == "probe"),
            "the last loaded wins an id": winner == lines[-1]["node"], "module is the folder": imported["probe"]["module"].split("/")[-1]}


@experiment
def object_info(host):
    info = host.object_info("Probe")
    return {"number": info["input"]["required"]["number"], "input_order": info["input_order"], "hidden": info["input"].get("hidden"), "output": info["output"],
            "output_tooltips": info.get("output_tooltips"), "description": info["description"], "output_node": info["output_node"],
            "display_name": info["display_name"], "python_module": info["python_module"], "unknown": host.object_info("No such node")}


@experiment
def execution(host):
    journal = Journal(host)
    prompt = {"1": probe(), "2": probe("ProbeChanged", linked=["1", 0])}
    run = host.run(prompt)
    lines, hooks = journal.lines(), journal.hooks()
    names = [event.name for event in run.events]
    order = [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]
    threads = {line["thread"] for line in lines if line["hook"] in ("run", "IS_CHANGED", "init")}
    journal = Journal(host)
    second, again = host.run(prompt), journal.hooks()
    journal = Journal(host)
    prompt["2"] = probe("ProbeChanged", linked=["1", 0])
    host.run(prompt)
    return {"order": hooks, "one thread": len(threads) == 1, **{line["hook"] + " " + line["node"]: place(line) for line in lines},
            "arguments of run": [{name: value for name, value in line["arguments"].items() if name != "text"} for line in lines if line["hook"] == "run"],
            "arguments of IS_CHANGED": [name for line in lines if line["hook"] == "IS_CHANGED" for name in line["arguments"]],
            "linked in IS_CHANGED": [line["arguments"]["linked"] for line in lines if line["hook"] == "IS_CHANGED"],
            "events": order, "hooks of an equal prompt": again,
            "events of an equal prompt": [event.name for event in second.events], "hooks when one changed": journal.hooks()}


@experiment
def changed(host):
    results = {}
    for text in ("same", "nan", "raise"):
        prompt = {"1": probe("ProbeChanged", text=text, number=4)}
        host.run(prompt)
        journal = Journal(host)
        host.run(prompt)
        results[text] = [hook.split()[0] for hook in journal.hooks()]
    return {"hooks of the second run": results}


@experiment
def validation(host):
    facts = {}
    for kind, inputs in (
            ("ProbeValidateNothing", {}), ("ProbeValidateNumber", {"number": 3}), ("ProbeValidateNumber", {"number": 7}),
            ("ProbeValidateNumber", {"number": 8}), ("ProbeValidateNumber", {"number": 99}), ("ProbeValidateNumber", {"number": 3, "later": 99}),
            ("ProbeValidateNumber", {"number": 3, "choice": "three"}),
            ("ProbeValidateNumber", {"number": "5"}), ("ProbeValidateAll", {"number": 99, "choice": "three"}), ("ProbeValidateAll", {"number": 7}),
            ("ProbeValidateLinked", {}), ("ProbeValidateLinked", {"linked": ["0", 0]}), ("ProbeValidateLinked", {"linked": ["0", 0], "later": 6})):
        journal = Journal(host)
        result = refusal(host, {"0": source(), "1": probe(kind, **inputs)})
        facts[f"{kind} {json.dumps(inputs)}"] = {
            "answer": result, "calls": [line["arguments"] for line in journal.lines("VALIDATE_INPUTS")],
            "places": [place(line) for line in journal.lines("VALIDATE_INPUTS")], "runs": len([1 for line in journal.lines("run") if line["node"] == kind])}
        for call in facts[f"{kind} {json.dumps(inputs)}"]["calls"]:
            call.pop("text", None)
    journal = Journal(host)
    facts["types"] = {"answer": refusal(host, {"0": make(), "1": probe("ProbeValidateTypes", linked=["0", 0])}),
                      "calls": [line["arguments"] for line in journal.lines("VALIDATE_INPUTS")]}
    facts["a VALIDATE_INPUTS that raises"] = ended(host, {"1": probe("ProbeValidateNumber", number=9)})
    return facts


def partly(host):
    """A prompt with one valid output node and one that is refused."""
    journal = Journal(host)
    key = host.submit({"1": probe(), "2": probe(number=99)})
    complaints = {name: [error["type"] for error in errors] for name, errors in host.complaints(key).items()}
    return {"ended": host.wait(key).ended, "runs": len(journal.lines("run")), "complaints": complaints}


@experiment
def checks(host):
    accepted = Journal(host)
    unknown = refusal(host, {"1": probe(unheard="of")})
    without = accepted.lines("run")[-1]["arguments"]
    cases = {
        "too large": {"number": 11}, "too small": {"number": -1}, "not in the list": {"choice": "three"}, "a text that is a number": {"number": "4"},
        "no number": {"number": "four"}, "optional too large": {"later": 11}, "a number for a text": {"text": 5}, "float for an INT": {"number": 2.7}}
    facts = {name: refusal(host, {"1": probe(**inputs)}) for name, inputs in cases.items()}
    missing = probe()
    del missing["inputs"]["number"]
    journal = Journal(host)
    host.run({"1": probe(number="4", text=6)})
    converted = journal.only("run")["arguments"]
    return {**facts, "required is missing": refusal(host, {"1": missing}), "unheard of": unknown, "keys of a run": sorted(without),
            "converted": [converted["number"], converted["text"]],
            "wrong type of a link": refusal(host, {"0": make(), "1": probe(linked=["0", 0])}),
            "an unknown node": ended(host, {"1": node("No such node")}), "no output node": ended(host, {"1": fresh("ProbeQuiet", number=1, how="tuple")}),
            "fault behind a link": refusal(host, {"0": source(number=99), "1": probe(linked=["0", 0])}), "one of two outputs": partly(host)}


@experiment
def tensors(host):
    see = fresh("ProbeSee")["inputs"]
    journal = Journal(host)
    host.run({"1": make(2), "2": node("ProbeSee", image=["1", 0], **see), "3": node("ProbeSee", image=["1", 1], **see),
              "4": node("ProbeSee", audio=["1", 2], **see)})
    seen = [line["arguments"] for line in journal.lines("run")]
    images, none = [one["image"] for one in seen if "image" in one], [one["audio"] for one in seen if "audio" in one]
    journal = Journal(host)
    host.run({"1": fresh("ProbeMakeList", count=3), "2": probe(linked=["1", 0])})
    listed = [line["arguments"]["linked"] for line in journal.lines("run")]
    journal = Journal(host)
    host.run({"1": fresh("ProbeThread", number=1)})
    return {"images": sorted(images, key=str), "None is given on": none,
            "a list runs the node once for each": listed, "threads": journal.only("run")["results"]}


@experiment
def folders(host):
    journal = Journal(host)
    host.run({"1": fresh("ProbeFolders", number=1)})
    return journal.only("run")["folders"]


@experiment
def progress(host):
    facts = {}
    for how, number in (("plain", 50), ("pictures", 5), ("thread", 20), ("text", 2)):
        journal = Journal(host)
        run = host.run({"1": fresh("ProbeProgress", number=number, how=how)})
        values = [event.data["value"] for event in run.named("progress")]
        facts[how] = {"progress": [len(values), values[0], values[-1]] if values else [],
                      "node": sorted({event.data["node"] for event in run.named("progress")}),
                      "kinds of previews": sorted({event.data["kind"] for event in run.named("preview")}), "previews": len(run.named("preview")),
                      "texts": [event.data for event in run.named("text")], "errors": journal.only("run")["errors"]}
    return facts


def interrupted(host, how):
    """Runs ProbeInterrupt and interrupts it once it waits; a second prompt is queued behind it."""
    journal = Journal(host)
    first = host.submit({"1": fresh("ProbeInterrupt", number=1, how=how), "2": probe("ProbeChanged", linked=["1", 0])})
    second = host.submit({"1": probe()})
    end = time.monotonic() + 10
    while not journal.lines("waits") and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.15)
    start = time.monotonic()
    host.interrupt()
    run = host.wait(first)
    seconds, queued = time.monotonic() - start, host.wait(second)
    lines = [{name: value for name, value in line.items() if name not in ("node", "hook")} for line in journal.lines("interrupted", "asked", "ended")]
    return {"ended": run.ended, "within half a second": seconds < 0.5, "seen": lines, "queued one": queued.ended,
            "message": [event.name for event in run.events if event.name.startswith("execution_")][-1:],
            "node behind it ran": "run ProbeChanged" in journal.hooks()}


@experiment
def interrupts(host):
    facts = {how: interrupted(host, how) for how in ("poll", "progress", "ask", "swallow")}
    host.interrupt()
    journal = Journal(host)
    run = host.wait(host.submit({"1": fresh("ProbeInterrupt", number=1, how="never")}))
    facts["an interrupt of nothing is forgotten"] = [run.ended, journal.only("waits")["flag"]]
    return facts


def told(run):
    """What the interface is told of each node; the order of what is kept is not always the same."""
    return sorted(([event.data["node"], event.data["output"]] for event in run.named("executed")), key=str)


@experiment
def results(host):
    facts = {}
    for how in ("tuple", "ui", "ui and result", "list"):
        for kind in ("ProbeReturn", "ProbeQuiet"):
            run = host.wait(host.submit({"1": fresh(kind, number=1, how=how), "2": probe(linked=["1", 0])}))
            facts[f"{kind} {how}"] = {"ended": run.ended, "output": run.outputs.get("1"),
                                      "error": run.error and [run.error["exception_type"], run.error["node_id"]],
                                      "executed": [event.data["output"] for event in run.named("executed") if event.data["node"] == "1"]}
    for kind in ("ProbeReturn", "ProbeQuiet"):
        prompt = {"1": fresh(kind, number=1, how="ui and result"), "2": probe(linked=["1", 0])}
        host.run(prompt)
        second = host.run(prompt)
        facts[f"{kind} again"] = {"output": second.outputs.get("1"), "executed": told(second)}
        prompt["2"] = probe(linked=["1", 0])
        third = host.run(prompt)
        facts[f"{kind} again, and another behind it"] = {"output": third.outputs.get("1"), "executed": told(third)}
    nothing = host.wait(host.submit({"1": fresh("ProbeReturn", number=1, how="nothing")}))
    facts["nothing"] = [nothing.ended, nothing.error and nothing.error["exception_type"]]
    return facts


@experiment
def errors(host):
    facts = {}
    for how in ("RuntimeError", "KeyError", "two lines", "own"):
        journal = Journal(host)
        start = time.monotonic()
        run = host.wait(host.submit({"0": probe(), "1": fresh("ProbeRaise", number=1, how=how), "2": probe(linked=["1", 0])}))
        seconds = time.monotonic() - start
        facts[how] = {"ended": run.ended, "message": run.error["exception_message"], "type": run.error["exception_type"].split(".")[-1],
                      "type has a module": "." in run.error["exception_type"], "node": [run.error["node_id"], run.error["node_type"]],
                      "within a second": seconds < 1, "traceback": isinstance(run.error["traceback"], list),
                      "nodes behind it": [line["node"] for line in journal.lines("run") if line["arguments"].get("linked")],
                      "events": [event.name for event in run.events if event.name.startswith("execution_")]}
    return facts
