#!/usr/bin/env bash
# Feeds damaged inputs to every parser: eng/fuzz.sh [SECONDS | COUNTx [SEED [PARSER]]], of each parser so many seconds (20), or so many inputs
# (1000000x). Each input may take 10 s and 600 MB. Prints the inputs and what was found; what was found lies in artifacts/fuzz. Exit code 1 where
# something was. Parsers: the names in tests/GenQ.Tests/Fuzzing/FuzzTargets.cs.
set -uo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
much=${1:-20}
case $much in
  *x) export GENQ_FUZZ_INPUTS=${much%x} ;;
  *) export GENQ_FUZZ_SECONDS=$much ;;
esac
export GENQ_FUZZ_SEED=${2:-$RANDOM} GENQ_FUZZ_PARSER=${3:-} GENQ_FUZZ_FINDINGS=$root/artifacts/fuzz
class=GenQ.Tests.Fuzzing.ParserFuzzTests
rm -rf "$GENQ_FUZZ_FINDINGS"
mkdir -p "$GENQ_FUZZ_FINDINGS"
echo "seed $GENQ_FUZZ_SEED"
dotnet build "$root/tests/GenQ.Tests" -v q -nologo || exit 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# One parser after the other: memory is counted for each by itself.
DOTNET_gcServer=0 dotnet test --project "$root/tests/GenQ.Tests" --no-build -- --filter-class "$class" --diagnostics on --parallel none > "$log" 2>&1
status=$?
grep -E 'inputs, .* findings' "$log" | sed 's/^ *\[[^]]*\] *//'
grep -E '^[[:space:]]+(Assert|[A-Za-z]+Exception:|takes more|allocates)' "$log"
# An input that ended the process is still where it was put before it was read.
for left in /dev/shm/genq-fuzz-*; do
  [ -e "$left" ] && mv "$left" "$GENQ_FUZZ_FINDINGS/" && echo "ended the process: $(basename "$left")"
done
ls "$GENQ_FUZZ_FINDINGS"
exit $status
