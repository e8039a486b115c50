package org.apache.heron.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.client.progress.Progress;

/** Keeps what a user would be told. */
public class RecordingProgress implements Progress {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Map<String, Runnable> during = new ConcurrentHashMap<>();

  public List<String> lines() {
    return lines;
  }

  /** What happens while that stage begins: who reports it goes on only then. */
  public void during(String stage, Runnable what) {
    during.put(stage, what);
  }

  @Override
  public void stage(String text) {
    lines.add("stage " + text);
    during.getOrDefault(text, () -> {}).run();
  }

  @Override
  public void info(String line) {
    lines.add("info " + line);
  }

  @Override
  public void warn(String line) {
    lines.add("warn " + line);
  }

  @Override
  public void programOutput(String line) {
    lines.add("out " + line);
  }

  @Override
  public void programError(String line) {
    lines.add("err " + line);
  }
}
