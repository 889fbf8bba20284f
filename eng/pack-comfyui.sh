#!/usr/bin/env bash
# Makes the archives that users of ComfyUI unpack into custom_nodes: eng/pack-comfyui.sh [linux-x64] [win-x64] ...
# Each holds the node pack with the engine for one system. The engines come from eng/publish-engine.sh, which runs here
# for a system that has none yet in artifacts/engine.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"
name=ComfyUI-LatentSync16
version=${LATENTSYNC_VERSION:-dev}
artifacts=${LATENTSYNC_ARTIFACTS:-$root/artifacts}
out=$artifacts/comfyui
mkdir -p "$out"
[ $# -gt 0 ] || set -- linux-x64 win-x64

for rid in "$@"; do
  engine=$artifacts/engine/$rid/engine
  [ -d "$engine" ] || eng/publish-engine.sh "$rid"
  folder=$out/$rid
  rm -rf "$folder"
  mkdir -p "$folder"
  # What git knows: no settings, caches or engines of this checkout.
  git ls-files -z "comfyui/$name" ":!comfyui/$name/.gitignore" | tar -c --null -T - --transform 's:^comfyui/::' | tar -x -C "$folder"
  cp -r "$engine" "$folder/$name/engine"
  # The same bytes whoever packs.
  find "$folder" -exec touch -d "@$(git log -1 --format=%ct)" {} +
  archive=$out/$name-$version-$rid.zip
  rm -f "$archive"
  # Python's archive keeps which files may be run, and needs no further program.
  (cd "$folder" && python3 -m zipfile -c "$archive" "$name")
  printf '%s  %s MB\n' "$archive" "$(($(stat -c %s "$archive") / 1000000))"
done
