# Reads a job's template as Aurora's client does: runs it with the names of Aurora's schema, and prints what it
# describes as JSON. The names note the fields that they know, so that a wrong one fails as it does there.
import json
import sys


def schema(name, *fields):
  def make(**given):
    for field in given:
      if field not in fields:
        raise AttributeError('Unknown schema attribute %s of %s' % (field, name))
    return dict(given, **{'': name})
  return make


names = {
  'Process': schema('Process', 'name', 'cmdline', 'max_failures', 'min_duration', 'daemon', 'ephemeral', 'final'),
  'SequentialTask': schema('SequentialTask', 'name', 'processes', 'resources', 'max_failures'),
  'Resources': schema('Resources', 'cpu', 'ram', 'disk'),
  'Job': schema(
    'Job', 'name', 'cluster', 'role', 'environment', 'tier', 'service', 'task', 'instances', 'announce',
    'health_check_config', 'constraints', 'contact', 'priority', 'production', 'update_config'),
  'Announcer': schema('Announcer', 'primary_port', 'portmap'),
  'HealthCheckConfig': schema(
    'HealthCheckConfig', 'health_checker', 'initial_interval_secs', 'interval_secs', 'max_consecutive_failures',
    'timeout_secs'),
  'HealthCheckerConfig': schema('HealthCheckerConfig', 'http', 'shell'),
  'HttpHealthChecker': schema('HttpHealthChecker', 'endpoint', 'expected_response', 'expected_response_code'),
}

with open(sys.argv[1]) as template:
  exec(compile(template.read(), sys.argv[1], 'exec'), names)
print(json.dumps(names['jobs']))
