#!/usr/bin/env bash
# Brings a database back from a good backup: into a new one beside it, that is compared with the manifest and
# then takes its name. What was there is dumped first, and stays under another name. Whatever fails, the old one
# is back; what was killed goes on where it stopped when it is started again within a day.
#
# Reads what dump.sh reads, BACKUP_DATABASE, BACKUP_CHECKS, and BACKUP_KEY, the key that encrypts backups.
#   RESTORE_BEFORE=TIME       takes the newest good backup from then or before; by default the newest
#   WITHOUT_SAFETY_COPY=yes   does not dump what is there: for a database that can't be read any more
set -Eeuo pipefail
readonly what=restore
readonly here=${BASH_SOURCE[0]%/*}
# shellcheck source=shared.sh
source "$here/shared.sh"

# How far an earlier run has come; a note on the new database keeps it.
readonly stages=(none created copied restored swapped)
reached=0
safety=none
is_closed=
was_killed=

main() {
  : "${PGHOST:?}" "${PGUSER:?}" "${PGPASSWORD:?}" "${BACKUP_BUCKET:?}" "${BACKUP_PREFIX:?}"
  # PostgreSQL cuts names off after 63 bytes.
  live=${BACKUP_DATABASE:?} new=${BACKUP_DATABASE:0:50}_restored
  old=${live:0:40}_before_$(date -u +%Y%m%d_%H%M%S)
  export PGDATABASE=postgres # the one that is always there
  check_login
  recall
  if ((reached < 4)); then
    ((reached > 0)) || choose_backup "${RESTORE_BEFORE:-}" verified.json
    read_manifest
    check_manifest
    ((reached >= 1)) || create_new
    ((reached >= 2)) || copy_live
    ((reached >= 3)) || fill_new
    swap
  fi
  settle
}

# Statements on the server, outside of the databases in question.
admin() {
  sql --dbname postgres --set "live=$live" --set "new=$new" --set "old=$old" "$@" 2>"$work/complaint"
}

exists() {
  [[ $(admin --set "name=$1" <<<"SELECT true FROM pg_database WHERE datname = :'name';") == t ]]
}

step() {
  printf '%s/5 %s\n' "$1" "$2"
}

check_login() {
  stage=login
  local able owns
  able=$(admin <<<"SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user;") ||
    fail "the server can't be reached: $(said_by complaint)"
  [[ $able == t ]] || fail "$PGUSER may not create databases; an administrator runs: ALTER ROLE \"$PGUSER\" CREATEDB"
  owns=$(admin <<<"SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = :'live';")
  [[ ${owns:-t} == t ]] || fail "$PGUSER does not own $live, and so can't rename it"
}

# Takes up an earlier run that was asked for the same, at most a day ago.
recall() {
  stage=resume
  request=newest
  [[ -z ${RESTORE_BEFORE:-} ]] || request=$(name_of "$RESTORE_BEFORE" 2>"$work/complaint") ||
    fail "\"$RESTORE_BEFORE\" is no time; write it as 2026-01-31T23:59:00Z"
  local note word began asked at
  note=$(admin <<<"SELECT shobj_description(oid, 'pg_database') FROM pg_database
    WHERE datname IN (:'live', :'new') AND shobj_description(oid, 'pg_database') LIKE 'plinth restore %'
    ORDER BY datname = :'new' DESC LIMIT 1;")
  read -r word word began asked backup safety at word <<<"$note" || true
  if [[ -z $began || $asked != "$request" ]] || ((began < $(date +%s) - 86400)); then
    safety=none
    return 0
  fi
  for reached in "${!stages[@]}"; do
    [[ ${stages[reached]} != "$at" ]] || break
  done
  was_killed=yes old=${word:-$old}
  printf 'going on with the restore of %s: %s\n' "$backup" "$at"
}

# What says on the new database how far it has come.
note_of() {
  printf 'plinth restore %s %s %s %s %s' "$(date +%s)" "$request" "$backup" "$safety" "$1"
}

note() {
  admin --set "note=$(note_of "$1")" <<<"COMMENT ON DATABASE :\"new\" IS :'note';" ||
    fail "no note can be left on $new: $(said_by complaint)"
}

create_new() {
  step 1 "making $new for $backup"
  stage=create
  admin <<<"\\set manifest \`cat '$work/manifest.json'\`
DROP DATABASE IF EXISTS :\"new\" WITH (FORCE);
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', :'new',
  source ->> 'encoding', source ->> 'collate', source ->> 'ctype')
FROM (SELECT :'manifest'::json -> 'source') AS manifest(source) \\gexec" || explain_creation
  note created
}

explain_creation() {
  ! grep -q 'No space left on device' "$work/complaint" ||
    fail "the disk is full: there is no room for an empty database" "$no_room"
  fail "no database can be made: $(said_by complaint)"
}

copy_live() {
  stage=safety
  if [[ ${WITHOUT_SAFETY_COPY:-} == yes ]]; then
    step 2 "no safety copy, as asked"
  elif exists "$live"; then
    step 2 "dumping what is in $live now"
    PGDATABASE=$live bash "$here/dump.sh" >"$work/copied" 2>&1 &
    wait $! || fail "there is no safety copy, and nothing was changed: $(tail -n 1 "$work/copied")"
    safety=$(tail -n 1 "$work/copied")
    safety=${safety##*/}
  else
    step 2 "there is no $live now, and so nothing to copy"
  fi
  note copied
}

