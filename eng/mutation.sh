#!/usr/bin/env bash
# Changes folders of the library in small ways, one change (a mutant) at a time, with dotnet-stryker, and counts the
# changes that a unit test of the same folder notices: eng/mutation.sh Jobs Timeline. Writes the folders' rows of
# tests/mutation.md; artifacts/mutation/FOLDER/reports has every mutant. Takes many minutes a folder.
# MUTATE='Faces/Cuts/*.cs Faces/FaceAligner.cs' tries only these files again and keeps what is known of the others.
set -euo pipefail
root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/..
cd "$root"
[ $# -gt 0 ] || { echo "Name folders of src/LatentSync: eng/mutation.sh Jobs Timeline" >&2; exit 2; }
dotnet tool restore >/dev/null

# Analysers would refuse the mutants' code; the tests of other folders would take the time of the run.
export RunAnalyzers=false DOTNET_CLI_TELEMETRY_OPTOUT=1
for folder in "$@"; do
  [ -d "src/LatentSync/$folder" ] || { echo "There is no folder src/LatentSync/$folder." >&2; exit 2; }
  export MutationTests="$folder/**/*.cs"
  mutate=()
  for files in ${MUTATE:-"$folder/**/*.cs"}; do
    mutate+=(--mutate "**/src/LatentSync/$files")
  done
  report=artifacts/mutation/$folder/$(date -u +%Y%m%dT%H%M%S)
  # Stryker reads the projects without a build of its own, so what they refer to has to be there. Not Release, which ./test runs.
  dotnet build tests/LatentSync.Tests -c Debug -v q
  (cd tests/LatentSync.Tests && dotnet stryker -f "$root/eng/stryker.json" "${mutate[@]}" --output "$root/$report")
done
python3 eng/mutation_table.py "$@"
