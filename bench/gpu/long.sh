#!/usr/bin/env bash
# Is memory independent of the length? Jobs of 300 and 3,000 frames with the built-in model and with the full-size networks,
# then ten minutes at 30 frames per second. $1: folder for the logs; $2, $3: a video with a face and a sound, which are
# repeated; $4: which parts to run (default: all).
set -uo pipefail
out=${1:?usage: bench/gpu/long.sh FOLDER VIDEO SOUND [small|full|film|all]}
video=${2:?no video} sound=${3:?no sound} part=${4:-all}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tool() { "${LATENTSYNC_FFMPEG:+$LATENTSYNC_FFMPEG/}$1" -v error "${@:2}"; }
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# RATE SECONDS: repeats video and sound.
make() {
  [ -f "$work/piece$1.mp4" ] || tool ffmpeg -i "$video" -an -r "$1" -c:v libx264 -preset veryfast -bf 0 -crf 20 "$work/piece$1.mp4"
  tool ffmpeg -y -stream_loop -1 -i "$work/piece$1.mp4" -t "$2" -c copy "$work/$1-$2.mp4"
  tool ffmpeg -y -stream_loop -1 -i "$sound" -t "$2" "$work/$2.wav"
}

# NAME COMMAND...: runs it, prints what it says, its time, and the largest resident set of one of its processes.
measure() {
  echo "== $1"
  python3 - "${@:2}" <<'PY' 2>"$out/$1.err" | tee "$out/$1.log" | grep -v '"event":"progress"'
import resource, subprocess, sys, time
begin = time.monotonic()
code = subprocess.run(sys.argv[1:]).returncode
print(f"exit code {code}, {time.monotonic() - begin:.1f} s, process {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB", flush=True)
PY
  tail -n 3 "$out/$1.err"
}

# NAME VIDEO SOUND: with the built-in model and few steps.
small() {
  measure "$1" "$(command -v latentsync)" sync --video "$work/$2.mp4" --audio "$work/$3.wav" --out "$work/$1.mp4" --models "$here/../../models/demo" --device cuda:0 --inference-steps 4 --json
}

if [[ $part =~ ^(small|all)$ ]]; then
  for seconds in 12 120; do
    make 25 "$seconds"
    small "small-$seconds" "25-$seconds" "$seconds"
  done
fi

if [[ $part =~ ^(full|all)$ ]]; then
  for seconds in 12 120; do
    make 25 "$seconds"
    measure "full-$seconds" "$(command -v latentsync)" bench --video "$work/25-$seconds.mp4" --audio "$work/$seconds.wav" --out "$work/full-$seconds.mp4" --json
  done
fi

if [[ $part =~ ^(film|all)$ ]]; then
  make 30 600
  small film 30-600 600
  times() { tool ffprobe -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | sort -n; }
  times "$work/30-600.mp4" >"$work/before"
  times "$work/film.mp4" >"$work/after"
  echo "frames: $(wc -l <"$work/before") before, $(wc -l <"$work/after") after; times that differ: $(diff "$work/before" "$work/after" | grep -c '^>')"
  for start in 0 570; do
    tool ffmpeg -y -ss "$start" -i "$work/film.mp4" -t 20 -c:v libx264 -crf 16 -preset veryfast -c:a pcm_s16le "$work/cut-$start.mov"
    tool ffmpeg -y -i "$work/cut-$start.mov" -vn "$work/cut-$start.wav"
    echo "score from $start s:"
    latentsync score "$work/cut-$start.mov" --audio "$work/cut-$start.wav"
    tool ffmpeg -y -ss "$((start + 7))" -i "$work/film.mp4" -frames:v 1 -vf scale=-2:960 "$out/film-$start.png"
  done
fi
