#!/usr/bin/env bash
# Packs the program for a GPU machine that can fetch nothing; see README.md beside this file.
set -euo pipefail

usage() {
  cat <<'END'
Usage: bench/gpu/pack.sh [options]

  --tests           also pack the parity tests, which run on the card with LATENTSYNC_TEST_DEVICE=cuda
  --samplers        also pack bench/LatentSync.SamplerBenchmark, for training/evaluate_samplers.py
  --golden FOLDER   also pack the golden data of the parity tests
  --ffmpeg FOLDER   also pack ffmpeg and ffprobe of a folder, with their shared libraries, and a test clip of 20 s
  --with-models     pack models/demo and samples too, for a machine without the checkout
  --limit-mib N     what one transfer may hold, the checkout included (default: 64)
  --cache FOLDER    where compressed files are kept (default: artifacts/gpu-cache)
END
}

fail() {
  echo "pack.sh: $*" >&2
  exit 1
}

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
here=$root/bench/gpu
tests='' samplers='' golden='' ffmpeg='' with_models='' limit_mib=64 cache=$root/artifacts/gpu-cache

readonly mib=1048576
readonly part_maximum_mib=55 # leaves room for the checkout even where it is measured generously
readonly spare_mib=1         # folders, names and archive headers of a transfer

while [ $# -gt 0 ]; do
  case $1 in
    --golden | --ffmpeg | --limit-mib | --cache)
      [ $# -ge 2 ] || fail "$1 needs a value."
      name=${1#--}
      printf -v "${name//-/_}" %s "$2"
      shift 2
      ;;
    --with-models)
      with_models=1
      shift
      ;;
    --tests)
      tests=1
      shift
      ;;
    --samplers)
      samplers=1
      shift
      ;;
    -h | --help)
      usage
      exit
      ;;
    *)
      usage >&2
      fail "$1 is no option."
      ;;
  esac
done
[[ $limit_mib =~ ^[0-9]+$ ]] || fail "--limit-mib is a number."
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compress < tar or library > .xz; the filter for x86 code saves a twentieth here.
compress() { xz -T0 --x86 --lzma2=preset=9e; }

# A name that changes with the content of the files named, and of those in the folders named.
content_key() { find "$@" -type f -print0 | sort -z | xargs -0 cat -- | sha256sum | cut -c1-16; }

# The bytes of the checkout that travel with each transfer: tracked files and those that git does not ignore.
checkout_size() {
  # A tracked file may have been deleted: stat's complaint about it does not matter.
  { git -C "$root" ls-files -z --cached --others --exclude-standard | (cd "$root" && xargs -0 -r stat -c %s 2>/dev/null) || true; } |
    awk '{ sum += $1 } END { print sum + 0 }'
}

# NAME FILE: in as many folders as transfers need, each with the number of parts and the sum of the whole.
split_in_parts() {
  local name=$1 packed=$2 part_mib parts key folder i
  part_mib=$((limit_mib - spare_mib - ($(checkout_size) + mib - 1) / mib))
  [ "$part_mib" -le "$part_maximum_mib" ] || part_mib=$part_maximum_mib
  [ "$part_mib" -ge 1 ] || fail "the checkout alone fills a transfer of $limit_mib MiB; raise --limit-mib."
  key="$(content_key "$packed") $part_mib"
  if [ ! -f "$root/.gpu-$name-1/key" ] || [ "$(cat "$root/.gpu-$name-1/key")" != "$key" ]; then
    rm -rf "$root/.gpu-$name"-*/
    split -b "${part_mib}m" -d -a 3 --numeric-suffixes=1 "$packed" "$scratch/$name-part-"
    parts=("$scratch/$name"-part-*)
    for i in "${!parts[@]}"; do
      folder=$root/.gpu-$name-$((i + 1))
      mkdir "$folder"
      mv "${parts[i]}" "$folder/part-${parts[i]##*-}"
      echo "${#parts[@]}" >"$folder/count"
      sha256sum <"$packed" >"$folder/sum"
      echo "$key" >"$folder/key"
    done
  fi
}

