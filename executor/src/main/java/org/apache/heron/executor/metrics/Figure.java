package org.apache.heron.executor.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.StreamCounters;

/** One figure under upstream's name, for example {@code __emit-count/default}; immutable. */
public sealed interface Figure {

  /** With upstream's underscores. */
  String name();

  /** What only grows, as long as the container and the instance are there. */
  record Total(String name, long value) implements Figure {}

  /** A mean: of {@code count} times that are {@code nanos} together, both of which only grow. */
  record Mean(String name, long nanos, long count) implements Figure {}

  /** How it is at this moment. */
  record Reading(String name, Number value) implements Figure {}

  /** The component under which a container tells of its stream manager. */
  String STREAM_MANAGER = "__stmgr__";

  /** Before the id of the instance for which spouts were held back. */
  String BACK_PRESSURE_BY = "__time_spent_back_pressure_by_compid";

  /**
   * Whether the topology manager is told. It keeps each value of some hours; upstream's
   * metrics_sinks.yaml sends it these (but time-outs and the latency of nextTuple).
   */
  static boolean forTopologyManager(String name) {
    return !name.startsWith("__execute-time-ns/")
        && !name.startsWith("__fail-latency/")
        && !name.equals("__next-tuple-count");
  }

  /**
   * All that is known of an instance but its user metrics. What concerns an input of a bolt is told
   * under {@code name/stream} and {@code name/component/stream}, as upstream does: the first is of
   * all inputs whose streams have that name.
   */
  static List<Figure> of(InstanceCounters instance) {
    List<Figure> figures = new ArrayList<>();
    instance
        .emitted()
        .forEach((stream, count) -> figures.add(new Total("__emit-count/" + stream, count)));
    if (instance.spout()) {
      instance.streams().forEach(stream -> addOutput(figures, stream));
      figures.add(
          new Mean("__next-tuple-latency", instance.nextTupleNanos(), instance.nextTuples()));
      figures.add(new Total("__next-tuple-count", instance.nextTuples()));
    } else {
      Map<String, StreamCounters> inputs = new TreeMap<>();
      for (StreamCounters stream : instance.streams()) {
        inputs.merge(stream.stream(), stream, Figure::together);
        inputs.merge(stream.path(), stream, Figure::together);
      }
      inputs.forEach((name, input) -> addInput(figures, name, input));
    }
    return figures;
  }

  private static StreamCounters together(StreamCounters one, StreamCounters other) {
    return new StreamCounters(
        one.component(),
        one.stream(),
        one.executed() + other.executed(),
        one.executeNanos() + other.executeNanos(),
        one.acked() + other.acked(),
        one.ackTimes() + other.ackTimes(),
        one.ackNanos() + other.ackNanos(),
        one.failed() + other.failed(),
        one.failTimes() + other.failTimes(),
        one.failNanos() + other.failNanos(),
        one.timedOut() + other.timedOut());
  }

  private static void addInput(List<Figure> figures, String name, StreamCounters input) {
    figures.add(new Total("__execute-count/" + name, input.executed()));
    figures.add(new Total("__execute-time-ns/" + name, input.executeNanos()));
    figures.add(new Mean("__execute-latency/" + name, input.executeNanos(), input.executed()));
    figures.add(new Mean("__process-latency/" + name, input.ackNanos(), input.ackTimes()));
    addEnds(figures, name, input);
  }

  private static void addOutput(List<Figure> figures, StreamCounters output) {
    String name = output.stream();
    figures.add(new Mean("__complete-latency/" + name, output.ackNanos(), output.ackTimes()));
    figures.add(new Total("__timeout-count/" + name, output.timedOut()));
    addEnds(figures, name, output);
  }

  private static void addEnds(List<Figure> figures, String name, StreamCounters stream) {
    figures.add(new Total("__ack-count/" + name, stream.acked()));
    figures.add(new Total("__fail-count/" + name, stream.failed()));
    figures.add(new Mean("__fail-latency/" + name, stream.failNanos(), stream.failTimes()));
  }

  /**
   * What is told of a container's stream manager: for how many milliseconds it had spouts held
   * back, and because of whom. A spout has no queue that could be too full.
   */
  static List<Figure> of(ContainerCounters container) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Total("__server/__time_spent_back_pressure_initiated", container.backPressureMillis()));
    for (InstanceCounters instance : container.instances()) {
      figures.add(
          new Total(
              BACK_PRESSURE_BY + "/" + instance.instanceId(),
              instance.spout() ? 0 : instance.backPressureMillis()));
    }
    return figures;
  }
}
