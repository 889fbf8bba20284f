#!/usr/bin/env bash
# One job on one card and on two: a server with one engine, then with two, and the same job in one process for comparison. With
# the built-in model and so many steps that a clip takes a card as long as with the full-size networks (about 0.8 s on an H200).
# $1: folder for the logs; $2, $3: a video with a face and a sound, which are repeated; $4: seconds (default: 40). About 4 minutes.
# LATENTSYNC_FLEET_DEVICES names other devices than "cuda:0 cuda:1", LATENTSYNC_FLEET_STEPS another number of steps than 200.
set -euo pipefail
out=${1:?usage: bench/gpu/fleet.sh FOLDER VIDEO SOUND [SECONDS]}
video=${2:?no video} sound=${3:?no sound} seconds=${4:-40}
read -ra devices <<<"${LATENTSYNC_FLEET_DEVICES:-cuda:0 cuda:1}"
steps=${LATENTSYNC_FLEET_STEPS:-200} options=(--cache-interval 1 --seed 1)
model=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../models/demo" && pwd)
address=http://127.0.0.1:8399
tool() { "${LATENTSYNC_FFMPEG:+$LATENTSYNC_FFMPEG/}$1" -v error "${@:2}"; }
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
# Eight segments and no scores, which would take a worker from the next job for a moment.
export LATENTSYNC_SEGMENT_SECONDS=$((seconds / 8 > 0 ? seconds / 8 : 1)) LATENTSYNC_SERVER__SCORE=false
mkdir -p "$out"
work=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

tool ffmpeg -i "$video" -an -r 25 -c:v libx264 -preset veryfast -bf 0 -crf 20 "$work/piece.mp4"
tool ffmpeg -stream_loop -1 -i "$work/piece.mp4" -t "$seconds" -c copy "$work/video.mp4"
tool ffmpeg -stream_loop -1 -i "$sound" -t "$seconds" "$work/sound.wav"
pictures() { tool ffmpeg -i "$1" -map 0:v -f framemd5 - | grep -v '^#' | sha256sum | cut -c1-16; }

# First, so that kernels and plans are there for all that follow.
start=$(now)
latentsync sync --video "$work/video.mp4" --audio "$work/sound.wav" --out "$work/sync.mp4" --models "$model" --device "${devices[0]}" \
  "${options[@]}" --inference-steps "$steps" --json >"$out/fleet-sync.log" 2>&1
echo "sync: $(since "$start") s, pictures $(pictures "$work/sync.mp4")"

# NAME DEVICE...: a server with these devices; a short job that loads the model in each engine, then the long one.
measure() {
  local name=$1 device given=() job start
  shift
  for device in "$@"; do given+=(--device "$device"); done
  latentsync serve --data "$work/$name" --listen "$address" --models "$model" "${given[@]}" >"$out/fleet-$name.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do latentsync status --server "$address" >/dev/null 2>&1 && break; sleep 0.2; done
  submit() { latentsync submit --server "$address" --video "$work/video.mp4" --audio "$work/sound.wav" "${options[@]}" "$@"; }
  job=$(submit --audio-duration "$((seconds / 2))" --inference-steps 2)
  latentsync wait --server "$address" "$job" >/dev/null 2>&1
  start=$(now)
  job=$(submit --inference-steps "$steps")
  latentsync wait --server "$address" "$job" >"$out/fleet-$name.wait" 2>&1
  echo "$name: $(since "$start") s on $*, $(latentsync fetch --server "$address" "$job" --out "$work/$name.mp4" >/dev/null && pictures "$work/$name.mp4")"
  latentsync status --server "$address" "$job" --json >"$out/fleet-$name.json"
  kill "$server" && wait "$server" || true
  server=''
}

measure one "${devices[0]}"
measure all "${devices[@]}"
