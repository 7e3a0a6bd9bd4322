#!/usr/bin/env bash
# Installs the programs the integration tests start, only what is missing: Prometheus with promtool, VictoriaMetrics, Pushgateway, Alertmanager, node exporter, PostgreSQL,
# Redis, nginx, Node.js with the npm packages of the OTLP receiver, of StatsD, of an SMTP server and of Grafana's types, and AWS's library for Python. For Debian; asks for root only when a package is missing.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
tests="$root/test/OtelTelemetry.Integration.Tests"

# program -> Debian package
programs=(prometheus:prometheus promtool:prometheus victoria-metrics:victoria-metrics prometheus-pushgateway:prometheus-pushgateway prometheus-node-exporter:prometheus-node-exporter prometheus-alertmanager:prometheus-alertmanager redis-server:redis-server nginx:nginx-light node:nodejs npm:npm)

missing=()
for entry in "${programs[@]}"; do
  command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
done

# A library, not a program. Only Debian's own Python sees it.
/usr/bin/python3 -c 'import botocore' 2>/dev/null || missing+=(python3-botocore)

# Its programs are not on PATH, but in a folder of their version.
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)

if ((${#missing[@]} > 0)); then
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  echo "Installing: ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then as_root=(sudo --non-interactive); fi
  "${as_root[@]}" apt-get update -qq </dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
fi

# npm writes node_modules/.package-lock.json last: when it is not older than the lock file, the packages are those of the lock file.
for server in OtlpReceiver StatsDServer SmtpServer GrafanaSchema; do
  folder="$tests/$server"
  if [[ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]]; then
    echo "Installing the npm packages of $server"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
    touch "$folder/node_modules/.package-lock.json"
  fi
done
