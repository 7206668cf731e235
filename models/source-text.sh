#!/usr/bin/env bash
# More technical English to distil an encoder on, in the order of the files it stands in: source-text.sh WORK writes
# WORK/comments-{rust,go,ruby,web,lisp}.txt, the descriptions in the source code of every third library of those languages that Debian has
# (no manuals, and nothing of Perl, Python or .NET, whose manuals GenQ is measured on), and WORK/questions.tsv, the first sentence of many of them
# and of technical-text.sh's as somebody would ask for it, each with its description. Needs what technical-text.sh wrote.
set -euo pipefail
work=${1:?usage: source-text.sh WORK}
mkdir -p "$work/debian/source"
cd "$work/debian/source"
[ -d usr ] || {
  mkdir -p partial packages
  (
    cd packages
    apt-cache pkgnames | grep -E '^(golang-.*-dev|librust-.*-dev|ruby-.*|elpa-.*|php-.*|node-.*)$' | sort | awk 'NR % 3 == 0' \
      | xargs -n 200 apt-get download > /dev/null
  )
  for package in packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" \
      | tar --extract --directory partial --wildcards ./usr/*.go ./usr/*.rs ./usr/*.rb ./usr/*.el ./usr/*.php ./usr/*.js 2> /dev/null || true
  done
  mv partial/usr usr
}

# What is kept: sentences, not code, not licences, each once.
kept='
  function keep(text,   words, word, letters) {
    gsub(/[ \t\r\n]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text)
    words = split(text, word, " "); letters = text; gsub(/[^A-Za-z ]/, "", letters)
    if (words >= 8 && length(text) / words < 9 && length(letters) > 0.85 * length(text) \
      && text !~ /[Cc]opyright|[Ll]icen[sc]e|LICENSE|SPDX|DO NOT EDIT|[Rr]ubocop/ && !seen[substr(text, 1, 200)]++) print substr(text, 1, 3000)
  }'

# Runs of comment lines that begin with MARK, joined: lines MARK, files on stdin.
lines() {
  xargs cat 2> /dev/null | awk -v mark="$1" "$kept"'
    function flush() {
      if (count) {
        gsub(/\[[^]]*\]: [^ ]+/, " ", text); gsub(/\]\([^)]*\)/, "]", text); gsub(/[`*=~^_#|<>\\\[\]-][`*=~^_#|<>\\\[\]-]+|[`\[\]|\\*]/, "", text)
        gsub(/@[a-z]+/, " ", text); keep(text)
      }
      text = ""; count = 0; code = 0
    }
    match($0, "^[ \t]*(" mark ")( |$)") {
      line = substr($0, RSTART + RLENGTH)
      if (line ~ /^ *```/) { code = !code; next }
      if (!code && line !~ /^(    |\t)/) { text = text " " line; count++ }
      next
    }
    { flush() } END { flush() }'
}
files() { find -H usr -type f -name "$1" | grep --invert-match --extended-regexp "$2" | sort; }
files '*.rs' '/tests/' | lines '//[/!]' > "$work/comments-rust.txt"
files '*.go' '_test.go|/testdata/|pb.go|zz_generated|aws-sdk|google.golang.org/api|/azure' | lines '//' > "$work/comments-go.txt"
files '*.rb' '/test|/spec|google-api|google/api|aws' | lines '#' > "$work/comments-ruby.txt"

# Blocks between "/**" and "*/", up to the first tag.
{ files '*.php' '/tests?/'; files '*.js' '/tests?/|\.min\.js'; } | sort | xargs cat | awk "$kept"'
  BEGIN { RS = "\\*/" }
  {
    at = 0
    while ((found = index(substr($0, at + 1), "/**")) > 0) at += found
    if (!at) next
    text = substr($0, at + 3)
    gsub(/\n[ \t]*\* ?/, "\n", text); sub(/\n[ \t]*@.*/, "", text); gsub(/<[^>]*>/, "", text)
    gsub(/\{@[a-z]+ |[{}`|\\*]/, "", text); gsub(/[*=~^_#-][*=~^_#-]+/, " ", text); keep(text)
  }' > "$work/comments-web.txt"

# What stands between quotes.
files '*.el' 'autoloads|pkg.el' | while read -r file; do sed 's/\\"/ /g; s/^[ \t]*;.*//' "$file"; done | awk "$kept"'
  BEGIN { RS = "\"" }
  { if (inside) { text = $0; gsub(/[`\047\\]/, "", text); if (text !~ /[();]{2}/) keep(text) } inside = !inside }' > "$work/comments-lisp.txt"

# "Parses a duration string." gives "how do i parse a duration string?"
verbs='add allocate append apply assign attach build calculate call cancel change check clear clone close combine compare compile compute
  configure connect convert copy count create declare decode decrypt delete detect determine disable display divide download draw emit enable
  encode encrypt ensure escape evaluate execute expand extract fetch fill filter find fit flush format free generate get handle hash hide ignore
  implement import indicate initialize insert install iterate join launch limit list listen load lock log look make manage map mark match merge
  modify move multiply open override parse pause perform plot pop prepare print process provide push put query quote read receive recover redirect
  register reject reload remove rename render repeat replace report request require reset resize resolve restore retrieve return reverse round run
  save scan schedule search select send serialize set shift show shuffle sign skip sleep sort split start stop store strip subtract swap test toggle
  track transform translate traverse trim truncate turn unlock update upload use validate verify visit wait watch wrap write'
cat "$work"/comments-{rust,go,ruby,web,lisp}.txt "$work/docstrings.txt" | awk -v list="${verbs//$'\n'/ }" '
  BEGIN {
    count = split(list, verb, " ")
    for (i = 1; i <= count; i++) {
      v = verb[i]; base[v] = base[v "s"] = v
      if (v ~ /(s|x|z|ch|sh)$/) base[v "es"] = v
      if (v ~ /[^aeiou]y$/) base[substr(v, 1, length(v) - 1) "ies"] = v
    }
    base["return"] = base["returns"] = base["retrieve"] = base["retrieves"] = "get"
    n = split("how do i %?|How can I %?|how to %|%|What is the best way to %?|Is there a way to %?|Can I %?|How do you %?|is it possible to %|I want to %", form, "|")
  }
  {
    sentence = $0
    sub(/[.:;(].*/, "", sentence)
    words = split(sentence, word, " ")
    first = tolower(word[1]) in base ? 1 : tolower(word[2]) in base && word[2] ~ /s$/ ? 2 : 0
    if (!first || words - first < 3 || words - first > 13 || sentence ~ /[^A-Za-z0-9 ,\047\/-]/) next
    question = base[tolower(word[first])]
    if (question == "get" && tolower(word[first + 1]) == "true") next
    for (i = first + 1; i <= words; i++) question = question " " word[i]
    if (seen[question]++) next
    query = form[++asked % n + 1]
    sub(/%/, question, query)

    # Half of the longer descriptions lose the sentence itself, so that not every question is a copy.
    passage = substr($0, 1, 1500)
    if (asked % 2 && match(passage, /[.:] /) && length(passage) - RSTART > 200) passage = substr(passage, RSTART + 2)
    print query "\t" passage
  }' > "$work/questions.tsv"
