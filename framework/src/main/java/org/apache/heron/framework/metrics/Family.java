package org.apache.heron.framework.metrics;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * Every figure that a scheduler exposes, as Prometheus names it. The names are an interface: alerts
 * and dashboards hold on to them, so one is never renamed. {@code docs/metrics.md} explains each.
 */
enum Family {
  /** What runs here: a constant 1 whose labels name the topology. */
  INFO(
      "heron_scheduler_info",
      Type.GAUGE,
      "The topology that this process schedules; always 1.",
      "topology",
      "cluster",
      "role",
      "environ"),
  /** 1 in the process that schedules, 0 in one that stands by. */
  LEADER("heron_leader", Type.GAUGE, "1 if this process schedules the topology, 0 if not."),
  /** How often the topology has changed its scheduler process. */
  EPOCH("heron_epoch", Type.GAUGE, "Number of the scheduler process since submission; 0 if none."),
  /** 1 while the master has us. */
  SUBSCRIBED("heron_subscribed", Type.GAUGE, "1 while subscribed with a Mesos master."),
  /** Where the framework is. */
  PHASE("heron_phase", Type.GAUGE, "1 for the phase that the framework is in.", "phase"),
  /** 1 while nobody knows who leads. */
  SUSPENDED(
      "heron_suspended",
      Type.GAUGE,
      "1 while this process leads but cannot reach ZooKeeper: nothing is decided, tasks live on."),
  /** Containers that there are. */
  CONTAINERS("heron_containers", Type.GAUGE, "Containers by where they are in life.", "life"),
  /** For how long the container that waits longest has waited. */
  WAITING_LONGEST(
      "heron_waiting_longest_seconds",
      Type.GAUGE,
      "How long the longest waiting container has waited for a place; 0 if none waits."),
  /** The worst crash loop. */
  FAILURES_IN_A_ROW(
      "heron_failures_in_a_row",
      Type.GAUGE,
      "Failures in a row of the container that has most of them."),
  /** Agents that come last. */
  PENALISED_AGENTS(
      "heron_penalised_agents",
      Type.GAUGE,
      "Agents on which launches have failed lately, so that others are preferred."),
  /** Offers at hand. */
  OFFERS_HELD("heron_offers_held", Type.GAUGE, "Offers that are being gathered."),
  /** Wishes of Mesos to have an agent emptied. */
  INVERSE_OFFERS(
      "heron_inverse_offers_total",
      Type.COUNTER,
      "Announcements of Mesos that an agent is to be maintained."),
  /** Offers that have come. */
  OFFERS_RECEIVED("heron_offers_received_total", Type.COUNTER, "Offers that have come."),
  /** Offers that were taken back before they were used. */
  OFFERS_RESCINDED("heron_offers_rescinded_total", Type.COUNTER, "Offers that Mesos took back."),
  /** Offers that were used. */
  OFFERS_ACCEPTED("heron_offers_accepted_total", Type.COUNTER, "Offers that were accepted."),
  /** Offers that were given back. */
  OFFERS_DECLINED(
      "heron_offers_declined_total",
      Type.COUNTER,
      "Offers that were declined: idle if nothing waited, unfit if what waited did not fit.",
      "reason"),
  /** Tasks that were launched. */
  LAUNCHES("heron_launches_total", Type.COUNTER, "Tasks that Mesos was asked to launch."),
  /** Copies of containers that failed. */
  FAILURES(
      "heron_failures_total",
      Type.COUNTER,
      "Copies of containers that failed, by Mesos' reason or, without one, by the task's state.",
      "cause"),
  /** Copies that were given up out of reach. */
  GIVEN_UP(
      "heron_given_up_total", Type.COUNTER, "Copies that stayed out of reach and were given up."),
  /** Tasks that we did not want and have killed. */
  STRANGERS_KILLED(
      "heron_strangers_killed_total",
      Type.COUNTER,
      "Kills of tasks that are no container's present copy."),
  /** What Mesos has said of tasks. */
  STATUS_UPDATES(
      "heron_status_updates_total", Type.COUNTER, "States of tasks that Mesos sent.", "state"),
  /** How long a container waits for its place. */
  PLACE_SECONDS(
      "heron_place_seconds", Type.SUMMARY, "From a container's wait to its launch, in seconds."),
  /** How long a copy takes to run. */
  START_SECONDS(
      "heron_start_seconds", Type.SUMMARY, "From a copy's launch to its running, in seconds."),
  /** Questions about tasks. */
  RECONCILIATIONS(
      "heron_reconciliations_total",
      Type.COUNTER,
      "Questions to Mesos about tasks: explicit for those on record, implicit for all.",
      "kind"),
  /** What Mesos has not answered yet. */
  UNANSWERED(
      "heron_reconciliation_unanswered",
      Type.GAUGE,
      "Tasks that Mesos was asked about and has not answered for."),
  /** How long it takes until all tasks are known after a subscription. */
  RECONCILIATION_SECONDS(
      "heron_reconciliation_seconds",
      Type.SUMMARY,
      "From a subscription until Mesos has answered for every task on record, in seconds."),
  /** Subscriptions, the first and those after. */
  SUBSCRIPTIONS("heron_subscriptions_total", Type.COUNTER, "Subscriptions with a Mesos master."),
  /** Times that a master was lost. */
  DISCONNECTIONS("heron_disconnections_total", Type.COUNTER, "Connections that were lost."),
  /** What users ask. */
  COMMANDS("heron_commands_total", Type.COUNTER, "Commands of users.", "command"),
  /** The core's speed. */
  DECIDE_SECONDS("heron_decide_seconds", Type.SUMMARY, "How long a decision takes, in seconds."),
  /** The store's speed. */
  WRITE_SECONDS(
      "heron_write_seconds",
      Type.SUMMARY,
      "How long a write of records takes until it is durable, in seconds."),
  /** How much is written together. */
  WRITE_RECORDS("heron_write_records", Type.SUMMARY, "Records in a write."),
  /** Writes that the store has refused for good. */
  WRITE_FAILURES("heron_write_failures_total", Type.COUNTER, "Writes that failed for good."),
  /** How long the present write has taken so far. */
  WRITE_PENDING(
      "heron_write_pending_seconds",
      Type.GAUGE,
      "Age of the write that is under way; 0 if none is. Grows while ZooKeeper is away."),
  /** What waits for the core. */
  MAILBOX("heron_mailbox_messages", Type.GAUGE, "Events that wait to be decided upon."),
  /** What waits for the store. */
  OUTBOX("heron_outbox_effects", Type.GAUGE, "Effects that wait for a write to be durable."),
  /** What waits for the master. */
  CALLS_WAITING("heron_mesos_calls_waiting", Type.GAUGE, "Calls that wait to be sent to Mesos."),
  /** The master's speed. */
  CALL_SECONDS(
      "heron_mesos_call_seconds", Type.SUMMARY, "How long Mesos takes for a call.", "call"),
  /** What Mesos sends. */
  EVENTS("heron_mesos_events_total", Type.COUNTER, "Events that Mesos sent.", "event"),
  /** The process' heap. */
  HEAP("heron_heap_bytes", Type.GAUGE, "Heap that the process uses, in bytes."),
  /** When the process began. */
  START_TIME(
      "process_start_time_seconds", Type.GAUGE, "When the process began, in seconds since 1970.");

