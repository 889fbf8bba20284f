#!/usr/bin/env python3
"""Writes the rows of tests/mutation.md for some folders from the reports that eng/mutation.sh has left."""

import datetime
import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "mutation.md"
MARK = "<!-- rows: written by eng/mutation.sh -->"
COUNTED = ("Killed", "Timeout", "Survived", "NoCoverage")


def is_counted(mutant, lines):
    """ConfigureAwait(true) is the same where nobody has a synchronization context, as in the tests and the command line."""
    start = mutant["location"]["start"]
    before = lines[start["line"] - 1][: start["column"] - 1]
    return mutant["status"] in COUNTED and not before.endswith("ConfigureAwait(")


def read(folder):
    """The mutants of each file of a folder, from the newest report that has the file."""
    files = {}
    for report in sorted((ROOT / "artifacts" / "mutation" / folder).glob("*/reports/mutation-report.json")):
        day = datetime.datetime.fromtimestamp(report.stat().st_mtime, datetime.timezone.utc).date()
        for name, file in json.loads(report.read_text(encoding="utf-8"))["files"].items():
            lines = file["source"].splitlines()
            mutants = [mutant for mutant in file["mutants"] if is_counted(mutant, lines)]
            at = re.search(r"src/LatentSync/(.*)", name.replace("\\", "/"))
            # A file that a run left out has ignored mutants only.
            if at and at[1].startswith(folder + "/") and mutants:
                files[at[1]] = (mutants, day)
    return files


def row(folder):
    files = read(folder)
    mutants = [mutant for found, _ in files.values() for mutant in found]
    if not mutants:
        sys.exit(f"There is no report of {folder}.")
    killed, timeout, survived, uncovered = (sum(mutant["status"] == status for mutant in mutants) for status in COUNTED)
    day = max(day for _, day in files.values())
    score = 100 * (killed + timeout) / len(mutants)
    return f"| `{folder}` | {len(mutants)} | {killed} | {timeout} | {survived} | {uncovered} | {score:.1f} % | {day} | {machine()} |"


def machine():
    name = "unknown processor"
    if os.path.exists("/proc/cpuinfo"):
        found = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        name = found[1] if found else name
    return f"{os.cpu_count()} cores, {name}"


def main():
    head, tail = TABLE.read_text(encoding="utf-8").split(MARK + "\n", 1)
    lines = tail.split("\n")
    end = next((i for i, line in enumerate(lines) if not line.startswith("|")), len(lines))
    rows = {re.search(r"`(.*?)`", line)[1]: line for line in lines[2:end]}
    for folder in sys.argv[1:]:
        rows[folder] = row(folder)
        print(rows[folder])
    lines[2:end] = [rows[folder] for folder in sorted(rows)]
    TABLE.write_text(head + MARK + "\n" + "\n".join(lines), encoding="utf-8")


main()
