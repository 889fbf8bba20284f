#!/usr/bin/env bash
# What a whole job costs beside generating its frames: 20 s and 80 s with the full-size networks, on all cores and on 8.
# $1: folder for the logs; $2, $3: a video with a face and a sound, which are repeated.
set -uo pipefail
out=${1:?usage: bench/gpu/whole.sh FOLDER VIDEO SOUND}
video=${2:?no video} sound=${3:?no sound}
tool() { "${LATENTSYNC_FFMPEG:+$LATENTSYNC_FFMPEG/}$1" -v error "${@:2}"; }
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tool ffmpeg -i "$video" -an -r 25 -c:v libx264 -preset veryfast -bf 0 -crf 20 "$work/piece.mp4"
for seconds in 20 80; do
  tool ffmpeg -y -stream_loop -1 -i "$work/piece.mp4" -t "$seconds" -c copy "$work/$seconds.mp4"
  tool ffmpeg -y -stream_loop -1 -i "$sound" -t "$seconds" "$work/$seconds.wav"
  for cores in "$(nproc)" 8; do
    name=whole-$seconds-$cores
    echo "== $seconds s, $cores cores"
    taskset -c "0-$((cores - 1))" latentsync bench --video "$work/$seconds.mp4" --audio "$work/$seconds.wav" --out "$work/$name.mp4" \
      --json 2>"$out/$name.err" | tee "$out/$name.log" | grep -v '"event":"progress"'
    tail -n 2 "$out/$name.err"
  done
done
