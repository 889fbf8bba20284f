#!/usr/bin/env bash
# Formats the C# sources with CSharpier (.csharpierrc); "eng/format.sh check" says what is not formatted.
set -euo pipefail
cd "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.."
dotnet tool restore >/dev/null
[ "${1:-}" = check ] || exec dotnet csharpier format src tests bench tools
if dotnet csharpier check src tests bench tools; then failed=0; else failed=1; fi
# As the test assemblies end, for ./test.
echo "   format  Total: 1, Errors: 0, Failed: $failed, Skipped: 0"
exit "$failed"
