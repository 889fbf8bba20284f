#!/usr/bin/env bash
# Is one build as fast on the card as another? Both run "latentsync bench" in turn, so that heat and other programs affect both.
# $1: folder for the figures; $2, $3: the programs (files called latentsync); $4: how often each runs (default: 5).
set -uo pipefail
out=${1:?usage: bench/gpu/versions.sh FOLDER PROGRAM PROGRAM [TIMES]}
before=${2:?no first program} after=${3:?no second program} times=${4:-5}
mkdir -p "$out"
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | tee "$out/card.txt"
for program in "$before" "$after"; do "$program" doctor | grep -E 'ONNX Runtime|CUDA|cuDNN'; done | tee -a "$out/card.txt"
for ((run = 1; run <= times; run++)); do
  "$before" bench --plan whole --clips 3 --json >>"$out/before.jsonl" 2>>"$out/before.log"
  "$after" bench --plan whole --clips 3 --json >>"$out/after.jsonl" 2>>"$out/after.log"
done
python3 - "$out" <<'PY'
import json, statistics, sys
print("| program | frames/s, median | least | most | encode ms | denoise ms | decode ms | measured MiB | runs |")
print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
for name in ("before", "after"):
    with open(f"{sys.argv[1]}/{name}.jsonl") as lines:
        rows = [row for row in map(json.loads, lines) if "FramesPerSecond" in row]
    column = lambda key: [row[key] for row in rows]
    rate = column("FramesPerSecond")
    middle = [statistics.median(column(key)) for key in ("EncodeMilliseconds", "DenoiseMilliseconds", "DecodeMilliseconds")]
    print(f"| {name} | {statistics.median(rate):.2f} | {min(rate):.2f} | {max(rate):.2f} | " + " | ".join(f"{value:.1f}" for value in middle)
          + f" | {statistics.median(column('MeasuredBytes')) / 2**20:.0f} | {len(rows)} |")
PY
