package org.apache.heron.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.client.progress.Progress;

/** Keeps what a user would be told. */
public class RecordingProgress implements Progress {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  public List<String> lines() {
    return lines;
  }

  @Override
  public void stage(String text) {
    lines.add("stage " + text);
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
