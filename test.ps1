# Runs the tests: ./test.ps1 [unit|parity|fuzz|server|e2e] [FILTER]. FILTER is a part of a test's full name. The test of what is published (./test release) is for Linux and macOS.
$root = $PSScriptRoot
. (Join-Path $root 'eng/setup.ps1')

$all = [ordered]@{ unit = 'LatentSync.Tests'; parity = 'LatentSync.ParityTests'; fuzz = 'LatentSync.FuzzTests'; server = 'LatentSync.ServerTests'; e2e = 'LatentSync.EndToEndTests' }
$filters = @($args)
$assemblies = @($all.Values)
if ($filters.Count -gt 0 -and $all.Contains($filters[0])) {
    $assemblies = @($all[$filters[0]])
    $filters = @($filters | Select-Object -Skip 1)
}
$options = @('-noLogo')
if ($filters.Count -gt 0) { $options += '-method', "*$($filters[0])*" }
if ($filters.Count -gt 0 -or $env:LATENTSYNC_LONG_TESTS) { $options += '-explicit', 'on' }

Initialize-Project 'test' 'LatentSync.slnx' @() @('src', 'tests', 'eng', 'LatentSync.slnx', '.editorconfig')
Remove-Item (Join-Path $root 'artifacts/parity/*.md') -ErrorAction SilentlyContinue

$passed = 0; $failed = 0; $skipped = 0
foreach ($assembly in $assemblies) {
    & dotnet exec (Join-Path $root "artifacts/bin/$assembly/release/$assembly.dll") @options -noColor | Tee-Object -Variable lines
    $code = $LASTEXITCODE
    $summary = "$($lines | Where-Object { $_ -match 'Total: \d+' } | Select-Object -Last 1)"
    $count = { param($name) if ($summary -match "${name}: (\d+)") { [int]$Matches[1] } else { 0 } }
    $bad = (& $count 'Failed') + (& $count 'Errors')
    if (-not $summary -or ($code -ne 0 -and $bad -eq 0)) {
        "$assembly crashed (exit code $code)."
        $bad++
    }
    $passed += (& $count 'Total') - (& $count 'Failed') - (& $count 'Skipped') - (& $count 'Not Run')
    $skipped += & $count 'Skipped'
    $failed += $bad
}

Get-Content (Join-Path $root 'artifacts/parity/*.md') -ErrorAction SilentlyContinue
"$passed passed, $failed failed" + $(if ($skipped) { ", $skipped skipped" })
exit [int]($failed -gt 0 -or $passed -eq 0)
