#!/usr/bin/env bash
# Makes hostile inputs of every kind and runs the command on each: eng/hostile.sh [COUNT [PREFIX]], 1,500 of them, or those whose name begins so
# (html/, config/mpnet). Each may take 10 s of processor time and 1 GB. Prints the count and the bad ones; exit code 1 where there are any. For Linux.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
dotnet build "$root/src/GenQ.Cli" -c Release -v q -nologo
cp -r "$root/artifacts/bin/GenQ.Cli/release" "$work/cli"
dotnet run "$root/eng/hostile.cs" -- "$work/cli/GenQ.Cli.dll" "$root" "$work/cases" "${1:-1500}" "${2:-}"
