#!/usr/bin/env bash
# What somebody does who never saw the repository, with the packages and the archive just made: a new console project with the
# README's example, the .NET tool, and the archive for this system on a machine without .NET and Node. Everything starts
# with empty caches and an empty home folder. The videos are short or made in few steps: it is the way that is tested.
# Each of the three ways counts as one test; the last line is a summary as those of the test assemblies ("./test release").
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"
# Newer than any other, so that the README's commands, which name no version, take it.
version=9999.0.0
# A folder of its own: a release of the maintainer's stays as it is.
artifacts=$root/artifacts/stranger
feed=$artifacts/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME COMMAND...: runs it quietly, shows what it said if it fails.
step() {
  local begin=$SECONDS
  if ! "${@:2}" >"$work/log" 2>&1 </dev/null; then
    tail -n 40 "$work/log"
    echo "stranger: $1 failed (see above)."
    return 1
  fi
  echo "stranger: $1: $((SECONDS - begin)) s"
}

# VIDEO SECONDS: it has the frames of so many seconds of sound, and sound.
check_video() {
  local frames sound least=$((25 * $2)) most=$((25 * $2 + 25))
  frames=$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0 "$1") || return 1
  sound=$(ffprobe -v error -select_streams a -show_entries stream=codec_type -of csv=p=0 "$1")
  if [ "$frames" -lt "$least" ] || [ "$frames" -gt "$most" ] || [ "$sound" != audio ]; then
    echo "\"$1\" has $frames frames and \"$sound\" for sound."
    return 1
  fi
}

case $(uname -s)-$(uname -m) in
  Linux-x86_64) system=linux-x64 ;;
  Linux-aarch64) system=linux-arm64 ;;
  Darwin-arm64) system=osx-arm64 ;;
  *)
    echo "There is no archive for $(uname -s) on $(uname -m)."
    echo "Total: 3, Errors: 0, Failed: 0, Skipped: 3, Not Run: 0"
    exit
    ;;
esac

# shellcheck source=eng/setup.sh
. "$root/eng/setup.sh"
find_dotnet
mkdir -p "$artifacts"
install_npm
install_ffmpeg

make_release() {
  ffmpeg -v error -i samples/voice.wav -t 1.2 "$work/voice.wav" &&
    LATENTSYNC_ARTIFACTS=$artifacts eng/release.sh --quick "$version" "$system"
}

# Empty caches from here on; the settings for NuGet (mirrors, proxies) stay.
empty_caches() {
  if [ -f "$HOME/.nuget/NuGet/NuGet.Config" ]; then
    mkdir -p "$work/home/.nuget/NuGet"
    cp "$HOME/.nuget/NuGet/NuGet.Config" "$work/home/.nuget/NuGet/"
  fi
  export NUGET_PACKAGES=$work/packages NUGET_HTTP_CACHE_PATH=$work/http DOTNET_CLI_HOME=$work/home
  cat >"$work/nuget.config" <<END
<configuration>
  <packageSources>
    <add key="release" value="$feed" />
  </packageSources>
</configuration>
END
}

# A new project: the commands and the lines of the README, with the model, video and sound of the demonstration.
new_project() {
  mkdir "$work/app" && cd "$work/app" || return
  local runtime
  runtime=$(sed -n 's/.*"Microsoft.ML.OnnxRuntime" Version="\(.*\)".*/\1/p' "$root/Directory.Packages.props")
  dotnet new console &&
    dotnet add package LatentSyncSharp.Models &&
    dotnet add package LatentSyncSharp.Demo &&
    dotnet add package Microsoft.ML.OnnxRuntime --version "$runtime" &&
    awk '/^```csharp/ && !done { inside = 1; next } /^```/ { if (inside) done = 1; inside = 0 } inside' "$root/README.md" |
    sed -e 's,"checkpoints",Path.Combine(AppContext.BaseDirectory\, "models/demo"),' -e 's,"talk.mp4",Path.Combine(AppContext.BaseDirectory\, "samples/head.mp4"),' \
      -e "s,\"speech.wav\",\"$work/voice.wav\"," -e "s,\"result.mp4\",\"$work/library.mp4\"," -e 's,InferenceSteps = 20,InferenceSteps = 2,' >Program.cs &&
    grep -q SyncAsync Program.cs
}

run_project() {
  cd "$work/app" && dotnet run && check_video "$work/library.mp4" 1
}

install_tool() {
  cd "$work" && dotnet tool install LatentSyncSharp.Tool --tool-path "$work/tool"
}

run_tool() {
  "$work/tool/latentsync" demo --inference-steps 1 --lips-expression 1 --out "$work/tool.mp4" && check_video "$work/tool.mp4" 6
}

# Only ffmpeg in PATH, and an empty home folder.
run_archive() {
  mkdir "$work/bin" "$work/empty" &&
    ln -s "$(command -v ffmpeg)" "$(command -v ffprobe)" "$work/bin/" &&
    tar -C "$work" -xzf "$feed/latentsync-$version-$system.tar.gz" &&
    alone doctor &&
    alone sync --video "$root/samples/head.mp4" --audio "$work/voice.wav" --inference-steps 2 --out "$work/archive.mp4" &&
    check_video "$work/archive.mp4" 1
}

alone() {
  env -i HOME="$work/empty" PATH="$work/bin" "$work/latentsync-$version-$system/latentsync" "$@"
}

begin=$SECONDS failed=0
if step "packages and archive" make_release; then
  empty_caches
  step "new project" new_project && step "dotnet run" run_project || failed=$((failed + 1))
  step "dotnet tool install" install_tool && step "the tool's demo" run_tool || failed=$((failed + 1))
  step "the archive's doctor and a video" run_archive || failed=$((failed + 1))
else
  failed=3
fi
echo "Total: 3, Errors: 0, Failed: $failed, Skipped: 0, Not Run: 0, Time: $((SECONDS - begin))s"
[ "$failed" = 0 ]
