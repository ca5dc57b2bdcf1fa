#!/usr/bin/env bash
# One pass over a vault in a clone: pull, `reconnect agenda`, commit, push; again if somebody pushed meanwhile.
# A pass at rest writes nothing, so it may run as often and as late as the host likes.
# Usage: run.sh [VAULT]; RECONNECT is the command (`reconnect`), TRIES how often (5).
set -euo pipefail
cd "${1:-.}"
reconnect=${RECONNECT:-reconnect}
git=(git -c "merge.reconnect-agenda.driver=$reconnect merge-agenda %O %A %B"
  -c user.name=reconnect -c user.email=reconnect@localhost)

fail() { echo "::error::$*"; exit 1; }

[ -z "$(git status --porcelain -- .)" ] || fail "changes are not committed here: commit them first, then run it again"
grep -Eqs '^timezone:[[:space:]]*[^[:space:]#]' Reconnect.md ||
  echo "::warning file=Reconnect.md::write your time zone, such as timezone: America/Chicago; the days are those of UTC"
branch=$(git symbolic-ref --short HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A phone may push an agenda with git's conflict markers, and go on from there. History still has both sides and their base, so
# all of it is done again by those who know agendas. What cannot be done again stays as it is, for the pass to look at.

# The file without markers, as a commit should have had it: $work/COMMIT.
cleaned() {
  local commit=$1 file=$2 parents was=$work/$1.was
  [ ! -e "$work/$commit" ] || return 0
  as_it_was "$commit" "$file"
  if ! grep -q '^<<<<<<< ' "$was"; then cp "$was" "$work/$commit"; return; fi
  read -ra parents <<< "$(git rev-parse "$commit^@" | tr '\n' ' ')"
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

for try in $(seq "${TRIES:-5}"); do
  git fetch -q origin "$branch"
  "${git[@]}" merge -q --no-edit FETCH_HEAD ||
    { git merge --abort; fail "two sides of a note do not merge: pull on your device, and put the note right there"; }
  before=$(git rev-parse HEAD) code=0
  while IFS= read -r -d "" file; do heal "$file"; done < <(git grep -lz '^<<<<<<< ' -- '*.md')
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
