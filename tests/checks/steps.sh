# Steps with a log, a time and a count. Sourced by script/test, script/sanitize, script/fuzz and .ci/run.
# A step is a command. What it prints goes to build/logs/NAME.log; a last line "N passed, M failed" in there is its
# count. A step that fails without a count is one failure.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
logs=$root/build/logs
python=/usr/bin/python3 # the system's: it has pytest and numpy; another one may come first in PATH
passed=0
failed=0
problems=()
mkdir -p "$logs"

# The last "N passed, M failed" of a log as "N M"; nothing where there is none.
count_in() { sed -n 's/^.*\b\([0-9]\+\) passed, \([0-9]\+\) failed$/\1 \2/p' "$1" | tail -n 1; }

# Shows that a long step is alive.
heartbeat() {
  local line shown=
  while sleep 20 >/dev/null 2>&1; do
    line=$(tail -n 1 "$1" | cut -c 1-110)
    [ "$line" = "$shown" ] || printf '   … %s\n' "$line"
    shown=$line
  done
}

# step NAME COMMAND…: true if all of it passed.
step() {
  local name=$1 start=$SECONDS status=0 counts p=0 f=0 beat
  shift
  local log=$logs/$name.log
  echo "== $name"
  heartbeat "$log" &
  beat=$!
  (cd "$root" && "$@") >"$log" 2>&1 </dev/null || status=$?
  kill "$beat" 2>/dev/null && wait "$beat" 2>/dev/null
  counts=$(count_in "$log")
  [ -z "$counts" ] || read -r p f <<<"$counts"
  [ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
  grep '^only alone: ' "$log" | sed 's/^/   /'
  passed=$((passed + p))
  failed=$((failed + f))
  if [ "$f" -gt 0 ]; then
    grep -E '^(FAILED|ERROR|not run:)|FAILED  \] |error:|: line [0-9]+:' "$log" | head -n 30 | cut -c 1-300 | sed 's/^/   /'
    echo "   the end of ${log#"$root"/}:"
    tail -n 15 "$log" | cut -c 1-300 | sed 's/^/   | /'
    problems+=("$name: $f failed (${log#"$root"/})")
  fi
  echo "   $name: $([ "$f" -eq 0 ] && echo ok || echo FAILED)$([ -z "$counts" ] || echo ", $p passed, $f failed"), $((SECONDS - start)) s"
  [ "$f" -eq 0 ]
}

# not_run NAME REASON: a step that could not be tried is a failure too.
not_run() {
  echo "== $1"
  echo "   $1: FAILED, not run: $2"
  failed=$((failed + 1))
  problems+=("$1: not run: $2")
}

# The verdict: what failed, and the total as the very last line.
total() {
  local problem
  for problem in "${problems[@]+"${problems[@]}"}"; do echo "FAILED $problem"; done
  echo "${1:-}$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

# Returns when fewer of this shell's jobs run than there are cores.
cores=$(nproc)
wait_for_core() { while [ "$(jobs -rp | wc -l)" -ge "$cores" ]; do wait -n; done; }

# run_gtests DIRECTORY [PREFIX]: every unit test binary in it, as many at a time as there are cores, with a count at the
# end. RUN is put before each (an array). What PREFIXtest_X said is in its log.
RUN=()
run_gtests() {
  local binary name out ok bad status p=0 f=0 names=()
  for binary in "$1"/test_*; do
    [ -f "$binary" ] && [ -x "$binary" ] || continue
    name=${binary##*/}
    names+=("$name")
    out=$logs/${2:-}$name
    wait_for_core
    (
      status=0
      cd "$root" && timeout -k 10 600 ${RUN[@]+"${RUN[@]}"} "$binary" --gtest_color=no >"$out.log" 2>&1 || status=$?
      echo "$status" >"$out.status"
    ) &
  done
  wait
  for name in ${names[@]+"${names[@]}"}; do
    out=$logs/${2:-}$name.log
    status=$(cat "${out%.log}.status")
    ok=$(grep -c '^\[       OK \]' "$out")
    bad=$(grep -cE '^\[  FAILED  \] .* \([0-9]+ ms\)$' "$out")
    if [ "$status" -ne 0 ]; then
      [ "$bad" -gt 0 ] || bad=1
      grep -vE '^\[ (RUN|      OK)' "$out" | tail -n 60
      [ "$status" -ne 124 ] || echo "FAILED $name: not finished after 600 s"
    fi
    echo "$name: $ok passed, $bad failed (exit code $status)"
    p=$((p + ok))
    f=$((f + bad))
  done
  [ ${#names[@]} -gt 0 ] || { echo "FAILED there is no unit test in $1"; f=1; }
  echo "$p passed, $f failed"
  [ "$f" -eq 0 ]
}

# run_pytest NAME ARGUMENTS…: the end-to-end tests, counted. Most of their time is audio in real time, so three
# processes share two cores well. One that ends by itself ends them all: what it was to do would be waited for.
# Up to this many that failed are tried once more, alone: real time on a machine that does something else as well is not
# the code's fault. What passed only so is named.
again_at_most=5
run_pytest() {
  local name=$1 status=0 xml=$logs/$1.xml
  shift
  rm -f "$xml" "$xml.again"
  e2e_tests "$xml" --cache-clear -n 3 --dist loadfile --max-worker-restart 0 "$@" || status=$?
  if [ "$status" -eq 1 ] && "$python" "$root/tests/checks/junit_count.py" "$xml" --at-most $again_at_most; then
    status=0
    e2e_tests "$xml.again" --last-failed --last-failed-no-failures none "$@" || status=$?
  fi
  "$python" "$root/tests/checks/junit_count.py" "$xml" "$xml.again" || status=1
  return "$status"
}

# e2e_tests XML ARGUMENTS…
e2e_tests() {
  local xml=$1
  shift
  (cd "$root" && PYTHONDONTWRITEBYTECODE=1 timeout -k 30 1500 "$python" -m pytest -o cache_dir="${xml%.xml*}.cache" \
    --color=no --tb=short -ra -v --durations=25 --junitxml="$xml" tests/e2e "$@")
}
