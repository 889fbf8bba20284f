#!/usr/bin/env bash
# What stands in bench/results: every plan, every budget, 50 clips in a row. $1: folder for the tables.
set -uo pipefail
out=${1:?usage: bench/gpu/measure.sh FOLDER}
mkdir -p "$out"

bench() {
  name=$1
  shift
  echo "== $*"
  if latentsync bench "$@" >"$out/$name.md" 2>"$out/$name.log"; then sed -n '/^|/p' "$out/$name.md"; else tail -n 3 "$out/$name.log"; fi
}

nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | tee "$out/card.txt"
bench plans --clips 3 --compare --profile 60
bench budgets --vram 0 6 5 4 3 2 --clips 3
bench fifty --plan whole --clips 50
