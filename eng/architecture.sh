#!/usr/bin/env bash
# Draws the map of folders in docs/architecture.md from the compiled types.
exec env LATENTSYNC_WRITE_MAP=1 "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../test" unit FolderMapTests