fill_new() {
  step 3 "restoring $backup into $new"
  if [[ -n $was_killed ]]; then # what it has left may be half of it
    create_new
    note copied
  fi
  PGDATABASE=$new
  restore_dump
  step 4 "comparing $new with its manifest"
  compare
  # Without figures about its tables the first queries would be planned blindly.
  sql <<<"ANALYZE;" 2>"$work/complaint" || printf 'NOT ANALYZED: %s\n' "$(said_by complaint)" >&2
  PGDATABASE=postgres
  stage=settings
  ! exists "$live" || copy_settings
  note restored
}

# What is set on the database itself: no dump of a database has it. What the login may not set is named, and is no
# reason to give up: an administrator sets it.
copy_settings() {
  sql --dbname "$new" --set "live=$live" --set "new=$new" --set ON_ERROR_STOP=0 >"$work/ignored" 2>"$work/complaint" <<<"
SELECT format('SELECT set_config(%1\$L, %2\$L, true); ALTER %3\$s SET %1\$I FROM CURRENT',
  split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1),
  CASE setrole WHEN 0 THEN format('DATABASE %I', :'new')
    ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(setrole), :'new') END)
FROM pg_db_role_setting CROSS JOIN unnest(setconfig) AS setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = :'live') \\gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', :'new', datconnlimit)
FROM pg_database WHERE datname = :'live' AND datconnlimit <> -1 \\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'new')
FROM pg_database WHERE datname = :'live' AND datacl IS NOT NULL \\gexec
SELECT format('GRANT %s ON DATABASE %I TO %s', privilege_type, :'new',
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
  || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
FROM pg_database CROSS JOIN aclexplode(datacl) WHERE datname = :'live' AND grantee <> datdba \\gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', :'new', pg_get_userbyid(datdba))
FROM pg_database WHERE datname = :'live' AND pg_get_userbyid(datdba) <> current_user \\gexec" ||
    fail "the settings of $live can't be copied: $(said_by complaint)"
  sed -nE "s/^.*ERROR:  /NOT SET on $live: /p" "$work/complaint" >&2
}

swap() {
  step 5 "giving $new the name $live"
  stage=swap
  local rename="ALTER DATABASE :\"new\" RENAME TO :\"live\";"
  ! exists "$live" || rename="ALTER DATABASE :\"live\" RENAME TO :\"old\"; $rename"
  close
  # Both names change, and the note with them, or none.
  admin --set "note=$(note_of "swapped $old")" <<<"BEGIN; COMMENT ON DATABASE :\"new\" IS :'note'; $rename COMMIT;" || fail "the names can't be changed: $(said_by complaint)"
  reached=4 is_closed=
}

