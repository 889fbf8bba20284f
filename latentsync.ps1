# Starts LatentSyncSharp; the first start installs what is missing and builds. See eng/setup.ps1.
$root = $PSScriptRoot
. (Join-Path $root 'eng/setup.ps1')

# Warnings are the developers' business (./test), and a newer SDK may have new ones.
Initialize-Project 'latentsync' 'src/LatentSync.Cli' @('-p:TreatWarningsAsErrors=false', '-p:RunAnalyzers=false') @('src', 'eng')
& dotnet (Join-Path $root 'artifacts/bin/LatentSync.Cli/release/LatentSync.Cli.dll') @args
exit $LASTEXITCODE
