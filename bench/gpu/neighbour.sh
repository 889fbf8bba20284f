#!/usr/bin/env bash
# A job whose card is filled by another program: before it, while it loads, and in the middle. $1: folder for the logs;
# $2, $3: video and sound.
set -uo pipefail
out=${1:?usage: bench/gpu/neighbour.sh FOLDER VIDEO SOUND}
video=${2:?no video} sound=${3:?no sound}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"

# NAME MIB_LEFT WORDS SECONDS: the other program leaves so much, so many seconds after these words in the job's log.
job() {
  local name=$1 leave=$2 words=$3 seconds=$4 log=$out/$1.log neighbour code begin
  : >"$log"
  echo "== $name"
  python3 "$here/neighbour.py" ${words:+--log "$log" --words "$words"} --wait "$seconds" --leave "$leave" >"$out/$name.neighbour" 2>&1 &
  neighbour=$!
  [ -n "$words" ] || until [ -s "$out/$name.neighbour" ]; do sleep 0.1; done
  begin=$(date +%s.%N)
  timeout --kill-after=2 150 latentsync bench --video "$video" --audio "$sound" --out "$out/$name.mp4" >"$log" 2>&1
  code=$?
  [ $code != 124 ] || echo "hung: $(nvidia-smi --query-gpu=utilization.gpu,memory.used --format=csv,noheader)"
  echo "exit code $code after $(echo "$(date +%s.%N) - $begin" | bc 2>/dev/null || python3 -c "import time; print(time.time() - $begin)") s"
  kill "$neighbour" 2>/dev/null
  wait "$neighbour" 2>/dev/null
  cat "$out/$name.neighbour" "$log"
  if [ -f "$out/$name.mp4" ]; then
    "${LATENTSYNC_FFMPEG:+$LATENTSYNC_FFMPEG/}ffprobe" -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 "$out/$name.mp4" | sed 's/^/frames in the result: /'
    "${LATENTSYNC_FFMPEG:+$LATENTSYNC_FFMPEG/}ffmpeg" -v error -i "$out/$name.mp4" -map 0:v -f md5 - | sed 's/^/pictures: /'
    rm -f "$out/$name.mp4"
  else
    echo "no result"
  fi
}

job alone 100000 "" 0
job before 3000 "" 0
job too-little 600 "" 0
job loading 2600 "Memory plan" 0.3
job loading-hopeless 300 "Memory plan" 0.3
job middle 0 "Memory plan" 20
