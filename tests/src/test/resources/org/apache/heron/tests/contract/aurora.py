#!/usr/bin/env python3
# Stands for Aurora's client and for a cluster of one host: reads the job's template as the client does, and runs each
# instance's processes in a sandbox beside this file. Speaks as the real client (apache/aurora, client/cli/jobs.py).
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
STATE = os.path.join(HERE, 'state.json')


def fail(code, *lines):
  for line in lines:
    print(line, file=sys.stderr)
  sys.exit(code)


def load():
  if not os.path.exists(STATE):
    return None
  with open(STATE) as file:
    return json.load(file)


def save(state):
  with open(STATE + '.new', 'w') as file:
    json.dump(state, file)
  os.rename(STATE + '.new', STATE)


def read_template(path):
  names = {}
  for name in ('Process', 'SequentialTask', 'Resources', 'Job', 'Announcer', 'HealthCheckConfig',
               'HealthCheckerConfig', 'HttpHealthChecker'):
    names[name] = lambda **fields: fields
  with open(path) as template:
    exec(compile(template.read(), path, 'exec'), names)
  return [process['cmdline'] for process in names['jobs'][0]['task']['processes']]


def free_ports(names):
  sockets = [socket.socket() for _ in names]
  for each in sockets:
    each.bind(('127.0.0.1', 0))
  ports = dict((name, each.getsockname()[1]) for name, each in zip(names, sockets))
  for each in sockets:
    each.close()
  return ports


def start(state, instance):
  sandbox = os.path.join(HERE, 'sandbox', instance)
  shutil.rmtree(sandbox, ignore_errors=True)
  os.makedirs(sandbox)
  names = ['port1', 'port2', 'port3', 'port4', 'http', 'scheduler', 'metricscachemgr_serverport',
           'metricscachemgr_statsport', 'ckptmgr_port', 'yourkit']
  ports = free_ports(names)
  values = dict(state['binds'])
  values['mesos.instance'] = instance
  for name, port in ports.items():
    values['thermos.ports[%s]' % name] = str(port)
  commands = []
  for command in state['commands']:
    for name, value in values.items():
      command = command.replace('{{%s}}' % name, value)
    if '{{' in command:
      fail(3, 'Error executing command: Error loading configuration: unbound variable in ' + command)
    commands.append('(' + command + ')')
  commands[-1] = 'exec ' + commands[-1][1:-1]
  with open(os.path.join(sandbox, 'stdout'), 'ab') as out:
    process = subprocess.Popen(
      ['/bin/sh', '-c', ' && '.join(commands)], cwd=sandbox, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
      start_new_session=True)
  state['attempt'] = state.get('attempt', 0) + 1
  state['instances'][instance] = {'pid': process.pid, 'task': 'task-%s-%d' % (instance, state['attempt']), 'ports': ports}


def alive(pid):
  try:
    with open('/proc/%d/stat' % pid) as stat:
      return stat.read().rsplit(')', 1)[1].split()[0] != 'Z'
  except OSError:
    return False


def stop(state, instance):
  pid = state['instances'].pop(instance)['pid']
  for which, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
    try:
      os.killpg(pid, which)
    except OSError:
      pass
    end = time.time() + patience
    while alive(pid) and time.time() < end:
      time.sleep(0.1)


def words_after(words, option):
  return [words[i + 1] for i, word in enumerate(words) if word == option]


def main(words):
  with open(os.path.join(HERE, 'calls'), 'a') as calls:
    calls.write(' '.join(word for word in words if '=' not in word) + '\n')
  if os.path.exists(os.path.join(HERE, 'unreachable')):
    fail(20, 'Fatal error running command:', 'Traceback (most recent call last):',
         'TimeoutError: Timed out trying to connect to scheduler at aurora')
  verb = words[1]
  state = load()
  spec = [word for word in words[2:] if word.count('/') in (3, 4) and '=' not in word and not word.startswith('/')]
  job = '/'.join(spec[0].split('/')[:4])
  chosen = spec[0].split('/')[4].split(',') if spec[0].count('/') == 4 else None
  known = state is not None and state['job'] == job and state['instances']
  if verb == 'create':
    if known:
      fail(4, 'Job creation failed due to error:', '\tJob %s already exists' % job.split('/', 1)[1])
    binds = dict(bind.split('=', 1) for bind in words_after(words, '--bind'))
    template = [word for word in words if word.endswith('.aurora')][-1]
    state = {'job': job, 'binds': binds, 'commands': read_template(template), 'instances': {}}
    for instance in range(int(binds['NUM_CONTAINERS'])):
      start(state, str(instance))
    save(state)
    print('Job create succeeded: job url=http://aurora.example/scheduler/' + job.split('/', 1)[1])
  elif verb == 'killall':
    if not known:
      fail(6, 'No tasks to kill found for job ' + job)
    for instance in list(state['instances']):
      stop(state, instance)
    os.remove(STATE)
    shutil.rmtree(os.path.join(HERE, 'sandbox'))
    print('Job killall succeeded')
  elif verb == 'kill':
    for instance in chosen:
      stop(state, instance)
    save(state)
    print('Job kill succeeded')
  elif verb == 'restart':
    for instance in chosen or sorted(state['instances']):
      if instance not in state['instances']:
        fail(6, 'Error executing command: Invalid instance parameter: [%s]' % instance)
      stop(state, instance)
      start(state, instance)
    save(state)
    print('Job %s restarted successfully' % job)
  elif verb == 'add':
    first = max(int(instance) for instance in state['instances']) + 1
    added = list(range(first, first + int(words[words.index(spec[0]) + 1])))
    for instance in added:
      start(state, str(instance))
    save(state)
    print('DEBUG] Querying instance statuses: %s' % added, file=sys.stderr)
  elif verb == 'status':
    if not known:
      print(json.dumps({'jobspec': job, 'error': 'No matching jobs found'}))
      return
    print(json.dumps([{'job': job, 'inactive': [], 'active': [{
      'status': 'RUNNING' if alive(each['pid']) else 'THROTTLED', 'failureCount': 0,
      'taskEvents': [{'timestamp': int(time.time() * 1000), 'status': 'RUNNING', 'message': None}],
      'assignedTask': {'taskId': each['task'], 'slaveHost': 'localhost', 'instanceId': int(instance),
                       'assignedPorts': each['ports'],
                       'task': {'resources': [{'numCpus': 1.0}, {'ramMb': 1024}, {'diskMb': 1024}]}}
    } for instance, each in state['instances'].items()]}], indent=2))
  else:
    fail(2, "aurora job: error: argument verb: invalid choice: '%s'" % verb)


main(sys.argv[1:])
