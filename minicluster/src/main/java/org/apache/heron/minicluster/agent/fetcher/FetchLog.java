package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What the fetcher tells the task's owner: lines at the end of the sandbox' {@code stderr}, in the
 * form of Mesos' own log (recording file-and-http-uris). For one thread.
 */
final class FetchLog {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private final Path file;
  private final Clock clock;

  FetchLog(Path sandbox, Clock clock) {
    this.file = sandbox.resolve("stderr");
    this.clock = clock;
  }

  void info(String line) throws FetchException {
    write('I', line);
  }

  void warn(String line) throws FetchException {
    write('W', line);
  }

  void error(String line) throws FetchException {
    write('E', line);
  }

  private void write(char level, String line) throws FetchException {
    String text =
        String.format(
            Locale.ROOT,
            "%c%s %5d fetcher] %s%n",
            level,
            STAMP.format(clock.instant()),
            ProcessHandle.current().pid(),
            line);
    // An archive may have brought a link of that name: it must not lead the agent out.
    OpenOption[] options = {
      StandardOpenOption.CREATE,
      StandardOpenOption.WRITE,
      StandardOpenOption.APPEND,
      LinkOption.NOFOLLOW_LINKS
    };
    try {
      Files.writeString(file, text, options);
    } catch (IOException e) {
      throw new FetchException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
