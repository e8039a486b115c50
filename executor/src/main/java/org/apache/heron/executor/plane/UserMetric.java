package org.apache.heron.executor.plane;

import java.util.List;
import java.util.Map;

/**
 * What a metric of user code has yielded. A map or a collection is taken apart: each of its entries
 * stands under {@code metric/key}. Values are numbers, booleans or text.
 *
 * @param taken how many samples have been taken so far
 * @param samples the last of them, oldest first; of counts the last one only
 * @param totals sums of all samples by name, if the metric counts what has happened since the last
 *     sample; empty otherwise
 */
public record UserMetric(long taken, List<Map<String, Object>> samples, Map<String, Long> totals) {

  /** Whether samples are to be added up. */
  public boolean counts() {
    return !totals.isEmpty();
  }

  /** The newest sample. */
  public Map<String, Object> last() {
    return samples.isEmpty() ? Map.of() : samples.get(samples.size() - 1);
  }
}
