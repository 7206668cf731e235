# shellcheck shell=bash
# For scripts that need ../shared, the folder of labelled sets, models and other libraries beside the repository. A script sources this
# before it does anything, with the paths that it needs: source eng/require-shared.sh PATH… Where some are missing it names them and ends
# the script with exit code 2.
missing=()
for needed in "$@"; do
  [ -e "$needed" ] || missing+=("$needed")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "$(basename "$0") needs what lies beside the repository and is no part of it. Missing here:" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 2
fi
unset missing needed
