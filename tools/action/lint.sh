#!/usr/bin/env bash
# Lints, annotates the lines, writes the report for code scanning, and adds two tables to the summary of the job.
set -uo pipefail
report=${RUNNER_TEMP:-/tmp}/dockhew.sarif
table=${RUNNER_TEMP:-/tmp}/dockhew.md
# shellcheck disable=SC2086 # lists, separated by blanks
dockhew lint --fail-on "$DOCKHEW_FAIL_ON" --format github --format "sarif:$report" --format "markdown:$table" \
  ${DOCKHEW_ARGUMENTS:-} ${DOCKHEW_PATHS:-.}
status=$?
[ -s "$report" ] && echo "sarif-file=$report" >>"$GITHUB_OUTPUT"
{
  if [ -s "$table" ]; then cat "$table"; fi
  if [ "${DOCKHEW_LAYERS:-true}" = true ]; then
    printf '\n## What a change rebuilds\n\n```text\n'
    # shellcheck disable=SC2086 # a list, separated by blanks
    dockhew layers ${DOCKHEW_PATHS:-.} 2>&1 | head -n 400
    printf '```\n'
  fi
} >>"$GITHUB_STEP_SUMMARY"
exit "$status"
