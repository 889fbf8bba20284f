# Sets LatentSyncSharp up on Windows: looks for what is needed and builds once. Dot-sourced by latentsync.ps1 and
# test.ps1, which set $root. Only the started program writes to the output.

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'

function Say([string] $text) { [Console]::Error.WriteLine("latentsync: $text") }

function Stop-WithMessage([string] $text) {
    Say $text
    exit 7 # LipSyncErrorCode.MissingDependency
}

# Runs a program quietly; shows what it said if it fails.
function Invoke-Quietly([string] $failure, [scriptblock] $command) {
    $log = & $command 2>&1
    if ($LASTEXITCODE -ne 0) {
        $log | Select-Object -Last 40 | ForEach-Object { [Console]::Error.WriteLine("$_") }
        Stop-WithMessage $failure
    }
}

function Test-UpToDate([string] $stamp, [string[]] $paths) {
    if (-not (Test-Path -LiteralPath $stamp)) { return $false }
    $time = (Get-Item -LiteralPath $stamp).LastWriteTimeUtc
    $all = $paths + 'samples', 'global.json', 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props'
    if (Test-Path -LiteralPath (Join-Path $root 'models')) { $all += 'models' } # the shipped model may be missing
    foreach ($path in $all) {
        $item = Get-Item -LiteralPath (Join-Path $root $path)
        $newer = @($item) + @(Get-ChildItem -LiteralPath $item.FullName -Recurse -ErrorAction SilentlyContinue) |
            Where-Object { $_.LastWriteTimeUtc -gt $time -or $_.CreationTimeUtc -gt $time } | Select-Object -First 1
        if ($newer) { return $false }
    }
    return $true
}

# The build fetches the face and voice networks with npm, once; see eng/Networks.targets.
function Confirm-Npm {
    $archives = Select-String -LiteralPath (Join-Path $root 'eng/Networks.targets') -Pattern ' Archive="([^"]*)"' | ForEach-Object { $_.Matches[0].Groups[1].Value }
    $missing = $archives | Where-Object { -not (Test-Path -LiteralPath (Join-Path $root "artifacts/npm/$_")) }
    if ($missing -and -not (Get-Command npm -ErrorAction SilentlyContinue)) {
        Stop-WithMessage 'Node.js and npm are not installed; install them from https://nodejs.org and start again.'
    }
}

# Builds a project in Release unless its stamp says that nothing under the paths changed.
function Initialize-Project([string] $name, [string] $project, [string[]] $options, [string[]] $paths) {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-WithMessage 'The .NET 10 SDK is not installed; install it from https://dotnet.microsoft.com/download and start again.'
    }
    $bin = Join-Path $root 'artifacts/bin'
    $stamp = Join-Path $bin "$name.stamp"
    if (Test-UpToDate $stamp $paths) { return }

    New-Item -ItemType Directory -Force $bin | Out-Null
    $lock = $null
    while (-not $lock) {
        try { $lock = [IO.File]::Open((Join-Path $root 'artifacts/setup.lock'), 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] { Start-Sleep -Milliseconds 200 } # another start is building
        catch { Stop-WithMessage "The folder ""$root"" cannot be written to; start once as its owner, to build." }
    }
    Push-Location -LiteralPath $root
    try {
        if (Test-UpToDate $stamp $paths) { return }
        Invoke-Quietly 'The .NET 10 SDK is needed; install it from https://dotnet.microsoft.com/download and start again.' { & dotnet --version }
        Confirm-Npm
        if (-not (Get-Command ffmpeg -ErrorAction SilentlyContinue)) {
            Say 'ffmpeg is not installed; install it (winget install Gyan.FFmpeg) before making a video.'
        }
        Say "building $project ..."
        Remove-Item -LiteralPath $stamp -ErrorAction SilentlyContinue
        $started = [DateTime]::UtcNow
        $env:MSBUILDDISABLENODEREUSE = '1'
        Invoke-Quietly 'The build failed (see above).' {
            & dotnet build $project -c Release --nologo -v quiet -tl:off -clp:NoSummary -p:UseSharedCompilation=false -p:NuGetAudit=false @options
        }
        # Dated before the build: what is edited meanwhile is built next time.
        New-Item -ItemType File -Force $stamp | Out-Null
        (Get-Item -LiteralPath $stamp).LastWriteTimeUtc = $started
    }
    finally {
        Pop-Location
        $lock.Dispose()
    }
}
