#!/usr/bin/env bash
# General English text to distil an encoder on, one text a line: general-text.sh WORK > general.txt. Dictionaries and the
# descriptions of Debian's packages, fetched from Debian; no manuals, and none of what GenQ is measured on.
set -euo pipefail
work=${1:?usage: general-text.sh WORK}
mkdir -p "$work/debian"
cd "$work/debian"
[ -d dictionaries ] || {
  apt-get download dict-gcide dict-foldoc dict-jargon wordnet-base > /dev/null
  for package in *.deb; do dpkg -x "$package" partial; done
  mv partial dictionaries
}
[ -f descriptions.xz ] || {
  # From where this machine's own packages come.
  archive=$(apt-get indextargets --format '$(SITE)/dists/$(RELEASE)/$(COMPONENT)' 'Created-By: Packages' | grep 'dists/[a-z]*/main$' | head -n 1)
  curl --fail --silent --show-error --output descriptions.partial "$archive/i18n/Translation-en.xz"
  mv descriptions.partial descriptions.xz
}

# "follow-through: carrying some project or intention to full completion"
cat dictionaries/usr/share/wordnet/data.* | awk -F' [|] ' '/^[0-9]/ {
  split($1, part, " "); word = part[5]; gsub(/_/, " ", word); sub(/ +$/, "", $2); print word ": " $2 }'

# An entry begins at the margin. What stands between backslashes is pronunciation, in square brackets origins and sources.
entries() {
  zcat < "$1" | awk 'function flush() { gsub(/\\[^\\]*\\|\[[^]]*\]|[{}]/, "", text); gsub(/[ \t]+/, " ", text); if (length(text) > 40) print text }
    /^[^ \t]/ { flush(); text = $0; next } { text = text " " $0 } END { flush() }'
}
for dictionary in gcide foldoc jargon; do entries "dictionaries/usr/share/dictd/$dictionary.dict.dz"; done

# Of each package that is no documentation the synopsis and the paragraphs; many packages share a description.
xzcat descriptions.xz | awk 'function flush() { if (!skip && length(text) > 40 && !seen[text]++) print text }
  /^Package: / { flush(); text = ""; skip = $2 ~ /-doc$/; next }
  /^Description-en: / { sub(/^[^ ]* /, ""); text = $0 "."; next }
  /^ \.$/ { next } /^ / { sub(/^ +/, ""); text = text " " $0 } END { flush() }'
