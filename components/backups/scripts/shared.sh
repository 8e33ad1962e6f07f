# shellcheck shell=bash
# What the scripts share: how they fail, how a database is described, how a backup is found, brought back
# and compared with its manifest. The script that sources this sets -Eeuo pipefail, and `what` it does.
#
# Under BACKUP_PREFIX each backup is a folder named by the time of its start:
#   dump            pg_dump's custom format, compressed
#   manifest.json   what the dump holds; without it the dump is no backup
#   verified.json   written once the dump has been restored and compared; only then the backup is good

shopt -s inherit_errexit

stage=settings
work=$(mktemp -d)

# Exit code where a disk is full: a restore is not tried again then.
readonly no_room=28

# Ends the script with a reason that a person understands; a file keeps it when a subshell fails.
fail() {
  printf ': %s' "$1" >"$work/reason"
  exit "${2:-1}"
}

# Prints what failed and where.
report_failure() {
  local reason=
  [[ ! -e $work/reason ]] || reason=$(<"$work/reason")
  printf '%s of %s failed at %s%s, exit code %s\n' \
    "$what" "${BACKUP_DATABASE:-${PGDATABASE:-?}}" "$stage" "$reason" "$1" >&2
}

# Sends one value to the Agent of the node: name, value, type (g or c), more tags. UDP: nothing is waited for.
metric() {
  [[ -n ${DD_AGENT_HOST:-} ]] || return 0
  local line="plinth.backup.$1:$2|$3|#${METRIC_TAGS:-}${4:-}"
  (printf '%s' "$line" >"/dev/udp/$DD_AGENT_HOST/${DD_DOGSTATSD_PORT:-8125}") 2>"$work/ignored" || true
}

