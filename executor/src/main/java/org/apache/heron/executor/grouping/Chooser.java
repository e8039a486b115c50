package org.apache.heron.executor.grouping;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.heron.api.grouping.CustomStreamGrouping;

/**
 * Chooses among the tasks of one subscription. Answers with indices into the subscription's tasks;
 * the arrays are shared and must not be changed. Not thread-safe.
 */
abstract class Chooser {

  private static final int[] NOBODY = {};

  abstract int[] choose(List<Object> values);

  private static int[][] singles(int size) {
    int[][] arrays = new int[size][];
    Arrays.setAll(arrays, i -> new int[] {i});
    return arrays;
  }

  /** One after the other, from a random start: evenly spread whatever the number of emitters. */
  static final class Shuffle extends Chooser {

    private final int[][] singles;
    private int next;

    Shuffle(int size) {
      singles = singles(size);
      next = size == 0 ? 0 : ThreadLocalRandom.current().nextInt(size);
    }

    @Override
    int[] choose(List<Object> values) {
      if (singles.length == 0) {
        return NOBODY;
      }
      int chosen = next;
      next = chosen + 1 == singles.length ? 0 : chosen + 1;
      return singles[chosen];
    }
  }

  /** By a hash of some fields. */
  static final class ByFields extends Chooser {

    private final int[][] singles;
    private final int[] fields;

    ByFields(int size, int[] fields) {
      singles = singles(size);
      this.fields = fields;
    }

    @Override
    int[] choose(List<Object> values) {
      return singles.length == 0
          ? NOBODY
          : singles[FieldsHash.place(FieldsHash.of(values, fields), singles.length)];
    }
  }

  /** Always the same ones: all of them, the first, or none. */
  static final class Constant extends Chooser {

    private final int[] chosen;

    private Constant(int[] chosen) {
      this.chosen = chosen;
    }

    static Constant all(int size) {
      int[] everybody = new int[size];
      Arrays.setAll(everybody, i -> i);
      return new Constant(everybody);
    }

    static Constant lowest(int size) {
      return new Constant(size == 0 ? NOBODY : new int[] {0});
    }

    static Constant nobody() {
      return new Constant(NOBODY);
    }

    @Override
    int[] choose(List<Object> values) {
      return chosen;
    }
  }

  /** The user's own choice. */
  static final class Custom extends Chooser {

    private final List<Integer> tasks;
    private final CustomStreamGrouping grouping;

    Custom(List<Integer> tasks, CustomStreamGrouping grouping) {
      this.tasks = tasks;
      this.grouping = grouping;
    }

    @Override
    int[] choose(List<Object> values) {
      List<Integer> chosen = grouping.chooseTasks(values);
      if (chosen == null || chosen.isEmpty()) {
        return NOBODY;
      }
      int[] indices = new int[chosen.size()];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = tasks.indexOf(chosen.get(i));
        if (indices[i] < 0) {
          throw new IllegalArgumentException(
              String.format(
                  "custom grouping %s chose task %s; its target tasks are %s",
                  grouping.getClass().getName(), chosen.get(i), tasks));
        }
      }
      return indices;
    }
  }
}