  /** Prometheus' kinds of figures. */
  enum Type {
    /** Goes up and down. */
    GAUGE,
    /** Only goes up. */
    COUNTER,
    /** Quantiles of late, with the number and sum of all. */
    SUMMARY
  }

  private final String text;
  private final Type type;
  private final String help;
  private final ImmutableList<String> labels;

  Family(String text, Type type, String help, String... labels) {
    this.text = text;
    this.type = type;
    this.help = help;
    this.labels = ImmutableList.copyOf(labels);
  }

  /** The name. */
  String text() {
    return text;
  }

  Type type() {
    return type;
  }

  /** One sentence for people. */
  String help() {
    return help;
  }

  /** The names of the labels. */
  List<String> labels() {
    return labels;
  }

  /** The name in a registry of the one with these label values, in the order of the labels. */
  String with(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(text + " has labels " + labels);
    }
    if (values.length == 0) {
      return text;
    }
    StringBuilder name = new StringBuilder(text).append('{');
    for (int i = 0; i < values.length; i++) {
      name.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
      name.append(escaped(values[i])).append('"');
    }
    return name.append('}').toString();
  }

  // Text format 0.0.4: in label values, backslash, quote and line feed are escaped.
  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** The family of that name. */
  static Optional<Family> of(String text) {
    for (Family family : values()) {
      if (family.text.equals(text)) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }
}
