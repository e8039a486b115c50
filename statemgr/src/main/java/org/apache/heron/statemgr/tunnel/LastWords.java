package org.apache.heron.statemgr.tunnel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads what a process says on standard error, all the time, and keeps the last line of it. */
final class LastWords {
  private static final int MOST = 300;

  private final Thread reader;
  private volatile String line = "";

  LastWords(Process process) {
    reader = new Thread(() -> read(process), "ssh-says");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        String text = next.strip();
        if (!text.isEmpty()) {
          line = text.length() <= MOST ? text : text.substring(0, MOST) + "…";
        }
      }
    } catch (IOException e) {
      // The process was ended while it spoke: what it said so far counts.
      return;
    }
  }

  /** The last line; of a process that is ending, waits so long for it. */
  String line(Duration limit) throws InterruptedException {
    reader.join(limit.toMillis());
    return line;
  }
}
