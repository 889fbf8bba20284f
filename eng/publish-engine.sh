#!/usr/bin/env bash
# Packs the engine for machines without .NET: eng/publish-engine.sh [linux-x64] [win-x64] ...
# Each archive holds one folder, "engine", to be unpacked inside the ComfyUI node pack; or anywhere, and put into PATH.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
out=$root/artifacts/engine
[ $# -gt 0 ] || set -- linux-x64 win-x64

for rid in "$@"; do
  folder=$out/$rid/engine
  rm -rf "$folder"
  # A tree of its own: a runtime identifier changes what is restored, and the lock files with it.
  dotnet publish src/LatentSync.Cli -c Release -r "$rid" --self-contained --nologo -v quiet -o "$folder" \
    -p:ArtifactsPath="$out/build" -p:NuGetLockFilePath="$out/build/\$(MSBuildProjectName).$rid.lock.json" \
    -p:OrtSystem="$rid" -p:RunAnalyzers=false -p:NuGetAudit=false -p:UseSharedCompilation=false
  case $rid in
    win-*) mv "$folder/LatentSync.Cli.exe" "$folder/latentsync.exe" ;;
    *) mv "$folder/LatentSync.Cli" "$folder/latentsync" ;;
  esac
  rm -f "$folder"/FaceModels* # the converter, needed by the build only
  cp LICENSE NOTICE "$folder"
  tar -C "$out/$rid" -czf "$out/latentsync-engine-$version-$rid.tar.gz" engine
  printf '%s  %s MB\n' "$out/latentsync-engine-$version-$rid.tar.gz" "$(($(stat -c %s "$out/latentsync-engine-$version-$rid.tar.gz") / 1000000))"
done
