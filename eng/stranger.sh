#!/usr/bin/env bash
# What somebody does who never saw the repository, with the packages and archives just made: a new console project with the
# README's example, the .NET tool, and the archive for this system on a machine without .NET and Node. Everything starts
# with empty caches and an empty home folder. Of the videos a second is made, in few steps: it is the way that is tested.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"
version=0.0.0-stranger.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "stranger: $*" >&2
  exit 1
}

# NAME COMMAND...: runs it quietly, shows what it said if it fails.
step() {
  local begin=$SECONDS
  "${@:2}" >"$work/log" 2>&1 </dev/null || { tail -n 40 "$work/log" >&2 && fail "$1 failed (see above)."; }
  echo "stranger: $1: $((SECONDS - begin)) s"
}

# VIDEO: it has the frames of the short sound, and sound.
check_video() {
  local frames sound
  frames=$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 "$1") || fail "\"$1\" is no video."
  sound=$(ffprobe -v error -select_streams a -show_entries stream=codec_type -of csv=p=0 "$1")
  [ "$frames" -ge 25 ] && [ "$frames" -le 50 ] && [ "$sound" = audio ] || fail "\"$1\" has $frames frames and \"$sound\" for sound."
}

# shellcheck source=eng/setup.sh
. "$root/eng/setup.sh"
find_dotnet
mkdir -p "$root/artifacts"
install_npm
install_ffmpeg
ffmpeg -v error -i samples/voice.wav -t 1.2 "$work/voice.wav"

step "packages and archive" eng/release.sh "$version" linux-x64

feed=$root/artifacts/release
export NUGET_PACKAGES=$work/packages DOTNET_CLI_HOME=$work/home DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# A new project: the lines of the README, with the model, video and sound of the demonstration.
mkdir "$work/app"
cd "$work/app"
step "dotnet new" dotnet new console
step "dotnet add package" bash -c "
  dotnet new nugetconfig && dotnet nuget add source '$feed' --name release &&
  dotnet add package LatentSyncSharp.Models --version $version && dotnet add package LatentSyncSharp.Demo --version $version &&
  dotnet add package Microsoft.ML.OnnxRuntime --version 1.31.1"
awk '/^```csharp/ && !done { inside = 1; next } /^```/ { if (inside) done = 1; inside = 0 } inside' "$root/README.md" |
  sed -e 's,"checkpoints",Path.Combine(AppContext.BaseDirectory\, "models/demo"),' -e 's,"talk.mp4",Path.Combine(AppContext.BaseDirectory\, "samples/head.mp4"),' \
    -e "s,\"speech.wav\",\"$work/voice.wav\"," -e "s,\"result.mp4\",\"$work/library.mp4\"," -e 's,InferenceSteps = 20,InferenceSteps = 2,' >Program.cs
grep -q 'SyncAsync' Program.cs || fail "the README has no example of the library."
step "dotnet run" dotnet run
check_video "$work/library.mp4"

cd "$work"
step "dotnet tool install" dotnet tool install LatentSyncSharp.Tool --version "$version" --tool-path "$work/tool" --add-source "$feed"
step "the tool's demo" "$work/tool/latentsync" demo --audio-start 4.8 --inference-steps 2 --out "$work/tool.mp4"
check_video "$work/tool.mp4"

# The archive: only ffmpeg in PATH, and an empty home folder.
mkdir "$work/bin" "$work/empty"
ln -s "$(command -v ffmpeg)" "$(command -v ffprobe)" "$work/bin/"
tar -C "$work" -xzf "$feed/latentsync-$version-linux-x64.tar.gz"
alone() { env -i HOME="$work/empty" PATH="$work/bin" "$work/latentsync-$version-linux-x64/latentsync" "$@"; }
step "the archive's doctor" alone doctor
step "the archive's demo" alone demo --audio-start 4.8 --inference-steps 2 --out "$work/archive.mp4"
check_video "$work/archive.mp4"
echo "stranger: the package, the tool and the archive each made a video."