# Writes one statement per table whose rows pg_dump takes, and runs each: a line of JSON per table.
readonly count_rows="
SELECT format(
  'SELECT json_build_object(''schema'', %L, ''table'', %L, ''rows'', (SELECT count(*) FROM ONLY %I.%I))',
  nspname, relname, nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend
    WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
ORDER BY nspname, relname \\gexec"

# What a new database has to be like to take the dump, and what stands in no table of it. A dump without
# owners and grants still names the roles of policies and of user mappings.
readonly describe="
SELECT json_build_object(
  'bytes', pg_database_size(oid),
  'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
  'large_objects', (SELECT count(*) FROM pg_largeobject_metadata),
  'policy_roles', (SELECT coalesce(json_agg(DISTINCT rolname), '[]')
    FROM (SELECT unnest(polroles) FROM pg_policy UNION SELECT umuser FROM pg_user_mappings) AS named(role)
    JOIN pg_roles ON pg_roles.oid = role))
FROM pg_database WHERE datname = current_database();"

# SHA-256 of the schema as pg_dump writes it. Sorted: the order of equals depends on numbers that a
# restored database does not keep.
schema_hash() {
  pg_dump --schema-only --no-owner --no-privileges --no-subscriptions --no-tablespaces \
    --no-password --lock-wait-timeout=5min "$@" |
    sed -E '/^-- Dumped (from|by) /d; /^\\(un)?restrict /d' | LC_ALL=C sort | sha256sum | cut -d ' ' -f 1
}

# Statements from standard input, rows on standard output: both in UTF-8 as the manifest is, whatever the database
# holds, and as long as they take, whatever the login may take for a request.
sql() {
  PGCLIENTENCODING=UTF8 psql --no-psqlrc --no-password --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 \
    --command 'SET statement_timeout = 0' --file - "$@"
}

# Lists every file of the backups: key, size and time, apart by tabs; `None` where there is nothing.
list_files() {
  aws s3api list-objects-v2 --bucket "$BACKUP_BUCKET" --prefix "$BACKUP_PREFIX" --output text \
    --query 'Contents[].[Key, Size, LastModified]' >"$work/files" 2>"$work/complaint" ||
    fail "the vault can't be listed: $(said_by complaint)"
}

# Names of the listed backups that have a file of that name, oldest first.
backups_with() {
  sed -nE "s,^.*/([^/]+)/$1\t.*,\1,p" "$work/files" | LC_ALL=C sort
}

# Name of the newest listed backup that has a file of that name and started at or before a time, as
# name_of writes it; empty where there is none.
newest_until() {
  backups_with "$1" | LC_ALL=C awk -v last="$2" '$0 <= last' | tail -n 1
}

# What a tool complained of: its first error, or the last it said.
said_by() {
  local error
  error=$(grep -m 1 -E 'error:|ERROR:|FATAL:' "$work/$1" || tail -n 1 "$work/$1")
  printf '%s\n' "${error#psql:<stdin>:*: }"
}

# Name of a backup that starts at a time.
name_of() {
  date -u -d "$1" +%Y-%m-%dT%H-%M-%SZ
}

# Sets `backup` to the newest one that started at or before a time, if one is given, and that has a file:
# its manifest, or where it has to be a good one, its verdict.
choose_backup() {
  stage=choose
  local latest file=${2:-manifest.json}
  latest=$(name_of "${1:-tomorrow}" 2>"$work/complaint") ||
    fail "\"$1\" is no time; write it as 2026-01-31T23:59:00Z"
  [[ -s $work/files ]] || list_files # who waited for a backup has just done so
  backup=$(newest_until "$file" "$latest")
  [[ -n $backup || $file != manifest.json || -z $(backups_with dump) ]] ||
    fail "no backup was ever completed: no dump under s3://$BACKUP_BUCKET/$BACKUP_PREFIX has a manifest"
  [[ -n $backup ]] || fail "there is no ${2:+good }backup${1:+ from $1 or before}: no $file under s3://$BACKUP_BUCKET/$BACKUP_PREFIX"
}

# Reads the manifest, and beside it what S3 says of the dump.
read_manifest() {
  stage=manifest
  folder="s3://$BACKUP_BUCKET/$BACKUP_PREFIX$backup"
  aws s3api head-object --bucket "$BACKUP_BUCKET" --key "$BACKUP_PREFIX$backup/dump" --output text \
    --query '[ContentLength, SSEKMSKeyId, ObjectLockRetainUntilDate]' >"$work/object" 2>"$work/unreadable" &
  head=$!
  aws s3 cp "$folder/manifest.json" "$work/manifest.json" --no-progress >"$work/ignored" 2>"$work/complaint" ||
    fail "the manifest of $backup can't be read: $(said_by complaint)"
}

# One value of the manifest, by its path such as dump,bytes. PostgreSQL reads the JSON.
manifest() {
  sql <<<"\\set manifest \`cat '$work/manifest.json'\`
SELECT :'manifest'::json #>> '{$1}';" 2>"$work/complaint"
}

# Refuses a manifest that is none, or whose dump is not what it says, before anything is restored.
check_manifest() {
  stage=manifest
  [[ -s $work/manifest.json ]] || fail "the manifest of $backup is empty"
  local format database
  format=$(manifest format) || fail "the manifest of $backup is no JSON"
  [[ $format == 1 ]] || fail "the manifest of $backup has format ${format:-none}; this script reads 1"
  database=$(manifest database)
  [[ $database == "${BACKUP_DATABASE:?}" ]] ||
    fail "$backup is of the database $database, not of $BACKUP_DATABASE"
  version=$(manifest server_version)
  tools=$(pg_restore --version)
  tools=${tools#*) }
  ((${version%%.*} <= ${tools%%.*})) ||
    fail "$backup is of PostgreSQL $version; the tools here are of ${tools%% *}"

  stage=object
  wait "$head" || fail "the dump of $backup can't be read: $(said_by unreadable)"
  local bytes
  read -r bytes key locked_until <"$work/object"
  wanted_bytes=$(manifest dump,bytes)
  wanted_sha256=$(manifest dump,sha256)
  ((bytes > 0)) || fail "the dump of $backup is empty"
  [[ $bytes == "$wanted_bytes" ]] || fail "the dump of $backup has $bytes bytes, its manifest says $wanted_bytes"
  [[ -z ${BACKUP_KEY:-} || $key == "$BACKUP_KEY" ]] ||
    fail "the dump of $backup is encrypted with ${key/None/no key}, not with the vault's"
}

# Restores the dump as it comes from S3 into the database that PGDATABASE names; arguments go to pg_restore.
restore_dump() {
  stage=restore
  mkfifo "$work/stream" "$work/checksum" "$work/plain"
  aws s3 cp "$folder/dump" - --no-progress >"$work/stream" 2>"$work/download" &
  local download=$!
  sha256sum <"$work/checksum" >"$work/sha256" &
  local checksum=$!
  pg_restore --exit-on-error --no-owner --no-subscriptions --no-tablespaces --no-password \
    --dbname "$PGDATABASE" "$@" <"$work/plain" 2>"$work/restored" &
  local restore=$!
  # Goes on when pg_restore has ended: the checksum tells a broken dump from a broken restore.
  tee --output-error=warn-nopipe "$work/checksum" <"$work/stream" >"$work/plain" 2>"$work/ignored" &
  local copy=$!
  show_progress "$copy" &
  local downloaded=0 restored=0
  wait "$download" || downloaded=$?
  wait "$restore" || restored=$?
  wait "$copy" "$checksum" || true
  rm "$work/stream" "$work/checksum" "$work/plain"

  ((downloaded == 0)) || fail "S3 did not give the whole dump of $backup: $(said_by download)"
  local sha256
  read -r sha256 _ <"$work/sha256"
  [[ $sha256 == "$wanted_sha256" ]] ||
    fail "the dump of $backup has the SHA-256 $sha256, its manifest says $wanted_sha256"
  ((restored == 0)) || explain_restore
}

# Ends the script with what pg_restore complained of.
explain_restore() {
  local error
  error=$(said_by restored)
  # A server whose journal finds no room ends, and only its log says why.
  ! grep -qs 'No space left on device' "$work/server" || error='No space left on device'
  case $error in
    *'No space left on device'* | *'could not extend file'*'wrote only'*)
      fail "the disk is full: the database needs more than it has" "$no_room"
      ;;
    *'extension'*'is not available'*) fail "this server lacks an extension: ${error##*ERROR:  }" ;;
    *'unsupported version'*) fail "a newer pg_dump wrote $backup: ${error#*error: }" ;;
    *) fail "pg_restore says: ${error#pg_restore: }" ;;
  esac
}

