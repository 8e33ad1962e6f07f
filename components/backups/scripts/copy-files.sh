#!/bin/sh
# Copies the files of a bucket or a volume to the vault, and writes a summary after them. Without summary
# the copy is not whole.
#
# Reads SOURCE and TARGET, as rclone names them: `remote:bucket/prefix` or a path, FILES, the name of the
# copy, and MAX_LOSS_PERCENT. Remotes are RCLONE_CONFIG_* variables. REPLICA_REGION is where S3 copies the vault
# to; without it nothing is copied. Writes under TARGET:
#   current/              what the source holds; the vault keeps what was there before as versions
#   summaries/TIME.json   how much that was, and when
set -eu

stage=settings
reason=
child=
work=$(mktemp -d)

main() {
  : "${SOURCE:?}" "${TARGET:?}" "${FILES:?}" "${MAX_LOSS_PERCENT:?}"
  started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  began=$(date +%s)
  # Without the slash rclone looks for a file of that name first. S3 refuses to speak of one that is not there
  # where a role may list a prefix alone, and rclone takes the refusal for a file.
  SOURCE=${SOURCE%/}/ current=$TARGET/current/ summaries=$TARGET/summaries/

  stage=source
  measure "$SOURCE" || fail "the source is not there, or holds nothing: $(said)"
  source_files=$files
  stage=vault
  measure "$current" || files=0 # before the first copy
  check_loss "$files" "$source_files"

  stage=copy
  # Deletes last, and nothing where anything failed; what is interrupted goes on in the next run. What is
  # uploaded S3 compares itself; its ETag, which rclone would compare, is no MD5 of what KMS has encrypted.
  run rclone sync "$SOURCE" "$current" --ignore-checksum --delete-after --transfers 8 --checkers 16 --fast-list \
    --retries 3 --stats 1m --stats-one-line --stats-log-level NOTICE || fail "$(said)"

  stage=summary
  measure "$current" || [ "$source_files" -eq 0 ] || fail "the copy can't be measured: $(said)"
  seconds=$(($(date +%s) - began))
  mkdir "$work/summary"
  printf '{ "format": 1, "started_at": "%s", "seconds": %s, "files": %s, "bytes": %s }\n' \
    "$started" "$seconds" "$files" "$bytes" >"$work/summary/$(printf %s "$started" | tr : -).json"
  run rclone copy "$work/summary" "$summaries" --ignore-checksum ||
    fail "the summary can't be written: $(said)"
  metric copied 1 c
  metric files "$files" g
  metric bytes "$bytes" g
  printf 'copy of %s complete: %s files, %s bytes in %s seconds\n' "$FILES" "$files" "$bytes" "$seconds"
  check_replica
}

# S3 promises copies within 15 minutes; what it was refused it gives up, and tells only who asks. The summary of
# an earlier run that had twice that time should be there, as what was written before it. Nothing fails.
check_replica() {
  [ -n "${REPLICA_REGION:-}" ] || return 0
  stage=replica
  due=$(date -u -d "@$(($(date +%s) - 1800))" +%Y-%m-%dT%H-%M-%SZ)
  run rclone lsf "$summaries" || return 0
  last=$(awk -v due="$due.json" '$0 <= due' "$work/output" | sort | tail -n 1)
  [ -n "$last" ] || return 0
  unreplicated=1
  # rclone has no word for it: the header of S3's answer says it.
  run rclone lsjson --stat "$summaries$last" --dump headers --log-level DEBUG || true
  header=$(sed -n 's/.*x-amz-replication-status: *\([A-Z]*\).*/\1/Ip' "$work/complaint" | tail -n 1)
  state=${header:-None}
  if [ "$state" = COMPLETED ] || [ "$state" = COMPLETE ]; then
    unreplicated=0
  else
    printf 'NOT COPIED: the files of %s from %s are not in %s; S3 says: %s\n' \
      "$FILES" "${last%.json}" "$REPLICA_REGION" "$state" >&2
  fi
  metric unreplicated "$unreplicated" g
}

# Sets `files` and `bytes`; fails where there is nothing of that name.
measure() {
  files=0 bytes=0
  run rclone size "$1" --json --fast-list || return
  files=$(sed -n 's/.*"count": *\([0-9]*\).*/\1/p' "$work/output")
  bytes=$(sed -n 's/.*"bytes": *\([0-9]*\).*/\1/p' "$work/output")
}

# A source that has lost most of its files is more likely broken than tidied up: a person decides.
check_loss() {
  kept=$1 found=$2
  [ $((found * 100)) -ge $((kept * (100 - MAX_LOSS_PERCENT))) ] ||
    fail "the source holds $found files, the copy $kept: over $MAX_LOSS_PERCENT % are gone, and nothing was changed"
}

# Runs in the background: a shell that waits can be told to stop.
run() {
  "$@" >"$work/output" 2>"$work/complaint" &
  child=$!
  status=0
  wait "$child" || status=$?
  child=
  return "$status"
}

# What rclone complained of: its last error, or the last it said.
said() {
  { grep -E 'ERROR|CRITICAL|Failed' "$work/complaint" || cat "$work/complaint"; } | tail -n 1 |
    cut -d ' ' -f 3- | tr -s ' '
}

fail() {
  reason=": $1"
  exit 1
}

# Sends one value to the Agent: name, value, type (g or c). UDP: nothing is waited for.
metric() {
  [ -n "${DD_AGENT_HOST:-}" ] || return 0
  printf 'plinth.files.%s:%s|%s|#%s' "$1" "$2" "$3" "${METRIC_TAGS:-}" |
    nc -u -w 1 "$DD_AGENT_HOST" "${DD_DOGSTATSD_PORT:-8125}" >/dev/null 2>&1 || true
}

finish() {
  status=$?
  trap - EXIT
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  rm -rf "$work"
  if [ "$status" -ne 0 ]; then
    printf 'copy of %s failed at %s%s, exit code %s\n' "${FILES:-?}" "$stage" "$reason" "$status" >&2
    metric copied 0 c
  fi
  exit "$status"
}

trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
main