pack_program() {
  local app=$scratch/app program=$scratch/program runtime folder version dotnet_root shared packed
  dotnet publish "$root/src/LatentSync.Cli" -c Release -p:UseAppHost=false -o "$app" >"$scratch/publish.log" 2>&1 ||
    { tail -n 20 "$scratch/publish.log" >&2 && fail "dotnet publish failed (see above)."; }
  if [ -n "$tests" ]; then
    dotnet publish "$root/tests/LatentSync.ParityTests" -c Release -o "$app" >"$scratch/publish.log" 2>&1 ||
      { tail -n 20 "$scratch/publish.log" >&2 && fail "dotnet publish failed (see above)."; }
  fi
  if [ -n "$samplers" ]; then
    dotnet publish "$root/bench/LatentSync.SamplerBenchmark" -c Release -p:UseAppHost=false -o "$app" >"$scratch/publish.log" 2>&1 ||
      { tail -n 20 "$scratch/publish.log" >&2 && fail "dotnet publish failed (see above)."; }
  fi
  find "$app" -maxdepth 1 -name '*.xml' -delete
  [ -n "$with_models" ] || rm -rf "$app/models" "$app/samples"

  # What seldom changes goes into an archive of its own, which is packed once: .NET and ONNX Runtime.
  runtime=$scratch/runtime
  version=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App \(10\.[^ ]*\) .*/\1/p' | tail -n 1)
  shared=$(dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App 10\.[^ ]* \[\(.*\)\]$/\1/p' | tail -n 1)
  [ -n "$version" ] || fail "no .NET 10 runtime is installed here."
  dotnet_root=$(cd "$shared/../.." && pwd)
  folder=$runtime/dotnet/shared/Microsoft.NETCore.App
  mkdir -p "$folder" "$runtime/dotnet/host/fxr" "$runtime/app"
  cp "$dotnet_root/dotnet" "$runtime/dotnet/"
  cp -r "$dotnet_root/host/fxr/$version" "$runtime/dotnet/host/fxr/"
  cp -r "$shared/$version" "$folder/"
  # The program has a server in it.
  [ -d "$dotnet_root/shared/Microsoft.AspNetCore.App/$version" ] || fail "the ASP.NET Core runtime $version is not installed here."
  mkdir -p "$runtime/dotnet/shared/Microsoft.AspNetCore.App"
  cp -r "$dotnet_root/shared/Microsoft.AspNetCore.App/$version" "$runtime/dotnet/shared/Microsoft.AspNetCore.App/"
  # For debuggers and tracers only.
  rm -f "$folder/$version"/{createdump,libmscordaccore.so,libmscordbi.so,libcoreclrtraceptprovider.so}
  mv "$app/runtimes" "$runtime/app/"

  # Does it start where nothing is installed and no variable is set?
  mkdir "$scratch/trial"
  cp -r "$runtime/." "$scratch/trial/"
  cp -r "$app" "$scratch/trial/"
  (cd / && env -i "$scratch/trial/dotnet/dotnet" "$scratch/trial/app/LatentSync.Cli.dll" --version >"$scratch/version" 2>&1) ||
    { cat "$scratch/version" >&2 && fail "the packed program does not start."; }

  packed=$cache/runtime-$version-$(content_key "$runtime").tar.xz
  if [ ! -f "$packed" ]; then
    echo "compressing .NET and ONNX Runtime (a minute, once) ..." >&2
    tar -C "$runtime" -c dotnet app | compress >"$packed.part"
    mv "$packed.part" "$packed"
  fi
  mkdir "$program"
  cp "$packed" "$program/runtime.tar.xz"
  tar -C "$scratch" -c app | compress >"$program/app.tar.xz"
  tar -C "$program" -c runtime.tar.xz app.tar.xz >"$scratch/program.tar"
  split_in_parts program "$scratch/program.tar"
}

pack_golden() {
  local out=$root/.gpu-golden
  [ -f "$golden/README.md" ] || fail "\"$golden\" does not look like the golden data: it has no README.md."
  rm -rf "$out"
  mkdir "$out"
  tar -C "$golden" -c --transform 's,^\.,golden,' . | compress >"$out/golden.tar.xz"
}

# ffmpeg and ffprobe in bin/, the libraries that ldd names in lib/ (none for static builds), and starters that join them.
pack_ffmpeg() {
  local stage=$scratch/ffmpeg program library packed
  mkdir -p "$stage/bin" "$stage/lib"
  for program in ffmpeg ffprobe; do
    [ -x "$ffmpeg/$program" ] || fail "\"$ffmpeg\" holds no $program."
    cp -L "$ffmpeg/$program" "$stage/bin/"
    { ldd "$ffmpeg/$program" 2>/dev/null || true; } | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | while read -r library; do
      case ${library##*/} in
        libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | libresolv.so.2) ;; # belong to the machine's loader
        *) cp -nL "$library" "$stage/lib/" ;;
      esac
    done
    # shellcheck disable=SC2016 # expands where the starter runs
    printf '#!/bin/sh\nhere=$(dirname -- "$(readlink -f -- "$0")")\nexport LD_LIBRARY_PATH="$here/lib"\nexec "$here/bin/%s" "$@"\n' "$program" >"$stage/$program"
    chmod 755 "$stage/$program"
  done
  for program in ffmpeg ffprobe; do
    "$stage/$program" -version >/dev/null || fail "the packed $program does not start."
  done

  packed=$cache/ffmpeg-$(content_key "$stage").tar.xz
  if [ ! -f "$packed" ]; then
    echo "compressing ffmpeg (a minute or two, once) ..." >&2
    tar -C "$scratch" -c ffmpeg | compress >"$packed.part"
    mv "$packed.part" "$packed"
  fi
  split_in_parts ffmpeg "$packed"
  # The last part is the smallest.
  make_clip "$stage" "$root/.gpu-ffmpeg-$(cat "$root/.gpu-ffmpeg-1/count")"
}

