#!/bin/sh
# Makes base images from Debian's packages, under the names that the projects next to this file build from, so that the end-to-end tests need no image registry. They go into a separate storage, named by CONTAINERS_STORAGE_CONF.
# Usage: images.sh DIRECTORY [IMAGE…]
set -eu
directory=$1
shift
mkdir -p "$directory"

# The machine's own package sources, whichever of the two forms they are in.
sources() {
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
    if [ -s "$file" ]; then printf '%s\n' "$file"; fi
  done
}

# shellcheck disable=SC2016 # $1 is for the hooks
# make NAME PACKAGES NAMES-OF-THE-IMAGE [CONFIGURATION…]
make() {
  name=$1 packages=$2 tags=$3
  shift 3
  first=${tags%% *}
  if buildah inspect --type image "docker.io/library/$first" >/dev/null 2>&1; then return 0; fi
  tree=$directory/$name.tar
  # shellcheck disable=SC2046 # a list of files
  mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io --include="ca-certificates,$packages" \
    --customize-hook='cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"' \
    --customize-hook='if [ -d "$1/etc/ssl/certs/java" ] && [ -e /etc/ssl/certs/java/cacerts ]; then cp /etc/ssl/certs/java/cacerts "$1/etc/ssl/certs/java/"; fi' \
    --customize-hook='rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED' \
    --customize-hook='for python in "$1"/usr/lib/python3.*; do
      if [ -d "$python" ]; then
        local=$1/usr/local/lib/${python##*/}
        mkdir -p "$local/site-packages" && rm -rf "$local/dist-packages" && ln -s site-packages "$local/dist-packages"
      fi
    done' \
    --customize-hook='mkdir -p "$1/.cargo" "$1/etc/apt/apt.conf.d" "$1/usr/local/bundle"' \
    --customize-hook="copy-in '$directory/docker-clean' /etc/apt/apt.conf.d" \
    --customize-hook="copy-in '$directory/config.toml' /.cargo" \
    --customize-hook="copy-in '$directory/npmrc' /etc" \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/var/cache/apt/archives/*.deb' \
    bookworm "$tree" $(sources)
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$tree" / >/dev/null
  buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" "$container"
  buildah commit --quiet --rm "$container" "docker.io/library/$first" >/dev/null
  for tag in $tags; do buildah tag "docker.io/library/$first" "docker.io/library/$tag"; done
  rm -f "$tree"
}

# As in Docker's own Debian images: without it, a mount on /var/cache/apt needs nothing more.
cat >"$directory/docker-clean" <<'CONF'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
CONF
# Debian packages crates as sources, which Cargo treats as a registry.
cat >"$directory/config.toml" <<'CONF'
[source.crates-io]
replace-with = "debian"
[source.debian]
directory = "/usr/share/cargo/registry"
CONF
printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\naudit=false\nfund=false\n' >"$directory/npmrc"
if command -v npm >/dev/null; then echo "registry=$(npm config get registry)" >>"$directory/npmrc"; fi

[ $# -gt 0 ] || set -- debian rust node golang python ruby gcc maven jdk jre
for image in "$@"; do
  case $image in
    debian) make debian "" "debian:bookworm-slim debian:bookworm" ;;
    rust)
      make rust "cargo,rustc,gcc,libc6-dev,librust-regex+default-dev,librust-serde-json-dev,librust-serde-derive-dev" \
        "rust:1.63-bookworm" --env CARGO_HOME=/usr/local/cargo
      ;;
    node) make node "nodejs,npm" "node:18-bookworm node:18-bookworm-slim" --env NODE_VERSION=18 \
      --env NPM_CONFIG_GLOBALCONFIG=/etc/npmrc ;;
    golang) make golang "golang-go" "golang:1.19-bookworm" --env GOPATH=/go ;;
    # Docker's Python keeps packages in site-packages, and Debian's in dist-packages.
    python) make python "python3,python3-pip,python-is-python3" "python:3.11-bookworm python:3.11-slim-bookworm" ;;
    # The slim form has no compiler and no library that the interpreter does not load.
    ruby)
      make ruby "ruby,bundler,ruby-dev,gcc,make,libc6-dev,libsqlite3-dev,librust-regex+default-dev" "ruby:3.1-bookworm" \
        --env GEM_HOME=/usr/local/bundle --env BUNDLE_APP_CONFIG=/usr/local/bundle
      make ruby-slim "ruby,bundler" "ruby:3.1-slim-bookworm" --env GEM_HOME=/usr/local/bundle --env BUNDLE_APP_CONFIG=/usr/local/bundle
      ;;
    # They are Debian's OpenJDK under the names of the images that are usual.
    maven) make maven "maven,openjdk-17-jdk-headless" "maven:3.8-eclipse-temurin-17" --env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 --env MAVEN_CONFIG=/root/.m2 ;;
    jdk) make jdk "gradle,openjdk-17-jdk-headless" "eclipse-temurin:17-jdk" --env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 ;;
    jre) make jre "openjdk-17-jre-headless" "eclipse-temurin:17-jre" --env JAVA_HOME=/usr/lib/jvm/java-17-openjdk-amd64 ;;
    gcc) make gcc "g++,cmake,ninja-build,ccache" "gcc:12-bookworm" ;;
  esac
done
