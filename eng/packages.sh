#!/usr/bin/env bash
# Packs, looks into the packages, and uses them as somebody does who has the .NET SDK and nothing else of GenQ's: with an empty home, in an empty
# folder, from a local feed. Usage: eng/packages.sh. About 9 minutes on two busy cores.
#
# Packages of others come from where NuGet is set up to look, or from the folder of packages that is there already. GenQ's own come from
# artifacts/packages alone: no cache may stand in for what has just been packed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$(pwd)
feed=$root/artifacts/packages
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)
onnxruntime=$(sed -n 's/.*Include="Microsoft.ML.OnnxRuntime" Version="\(.*\)".*/\1/p' Directory.Packages.props)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A build server that outlives this script would hold its folders.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { echo "--- $*"; }
fail() {
  echo "eng/packages.sh: $*" >&2
  exit 1
}

pack() {
  say "dotnet pack"
  rm -rf "$feed"
  dotnet pack --verbosity quiet
}

# What every package must hold.
check_packages() {
  say "what the packages hold"
  local package id files symbols
  command -v unzip > /dev/null || fail "unzip is missing: apt-get install unzip"
  for package in "$feed"/*.nupkg; do
    id=$(basename "$package" ".$version.nupkg")
    files=$(unzip -Z1 "$package")
    for needed in README.md icon.png; do
      grep -qx "$needed" <<< "$files" || fail "$package has no $needed"
    done
    unzip -p "$package" '*.nuspec' > "$work/nuspec"
    grep -q '<license type="expression">Apache-2.0</license>' "$work/nuspec" || fail "$package does not tell its licence"
    grep -q '<repository type="git" commit="[0-9a-f]*" />' "$work/nuspec" || fail "$package names no commit, or a place beside it"
    if grep -q "^lib/.*dll$" <<< "$files"; then
      grep -qx "lib/net10.0/$id.xml" <<< "$files" || fail "$package has no XML documentation"
      symbols=$(unzip -Z1 "${package%.nupkg}.snupkg")
      grep -qx "lib/net10.0/$id.pdb" <<< "$symbols" || fail "$package has no symbols"
    fi
    printf '%12d bytes  %s\n' "$(stat -c %s "$package")" "$(basename "$package")"
  done
  for package in "$feed"/GenQ.Cli.*-*.nupkg; do
    [ "$(stat -c %s "$package")" -lt 250000000 ] || fail "$package has 250 MB or more"
    files=$(unzip -Z1 "$package")
    grep -q '/GenQ.Cli.pdb$' <<< "$files" || fail "$package has no symbols"
  done
  if grep -l 'GenQ.*version="[0-9]' <(for package in "$feed"/*.nupkg; do unzip -p "$package" '*.nuspec' | grep '<dependency id="GenQ'; done); then
    fail "a package takes other versions of GenQ's packages than its own"
  fi
}

# An empty home, whose NuGet is set up as the user's, and which knows the feed.
empty_home() {
  local package packages=${NUGET_PACKAGES:-$HOME/.nuget/packages} settings=$HOME/.nuget/NuGet/NuGet.Config
  mkdir -p "$work/home/.nuget/NuGet" "$work/there"
  [ ! -f "$settings" ] || cp "$settings" "$work/home/.nuget/NuGet/"
  for package in "$packages"/*; do
    case $(basename "$package") in
      genq*) ;;
      *) ln -s "$package" "$work/there/" ;;
    esac
  done
  cat > "$work/NuGet.Config" << EOF
<configuration>
  <packageSources><add key="genq" value="$feed" /></packageSources>
  <fallbackPackageFolders><add key="there" value="$work/there" /></fallbackPackageFolders>
</configuration>
EOF
  export HOME=$work/home NUGET_PACKAGES=$work/packages PATH=$work/tools:$PATH
  unset DOTNET_CLI_HOME HF_HOME
}

# A folder with the documents that the programs read: GenQ's decisions, and a PDF.
documents() {
  mkdir -p "$1/manuals"
  cp docs/decisions/*.md "$1/manuals/"
  cat > "$1/manuals/lamp.pdf" << 'EOF'
%PDF-1.4
1 0 obj
<</Type/Catalog/Pages 2 0 R>>
endobj
2 0 obj
<</Type/Pages/Kids[3 0 R]/Count 1>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>
endobj
4 0 obj
<</Length 62>>
stream
BT /F 12 Tf 10 50 Td (The lamp of the pump glows green.) Tj ET
endstream
endobj
5 0 obj
<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>
endobj
xref
0 6
0000000000 65535 f 
0000000009 00000 n 
0000000054 00000 n 
0000000105 00000 n 
0000000216 00000 n 
0000000326 00000 n 
trailer
<</Size 6/Root 1 0 R>>
startxref
389
%%EOF
EOF
}

# The whole run is there, the PDF among its passages.
check_run() {
  [ -f "$1/report/report.json" ] || fail "$1 has no report"
  grep -q "lamp of the pump" "$1/passages.jsonl" || fail "$1 has no passage of the PDF"
}

# PDFs are read by a program of its own, which must start from the folder that the package's consumer built.
check_pdf_worker() {
  local worker
  worker=$(find "$1" -name GenQ.PdfWorker.dll -path "*/bin/*" | head -n 1)
  [ "$(dotnet "$worker" < /dev/null | wc -c)" -ge 1 ] || fail "$worker does not start"
}

tool() {
  say "the tool"
  documents "$work/user"
  (
    cd "$work/user"
    dotnet tool install GenQ.Cli --source "$feed" --tool-path "$work/tools"
    genq --version
    genq run manuals -o runs/manuals 2> log || { cat log >&2; fail "genq run failed"; }
    check_run runs/manuals
    genq search runs/manuals "why does the native library not load" > answer
    grep -q "TorchSharp" answer || fail "genq search did not find the decision on TorchSharp: $(cat answer)"
    # The same without installing.
    dotnet tool exec GenQ.Cli --source "$feed" --yes -- --version > version
    [ "$(cat version)" = "$(genq --version)" ] || fail "dnx GenQ.Cli starts another genq: $(cat version)"
  )
}

# The natives in each tool find all that they need beside them or in the system, and none lies there for nothing.
tool_natives() {
  say "the tools' natives"
  local system needs
  for system in linux-x64 osx-arm64 win-x64; do
    unzip -q "$feed/GenQ.Cli.$system.$version.nupkg" 'tools/*' -d "$work/$system"
    needs=$("$root/eng/native-needs.py" "$work/$system/tools/net10.0/$system" torch_cpu LibTorchSharp onnxruntime) \
      || fail "natives of the tool for $system are missing: $needs"
    if grep '^unused' <<< "$needs"; then fail "the tool for $system has natives that nothing needs"; fi
    rm -r "${work:?}/$system"
  done
}

# The nth block of a language in a page.
block() { awk -v start="\`\`\`$2" -v wanted="$3" '$0 == start { block = ++number == wanted; next } /^```$/ { block = 0 } block' "$1"; }

console_program() {
  say "the README's program, from the packages"
  documents "$work/program"
  block README.md xml 1 > "$work/program/Program.csproj"
  block README.md csharp 2 > "$work/program/Program.cs"
  (
    cd "$work/program"
    dotnet run 2> log || { cat log >&2; fail "the README's program failed"; }
    check_run runs/manuals
    check_pdf_worker .
  )
}

without_natives() {
  say "a program without the natives"
  mkdir "$work/bare"
  grep -v TorchSharp-cpu "$work/program/Program.csproj" > "$work/bare/Bare.csproj"
  cat > "$work/bare/Program.cs" << 'EOF'
try { GenQ.Models.Threads.Use(1); }
catch (GenQ.Data.GenQException e) { Console.WriteLine(e.Message); }
EOF
  (
    cd "$work/bare"
    dotnet run > answer
    cat answer
    grep -q "Reference the package TorchSharp-cpu" answer || fail "the error does not name the package that is missing"
  )
}

console_template() {
  say "dotnet new genq"
  mkdir "$work/template"
  (
    cd "$work/template"
    dotnet new install "$feed/GenQ.Templates.$version.nupkg"
    dotnet new genq -o Manuals
    # The run that the README's program has made goes on here, with nothing left to do.
    cp -r "$work/program/manuals" "$work/program/runs" .
    dotnet run --project Manuals -- manuals "what reads a PDF" > answer || fail "the template's program failed: $(cat answer)"
    cat answer
    grep -q "PDF" answer || fail "the template's program found nothing"
  )
}

# What a program's own folder holds, in MB, and that none of it is torch's.
check_no_torch() {
  local torch
  torch=$(find "$1" -iname '*torch*')
  [ -z "$torch" ] || fail "torch is in the output: $torch"
  say "$2: $(du -sm "$1" | cut -f 1) MB beside the runtime"
}

without_torch() {
  say "a search without torch"
  mkdir "$work/light"
  sed -e "s/ONNXRUNTIME/$onnxruntime/" -e "s/GENQ/$version/g" > "$work/light/Light.csproj" << 'EOF'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="GenQ.Onnx" Version="GENQ" />
    <PackageReference Include="GenQ.Retrieval" Version="GENQ" />
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="ONNXRUNTIME" ExcludeAssets="build" />
  </ItemGroup>
</Project>
EOF
  block README.md csharp 3 > "$work/light/Program.cs"
  sed -i -e "s|runs/first|$work/user/runs/manuals|" -e 's/how do I mount a disk/why does the native library not load/' "$work/light/Program.cs"
  (
    cd "$work/light"
    dotnet publish --runtime linux-x64 --no-self-contained --output out > log || { cat log >&2; fail "the program without torch is not built"; }
    out/Light > answer || fail "the program without torch failed"
    grep -q "TorchSharp" answer || fail "it did not find the decision on TorchSharp: $(cat answer)"
    check_no_torch out "GenQ.Onnx and GenQ.Retrieval"
  )
}

web_template() {
  say "dotnet new genq-web"
  local url=http://127.0.0.1:5188 server answer
  (
    cd "$work/template"
    dotnet new genq-web -o Search
    dotnet publish Search --runtime linux-x64 --no-self-contained --output out > log || { cat log >&2; fail "the web API is not built"; }
    check_no_torch out "the web API"
    out/Search --run "$work/user/runs/manuals" --urls "$url" > log 2>&1 &
    server=$!
    answer=$(curl -s --retry 60 --retry-delay 1 --retry-connrefused --fail "$url/health" \
      && curl -s --fail --get --data-urlencode "q=why does the native library not load" --data top=3 "$url/search") || true
    kill "$server"
    case "$answer" in
      Healthy\[*TorchSharp*) ;;
      *) cat log >&2; fail "the web API answered: $answer" ;;
    esac
  )
}

pack
check_packages
empty_home
tool
tool_natives
console_program
console_template
without_natives
without_torch
web_template
echo "The packages are whole."
