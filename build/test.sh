#!/usr/bin/env bash
# Everything that must pass, from a fresh clone on a fresh Debian machine: installs the test servers, builds once, runs every
# test project. The last line is "N passed, N failed"; the exit code is 0 only when nothing failed. A test that did not run counts as failed.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
results="$root/artifacts/test-results"
configuration=Release
project_timeout=8m

# The order: fastest first, so that a mistake shows early.
projects=(OtelTelemetry.Tests OtelTelemetry.AspNetCore.Tests OtelTelemetry.Integration.Tests)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1 MSBUILDTERMINALLOGGER=off
# What the caller's shell says about telemetry must not reach the programs under test.
for name in $(compgen -e); do
  case "$name" in OTEL_* | Telemetry__* | Traffic__* | ASPNETCORE_* | DOTNET_ENVIRONMENT) unset "$name" ;; esac
done

passed=0
failed=0

finish() {
  echo "$passed passed, $failed failed"
  if ((failed > 0)); then exit 1; fi
  exit 0
}

fail() {
  echo "FAILED: $1"
  failed=$((failed + 1))
}

# The value of an attribute of the <Counters> element of a TRX file.
counter() {
  sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}

run_tests() {
  local project="$1" log="$results/$1.trx" code=0 total ok
  echo "== $project"
  timeout --kill-after=10s "$project_timeout" \
    dotnet test "$root/test/$project" --configuration "$configuration" --no-build --nologo \
    --logger "console;verbosity=minimal" --logger "trx;LogFileName=$log" </dev/null || code=$?

  if [[ ! -f "$log" ]]; then
    fail "$project ended with code $code and left no results"
    return
  fi

  total="$(counter "$log" total)"
  ok="$(counter "$log" passed)"
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${total:-0} - ${ok:-0}))
  if ((${total:-0} == 0)); then
    fail "$project ran no test"
  elif ((code != 0 && total == ok)); then
    fail "$project ended with code $code although no test failed (a crash, or out of time after $project_timeout)"
  fi
}

command -v dotnet >/dev/null || { fail "the .NET SDK that global.json names is not installed"; finish; }
cd "$root" # global.json is looked for from here
rm -rf "$results"
mkdir -p "$results"

"$root/build/install-test-servers.sh" || { fail "the test servers could not be installed"; finish; }

echo "== build"
dotnet build "$root/OtelTelemetry.sln" --configuration "$configuration" --nologo --verbosity quiet \
  -nodeReuse:false -p:UseSharedCompilation=false </dev/null || { fail "the build"; finish; }

for project in "${projects[@]}"; do
  run_tests "$project"
done

finish
