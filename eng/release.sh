#!/usr/bin/env bash
# Makes everything that is published: eng/release.sh [--quick] VERSION [SYSTEM...], into artifacts/release.
# SYSTEM: linux-x64 linux-arm64 win-x64 osx-arm64 (default: all four). The packages on NuGet are made every time.
# --quick is for a trial on this system: no engine archives and node packs for ComfyUI, no bill of materials, and the .NET tool
# carries the native libraries of this system only. LATENTSYNC_ARTIFACTS names another folder than artifacts.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$root"

fail() {
  echo "release.sh: $*" >&2
  exit 1
}

quick=''
if [ "${1:-}" = --quick ]; then
  quick=1
  shift
fi
version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "name a version such as 1.2.0 or 1.2.0-rc.1: eng/release.sh VERSION [SYSTEM...]."
shift
[ $# -gt 0 ] || set -- linux-x64 linux-arm64 win-x64 osx-arm64
for rid in "$@"; do
  [[ $rid =~ ^(linux-x64|linux-arm64|win-x64|osx-arm64)$ ]] || fail "there is no release for \"$rid\": linux-x64, linux-arm64, win-x64 or osx-arm64."
done

export LATENTSYNC_ARTIFACTS=${LATENTSYNC_ARTIFACTS:-$root/artifacts}
out=$LATENTSYNC_ARTIFACTS/release
build=$LATENTSYNC_ARTIFACTS/release-build
rm -rf "$out"
mkdir -p "$out" "$build"
# The same bytes whoever builds: paths are mapped, times are those of the commit.
export CI=true MSBUILDDISABLENODEREUSE=1 LATENTSYNC_VERSION=$version
commit_time=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)

pack() {
  echo "packing $1 ..." >&2
  dotnet pack "src/$1" -c Release --nologo -v quiet -o "$out" -p:ArtifactsPath="$build" -p:NuGetLockFilePath="$build/\$(MSBuildProjectName).lock.json" \
    -p:MinVerVersionOverride="$version" -p:DebugType=portable -p:RunAnalyzers=false -p:UseSharedCompilation=false -p:NuGetAudit=false "${@:2}" ||
    fail "$1 cannot be packed (see above)."
}

# The library first: its build makes the networks that the next one packs.
pack LatentSync
pack LatentSync.Models
pack LatentSync.Demo
pack LatentSync.Client
pack LatentSync.Cli -p:PackAsTool=true ${quick:+"-p:NativeSystems=$1"}

# FOLDER NAME: the folder of artifacts/engine/SYSTEM as an archive whose only folder is called NAME.
archive() {
  local folder=$1 name=$2
  if [[ $folder == *win-* ]]; then
    rm -rf "${build:?}/$name"
    cp -r "$folder/engine" "$build/$name"
    find "$build/$name" -exec touch -d "@$commit_time" {} +
    (cd "$build" && python3 -m zipfile -c "$out/$name.zip" "$name")
  else
    tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$commit_time" --transform "s,^engine,$name," -c engine | gzip -n >"$out/$name.tar.gz"
  fi
}

for rid in "$@"; do
  echo "publishing for $rid ..." >&2
  LATENTSYNC_ENGINE_ARCHIVE=${quick:+no} eng/publish-engine.sh "$rid" >&2
  archive "$LATENTSYNC_ARTIFACTS/engine/$rid" "latentsync-$version-$rid"
done
[ -z "$quick" ] || exit 0

for rid in "$@"; do
  cp "$LATENTSYNC_ARTIFACTS/engine/latentsync-engine-$version-$rid.tar.gz" "$out/"
done
systems=()
for rid in "$@"; do
  case $rid in linux-x64 | win-x64) systems+=("$rid") ;; esac
done
if [ ${#systems[@]} -gt 0 ]; then
  eng/pack-comfyui.sh "${systems[@]}" >&2
  cp "$LATENTSYNC_ARTIFACTS"/comfyui/*-"$version"-*.zip "$out/"
fi

echo "listing what is inside (CycloneDX) ..." >&2
dotnet tool restore >"$build/tools.log" || { cat "$build/tools.log" >&2 && fail "the tools of .config/dotnet-tools.json cannot be restored (see above)."; }
dotnet CycloneDX src/LatentSync.Cli/LatentSync.Cli.csproj --recursive --output "$out" --filename "latentsync-$version.cdx.json" --output-format Json \
  --set-name LatentSyncSharp --set-version "$version" --no-serial-number --exclude-dev >"$build/sbom.log" ||
  { tail -n 20 "$build/sbom.log" >&2 && fail "the bill of materials cannot be made (see above)."; }
python3 eng/add_networks_to_sbom.py "$out/latentsync-$version.cdx.json" artifacts/networks models/demo

(cd "$out" && sha256sum -- * >SHA256SUMS)
(cd "$out" && stat -c '%s %n' -- * | awk '{ printf "%-55s %8.1f MB\n", $2, $1 / 1e6 }')
