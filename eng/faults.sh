#!/usr/bin/env bash
# Breaks a small run off at its disk's every step, and damages each of its files: every create, write, sync, rename, sync of a folder and delete is once where
# the process ends, where the power goes (what was not brought to the disk is lost), where the disk is full and where it fails; processes of their own are
# killed there, too. Then the same run again must end in the same bytes. Every file is flipped, cut, emptied and deleted in turn.
# Usage: eng/faults.sh [EVERY [FAULT]]: each step (1, the default) or every so many. FAULT: Kill, PowerCut, NoSpace, InputOutput or Process alone.
# One fault at each step takes 15 to 40 minutes on two cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export GENQ_FAULTS_EVERY=${1:-1} GENQ_FAULTS_ONLY=${2:-}
# A power cut is played, so the runs lie in memory where there is such a place: a disk that really syncs takes twice the time.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
dotnet build tests/GenQ.Tests -c Debug -v q -nologo
dotnet test --project tests/GenQ.Tests --no-build -- --filter-class "GenQ.Tests.Faults.${2:+Fault}*" --show-live-output on
