#!/usr/bin/env bash
# Pairs of short queries that are no questions, to train the generator on beside the questions: keyword-pairs.sh WORK > pairs.tsv.
# A package's synopsis and its description; "what is X" and a computing dictionary's entry. Needs what general-text.sh fetched.
set -euo pipefail
cd "${1:?usage: keyword-pairs.sh WORK}/debian"

# Synopses of four words and more, one for each description, without the part that tells a package's siblings apart.
xzcat descriptions.xz | awk 'function flush() {
    if (!skip && split(synopsis, w, " ") >= 4 && length(text) > 200 && !seen[text]++ && !asked[synopsis]++) print synopsis "\t" substr(text, 1, 1500) }
  /^Package: / { flush(); text = synopsis = ""; skip = $2 ~ /-(doc|dev|dbg|data|common)$/; next }
  /^Description-en: / { sub(/^[^ ]* /, ""); sub(/ (--|-|\() .*/, ""); gsub(/\t/, " "); synopsis = tolower($0); next }
  /^ \.$/ { next } /^ / { sub(/^ +/, ""); gsub(/\t/, " "); text = text (text == "" ? "" : " ") $0 } END { flush() }' \
  | awk 'NR % 3 == 0'

zcat < dictionaries/usr/share/dictd/foldoc.dict.dz | awk 'function flush() {
    gsub(/[{}]|<[^>]*>/, "", text); gsub(/[ \t]+/, " ", text); sub(/^ /, "", text)
    if (length(text) > 200 && word !~ /[0-9\/]/) print "what is " tolower(word) "\t" word ": " substr(text, 1, 1500) }
  /^[^ \t]/ { flush(); word = $0; text = ""; next } { text = text " " $0 } END { flush() }'
