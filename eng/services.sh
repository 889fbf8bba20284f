#!/usr/bin/env bash
# PostgreSQL, RabbitMQ and an S3 server on this machine, for the tests and for eng/fleet-up.sh:
#
#   eng/services.sh start [postgres|rabbitmq|s3]...    # all of them; installs what is missing (Debian, as root)
#   eng/services.sh stop [postgres|rabbitmq|s3]...     # --kill: without asking them
#   eng/services.sh status                             # 0 if all run
#   eng/services.sh settings                           # the settings of a server that uses them, as NAME=VALUE
#   eng/services.sh install PACKAGE...                 # Debian packages whose services are not to start by themselves
#   eng/services.sh start standby                      # a second PostgreSQL, which has every change before it is acknowledged
#   eng/services.sh promote                            # it takes over
#
# They listen on loopback and keep everything in one folder. LATENTSYNC_SERVICES names another folder, LATENTSYNC_SERVICES_PORT
# the first of six ports, LATENTSYNC_SERVICES_ADDRESS another address of this machine, such as one of a network namespace.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
folder=${LATENTSYNC_SERVICES:-${TMPDIR:-/tmp}/latentsync-services}
base=${LATENTSYNC_SERVICES_PORT:-18310}
address=${LATENTSYNC_SERVICES_ADDRESS:-127.0.0.1}
postgres_port=$base rabbit_port=$((base + 1)) rabbit_dist=$((base + 2)) epmd_port=$((base + 3)) s3_port=$((base + 4))
standby_port=$((base + 5))
user=latentsync bucket=latentsync

say() { echo "services: $*" >&2; }
fail() { say "$*"; exit 1; }

# The same for all who use this folder, and only for this user's eyes.
secret() {
    [ -s "$folder/secret" ] || (umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/secret")
    cat "$folder/secret"
}

as() { # as USER COMMAND...: root becomes that user, everybody else stays.
    local name=$1
    shift
    if [ "$(id -u)" = 0 ]; then setpriv --reuid="$name" --regid="$name" --init-groups -- "$@"; else "$@"; fi
}

own() { # own USER FOLDER
    mkdir -p "$2"
    [ "$(id -u)" != 0 ] || chown "$1" "$2"
    chmod 700 "$2"
}

package() { # package NAME...: Debian packages, by root only.
    [ "$(id -u)" = 0 ] || fail "$* is not installed; install it, or run this as root"
    say "installing $*"
    # The packages would start services of their own.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2 || fail "$* cannot be installed"
    rm -f /usr/sbin/policy-rc.d
}

postgres_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    [ -n "$found" ] && echo "$found"
}

postgres_runs() { as postgres "$(postgres_bin)/pg_ctl" -D "$folder/postgres" status >/dev/null 2>&1; }

postgres_start() {
    postgres_bin >/dev/null || package postgresql
    local bin
    bin=$(postgres_bin)
    own postgres "$folder/postgres"
    if [ ! -s "$folder/postgres/PG_VERSION" ]; then
        local password="$folder/postgres-password"
        (umask 077 && secret >"$password")
        [ "$(id -u)" != 0 ] || chown postgres "$password"
        as postgres "$bin/initdb" -D "$folder/postgres" -U "$user" --auth=scram-sha-256 --pwfile="$password" --encoding=UTF8 --locale=C >/dev/null
        rm -f "$password"
        [ "$address" = 127.0.0.1 ] || echo "host all all $address/24 scram-sha-256" >>"$folder/postgres/pg_hba.conf"
    fi
    postgres_run postgres "$postgres_port"
}

postgres_run() { # postgres_run FOLDER PORT
    as postgres "$(postgres_bin)/pg_ctl" -D "$folder/$1" -l "$folder/$1/log" -w -t 60 \
        -o "-p $2 -c listen_addresses=$address -c unix_socket_directories='' -c max_connections=300" start >/dev/null
}

postgres_stop() { as postgres "$(postgres_bin)/pg_ctl" -D "$folder/postgres" -m "${1:-fast}" -w -t 60 stop >/dev/null; }

standby_runs() { as postgres "$(postgres_bin)/pg_ctl" -D "$folder/standby" status >/dev/null 2>&1; }

standby_start() {
    local bin primary="host=$address port=$postgres_port user=$user application_name=standby"
    bin=$(postgres_bin)
    if [ ! -s "$folder/standby/PG_VERSION" ]; then
        own postgres "$folder/standby"
        PGPASSWORD=$(secret) as postgres "$bin/pg_basebackup" -d "$primary" -D "$folder/standby" -R -X stream --checkpoint=fast
        # From now on a commit is acknowledged when the standby has it on its disk.
        PGPASSWORD=$(secret) as postgres "$bin/psql" -q -d "$primary dbname=postgres" \
            -c "ALTER SYSTEM SET synchronous_standby_names = 'standby'" -c "SELECT pg_reload_conf()" >/dev/null
    fi
    postgres_run standby "$standby_port"
}

standby_stop() { as postgres "$(postgres_bin)/pg_ctl" -D "$folder/standby" -m "${1:-fast}" -w -t 60 stop >/dev/null; }

standby_promote() { as postgres "$(postgres_bin)/pg_ctl" -D "$folder/standby" -w -t 60 promote >/dev/null; }

