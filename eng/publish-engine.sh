#!/usr/bin/env bash
# Publishes the program for machines without .NET: eng/publish-engine.sh [linux-x64] [win-x64] ...
# For each system a folder artifacts/engine/SYSTEM/engine and an archive of it, to be unpacked inside the ComfyUI node
# pack; or anywhere, and put into PATH. LATENTSYNC_VERSION names the version, else it is that of the newest tag;
# LATENTSYNC_ENGINE_ARCHIVE=no leaves the archive out.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"
out=${LATENTSYNC_ARTIFACTS:-$root/artifacts}/engine
version=${LATENTSYNC_VERSION:-}
[ $# -gt 0 ] || set -- linux-x64 win-x64

for rid in "$@"; do
  folder=$out/$rid/engine
  rm -rf "$folder"
  # A tree of its own: a runtime identifier changes what is restored, and the lock files with it.
  dotnet publish src/LatentSync.Cli -c Release -r "$rid" --self-contained --nologo -v quiet -o "$folder" \
    -p:ArtifactsPath="$out/build" -p:NuGetLockFilePath="$out/build/\$(MSBuildProjectName).$rid.lock.json" \
    -p:PublishReadyToRun=true -p:GenerateDocumentationFile=false \
    -p:RunAnalyzers=false -p:NuGetAudit=false -p:UseSharedCompilation=false ${version:+-p:MinVerVersionOverride=$version}
  case $rid in
    win-*) mv "$folder/LatentSync.Cli.exe" "$folder/latentsync.exe" ;;
    *) mv "$folder/LatentSync.Cli" "$folder/latentsync" ;;
  esac
  rm -f "$folder"/Networks* # the converter, needed by the build only
  rm -f "$folder"/*.lib     # of ONNX Runtime's package for Windows, for C++ linkers
  cp -r LICENSE NOTICE licenses "$folder"
  # Packages have files that only their owner may run; an engine may be unpacked by another user than the one who runs it.
  chmod -R u=rwX,go=rX "$folder"
  [ "${LATENTSYNC_ENGINE_ARCHIVE:-}" != no ] || continue
  archive=$out/latentsync-engine-${version:-dev}-$rid.tar.gz
  tar -C "$out/$rid" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -c engine | gzip -n >"$archive"
  printf '%s  %s MB\n' "$archive" "$(($(stat -c %s "$archive") / 1000000))"
done
