#!/usr/bin/env bash
# Puts the static executable of a release where the next steps of the job find it, after its checksum was compared.
set -euo pipefail
machine=$(uname -m)
name=dockhew-$DOCKHEW_VERSION-$machine-linux
url=${DOCKHEW_URL:-https://github.com/dockhew/dockhew/releases/download/v$DOCKHEW_VERSION/$name.tar.gz}
directory=${RUNNER_TEMP:-/tmp}/dockhew
mkdir -p "$directory"
curl --fail --silent --show-error --location --retry 3 --output "$directory/archive.tar.gz" "$url"
if [ -n "${DOCKHEW_CHECKSUM:-}" ] && ! echo "$DOCKHEW_CHECKSUM  $directory/archive.tar.gz" | sha256sum --check --status; then
  echo "::error::dockhew $DOCKHEW_VERSION: the archive has another checksum than the workflow says"
  exit 1
fi
tar -xzf "$directory/archive.tar.gz" -C "$directory" --strip-components=1 "$name/dockhew"
echo "$directory" >>"$GITHUB_PATH"
"$directory/dockhew" --version