# A line for every tenth of the dump that a process has read.
show_progress() {
  local read tenth=0 name
  while sleep 1 && [[ -r /proc/$1/io ]]; do
    while read -r name read; do
      [[ $name != rchar: ]] || break
    done <"/proc/$1/io" 2>"$work/unread" || return 0
    if ((read * 10 / wanted_bytes > tenth)); then
      tenth=$((read * 10 / wanted_bytes))
      printf '  %s0 %% of %s bytes\n' "$tenth" "$wanted_bytes"
    fi
  done
}

# Compares the restored database with the manifest: rows of every table, large objects, schema, own checks.
compare() {
  stage=compare
  local differences schema hashing
  # Another version's pg_dump writes the same otherwise.
  if [[ ${version%%.*} == "${tools%%.*}" ]]; then schema_hash; else manifest schema_sha256; fi >"$work/schema" &
  hashing=$!
  sql <<<"SET row_security = off; $count_rows" | paste -sd, - >"$work/counted" 2>"$work/complaint" ||
    fail "the restored rows can't be counted: $(said_by complaint)"
  differences=$(sql <<<"\\set manifest \`cat '$work/manifest.json'\`
\\set counted \`cat '$work/counted'\`
$find_differences")
  [[ -z $differences ]] || fail "$backup is not what its manifest says: $(paste -sd';' - <<<"$differences")"
  wait "$hashing"
  schema=$(<"$work/schema")
  [[ $schema == "$(manifest schema_sha256)" ]] || fail "$backup is not what its manifest says: the schema differs"
  run_checks
}

# At most five: one cause often has many.
readonly find_differences="
WITH wanted AS (
  SELECT * FROM json_to_recordset(:'manifest'::json -> 'tables') AS t(schema text, \"table\" text, rows bigint)),
found AS (
  SELECT * FROM json_to_recordset(('[' || :'counted' || ']')::json) AS t(schema text, \"table\" text, rows bigint))
SELECT CASE
  WHEN found.schema IS NULL THEN format('%I.%I is missing', schema, \"table\")
  WHEN wanted.schema IS NULL THEN format('%I.%I should not be there', schema, \"table\")
  ELSE format('%I.%I has %s rows instead of %s', schema, \"table\", found.rows, wanted.rows) END
FROM wanted FULL JOIN found USING (schema, \"table\")
WHERE found.rows IS DISTINCT FROM wanted.rows
UNION ALL
SELECT format('%s large objects instead of %s', count(*), wanted)
FROM pg_largeobject_metadata,
  (SELECT (:'manifest'::json #>> '{source,large_objects}')::bigint) AS source(wanted)
GROUP BY wanted HAVING count(*) <> wanted
LIMIT 5;"

# Statements that must each give `t`, one a line.
run_checks() {
  stage=checks
  local check answer
  while IFS= read -r check; do
    [[ -n $check ]] || continue
    answer=$(sql <<<"$check;" 2>"$work/complaint") || fail "the check \"$check\" can't be run: $(said_by complaint)"
    [[ $answer == t ]] || fail "the check \"$check\" gives \"$answer\""
  done <<<"${BACKUP_CHECKS:-}"
}
