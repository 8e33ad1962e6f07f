#!/usr/bin/env bash
# Dumps one PostgreSQL database to S3, and its manifest after it. A dump without manifest is no backup.
#
# Reads PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD as libpq does, BACKUP_BUCKET, and
# BACKUP_PREFIX, which ends with a slash. Writes two objects under the prefix and the time of the start:
#   dump            pg_dump's custom format, compressed
#   manifest.json   what the dump holds: size, SHA-256, server version, schema, rows of each table
set -Eeuo pipefail
readonly what=backup
# shellcheck source=shared.sh
source "${BASH_SOURCE[0]%/*}/shared.sh"

readonly end_of_answer='-- end of answer'

upload=

main() {
  : "${PGHOST:?}" "${PGDATABASE:?}" "${PGUSER:?}" "${PGPASSWORD:?}"
  local target="s3://${BACKUP_BUCKET:?}/${BACKUP_PREFIX:?}"
  local started
  started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  target+=${started//:/-}

  open_session
  send "$count_rows" # runs beside the dump, in the same snapshot
  take_dump "$target/dump"
  write_manifest "$target" "$started"
}

# One session holds the snapshot that the dump and the counts share.
open_session() {
  stage=connect
  mkfifo "$work/questions" "$work/answers"
  psql --no-psqlrc --no-password --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 \
    <"$work/questions" >"$work/answers" &
  exec {questions}>"$work/questions" {answers}<"$work/answers"
  ask "$begin" >"$work/ignored"
  snapshot=$(ask 'SELECT pg_export_snapshot();')
  database=$(ask 'SELECT to_json(current_database());')
  version=$(ask "SELECT to_json(current_setting('server_version'));")
  source=$(ask "$describe")
  expected=$(ask 'SELECT pg_database_size(current_database());')
  check_clock "$(ask 'SELECT extract(epoch FROM clock_timestamp())::bigint;')"
}

# The names of backups are times: one that is wrong would hide what is newest.
check_clock() {
  stage=clock
  local difference=$(($1 - $(date -u +%s)))
  ((${difference#-} <= 300)) || fail "the clocks of this pod and of the server differ by ${difference#-} seconds"
}

# `hold` keeps the upload waiting for more: it sees the end of its input, and so completes the object,
# only after pg_dump has said that the dump is whole.
take_dump() {
  stage=dump
  mkfifo "$work/dump" "$work/upload" "$work/checksum" "$work/count"
  aws s3 cp - "$1" --expected-size "$expected" --no-progress <"$work/upload" &
  upload=$!
  sha256sum <"$work/checksum" >"$work/sha256" &
  local checksum=$!
  wc -c <"$work/count" >"$work/bytes" &
  local count=$!
  schema_hash --snapshot="$snapshot" >"$work/schema" 2>"$work/unhashed" & # two would talk at once
  schema=$!
  exec {hold}>"$work/upload"
  pg_dump --format=custom --no-password --lock-wait-timeout=5min --snapshot="$snapshot" >"$work/dump" &
  local dump=$!
  tee "$work/checksum" "$work/count" <"$work/dump" >&"$hold" &
  local copy=$!

  local dumped=0 copied=0
  wait "$dump" || dumped=$?
  wait "$copy" || copied=$?
  if ((copied != 0)); then # the upload has ended, and takes no more
    stage=upload
    wait "$upload"
    exit "$copied"
  fi
  ((dumped == 0)) || exit "$dumped"

  stage=upload
  exec {hold}>&-
  wait "$upload"
  upload=
  wait "$checksum"
  wait "$count"
}

write_manifest() {
  stage=schema
  wait "$schema" || fail "the schema can't be described: $(said_by unhashed)"
  stage=counts
  local tables sha256 bytes schema_sha256
  tables=$(receive | paste -sd, -)
  read -r sha256 _ <"$work/sha256"
  read -r bytes <"$work/bytes"
  read -r schema_sha256 <"$work/schema"

  stage=manifest
  cat >"$work/manifest.json" <<JSON
{
  "format": 1,
  "database": $database,
  "server_version": $version,
  "started_at": "$2",
  "finished_at": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "dump": { "bytes": $bytes, "sha256": "$sha256" },
  "schema_sha256": "$schema_sha256",
  "source": $source,
  "tables": [$tables]
}
JSON
  aws s3 cp "$work/manifest.json" "$1/manifest.json" --content-type application/json --no-progress
  printf 'backup of %s complete: %s bytes in %s\n' "$PGDATABASE" "$bytes" "$1"
}

# Server settings must not end a session that waits for a long dump, nor row security hide rows.
readonly begin="
SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN
  ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout');
SET lock_timeout = '5min';
SET row_security = off;
SET client_encoding = 'UTF8';
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"

# Where the session has ended, the answer says so.
send() {
  (trap '' PIPE && printf '%s\n\\echo %s\n' "$1" "$end_of_answer" >&"$questions") 2>"$work/ignored" || true
}

# Prints one answer; fails when the session has ended instead.
receive() {
  local line
  while IFS= read -r line <&"$answers"; do
    [[ $line != "$end_of_answer" ]] || return 0
    printf '%s\n' "$line"
  done
  return 1
}

ask() {
  send "$1"
  receive
}

finish() {
  local status=$?
  trap - EXIT
  # Killed, not asked: an upload that sees the end of its input would complete half a dump.
  if [[ -n $upload ]]; then
    kill -KILL "$upload" 2>"$work/ignored" || true
    wait "$upload" 2>"$work/ignored" || true
  fi
  # shellcheck disable=SC2046 # one word per job
  kill $(jobs -p) 2>"$work/ignored" || true
  wait 2>"$work/ignored" || true # what they still say comes before the last line
  ((status == 0)) || report_failure "$status"
  rm -rf "$work"
  exit "$status"
}

trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 141' PIPE
main
