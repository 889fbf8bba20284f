#!/usr/bin/env bash
# Lip-syncs the difficult video with the built-in model in three versions (25 and 29.97 frames per second, variable) and
# prints what came of it, as a table. Needs a built latentsync, ffmpeg and a quarter of an hour on two cores.
# Usage: bench/film/check.sh [FOLDER] [more options of sync]; FOLDER keeps the videos; set LATENTSYNC to the program itself,
# such as "dotnet artifacts/bin/LatentSync.Cli/release/LatentSync.Cli.dll".
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
folder=${1:-$(mktemp -d)}
shift $(($# < 1 ? $# : 1))
read -r -a program <<<"${LATENTSYNC:-$here/../../latentsync}"
mkdir -p "$folder"
cd "$folder"
bad=0

sync() { # VIDEO RESULT MORE... prints the result event
  "${program[@]}" sync --video "$1" --audio voice.wav --length video --out "$2" --models demo --inference-steps 4 --crf 8 \
    --overwrite --restart --json "${@:3}" 2>&1 | tail -n 1
}
number() { grep -oE "\"$1\":-?[0-9.]+" <<<"$2" | head -n 1 | cut -d: -f2; }
times() { ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d , | sort -n; }
psnr() { # SOURCE RESULT FIRST END CROP: the worst frame's PSNR in dB
  local same="trim=start_frame=$3:end_frame=$4,setpts=N/25/TB,crop=$5"
  ffmpeg -nostdin -v info -i "$1" -i "$2" -lavfi "[0:v]$same[a];[1:v]$same[b];[a][b]psnr" -f null - 2>&1 |
    grep -oE 'min:(inf|[0-9]+\.?[0-9]?)' | cut -d: -f2
}
offset() { # RESULT FROM TO: by how many frames of 40 ms the lips are late
  ffmpeg -nostdin -v error -y -i "$1" -filter_complex "[0:v]trim=$2:$3,setpts=PTS-STARTPTS[v];[0:a]atrim=$2:$3,asetpts=PTS-STARTPTS[a]" \
    -map '[v]' -map '[a]' -c:v libx264 -preset veryfast -crf 8 -c:a pcm_s16le -fps_mode passthrough piece.mov
  number offset_frames "$("${program[@]}" score piece.mov --syncnet off --json)"
}
require() { # NAME and a test
  "${@:2}" || { echo "NOT AS IT SHOULD BE: $1" >&2 && bad=$((bad + 1)); }
}
above() { [ "$1" = inf ] || awk "BEGIN { exit !($1 >= $2) }"; }

ffmpeg -nostdin -v error -y -stream_loop -1 -i "$here/../../samples/voice.wav" -t 30 voice.wav
echo "| film | frames | times | painted | no face | cuts | other person | other person, \`left:2\` | lips late, first part | last part |"
echo "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|"
for rate in 25 30000/1001 vfr; do
  name=film-${rate%%/*}
  "$here/make.sh" "$rate" "$name.mp4"
  result=$(sync "$name.mp4" "$name-result.mp4" "$@")
  mapfile -t starts < <(times "$name.mp4")
  frames=${#starts[@]} part=$((${#starts[@]} / 4))
  same=differ
  [ "$(times "$name.mp4" | md5sum)" = "$(times "$name-result.mp4" | md5sum)" ] && same=equal
  other=$(psnr "$name.mp4" "$name-result.mp4" "$part" $((2 * part)) 320:360:320:0)

  # The right one instead: the left one must stay as it is, and as many mouths be painted as the part has frames.
  ffmpeg -nostdin -v error -y -i "$name.mp4" -vf "trim=start_frame=$part:end_frame=$((2 * part)),setpts=PTS-STARTPTS" -c:v libx264 -crf 8 -fps_mode passthrough two.mp4
  right=$(sync two.mp4 two-result.mp4 --face left:2 "$@")
  left=$(psnr two.mp4 two-result.mp4 0 "$part" 320:360:0:0)
  first=$(offset "$name-result.mp4" 0 "${starts[$part]}")
  last=$(offset "$name-result.mp4" "${starts[$((3 * part))]}" 30)
  painted=$(number synced_frames "$result") missing=$(number frames_without_face "$result")
  echo "| $rate | $(number frames "$result") of $frames | $same | $painted | $missing | $(number scene_cuts "$result") | $other dB | $left dB | $first | $last |"
  require "$rate: frames" [ "$(number frames "$result")" = "$frames" ]
  require "$rate: times" [ "$same" = equal ]
  require "$rate: frames painted and not" [ $((painted + missing)) = "$frames" ]
  # Away for two seconds of the part's six; at the edge of the picture the face is half seen.
  require "$rate: frames without a face" [ "$missing" -ge $((part / 3)) ] && require "$rate: too many frames without a face" [ "$missing" -le $((part * 3 / 5)) ]
  require "$rate: right person painted" [ "$(number synced_frames "$right")" = "$part" ]
  require "$rate: other person" above "$other" 45
  require "$rate: other person, left:2" above "$left" 45
  require "$rate: offset in the first part" [ "${first#-}" -le 1 ]
  require "$rate: offset in the last part" [ "${last#-}" -le 1 ]
done
echo "$bad checks failed" >&2
[ "$bad" = 0 ]
