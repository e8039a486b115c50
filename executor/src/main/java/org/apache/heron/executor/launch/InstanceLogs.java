package org.apache.heron.executor.launch;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends an event to the file of the instance on whose thread it happened, any other to the
 * executor's. An instance's threads are named after it.
 */
final class InstanceLogs extends AppenderBase<ILoggingEvent> {
  private static final Pattern INSTANCE = Pattern.compile("(container_\\d+_.+_\\d+)(?:[- /].*)?");

  /** More instances than a container can have: user threads with such names share the last file. */
  private static final int MAX_FILES = 1000;

  private final LogFiles files;
  private final Appender<ILoggingEvent> executor;
  private final Map<String, Appender<ILoggingEvent>> instances = new ConcurrentHashMap<>();

  InstanceLogs(LogFiles files, Appender<ILoggingEvent> executor) {
    this.files = files;
    this.executor = executor;
    setName("instances");
  }

  @Override
  protected void append(ILoggingEvent event) {
    instanceOf(event.getThreadName())
        .filter(name -> instances.containsKey(name) || instances.size() < MAX_FILES)
        .map(name -> instances.computeIfAbsent(name, files::named))
        .orElse(executor)
        .doAppend(event);
  }

  static Optional<String> instanceOf(String thread) {
    Matcher matcher = INSTANCE.matcher(thread);
    return matcher.matches() && !matcher.group(1).contains("/")
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  @Override
  public void stop() {
    super.stop();
    instances.values().forEach(Appender::stop);
    executor.stop();
  }
}
