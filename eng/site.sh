#!/usr/bin/env bash
# Builds the documentation site, guides and API reference, into artifacts/site/html. GenQ answers its search where GenQ serves it:
#   ./genq run artifacts/site/pages -o runs/site && ./genq serve runs/site --site artifacts/site/html
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet tool restore > /dev/null
dotnet build src/GenQ.Cli -c Release -v q -nologo

# The pages lie as they do in the repository, so that their links hold.
pages=artifacts/site/pages assemblies=artifacts/site/assemblies
rm -rf artifacts/site
mkdir -p "$pages" "$assemblies"
cp -r eng/site/. eng/icon.png "$pages"
git ls-files -z -- '*.md' 'docs/*.svg' 'docs/*.png' LICENSE 'samples/*.cs' 'eng/*.tsv' 'eng/*.py' ':!eng/site' ':!tests' ':!src/GenQ.Templates/templates' | xargs -0 cp --parents -t "$pages"
cp artifacts/bin/GenQ.Cli/release/*.dll artifacts/bin/GenQ.Cli/release/*.xml "$assemblies"
dotnet docfx metadata "$pages/docfx.json" --logLevel warning
dotnet docfx build "$pages/docfx.json" --logLevel warning --warningsAsErrors
echo "artifacts/site/html/index.html"
