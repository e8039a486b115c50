package org.apache.heron.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.apiserver.options.ServerOptions;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.settings.HeronHome;
import org.apache.heron.spi.process.AtExit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * {@code heron-apiserver}: runs until it is told to end. Exit code 1 if it cannot start, 2 if its
 * words are wrong.
 */
public final class ApiServerMain {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private ApiServerMain() {}

  /** Serves until the process is told to end. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    ServerOptions options = new ServerOptions();
    CommandLine words = new CommandLine(options);
    words.setUsageHelpWidth(100);
    try {
      words.parseArgs(arguments);
      Optional<String> problem =
          words.isUsageHelpRequested() ? Optional.empty() : options.problem();
      if (problem.isPresent()) {
        throw new ParameterException(words, problem.get());
      }
    } catch (ParameterException e) {
      err.println("heron-apiserver: error: " + e.getMessage());
      words.usage(err);
      System.exit(USAGE);
    }
    if (words.isUsageHelpRequested()) {
      words.usage(out);
      return;
    }
    ServerLog.begin(options.verbose());
    // Whoever asks a user is to find none here, instead of waiting for one.
    System.setIn(InputStream.nullInputStream());
    serve(options, out, err);
  }

  private static void serve(ServerOptions options, PrintWriter out, PrintWriter err)
      throws InterruptedException {
    Logger log = LoggerFactory.getLogger(ApiServerMain.class);
    CountDownLatch end = new CountDownLatch(1);
    try {
      ApiService service = ApiService.start(HeronHome.find(), options);
      AtExit.perform(
          AtExit.Rank.WORK,
          "end",
          () -> {
            service.close();
            end.countDown();
          });
      if (service.isOpenToAll()) {
        log.warn(
            "whoever reaches {} can run programs on the cluster: give a --token-file",
            service.address());
      }
      out.println(
          "API server of cluster " + options.cluster() + " listens at " + service.address());
      end.await();
    } catch (IOException e) {
      err.println(
          "heron-apiserver: "
              + e.getMessage()
              + " http://"
              + options.host()
              + ":"
              + options.port());
      log.debug("cannot listen", e);
      System.exit(FAILED);
    } catch (RuntimeException e) {
      // The edge of the process: whatever goes wrong becomes one line.
      err.println("heron-apiserver: " + ErrorText.of(e));
      log.debug("cannot start", e);
      System.exit(FAILED);
    }
  }
}