# A whole job's input: 20 s of the sample head at 1920x1080 and 25 frames per second, and 20 s of the sample voice.
make_clip() {
  local tools=$1 out=$2 seconds=20 clip=$cache/clip-1080p.mp4 voice=$cache/voice-20s.wav
  if [ ! -f "$clip" ] || [ ! -f "$voice" ]; then
    "$tools/ffmpeg" -v error -y -stream_loop -1 -i "$root/samples/voice.wav" -t $seconds -c:a pcm_s16le "$voice"
    "$tools/ffmpeg" -v error -y -stream_loop -1 -i "$root/samples/head.mp4" -i "$voice" -map 0:v:0 -map 1:a:0 -t $seconds \
      -vf "fps=25,scale=-2:1080:flags=lanczos,pad=1920:1080:(ow-iw)/2:0:gray" -pix_fmt yuv420p -c:v libx264 -preset medium -crf 20 \
      -c:a aac -movflags +faststart "$clip.part.mp4"
    mv "$clip.part.mp4" "$clip"
  fi
  cp "$clip" "$voice" "$out/"
}

report() {
  local tree folder size
  tree=$(checkout_size)
  printf '%-18s %8s\n' folder MiB
  for folder in "$root"/.gpu-*/; do
    size=$(find "$folder" -type f -print0 | xargs -0 stat -c %s | awk '{ sum += $1 } END { print sum + 0 }')
    awk -v name="$(basename "$folder")" -v size="$size" -v mib=$mib -v tree="$tree" -v limit="$limit_mib" 'BEGIN {
      printf "%-18s %8.1f%s\n", name, size / mib, (size + tree > limit * mib ? "   too large for one transfer beside the checkout" : "") }'
  done
  awk -v tree="$tree" -v mib=$mib 'BEGIN { printf "%-18s %8.1f   travels with each transfer\n", "checkout", tree / mib }'
}

pack_program
if [ -n "$golden" ]; then pack_golden; fi
if [ -n "$ffmpeg" ]; then pack_ffmpeg; fi
report
