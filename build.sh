#!/usr/bin/env bash
# Restores, checks the format, builds and tests: what must pass before a change is handed in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# The lock files are part of the change: a package that is not in them is an error here, not a surprise elsewhere.
dotnet restore --locked-mode
dotnet format --verify-no-changes --no-restore
dotnet build --no-restore
dotnet test
