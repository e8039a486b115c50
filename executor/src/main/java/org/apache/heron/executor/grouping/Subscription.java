package org.apache.heron.executor.grouping;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Grouping;
import org.apache.heron.proto.api.TopologyAPI.InputStream;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/** One bolt's interest in a stream, as seen by one emitter. Not thread-safe. */
public final class Subscription {

  private final String component;
  private final List<Integer> tasks;
  private final boolean custom;
  private final Chooser chooser;

  private Subscription(String component, List<Integer> tasks, boolean custom, Chooser chooser) {
    this.component = component;
    this.tasks = tasks;
    this.custom = custom;
    this.chooser = chooser;
  }

  /** The subscribing bolt. */
  public String component() {
    return component;
  }

  /** Its tasks, ascending. */
  public List<Integer> tasks() {
    return tasks;
  }

  /** Whether user code chooses, which upstream does not ask where the emitter names a task. */
  public boolean custom() {
    return custom;
  }

  /** Indices into {@link #tasks} of those that get a tuple of these values; not to be changed. */
  public int[] choose(List<Object> values) {
    return chooser.choose(values);
  }

  /**
   * All interest in a stream.
   *
   * @param context the emitter's, for custom groupings
   * @throws IllegalArgumentException if a grouping names a field that the stream has not, or a
   *     custom grouping cannot be made
   */
  public static List<Subscription> to(
      StreamInfo stream, Topology topology, TopologyContext context, UserObjects objects) {
    List<Subscription> found = new ArrayList<>();
    for (Bolt bolt : topology.getBoltsList()) {
      for (InputStream input : bolt.getInputsList()) {
        if (input.getStream().getComponentName().equals(stream.component())
            && input.getStream().getId().equals(stream.stream())) {
          String name = bolt.getComp().getName();
          List<Integer> tasks = context.getComponentTasks(name).stream().sorted().toList();
          Chooser chooser = chooser(stream, input, name, tasks, context, objects);
          found.add(new Subscription(name, tasks, input.getGtype() == Grouping.CUSTOM, chooser));
        }
      }
    }
    return found;
  }

  private static Chooser chooser(
      StreamInfo stream,
      InputStream input,
      String bolt,
      List<Integer> tasks,
      TopologyContext context,
      UserObjects objects) {
    return switch (input.getGtype()) {
      // upstream has no locality either: none means do not care
      case SHUFFLE, NONE -> new Chooser.Shuffle(tasks.size());
      case FIELDS -> new Chooser.ByFields(tasks.size(), fields(stream, input, bolt));
      case ALL -> Chooser.Constant.all(tasks.size());
      case LOWEST -> Chooser.Constant.lowest(tasks.size());
      case DIRECT -> Chooser.Constant.nobody();
      case CUSTOM ->
          new Chooser.Custom(tasks, custom(stream, input, bolt, tasks, context, objects));
    };
  }

  private static int[] fields(StreamInfo stream, InputStream input, String bolt) {
    return input.getGroupingFields().getKeysList().stream()
        .map(TopologyAPI.StreamSchema.KeyType::getKey)
        .mapToInt(
            field -> {
              if (!stream.fields().contains(field)) {
                throw new IllegalArgumentException(
                    String.format(
                        "bolt %s groups stream %s by field %s; it has %s",
                        bolt, stream.path(), field, stream.fields().toList()));
              }
              return stream.fields().fieldIndex(field);
            })
        .toArray();
  }

  private static CustomStreamGrouping custom(
      StreamInfo stream,
      InputStream input,
      String bolt,
      List<Integer> tasks,
      TopologyContext context,
      UserObjects objects) {
    String what = "custom grouping of bolt " + bolt + " on stream " + stream.path();
    if (!input.hasCustomGroupingObject()) {
      throw new IllegalArgumentException(what + ": no grouping object in the definition");
    }
    Object made = objects.deserialize(input.getCustomGroupingObject().toByteArray(), what);
    if (!(made instanceof CustomStreamGrouping grouping)) {
      throw new IllegalArgumentException(
          what + ": " + made.getClass().getName() + " is not a CustomStreamGrouping");
    }
    // its own, as upstream: groupings sort it, or take tasks out of it
    grouping.prepare(context, stream.component(), stream.stream(), new ArrayList<>(tasks));
    return grouping;
  }
}
