#!/bin/sh
# Runs one container of a topology on a Nomad client without Docker (driver raw_exec).
#
# Nomad sets the variables HERON_… and NOMAD_PORT_…; see docs/compatibility.md. To change what is
# run, copy this file and name the copy in heron.scheduler.job.template.
set -eu

directory=$HERON_NOMAD_WORKING_DIR
case $directory in
  /*/container-[0-9]*) ;;
  *) echo "HERON_NOMAD_WORKING_DIR is '$directory', not the absolute path of a container's directory" >&2
     exit 64 ;;
esac
pid_file=$directory.pid

# Nomad asks this shell to end; the executor ends its own processes when it is asked.
asked=no
executor=
trap 'asked=yes; [ -z "$executor" ] || kill -TERM "$executor" 2>/dev/null || true' TERM INT

# Removes the mark of this run; whoever comes next may have made it its own.
forget() {
  [ "$(cat "$pid_file" 2>/dev/null)" != $$ ] || rm -f "$pid_file"
}

# An earlier run of this container on this host may still be ending: its directory is not to be
# pulled from under it. After half a minute Nomad has killed it, or it is another process. Whoever
# comes next waits for this one, also while this one waits.
former=
[ ! -f "$pid_file" ] || former=$(cat "$pid_file")
mkdir -p "${directory%/*}"
echo $$ > "$pid_file"
if [ -n "$former" ]; then
  seconds=0
  while [ "$seconds" -lt 30 ] && kill -0 "$former" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
  done
fi
if [ "$asked" = yes ]; then
  forget
  exit 143
fi

rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"

# fetch URI FILE
fetch() {
  case $1 in
    file:///*) cp "${1#file://}" "$2" ;;
    file:/*) cp "${1#file:}" "$2" ;;
    /*) cp "$1" "$2" ;;
    *) curl --fail --silent --show-error --location --retry 3 --connect-timeout 20 "$1" -o "$2" ;;
  esac
}

if [ "${HERON_USE_CORE_PACKAGE_URI:-true}" = true ]; then
  fetch "$HERON_CORE_PACKAGE_URI" heron-core.tar.gz
  tar -xzf heron-core.tar.gz
  rm -f heron-core.tar.gz
else
  ln -s "$HERON_CORE_PACKAGE_DIR" heron-core
fi

# The core package brings what fetches from S3, HDFS and others; without it, what curl can fetch.
if [ -x ./heron-core/bin/heron-downloader ]; then
  eval "$HERON_TOPOLOGY_DOWNLOAD_LINE"
else
  fetch "$HERON_TOPOLOGY_PACKAGE_URI" topology.tar.gz
  tar -xzf topology.tar.gz
  rm -f topology.tar.gz
fi

if [ -n "${METRICS_PORT_FILE:-}" ]; then
  echo "${NOMAD_PORT_metrics_port:-}" > "$METRICS_PORT_FILE"
fi

if [ "$asked" = no ]; then
  eval "exec $HERON_EXECUTOR_LINE" &
  executor=$!
fi
status=143
while [ -n "$executor" ]; do
  # An ask that came while it was started has found nobody yet.
  [ "$asked" = no ] || kill -TERM "$executor" 2>/dev/null || true
  status=0
  wait "$executor" || status=$?
  kill -0 "$executor" 2>/dev/null || break
done

if [ "$asked" = yes ] && [ "${HERON_KEEP_WORKING_DIR:-false}" != true ]; then
  cd /
  rm -rf "$directory"
  forget
fi
exit "$status"
