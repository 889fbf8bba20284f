# shellcheck shell=bash
# Sets LatentSyncSharp up: installs what is missing and builds once. Sourced by ./latentsync and ./test, which set
# "root". Everything goes to stderr; stdout belongs to the program that starts afterwards.

say() { printf 'latentsync: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 7 # LipSyncErrorCode.MissingDependency
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# Some services start programs without a home folder, or with one that does not exist; the SDK needs one. Where it cannot be
# made, set_up says that the checkout cannot be written to.
if [ ! -d "${HOME:-}" ]; then
  HOME=$root/artifacts/home
  mkdir -p "$HOME" 2>/dev/null || true
fi
export HOME

find_dotnet() {
  local folder
  command -v dotnet >/dev/null && return
  for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
    if [ -n "$folder" ] && [ -x "$folder/dotnet" ]; then
      PATH=$PATH:$folder
      return
    fi
  done
  fail "The .NET 10 SDK is not installed; install it from https://dotnet.microsoft.com/download and start again."
}

# up_to_date STAMP PATH... - nothing under the paths changed since the stamp. Goes by the time of the change itself,
# which tar and rsync cannot set back. A deleted file changes its folder. The shipped model may be missing.
up_to_date() {
  local stamp=$1 changed
  shift
  [ -f "$stamp" ] || return 1
  if [ -d "$root/models" ]; then
    set -- "$@" models
  fi
  changed=$(cd "$root" && find "$@" samples global.json Directory.* -cnewer "$stamp" -print -quit) || return 1
  [ -z "$changed" ]
}

require_sdk() {
  (cd "$root" && dotnet --version >/dev/null 2>&1) && return
  local found
  found=$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -)
  fail "The .NET 10 SDK is needed (installed: ${found:-none}); install it from https://dotnet.microsoft.com/download and start again."
}

# Runs a command quietly; shows what it said if it fails.
quietly() {
  local log=$root/artifacts/setup.log
  "$@" >"$log" 2>&1 9>&- && return
  tail -n 40 "$log" >&2
  return 1
}

# install_with_apt WHAT PACKAGE... - as root, or as somebody who may be root without a password; false where neither.
install_with_apt() {
  local what=$1 as_root=()
  shift
  if [ "$(id -u)" != 0 ]; then
    as_root=(sudo -n)
  fi
  command -v apt-get >/dev/null && { [ ${#as_root[@]} = 0 ] || sudo -n true 2>/dev/null; } || return 1
  say "installing $what (apt-get) ..."
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@")
  quietly "${install[@]}" 2>/dev/null && return
  quietly "${as_root[@]}" apt-get update && quietly "${install[@]}"
}

# The build fetches the face and voice networks and scripts of the page with npm, once; see eng/Networks.targets and eng/PageAssets.targets.
install_npm() {
  local archive
  for archive in $(sed -n 's/.* Archive="\([^"]*\)".*/\1/p' "$root"/eng/{Networks,PageAssets}.targets | sort -u); do
    if [ ! -f "$root/artifacts/npm/$archive" ]; then
      command -v npm >/dev/null || install_with_apt "Node.js and npm, which fetch the face and voice networks" nodejs npm ||
        fail "Node.js and npm are not installed; install them (Debian and Ubuntu: apt-get install nodejs npm) and start again."
      return
    fi
  done
}

# ffmpeg is not needed to build and the program names it when it is missing, so its absence stops nothing here.
install_ffmpeg() {
  command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null && return
  install_with_apt ffmpeg ffmpeg ||
    say "ffmpeg is not installed; install it (Debian and Ubuntu: sudo apt-get install ffmpeg) before making a video."
}

# What the tests of server, page and fleet talk to. Where it is missing those tests are skipped and say what to install.
install_test_programs() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v faketime >/dev/null || missing+=(faketime)
  [ -d /usr/lib/postgresql ] || missing+=(postgresql)
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
  [ ${#missing[@]} = 0 ] || "$root/eng/services.sh" install "${missing[@]}" >/dev/null 2>&1 || say "${missing[*]} cannot be installed; their tests are skipped."
}

# Leaves no build servers behind and asks no network about packages that are there.
build() {
  cd "$root" && MSBUILDDISABLENODEREUSE=1 dotnet build "$@" -c Release --nologo -v quiet -tl:off -clp:NoSummary -p:UseSharedCompilation=false -p:NuGetAudit=false
}

# set_up NAME PROJECT "OPTIONS" PATH... - builds a project in Release unless artifacts/bin/NAME.stamp says that nothing
# under the paths changed. Two starts at the same time build one after the other, and the second finds it done.
set_up() {
  local stamp=$root/artifacts/bin/$1.stamp project=$2 options=$3
  shift 3
  find_dotnet
  up_to_date "$stamp" "$@" && return
  if ! mkdir -p "$root/artifacts/bin" 2>/dev/null || [ ! -w "$root/artifacts/bin" ]; then
    fail "The folder \"$root\" cannot be written to; start once as its owner, to build."
  fi
  (
    if command -v flock >/dev/null; then
      flock 9
    fi
    up_to_date "$stamp" "$@" && exit
    require_sdk
    install_npm
    install_ffmpeg
    say "building $project ..."
    # Dated before the build: what is edited meanwhile is built next time.
    touch "$stamp.new"
    # shellcheck disable=SC2086 # several options, none with a space
    if ! quietly build "$project" $options; then
      rm -f "$stamp" "$stamp.new"
      say "The build failed (see above)."
      exit 1
    fi
    mv "$stamp.new" "$stamp"
  ) 9>"$root/artifacts/setup.lock" || exit
}
