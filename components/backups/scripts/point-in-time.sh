#!/usr/bin/env bash
# Asks a server how far its archived journal reaches: what is younger would be lost with the server.
#
# Reads PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD as libpq does, and RPO_MINUTES, the age that
# may be lost. Fails where nothing is archived or too little, and tells the Agent whether all was well.
set -Eeuo pipefail
readonly what='point-in-time recovery'
# shellcheck source=shared.sh
source "${BASH_SOURCE[0]%/*}/shared.sh"

# Where only the segment that is being written is left, nothing older than archive_timeout is: a server
# without writes archives none. Else it is as old as the last archived segment.
readonly newest_restorable="
WITH wal AS (
  SELECT pg_size_bytes(current_setting('wal_segment_size')) AS size,
    pg_walfile_name(pg_current_wal_lsn()) AS current, last_archived_wal AS archived,
    extract(epoch FROM now() - last_archived_time)::bigint AS age,
    (SELECT setting::bigint FROM pg_settings WHERE name = 'archive_timeout') AS timeout
  FROM pg_stat_archiver),
segments AS (
  SELECT *, ('x' || substr(current, 9, 8))::bit(32)::bigint * (4294967296 / size)
      + ('x' || substr(current, 17, 8))::bit(32)::bigint
    - ('x' || substr(archived, 9, 8))::bit(32)::bigint * (4294967296 / size)
      - ('x' || substr(archived, 17, 8))::bit(32)::bigint AS behind
  FROM wal)
SELECT CASE
  WHEN current_setting('archive_mode') = 'off' THEN 'off'
  WHEN age IS NULL THEN 'never'
  WHEN behind <= 1 AND timeout > 0 THEN least(age, timeout)::text
  ELSE age::text END
FROM segments;"

main() {
  : "${PGHOST:?}" "${PGDATABASE:?}" "${PGUSER:?}" "${PGPASSWORD:?}" "${RPO_MINUTES:?}"
  stage=connect
  local age
  age=$(sql <<<"$newest_restorable" 2>"$work/complaint") ||
    fail "the server can't be asked: $(said_by complaint)"
  stage=archive
  [[ $age != off ]] || fail "the server archives nothing: archive_mode is off"
  [[ $age != never ]] || fail "the server has archived nothing yet"
  ((age <= RPO_MINUTES * 60)) ||
    fail "the server can be brought back to $((age / 60)) minutes ago; it may be $RPO_MINUTES"
  metric restorable 1 c
  printf 'the server of %s can be brought back to %s seconds ago\n' "$PGDATABASE" "$age"
}

finish() {
  local status=$?
  trap - EXIT
  if ((status != 0)); then
    report_failure "$status"
    metric restorable 0 c ",stage:$stage"
  fi
  rm -rf "$work"
  exit "$status"
}

trap finish EXIT
trap 'exit 143' TERM
main
