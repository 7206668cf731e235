#!/usr/bin/env bash
# Writes a bill of materials of everything that GenQ's command brings, artifacts/sbom/genq.cdx.json (CycloneDX), and asks the registry for known vulnerabilities.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

dotnet tool restore > /dev/null
dotnet tool run dotnet-CycloneDX -- src/GenQ.Cli/GenQ.Cli.csproj --recursive --exclude-dev --disable-package-restore \
  --output artifacts/sbom --filename genq.cdx.json --output-format Json --set-name genq
components=$(grep -c '"purl"' artifacts/sbom/genq.cdx.json)
echo "artifacts/sbom/genq.cdx.json: $components components"

# Not every registry knows of vulnerabilities; one that does not is no reason to fail.
if dotnet list src/GenQ.Cli/GenQ.Cli.csproj package --vulnerable --include-transitive > artifacts/sbom/vulnerable.txt 2>&1; then
  if grep -q '^ *>' artifacts/sbom/vulnerable.txt; then
    cat artifacts/sbom/vulnerable.txt >&2
    exit 1
  fi
  echo "No package is known to be vulnerable, as far as the registry tells."
else
  echo "The registry could not be asked for vulnerabilities: see artifacts/sbom/vulnerable.txt."
fi
