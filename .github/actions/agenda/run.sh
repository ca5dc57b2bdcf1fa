#!/usr/bin/env bash
# One pass over a vault in a clone: pull, `reconnect agenda`, commit, push; again if somebody pushed meanwhile.
# A pass at rest writes nothing, so it may run as often and as late as the host likes.
# Usage: run.sh [VAULT]; RECONNECT is the command (`reconnect`), TRIES how often (5).
set -euo pipefail
cd "${1:-.}"
reconnect=${RECONNECT:-reconnect}
us=reconnect@localhost
git=(git -c "merge.reconnect-agenda.driver=$reconnect merge-agenda %O %A %B"
  -c user.name=reconnect -c "user.email=$us")

fail() { echo "::error::$*"; exit 1; }

[ -z "$(git status --porcelain -- .)" ] || fail "changes are not committed here: commit them first, then run it again"
grep -Eqs '^timezone:[[:space:]]*[^[:space:]#]' Reconnect.md ||
  echo "::warning file=Reconnect.md::write your time zone, such as timezone: America/Chicago; the days are those of UTC"
branch=$(git symbolic-ref --short HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A phone has no `reconnect merge-agenda`: it may push an agenda with git's conflict markers, and go on from there; and where git
# saw no conflict, a mark stands in the page of a later day than that in which it was made. History still has both sides and their
# base, so all of it is done again by those who know agendas. What cannot be done again stays as it is, for the pass to look at.

# The file as a commit should have had it, without markers: $work/COMMIT.
cleaned() {
  local commit=$1 file=$2 parents was=$work/$1.was
  [ ! -e "$work/$commit" ] || return 0
  as_it_was "$commit" "$file"
  read -ra parents <<< "$(git rev-parse "$commit^@" | tr '\n' ' ')"
  if ! grep -q '^<<<<<<< ' "$was"; then unmarked "$commit" "$file" "${parents[@]}"; return; fi
  case ${#parents[@]} in
    1)
      cleaned "${parents[0]}" "$file" && cp "$work/${parents[0]}" "$work/new" &&
        merged "$work/${parents[0]}.was" "$work/new" "$was" ;;
    2)
      as_it_was "${parents[0]}" "$file" && as_it_was "${parents[1]}" "$file" &&
        [ -z "$(grep -Ev '^([<>|]{7} |[=|]{7}$)' "$was" | grep -vxFf "$work/${parents[0]}.was" -f "$work/${parents[1]}.was")" ] &&
        both "${parents[@]}" "$file" ;;
    *) false ;;
  esac && ! grep -q '^<<<<<<< ' "$work/new" && mv "$work/new" "$work/$commit"
}

# The same of a commit without markers: if it should have had another last line, or one of those before it, that is mended.
unmarked() {
  local commit=$1 file=$2 was=$work/$1.was
  shift 2
  if [ $# = 2 ] || [ "$(git log -1 --format=%ae "$commit")" != "$us" ]; then
    case $# in
      1)
        cleaned "$1" "$file" && ! cmp -s "$work/$1" "$work/$1.was" && cp "$work/$1" "$work/new" &&
          merged "$work/$1.was" "$work/new" "$was" && mv "$work/new" "$work/$commit" && return ;;
      2)
        both "$1" "$2" "$file" && same "$work/new" "$was" && mv "$work/new" "$work/$commit" && return ;;
    esac
  fi
  cp "$was" "$work/$commit"
}

# Whether two pages differ in our last line alone, which tells of which day a mark is, and in blank lines.
same() { cmp -s <(typed "$1") <(typed "$2"); }
typed() { grep -Ev '^<!-- reconnect .*: [a-z2-7]{4} |^[[:space:]]*$' "$1" | sort; }

as_it_was() { git show "$1:./$2" > "$work/$1.was" 2> /dev/null || true; }

# Two commits merged: $work/new. Where they met before more than once, those are merged first, as git does it.
both() {
  local ours=$1 theirs=$2 file=$3 bases base=$work/$1-$2
  read -ra bases <<< "$(git merge-base --all "$ours" "$theirs" | tr '\n' ' ')"
  case ${#bases[@]} in
    0) : > "$base" ;;
    1) cleaned "${bases[0]}" "$file" && cp "$work/${bases[0]}" "$base" || return 1 ;;
    *) both "${bases[0]}" "${bases[1]}" "$file" && mv "$work/new" "$base" || return 1 ;;
  esac
  cleaned "$ours" "$file" && cleaned "$theirs" "$file" && cp "$work/$ours" "$work/new" &&
    $reconnect merge-agenda "$base" "$work/new" "$work/$theirs" 2> /dev/null
}

# What was typed since, too: each line of it has to be there afterwards.
merged() {
  $reconnect merge-agenda "$1" "$2" "$3" 2> /dev/null && [ -z "$(grep -vxFf "$1" "$3" | grep -vxFf "$2")" ]
}

heal() {
  local commit
  commit=$(git rev-parse HEAD)
  cleaned "$commit" "$1" && cat "$work/$commit" > "$1" || true
  rm -f "$work"/*
}

# In which files to look: those with markers; and agendas, if others merged since we committed last.
unsure() {
  local last
  last=$(git log -1 --no-merges --format=%H --author="$us")
  [ -z "$last" ] || [ -z "$(git rev-list --merges --max-count=1 "$last..")" ] || { echo '^<<<<<<< \|^<!-- reconnect '; return; }
  echo '^<<<<<<< '
}

for try in $(seq "${TRIES:-5}"); do
  git fetch -q origin "$branch"
  "${git[@]}" merge -q --no-edit FETCH_HEAD ||
    { git merge --abort; fail "two sides of a note do not merge: pull on your device, and put the note right there"; }
  before=$(git rev-parse HEAD) code=0
  while IFS= read -r -d "" file; do heal "$file"; done < <(git grep -lz "$(unsure)" -- '*.md')
  $reconnect agenda . || code=$?
  case $code in 0 | 3) ;; *) exit "$code" ;; esac
  git add -A -- .
  git diff --cached --quiet || "${git[@]}" commit -qm "Agenda"
  [ "$(git rev-parse HEAD)" != "$(git rev-parse FETCH_HEAD)" ] || exit 0
  if git push -q origin "HEAD:$branch"; then exit 0; fi
  git reset -q --hard "$before" # only the commit made above: the next pass makes it again, from what was pushed
  sleep $((try - 1))
done
fail "somebody pushes all the time: the next run tries again"
