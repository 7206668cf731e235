#!/usr/bin/env bash
# Technical English to distil an encoder on: technical-text.sh WORK writes WORK/docstrings.txt, the descriptions that stand in the source code
# of some ninety Python libraries (none of Python itself, whose manual GenQ is measured on), and WORK/howto.txt, the first sentence of many
# of them as somebody would ask for it; WORK/howto.tsv holds those questions with the descriptions that they ask for.
set -euo pipefail
work=${1:?usage: technical-text.sh WORK}
packages="numpy scipy pandas sklearn django sqlalchemy twisted matplotlib sympy networkx skimage astropy nltk sphinx werkzeug flask jinja2
  requests tornado aiohttp pip pygments lxml statsmodels xarray dask distributed paramiko docker botocore boto3 pil ipython jedi pytest
  hypothesis click cherrypy3 psycopg2 redis pymongo celery kombu scrapy feedparser bs4 html5lib docutils gi pyqt5 tables h5py dateutil setuptools
  virtualenv pyramid webob mako markdown babel cryptography openssl ldap3 dns scapy rdflib shapely pyproj torch openpyxl reportlab pypdf2
  breezy libcloud novaclient fabric invoke trio anyio httpx fastapi pydantic attr zmq gevent eventlet simpy pyglet pygame opengl"
mkdir -p "$work/debian/python"
cd "$work/debian/python"
[ -d usr ] || {
  mkdir -p partial
  # shellcheck disable=SC2086 # a list of words
  apt-get download $(printf 'python3-%s ' $packages) mercurial-common > /dev/null
  for package in *.deb; do dpkg-deb --fsys-tarfile "$package" | tar --extract --directory partial --wildcards './usr/*.py' 2> /dev/null || true; done
  mv partial/usr usr
}

# What stands between triple quotes, without examples and markup.
find usr -name '*.py' | grep --invert-match --extended-regexp '/tests?/|/testing/|test_' | sort | xargs -n 500 awk '
  BEGIN { RS = "\"\"\"" }
  FNR == 1 { inside = 0 }
  {
    if (inside) {
      text = $0
      gsub(/>>>[^\n]*/, " ", text); gsub(/\.\. [a-z]+::[^\n]*/, " ", text); gsub(/:[a-z]+:`/, "", text)
      gsub(/[`*=~^_-][`*=~^_-]+/, " ", text); gsub(/[`\\|]/, "", text); gsub(/[ \t\n\r]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text)
      words = split(text, word, " ")
      if (words >= 6 && length(text) / words < 12 && !seen[text]++) print substr(text, 1, 3000)
    }
    inside = !inside
  }' > "$work/docstrings.partial"
mv "$work/docstrings.partial" "$work/docstrings.txt"

# "Compute the mean along an axis." gives "how do i compute the mean along an axis?"
verbs='Add|Append|Apply|Assign|Build|Calculate|Call|Change|Check|Clear|Close|Combine|Compare|Compute|Configure|Connect|Convert|Copy|Count|Create'
verbs+='|Decode|Define|Delete|Determine|Disable|Display|Download|Draw|Enable|Encode|Evaluate|Execute|Extract|Fetch|Fill|Filter|Find|Fit|Format'
verbs+='|Generate|Get|Handle|Implement|Import|Initialize|Insert|Install|Iterate|Join|List|Load|Log|Make|Map|Match|Merge|Modify|Move|Open|Parse'
verbs+='|Perform|Plot|Print|Process|Provide|Put|Read|Register|Remove|Rename|Render|Replace|Represent|Reset|Resize|Resolve|Return|Run|Save|Search'
verbs+='|Select|Send|Set|Show|Sort|Split|Start|Stop|Store|Test|Transform|Update|Upload|Use|Validate|Verify|Wait|Wrap|Write'
awk -v verbs="^($verbs) " '
  {
    sentence = $0
    sub(/[.:;(].*/, "", sentence)
    words = split(sentence, word, " ")
    if (words < 4 || words > 14 || sentence ~ /[^A-Za-z0-9 ,\047\/-]/ || sentence !~ verbs) next
    sub(/^Return /, "get ", sentence)
    sentence = tolower(substr(sentence, 1, 1)) substr(sentence, 2)
    if (seen[sentence]++) next
    form = ++count % 5
    query = form == 0 ? "how do i " sentence "?" : form == 1 ? "How can I " sentence "?" : form == 2 ? "how to " sentence \
      : form == 3 ? sentence : "What is the best way to " sentence "?"
    # Half of the longer descriptions lose the sentence itself, so that not every question is a copy.
    passage = substr($0, 1, 1500)
    if (count % 2 && match(passage, /[.:] /) && length(passage) - RSTART > 200) passage = substr(passage, RSTART + 2)
    print query "\t" passage
  }' "$work/docstrings.txt" > "$work/howto.tsv"
cut --fields=1 "$work/howto.tsv" > "$work/howto.txt"
