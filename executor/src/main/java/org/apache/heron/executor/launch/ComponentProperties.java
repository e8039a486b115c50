package org.apache.heron.executor.launch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * What of {@code topology.component.jvmopts} a JVM that several instances share can have: system
 * properties. Everything else is for an instance that has a JVM of its own, as upstream's do.
 */
final class ComponentProperties {
  private static final String DEFINE = "-D";

  private ComponentProperties() {}

  /**
   * Sets what these components ask for. What is set already stays: the container's own options win,
   * and of two components the first by name.
   *
   * @param options by component
   * @return one line for each option that is left out
   */
  static List<String> apply(
      Map<String, String> options, Collection<String> components, Properties properties) {
    List<String> leftOut = new ArrayList<>();
    for (String component : new TreeSet<>(components)) {
      for (String option : options.getOrDefault(component, "").trim().split("\\s+")) {
        if (option.startsWith(DEFINE) && option.length() > DEFINE.length()) {
          int equals = option.indexOf('=');
          String name = option.substring(DEFINE.length(), equals < 0 ? option.length() : equals);
          String value = equals < 0 ? "" : option.substring(equals + 1);
          Object present = properties.putIfAbsent(name, value);
          if (present != null && !present.equals(value)) {
            leftOut.add(line(component, option, "the property is '" + present + "' already"));
          }
        } else if (!option.isEmpty()) {
          leftOut.add(line(component, option, "the container's instances share one JVM"));
        }
      }
    }
    return leftOut;
  }

  private static String line(String component, String option, String why) {
    return "topology.component.jvmopts of " + component + ": " + option + " is left out; " + why;
  }
}
