#!/usr/bin/env bash
# Proves that the newest backup of a database can be restored: into a PostgreSQL of its own, that ends with it.
#
# Reads BACKUP_BUCKET, BACKUP_PREFIX, which ends with a slash, BACKUP_DATABASE, MAX_AGE_MINUTES, which a
# backup may have at most, LOCK_DAYS, for which it is locked, BACKUP_KEY, the key that encrypts it, and
# BACKUP_CHECKS, a statement a line that must give true. SCRATCH_DIR has room for the whole database.
# WAIT_SECONDS is how long the dump of the same time may take to be there; without it the newest is taken.
# REPLICA_REGION is where S3 copies every dump to; without it nothing is copied.
# Writes verified.json beside the manifest, and tells the Agent how long a restore takes (SA-B4).
set -Eeuo pipefail
readonly what=verification
# shellcheck source=shared.sh
source "${BASH_SOURCE[0]%/*}/shared.sh"

main() {
  : "${BACKUP_BUCKET:?}" "${BACKUP_PREFIX:?}" "${BACKUP_DATABASE:?}" "${MAX_AGE_MINUTES:?}" "${LOCK_DAYS:?}"
  await_backup
  local began=$SECONDS
  make_server # beside the questions to S3
  choose_backup
  check_age
  read_manifest
  start_server
  check_manifest
  check_lock
  create_database
  # In one transaction nothing of a new table goes through the journal. Each object takes a lock then.
  local whole=()
  (($(manifest source,large_objects) > 10000)) || whole=(--single-transaction)
  restore_dump --no-privileges "${whole[@]}"
  compare
  record $((SECONDS - began))
  check_replica
}

# Both jobs start at one time: waits until there is a backup of now that nobody has verified.
await_backup() {
  stage=wait
  local deadline=$((SECONDS + ${WAIT_SECONDS:-0})) newest verified
  while ((SECONDS < deadline)); do
    list_files
    newest=$(backups_with manifest.json | tail -n 1)
    verified=$(backups_with verified.json | tail -n 1)
    [[ $newest != "$verified" && $newest > $(name_of "-$WAIT_SECONDS seconds") ]] && return
    sleep "${POLL_SECONDS:-20}"
  done
  ((${WAIT_SECONDS:-0} == 0)) || fail "no new backup within $WAIT_SECONDS seconds; the newest is ${newest:-none}"
}

make_server() {
  scratch=$(mktemp -d -p "${SCRATCH_DIR:-$work}")
  export PGHOST=$scratch PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
  unset PGPASSWORD PGSSLMODE
  initdb --pgdata="$scratch/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \
    --no-sync --no-instructions >"$work/made" 2>"$work/unmade" &
  making=$!
}

# Nothing that it holds outlives this script, so it need not survive a crash.
start_server() {
  stage=server
  wait "$making" || fail "no server can be made: $(said_by unmade)"
  postgres -D "$scratch/data" -k "$scratch" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off \
    -c maintenance_work_mem=256MB -c dynamic_shared_memory_type=mmap -c max_connections=10 \
    -c max_locks_per_transaction=8192 >"$work/server" 2>&1 &
  server=$!
  until pg_isready --quiet; do
    kill -0 "$server" 2>"$work/ignored" || fail "the server does not start: $(said_by server)"
    sleep 0.1
  done
}

check_age() {
  stage=age
  local day=${backup%T*} time=${backup#*T} made
  made=$(date -u -d "$day ${time//-/:}" +%s)
  age=$(($(date -u +%s) - made))
  ((age >= -300)) || fail "$backup was made in the future: a clock is wrong"
  ((age <= MAX_AGE_MINUTES * 60)) ||
    fail "the newest backup, $backup, is $((age / 60)) minutes old; it may be $MAX_AGE_MINUTES"
}

check_lock() {
  stage=lock
  ((age < LOCK_DAYS * 86400)) || return 0
  [[ $locked_until != None ]] || fail "the dump of $backup is not locked"
  (($(date -u -d "$locked_until" +%s) > $(date -u +%s))) ||
    fail "the lock of the dump of $backup ended at $locked_until, before its $LOCK_DAYS days"
}

# Its own sort order is of no matter here, and this machine may lack the original one.
create_database() {
  stage=create
  sql <<<"\\set manifest \`cat '$work/manifest.json'\`
SELECT format('CREATE ROLE %I', name)
FROM json_array_elements_text(:'manifest'::json #> '{source,policy_roles}') AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \\gexec
SELECT format('CREATE DATABASE restored TEMPLATE template0 LOCALE ''C'' ENCODING %L',
  :'manifest'::json #>> '{source,encoding}') \\gexec" 2>"$work/complaint" ||
    fail "no database can be made: $(said_by complaint)"
  export PGDATABASE=restored
}

record() {
  stage=verdict
  local seconds=$1 bytes=$wanted_bytes previous
  printf '{ "format": 1, "verified_at": "%s", "restore_seconds": %s, "dump_bytes": %s }\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$seconds" "$bytes" >"$work/verified.json"
  previous=$(previous_bytes)
  aws s3 cp "$work/verified.json" "$folder/verified.json" --content-type application/json \
    --no-progress >"$work/ignored" 2>"$work/complaint" ||
    fail "the verdict can't be written: $(said_by complaint)"
  metric verified 1 c
  metric restore_seconds "$seconds" g
  metric database_bytes "$(manifest source,bytes)" g
  metric shrunk_percent $((100 - bytes * 100 / ${previous:-bytes})) g
  printf 'backup %s of %s is good: restored and compared in %s seconds, %s minutes old\n' \
    "$backup" "$BACKUP_DATABASE" "$seconds" "$((age / 60))"
}

# Size of the newest good dump before this one; empty where there is none.
previous_bytes() {
  local before
  before=$(newest_until verified.json "${backup%Z}") # what sorts before it: its own start is no earlier one
  [[ -z $before ]] || sed -nE "s,^.*/$before/dump\t([0-9]+)\t.*,\1,p" "$work/files"
}

# S3 promises copies within 15 minutes; what it was refused it gives up, and tells only who asks. A dump that
# had twice that time should be there. The backup is good all the same, so nothing fails: people are told.
check_replica() {
  [[ -n ${REPLICA_REGION:-} ]] || return 0
  stage=replica
  local last state unreplicated=1
  last=$(newest_until manifest.json "$(name_of '-30 minutes')")
  [[ -n $last ]] || return 0
  state=$(aws s3api head-object --bucket "$BACKUP_BUCKET" --key "$BACKUP_PREFIX$last/dump" --output text \
    --query ReplicationStatus 2>"$work/complaint") || state=$(said_by complaint)
  if [[ $state == COMPLETE* ]]; then
    unreplicated=0
  else
    printf 'NOT COPIED: the dump of %s is not in %s; S3 says: %s\n' "$last" "$REPLICA_REGION" "$state" >&2
  fi
  metric unreplicated "$unreplicated" g
}

finish() {
  local status=$?
  trap - EXIT
  if ((status != 0)); then
    report_failure "$status"
    metric verified 0 c ",stage:$stage"
  fi
  [[ -z ${server:-} ]] || kill -QUIT "$server" 2>"$work/ignored" || true
  # shellcheck disable=SC2046 # one word per job
  kill $(jobs -p) 2>"$work/ignored" || true
  wait 2>"$work/ignored" || true
  rm -rf "${scratch:-$work}" "$work"
  exit "$status"
}

trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 141' PIPE
main
