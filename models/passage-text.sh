#!/usr/bin/env bash
# Technical passages to distil an encoder on, as manuals are written: passage-text.sh WORK writes WORK/passages-{rust,go,ruby,web,python}.txt, a
# passage of up to 260 words a line, the comments of a source file in their order with the examples that stand in them. Needs the sources that
# technical-text.sh and source-text.sh fetched.
set -euo pipefail
work=${1:?usage: passage-text.sh WORK}
cd "$work/debian"

# A file's text is added piece by piece; a passage ends before the piece that would make it too long.
passages='
  function out() {
    if (words >= 40 && text !~ /[Cc]opyright|LICENSE|SPDX|WITHOUT WARRANT/ && !seen[substr(text, 1, 200)]++) print substr(text, 1, 2500)
    text = ""; words = 0
  }
  function add(piece,   count, word) {
    gsub(/[ \t\r\n]+/, " ", piece); gsub(/[=*~^_#-][=*~^_#-][=*~^_#-]+/, " ", piece); gsub(/`/, "", piece); sub(/^ /, "", piece); sub(/ $/, "", piece)
    count = split(piece, word, " ")
    if (!count) return
    if (words + count > 260) out()
    text = words ? text " " piece : piece; words += count
  }
  FNR == 1 { out() }
  END { out() }'

files() { find -H "$1" -type f -name "$2" -size -400k | grep --invert-match --extended-regexp "$3" | sort; }

# Comment lines that begin with MARK.
lines() {
  xargs awk -v mark="$1" "$passages"'
    match($0, "^[ \t]*(" mark ")( |$)") { line = substr($0, RSTART + RLENGTH); if (line !~ /^ *```/) add(line) }'
}
files source/usr '*.rs' '/tests/' | lines '//[/!]' > "$work/passages-rust.txt"
files source/usr '*.go' '_test.go|/testdata/|pb.go|zz_generated|aws-sdk|google.golang.org/api|/azure' | lines '//' > "$work/passages-go.txt"
files source/usr '*.rb' '/test|/spec|google-api|google/api|aws' | lines '#' > "$work/passages-ruby.txt"

# Blocks between "/**" and "*/".
{ files source/usr '*.php' '/tests?/'; files source/usr '*.js' '/tests?/|\.min\.js'; } | sort | xargs awk '
  BEGIN { RS = "\\*/" }'"$passages"'
  {
    at = 0
    while ((found = index(substr($0, at + 1), "/**")) > 0) at += found
    if (!at) next
    block = substr($0, at + 3)
    gsub(/\n[ \t]*\* ?/, "\n", block); gsub(/[{}]/, "", block); add(block)
  }' > "$work/passages-web.txt"

# What stands between triple quotes: every second record.
files python/usr '*.py' '/tests?/|test_' | xargs -n 500 awk '
  BEGIN { RS = "\"\"\"" }'"$passages"'
  FNR % 2 == 0 { add($0) }' > "$work/passages-python.txt"
