package org.apache.heron.executor.sinks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;

/**
 * A report in the form of upstream's FileSink: a list of records, each of one instance, or of the
 * stream manager. Several samples of one metric are in records of their own.
 */
final class MetricsJson {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** One instance's part of the report. */
  private record Part(List<Map<String, String>> metrics, List<Map<String, Object>> exceptions) {
    Part() {
      this(new ArrayList<>(List.of(new LinkedHashMap<>())), new ArrayList<>());
    }

    void add(String name, String value) {
      for (Map<String, String> record : metrics) {
        if (record.putIfAbsent(name, value) == null) {
          return;
        }
      }
      Map<String, String> another = new LinkedHashMap<>();
      another.put(name, value);
      metrics.add(another);
    }
  }

  private MetricsJson() {}

  static byte[] of(
      ContainerCounters counters, PublishMetrics report, String hostname, Instant time) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (MetricDatum metric : report.getMetricsList()) {
      part(parts, metric.getComponentName(), metric.getInstanceId())
          .add(metric.getName(), metric.getValue());
    }
    for (TmanagerExceptionLog exception : report.getExceptionsList()) {
      part(parts, exception.getComponentName(), exception.getInstanceId())
          .exceptions()
          .add(of(exception));
    }
    List<Map<String, Object>> records = new ArrayList<>();
    parts.forEach(
        (source, part) -> {
          List<Map<String, Object>> exceptions = part.exceptions();
          for (Map<String, String> metrics : part.metrics()) {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("timestamp", time.toEpochMilli());
            record.put("source", hostname + ":" + task(counters, source) + "/" + source);
            record.put("context", "default");
            record.put("metrics", metrics);
            record.put("exceptions", exceptions);
            records.add(record);
            exceptions = List.of();
          }
        });
    try {
      return MAPPER.writeValueAsBytes(records);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report cannot be written as JSON", e);
    }
  }

  private static Part part(Map<String, Part> parts, String component, String instance) {
    return parts.computeIfAbsent(component + "/" + instance, source -> new Part());
  }

  private static Map<String, Object> of(TmanagerExceptionLog exception) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("firstTime", exception.getFirsttime());
    values.put("lastTime", exception.getLasttime());
    values.put("logging", exception.getLogging());
    values.put("stackTrace", exception.getStacktrace());
    values.put("count", exception.getCount());
    return values;
  }

  /** Upstream's instances give their task in the place of a port; a stream manager has none. */
  private static int task(ContainerCounters counters, String source) {
    return counters.instances().stream()
        .filter(instance -> source.endsWith("/" + instance.instanceId()))
        .mapToInt(InstanceCounters::taskId)
        .findFirst()
        .orElse(0);
  }
}
