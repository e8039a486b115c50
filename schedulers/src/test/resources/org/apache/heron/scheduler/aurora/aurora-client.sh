#!/bin/sh
# Stands for Aurora's client: notes how it is called, keeps the instances of one job in files beside itself, and speaks
# as the real one does (apache/aurora, src/main/python/apache/aurora/client). A play, a directory named for a verb and
# perhaps a number of a call, says what it writes and how it ends instead: files out, err, code, hang.
here=$(cd "$(dirname "$0")" && pwd)
noun=$1
verb=$2

number=$(($(cat "$here/count.$verb" 2>/dev/null || echo 0) + 1))
echo "$number" >"$here/count.$verb"
{
  for word in "$@"; do printf '%s\n' "$word"; done
  printf '\004\n'
} >>"$here/calls"

work() {
  [ "$noun" = job ] || {
    echo "usage: aurora [-h] [--version] {job,cron,config,quota,sla,task,update} ..." >&2
    return 2
  }

  highest() {
    sort -n "$here/instances" | tail -n 1
  }

  # The word that names the job: cluster/role/env/name, perhaps with /instances.
  spec=
  for word in "$@"; do
    case $word in
      */*/*/*=*) ;;
      /*) ;;
      */*/*/*) spec=$word ;;
    esac
  done
  job=$(echo "$spec" | cut -d/ -f1-4)
  ids=$(echo "$spec" | cut -s -d/ -f5 | tr ',' ' ')

  case $verb in
    create)
      count=$(for word in "$@"; do echo "$word"; done | sed -n 's/^NUM_CONTAINERS=//p')
      if [ -f "$here/instances" ]; then
        echo "Job creation failed due to error:" >&2
        printf '\tJob %s already exists\n' "${job#*/}" >&2
        return 4
      fi
      seq 0 $((count - 1)) >"$here/instances"
      echo " INFO] Creating job ${job##*/}" >&2
      echo " INFO] Checking status of $job" >&2
      echo "Job create succeeded: job url=http://aurora.example:8081/scheduler/${job#*/}"
      ;;
    killall)
      if [ ! -f "$here/instances" ]; then
        echo "No tasks to kill found for job $job" >&2
        return 6
      fi
      rm "$here/instances"
      echo " INFO] Killing tasks for job: $job" >&2
      echo "Job killall succeeded"
      ;;
    kill)
      for id in $ids; do
        grep -vx "$id" "$here/instances" >"$here/instances.new"
        mv "$here/instances.new" "$here/instances"
      done
      echo "Successfully killed instances [$(echo "$ids" | sed 's/ /, /g')]"
      echo "Job kill succeeded"
      ;;
    restart)
      if [ ! -f "$here/instances" ]; then
        echo " INFO] No instances specified, and no active instances found in job $job" >&2
      fi
      echo "Job $job restarted successfully"
      ;;
    add)
      for count in "$@"; do [ "$count" = --verbose ] && break; last=$count; done
      first=$(($(highest) + 1))
      end=$((first + last - 1))
      echo " INFO] Adding $last instances to $job using the task config of instance 0" >&2
      seq "$first" "$end" >>"$here/instances"
      echo "DEBUG] Querying instance statuses: [$(seq -s ', ' "$first" "$end")]" >&2
      echo "DEBUG] Response from scheduler: OK (message: )" >&2
      ;;
    status)
      if [ ! -f "$here/instances" ]; then
        printf '{"jobspec":"%s","error":"No matching jobs found"}\n' "$job"
        return 0
      fi
      echo " INFO] Checking status of $job" >&2
      separator=
      printf '[{"job": "%s", "active": [' "$job"
      for id in $(sort -n "$here/instances"); do
        printf '%s{"status": "%s", "failureCount": 0, "ancestorId": null, "taskEvents": [{"timestamp": 1479720000000,' \
          "$separator" "$(cat "$here/state.$id" 2>/dev/null || echo RUNNING)"
        printf ' "status": "PENDING", "message": null, "scheduler": "aurora-1"}], "assignedTask": {"taskId": "t-%s",' "$id"
        printf ' "slaveHost": "agent-%s.example", "instanceId": %s, "assignedPorts": {"http": 31000, "port1": 31001},' \
          "$id" "$id"
        printf ' "task": {"isService": true, "resources": [{"numCpus": 1.5}, {"ramMb": 2048}, {"diskMb": 4096}]}}}'
        separator=', '
      done
      printf '], "inactive": []}]\n'
      ;;
    *)
      echo "aurora job: error: argument verb: invalid choice: '$verb'" >&2
      return 2
      ;;
  esac
}

for play in "$here/play.$verb.$number" "$here/play.$verb"; do
  if [ -d "$play" ]; then
    [ -f "$play/proceed" ] && work "$@" >/dev/null 2>&1
    [ -f "$play/out" ] && cat "$play/out"
    [ -f "$play/err" ] && cat "$play/err" >&2
    if [ -f "$play/hang" ]; then
      echo $$ >"$here/hanging"
      # A child of its own, which has to go too.
      sleep 600 &
      wait
    fi
    exit "$(cat "$play/code" 2>/dev/null || echo 0)"
  fi
done
work "$@"
