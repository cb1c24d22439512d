#!/bin/sh
# Builds all services, or those that are named.
set -eu
cd "$(dirname "$0")/.."
export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1
GIT_SHA=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
export GIT_SHA
docker-compose -f docker-compose.yml -f docker-compose.prod.yml build "$@"