# The environment of everything of RabbitMQ. The node's name has the port, so that several folders do not meet.
rabbit() {
    as rabbitmq env HOME="$folder/rabbitmq" RABBITMQ_NODENAME="latentsync$base@localhost" RABBITMQ_NODE_IP_ADDRESS="$address" \
        RABBITMQ_NODE_PORT="$rabbit_port" RABBITMQ_DIST_PORT="$rabbit_dist" ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_MNESIA_BASE="$folder/rabbitmq/mnesia" RABBITMQ_LOG_BASE="$folder/rabbitmq/log" RABBITMQ_LOGS="$folder/rabbitmq/log/node.log" \
        RABBITMQ_FEATURE_FLAGS_FILE="$folder/rabbitmq/feature_flags" RABBITMQ_PID_FILE="$folder/rabbitmq/pid" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/rabbitmq/plugins" RABBITMQ_CONFIG_FILE="$folder/rabbitmq/rabbitmq.conf" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" "/usr/lib/rabbitmq/bin/$@"
}

# By its port and not by its tools, each of which takes seconds.
rabbitmq_runs() { [ -s "$folder/rabbitmq/pid" ] && kill -0 "$(cat "$folder/rabbitmq/pid")" 2>/dev/null && (: <"/dev/tcp/$address/$rabbit_port") 2>/dev/null; }

rabbitmq_start() {
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || package rabbitmq-server
    own rabbitmq "$folder/rabbitmq"
    printf 'default_user = %s\ndefault_pass = %s\n' "$user" "$(secret)" >"$folder/rabbitmq/rabbitmq.conf"
    printf '[].\n' >"$folder/rabbitmq/plugins"
    [ "$(id -u)" != 0 ] || chown rabbitmq "$folder/rabbitmq/rabbitmq.conf" "$folder/rabbitmq/plugins"
    chmod 600 "$folder/rabbitmq/rabbitmq.conf"
    (cd "$folder/rabbitmq" && rabbit rabbitmq-server -detached >/dev/null 2>&1)
    wait_for rabbitmq
}

rabbitmq_stop() {
    local pid
    pid=$(cat "$folder/rabbitmq/pid")
    if [ "${1:-}" = immediate ]; then kill -9 "$pid"; else kill -TERM "$pid"; fi
    for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
    fail "RabbitMQ does not stop"
}

s3_runs() { [ -s "$folder/s3/pid" ] && kill -0 "$(cat "$folder/s3/pid")" 2>/dev/null && (: <"/dev/tcp/$address/$s3_port") 2>/dev/null; }

s3_start() {
    command -v npm >/dev/null || package npm
    mkdir -p "$folder/s3/data"
    if ! cmp -s "$here/services/package-lock.json" "$folder/s3/package-lock.json"; then
        cp "$here/services/package.json" "$folder/s3/"
        (cd "$folder/s3" && cp "$here/services/package-lock.json" . && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --silent >&2) \
            || { rm -f "$folder/s3/package-lock.json"; fail "s3rver cannot be installed"; }
    fi
    # In the place of the subshell, so that the number is the program's, and the lock is not held on by a shell.
    (cd "$folder/s3" && exec setsid node node_modules/s3rver/bin/s3rver.js -d "$folder/s3/data" -a "$address" -p "$s3_port" \
        --configure-bucket "$bucket" --no-vhost-buckets >log 2>&1 </dev/null) &
    echo $! >"$folder/s3/pid"
    wait_for s3
}

s3_stop() { kill "$(cat "$folder/s3/pid")"; }

wait_for() {
    for _ in $(seq 600); do "$1_runs" && return; sleep 0.1; done
    fail "$1 does not start; see $folder"
}

settings() {
    local hosts="Host=$address;Port=$postgres_port"
    [ ! -s "$folder/standby/PG_VERSION" ] || hosts="Host=$address:$postgres_port,$address:$standby_port;Target Session Attributes=primary"
    cat <<S
LATENTSYNC_SERVER__DATABASE=$hosts;Username=$user;Password=$(secret);Database=latentsync
LATENTSYNC_SERVER__BROKER=amqp://$user:$(secret)@$address:$rabbit_port
LATENTSYNC_SERVER__STORE__ENDPOINT=http://$address:$s3_port
LATENTSYNC_SERVER__STORE__BUCKET=$bucket
LATENTSYNC_SERVER__STORE__ACCESSKEY=S3RVER
LATENTSYNC_SERVER__STORE__SECRETKEY=S3RVER
S
}

command=${1:-}
[ $# = 0 ] || shift
mode=fast
[ "${1:-}" != --kill ] || { mode=immediate; shift; }
[ $# -gt 0 ] || set -- postgres rabbitmq s3
mkdir -p "$folder"
chmod 755 "$folder"

case $command in
    start)
        # Two at the same time would both find nothing.
        exec 9>"$folder/lock"
        flock 9
        for service in "$@"; do
            "${service}_runs" || { say "starting $service"; "${service}_start" 9>&-; }
        done
        ;;
    stop)
        exec 9>"$folder/lock"
        flock 9
        for service in "$@"; do
            ! "${service}_runs" || { say "stopping $service"; "${service}_stop" "$mode" 9>&-; }
        done
        ;;
    status)
        code=0
        for service in "$@"; do
            if "${service}_runs"; then echo "$service runs"; else echo "$service does not run"; code=1; fi
        done
        exit "$code"
        ;;
    settings) settings ;;
    install) package "$@" ;;
    promote) standby_promote ;;
    *) fail "say start, stop, status, settings, install or promote" ;;
esac
