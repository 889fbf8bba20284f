#!/usr/bin/env bash
# Kills latentsync at 20 random moments, resumes it each time, and compares the decoded frames with an undisturbed run.
# Usage: bench/resume/kills.sh VIDEO SOUND [COUNT] [more options of sync]; set LATENTSYNC to the program itself, such as
# "dotnet artifacts/bin/LatentSync.Cli/release/LatentSync.Cli.dll".
set -euo pipefail
video=$1 sound=$2 count=${3:-20}
shift $(($# < 3 ? $# : 3))
read -r -a program <<<"${LATENTSYNC:-dotnet artifacts/bin/LatentSync.Cli/release/LatentSync.Cli.dll}"
export LATENTSYNC_SEGMENT_SECONDS=${LATENTSYNC_SEGMENT_SECONDS:-0.5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
RANDOM=20
sync() { "${program[@]}" sync --video "$video" --audio "$sound" --out "$1" "${@:2}"; }
frames() { ffmpeg -nostdin -v error -i "$1" -map 0 -f framemd5 - | md5sum; }

started=$(date +%s%N)
sync "$folder/whole.mp4" "$@" >"$folder/log" 2>&1
span=${KILL_WITHIN_MS:-$((($(date +%s%N) - started) / 1000000))}
whole=$(frames "$folder/whole.mp4")
echo "kills within $span ms"
bad=0
for ((i = 1; i <= count; i++)); do
  rm -rf "$folder"/.killed.mp4.latentsync "$folder"/killed.mp4
  wait_ms=$((RANDOM * span / 32768))
  (exec "${program[@]}" sync --video "$video" --audio "$sound" --out "$folder/killed.mp4" "$@") >"$folder/log" 2>&1 &
  sleep "$(printf '%d.%03d' $((wait_ms / 1000)) $((wait_ms % 1000)))"
  # By the job, not by its number, which another process may have by the time a short job has ended.
  kill -9 %% 2>/dev/null || true
  wait 2>/dev/null || true
  parts=$(find "$folder" -path '*latentsync/0*' | wc -l)
  [ ! -e "$folder/killed.mp4" ] || parts=all
  [ -e "$folder/killed.mp4" ] || sync "$folder/killed.mp4" "$@" >"$folder/log" 2>&1
  same=same
  [ "$(frames "$folder/killed.mp4")" = "$whole" ] || { same=DIFFERENT && bad=$((bad + 1)); }
  echo "killed after $wait_ms ms with $parts files of segments: $same"
done
echo "$bad of $count differ"
[ "$bad" = 0 ]
