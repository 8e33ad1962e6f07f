#!/usr/bin/env bash
# Lists the backups of a database, newest first: when it started, its size, and since when it is known to be good.
# Reads BACKUP_BUCKET and BACKUP_PREFIX, which ends with a slash. A dump without manifest is no backup.
set -Eeuo pipefail
readonly what=list
# shellcheck source=shared.sh
source "${BASH_SOURCE[0]%/*}/shared.sh"

main() {
  : "${BACKUP_BUCKET:?}" "${BACKUP_PREFIX:?}"
  stage=list
  list_files
  awk -F '\t' '
    { n = split($1, part, "/"); name = part[n - 1]; file[name, part[n]] = $3; size[name, part[n]] = $2 }
    part[n] == "manifest.json" { names[name] = 1 }
    END {
      for (name in names) {
        good = (name, "verified.json") in file ? "good since " file[name, "verified.json"] : "not verified"
        printf "%s\t%s bytes\t%s\n", name, size[name, "dump"], good
      }
    }' "$work/files" | LC_ALL=C sort -r >"$work/list"
  if [[ -s $work/list ]]; then cat "$work/list"; else printf 'there is no backup\n'; fi
}

finish() {
  local status=$?
  ((status == 0)) || report_failure "$status"
  rm -rf "$work"
  exit "$status"
}

trap finish EXIT
main