# Nobody works in the database any more: what has a session keeps its name. Of others' sessions the login sees
# who has them, and not of which kind they are.
close() {
  exists "$live" || return 0
  is_closed=yes
  admin >"$work/ignored" <<<"ALTER DATABASE :\"live\" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'live' AND pid <> pg_backend_pid()
  AND usesysid IS NOT NULL AND coalesce(backend_type, '') IN ('', 'client backend', 'walsender');" ||
    explain_closing
}

explain_closing() {
  local reason who
  reason=$(said_by complaint)
  who=$(strangers)
  fail "$live can't be closed: $reason${who:+; in it: $who; end that, or an administrator runs: GRANT pg_signal_backend TO \"$PGUSER\"}"
}

# Who is in the database and no session of the login's.
strangers() {
  admin <<<"SELECT string_agg(DISTINCT format('%s (%s)', usename, application_name), ', ')
FROM pg_stat_activity WHERE datname = :'live' AND NOT pg_has_role(usesysid, 'USAGE');"
}

settle() {
  PGDATABASE=$live
  run_checks
  stage=settle
  admin --set "note=restored from $backup" <<<"COMMENT ON DATABASE :\"live\" IS :'note';" ||
    fail "$live can't be reached: $(said_by complaint)"
  reached=5
  printf '%s is restored from %s' "$live" "$backup"
  if exists "$old"; then
    printf '; safety copy: %s; what was there is %s until: DROP DATABASE "%s"' "$safety" "$old" "$old"
  fi
  printf '\n'
}

# Gives the old database its name back, and lets people in again.
undo() {
  if ((reached == 4)) && exists "$old"; then
    (close)
    admin <<<"BEGIN; ALTER DATABASE :\"live\" RENAME TO :\"new\"; ALTER DATABASE :\"old\" RENAME TO :\"live\";
COMMENT ON DATABASE :\"new\" IS NULL; COMMIT; ALTER DATABASE :\"new\" ALLOW_CONNECTIONS true;" || {
      printf 'NOT ROLLED BACK: %s is in %s: %s\n' "$live" "$old" "$(said_by complaint)" >&2
      return
    }
    is_closed=yes
  fi
  [[ -n $is_closed ]] || return 0
  if admin <<<"ALTER DATABASE :\"live\" ALLOW_CONNECTIONS true;"; then
    printf 'rolled back: %s is as it was\n' "$live" >&2
  else
    printf 'NOT OPENED: run ALTER DATABASE "%s" ALLOW_CONNECTIONS true: %s\n' "$live" "$(said_by complaint)" >&2
  fi
}

# The old database may be on the same disk, and people write to it. Tables go first, each at once: to drop a
# database the server writes a checkpoint, and one that has no room for it ends, with every database in it.
give_back_room() {
  sql --dbname "$new" >"$work/ignored" 2>"$work/complaint" <<<"
SELECT format('DROP TABLE IF EXISTS %s CASCADE', pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
ORDER BY pg_relation_size(pg_class.oid) DESC \\gexec" &&
    admin <<<"DROP DATABASE :\"new\" WITH (FORCE);" || {
    printf 'NOT DROPPED: make room on the disk, then run DROP DATABASE "%s" WITH (FORCE): %s\n' \
      "$new" "$(said_by complaint)" >&2
    return
  }
  printf '%s is dropped, and its room free again\n' "$new" >&2
}

finish() {
  local status=$?
  trap - EXIT
  set +Eeuo pipefail
  # shellcheck disable=SC2046 # one word per job
  kill $(jobs -p) 2>"$work/ignored"
  wait 2>"$work/ignored"
  if ((status != 0)); then
    report_failure "$status"
    undo
    ((status != no_room)) || [[ $stage == create ]] || give_back_room
  fi
  rm -rf "$work"
  exit "$status"
}

trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 141' PIPE
main
