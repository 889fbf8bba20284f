#!/usr/bin/env bash
# A whole fleet on this machine: PostgreSQL, RabbitMQ and S3 (eng/services.sh), processes for clients and processes that work.
#
#   eng/fleet-up.sh [--api N] [--workers N] [--try]    # 2 and 2; --try sends a job through them and shows its result
#   eng/fleet-up.sh --down                             # ends them; what they keep stays in the folder
#
# Processes for clients listen on 127.0.0.1:8300, 8301, ..., those that work on 8400, 8401, ... LATENTSYNC_FLEET names another
# folder than fleet in the temporary folder, LATENTSYNC_FLEET_DEVICE what workers run on (default: auto).
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
folder=${LATENTSYNC_FLEET:-${TMPDIR:-/tmp}/latentsync-fleet}
apis=2 workers=2 down='' try=''
while [ $# -gt 0 ]; do
    case $1 in
        --api) apis=$2; shift ;;
        --workers) workers=$2; shift ;;
        --down) down=1 ;;
        --try) try=1 ;;
        *) echo "fleet: say --api N, --workers N, --try or --down" >&2; exit 2 ;;
    esac
    shift
done

say() { echo "fleet: $*" >&2; }
runs() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

if [ -n "$down" ]; then
    # All are told at once; each finishes the segments in hand within its grace time.
    for pid in "$folder"/*/pid; do runs "$pid" && kill -TERM "$(cat "$pid")"; done
    for pid in "$folder"/*/pid; do
        while runs "$pid"; do sleep 0.2; done
        rm -f "$pid"
    done
    "$root/eng/services.sh" stop
    exit
fi

umask 077
mkdir -p "$folder"
"$root/eng/services.sh" start
"$root/latentsync" --version >/dev/null # builds, if there is need

# The settings that all processes share. They have passwords, so they are a file for this user only, and not a command line.
"$root/eng/services.sh" settings >"$folder/settings"
[ -s "$folder/secrets" ] || {
    echo "LATENTSYNC_SERVER__LINKKEY=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
    echo "LATENTSYNC_SERVER__WEBHOOKSECRET=whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
} >"$folder/secrets"
while IFS='=' read -r name value; do export "$name=$value"; done < <(cat "$folder/settings" "$folder/secrets")

start() { # start ROLE NUMBER PORT
    local at=$folder/$1$2
    mkdir -p "$at"
    runs "$at/pid" && return
    setsid "$root/latentsync" serve --role "$1" --data "$at/data" --listen "http://127.0.0.1:$3" \
        --device "${LATENTSYNC_FLEET_DEVICE:-auto}" >"$at/log" 2>&1 </dev/null &
    echo $! >"$at/pid"
}

wait_for() { # wait_for ROLE NUMBER PORT
    for _ in $(seq 600); do
        curl -sf "http://127.0.0.1:$3/readyz" >/dev/null && { say "$1 $2: http://127.0.0.1:$3"; return; }
        runs "$folder/$1$2/pid" || break
        sleep 0.2
    done
    say "$1 $2 does not start:"
    cat "$folder/$1$2/log" >&2
    exit 1
}

for n in $(seq 0 $((apis - 1))); do start api "$n" $((8300 + n)); done
for n in $(seq 0 $((workers - 1))); do start worker "$n" $((8400 + n)); done
for n in $(seq 0 $((apis - 1))); do wait_for api "$n" $((8300 + n)); done
for n in $(seq 0 $((workers - 1))); do wait_for worker "$n" $((8400 + n)); done

if [ -n "$try" ]; then
    last=http://127.0.0.1:$((8300 + apis - 1))
    job=$("$root/latentsync" submit --server http://127.0.0.1:8300 --video "$root/samples/head.mp4" --audio "$root/samples/voice.wav")
    "$root/latentsync" wait --server "$last" "$job"
    "$root/latentsync" fetch --server "$last" "$job" --out "$folder/result.mp4"
    say "the result of job $job is in $folder/result.mp4"
fi
