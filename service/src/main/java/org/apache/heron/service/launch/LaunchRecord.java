package org.apache.heron.service.launch;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Properties;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * What a scheduler process was started with beyond its configuration: what is needed to start it
 * again, here or on another host.
 *
 * @param topologyId of the submission
 * @param topologyBinary file name of the topology's jar or tar
 * @param topologyPackage URI that containers fetch
 * @param corePackage URI that containers fetch
 */
public record LaunchRecord(
    String topologyId, String topologyBinary, String topologyPackage, String corePackage) {

  /** The record as text, in the form of Java's property files. */
  public String toText() {
    Properties properties = new Properties();
    properties.setProperty("topology.id", topologyId);
    properties.setProperty("topology.binary", topologyBinary);
    properties.setProperty("topology.package.uri", topologyPackage);
    properties.setProperty("core.package.uri", corePackage);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("a string can always be written", e);
    }
    return text.toString();
  }

  /**
   * Reads it back.
   *
   * @param source of the text, for messages
   * @throws SchedulerException if something is missing
   */
  public static LaunchRecord parse(String text, String source) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw new SchedulerException(source + " is no launch record: " + e.getMessage(), e);
    }
    return new LaunchRecord(
        value(properties, "topology.id", source),
        value(properties, "topology.binary", source),
        value(properties, "topology.package.uri", source),
        value(properties, "core.package.uri", source));
  }

  private static String value(Properties properties, String key, String source) {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank()) {
      throw new SchedulerException(source + " is no launch record: it has no " + key);
    }
    return value;
  }
}
