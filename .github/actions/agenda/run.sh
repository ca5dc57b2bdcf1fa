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

conflicted() { git grep -q '^<<<<<<< ' "$1" -- "$2"; }

# A phone may push an agenda with git's conflict markers. History still has both sides and their base, so it is merged again by
# those who know agendas, with what was typed since. What that cannot put right stays as it is, for the pass to look at.
heal() {
  local merge
  for merge in $(git rev-list --merges -n 50 HEAD); do
    conflicted "$merge" "$1" && ! conflicted "$merge^1" "$1" && ! conflicted "$merge^2" "$1" || continue
    git show "$(git merge-base "$merge^1" "$merge^2"):./$1" > "$work/base" &&
      git show "$merge^1:./$1" > "$work/ours" &&
      git show "$merge^2:./$1" > "$work/theirs" &&
      git show "$merge:./$1" > "$work/was" || return 0
    $reconnect merge-agenda "$work/base" "$work/ours" "$work/theirs" 2> /dev/null || return 0
    git merge-file -q "$work/ours" "$work/was" "$1" || return 0
    grep -q '^<<<<<<< ' "$work/ours" || cat "$work/ours" > "$1"
    return 0
  done
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
