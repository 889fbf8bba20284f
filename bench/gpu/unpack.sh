#!/usr/bin/env bash
# Unpacks what pack.sh packed, on the GPU machine: run it from the checkout in every transfer. Each run takes over the
# folders that came this time; the run that completes them prints "export" lines. See README.md beside this file.
# LATENTSYNC_GPU_FOLDER names the target, /tmp/latentsync if unset.
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
home=${LATENTSYNC_GPU_FOLDER:-/tmp/latentsync}

fail() {
  echo "unpack.sh: $*" >&2
  exit 1
}

# A bare machine may lack xz; Python is where the CUDA libraries are.
unxz() {
  if command -v xz >/dev/null; then
    xz -dc -T0
  else
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer)'
  fi
}

extract() { unxz <"$1" | tar -C "$home" -x --no-same-owner; }

# NAME: joins the parts of .gpu-NAME-1 ... when the last one is here, and says where the whole is; nothing if it is taken
# already or not complete.
join_parts() {
  local name=$1 folder parts=$home/$1-parts sum count arrived
  for folder in "$root/.gpu-$name"-*/; do
    [ -f "$folder/sum" ] || continue
    # Parts of another packing are of no use any more.
    if [ -f "$parts/sum" ] && ! cmp -s "$folder/sum" "$parts/sum"; then rm -rf "$parts"; fi
    mkdir -p "$parts"
    cp "$folder"/* "$parts/"
  done
  [ -f "$parts/sum" ] || return 0
  if [ -f "$home/$name.sum" ] && cmp -s "$parts/sum" "$home/$name.sum"; then return; fi
  count=$(cat "$parts/count")
  arrived=$(find "$parts" -name 'part-*' | wc -l)
  if [ "$arrived" -lt "$count" ]; then
    echo "unpack.sh: $arrived of $count parts of $name are here." >&2
    return
  fi
  cat "$parts"/part-* >"$parts/whole"
  sum=$(sha256sum <"$parts/whole")
  [ "$sum" = "$(cat "$parts/sum")" ] || fail "the parts of $name do not join to what was packed; send them again."
  echo "$parts/whole"
}

take_ffmpeg() {
  local whole
  whole=$(join_parts ffmpeg)
  [ -n "$whole" ] || return 0
  rm -rf "$home/ffmpeg"
  extract "$whole"
  rm "$whole"
  find "$home/ffmpeg-parts" -type f \( -name '*.mp4' -o -name '*.wav' \) -exec cp {} "$home/" \;
  cp "$home/ffmpeg-parts/sum" "$home/ffmpeg.sum"
}

take_program() {
  local folder whole
  whole=$(join_parts program)
  [ -n "$whole" ] || return 0
  rm -rf "$home/app" "$home/dotnet" "$home/program.sum"
  tar -C "$home/program-parts" -xf "$whole"
  rm "$whole"
  extract "$home/program-parts/runtime.tar.xz"
  extract "$home/program-parts/app.tar.xz"
  for folder in models samples; do
    if [ ! -e "$home/app/$folder" ] && [ -d "$root/$folder" ]; then cp -r "$root/$folder" "$home/app/"; fi
  done
  # shellcheck disable=SC2016 # expands where the starter runs
  printf '#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")\nexec "$here/dotnet/dotnet" "$here/app/LatentSync.Cli.dll" "$@"\n' >"$home/latentsync"
  chmod 755 "$home/latentsync"
  cp "$home/program-parts/sum" "$home/program.sum"
}

take_golden() {
  [ -f "$root/.gpu-golden/golden.tar.xz" ] || return 0
  rm -rf "$home/golden"
  extract "$root/.gpu-golden/golden.tar.xz"
}

# The folders of Python's packages that have CUDA libraries. Plain python3 may be that of a virtual environment: it is asked.
python_packages() {
  python3 -c 'import os, sys
print(*dict.fromkeys(path for path in sys.path if os.path.isdir(os.path.join(path, "nvidia"))), sep=":")' 2>/dev/null || true
}

mkdir -p "$home"
take_program
take_ffmpeg
take_golden
if [ ! -f "$home/program.sum" ]; then
  echo "unpack.sh: the program is still missing in \"$home\"; send the rest." >&2
  exit 0
fi

packages=$(python_packages)
"$home/latentsync" --version >/dev/null || fail "the program does not start."

echo "export LATENTSYNC_GPU_FOLDER=$home"
if [ -n "$packages" ]; then echo "export LATENTSYNC_PYTHON_PACKAGES=$packages"; fi
echo "export PATH=$home:\$PATH"
if [ -d "$home/ffmpeg" ]; then echo "export LATENTSYNC_FFMPEG=$home/ffmpeg"; fi
if [ -d "$home/golden" ]; then echo "export LATENTSYNC_GOLDEN=$home/golden"; fi
