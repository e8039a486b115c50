package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.heron.minicluster.agent.process.Programs;

/** Copies a source to a file, with a limit on how long it may stand still. Thread-safe. */
final class Download implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
  private static final int SHOWN_OUTPUT = 2_000;

  private final Duration stallLimit;
  private final ExecutorService threads;
  private final HttpClient client;

  /**
   * @param stallLimit a download from which so long nothing comes is given up
   */
  Download(Duration stallLimit) {
    this.stallLimit = stallLimit;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "fetcher-http");
              thread.setDaemon(true);
              return thread;
            });
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .executor(threads)
            .build();
  }

  /** Fills {@code target}, which must not exist; it may be there in part if this fails. */
  void copy(Source source, Path target) throws FetchException, InterruptedException {
    try {
      if (source instanceof Source.LocalFile local) {
        copyFile(local.path(), target);
      } else if (source instanceof Source.Web web) {
        copyWeb(web, target);
      } else if (source instanceof Source.Hadoop hadoop) {
        copyByHadoop(hadoop.uri(), target);
      }
    } catch (IOException e) {
      throw new FetchException(describe(e), e);
    }
  }

  private static void copyFile(Path from, Path target) throws IOException, FetchException {
    if (!Files.exists(from)) {
      throw new FetchException("'" + from + "': No such file or directory");
    }
    if (!Files.isRegularFile(from)) {
      throw new FetchException("'" + from + "' is no regular file");
    }
    Files.copy(from, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private void copyWeb(Source.Web web, Path target)
      throws IOException, FetchException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(web.uri()).header("User-Agent", "mesos-fetcher").GET().build();
    try (FileSubscriber file = new FileSubscriber(target)) {
      CompletableFuture<HttpResponse<Void>> answer =
          client.sendAsync(
              request,
              head ->
                  head.statusCode() == 200 ? file : HttpResponse.BodySubscribers.replacing(null));
      HttpResponse<Void> response = await(web, answer, file);
      if (response.statusCode() != 200) {
        throw new FetchException(
            "'" + web.uri() + "': the server answered " + response.statusCode());
      }
    }
  }

  private HttpResponse<Void> await(
      Source.Web web, CompletableFuture<HttpResponse<Void>> answer, FileSubscriber file)
      throws IOException, FetchException, InterruptedException {
    try {
      while (true) {
        try {
          return answer.get(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (file.silence().compareTo(stallLimit) > 0) {
            answer.cancel(true);
            throw new FetchException(
                "'" + web.uri() + "': nothing came for " + stallLimit.toSeconds() + " s");
          }
        }
      }
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw new IOException("'" + web.uri() + "': " + describe(e.getCause()), e.getCause());
    }
  }

  /** As Mesos does: whatever is not http or a file is the Hadoop client's matter. */
  private void copyByHadoop(String uri, Path target)
      throws IOException, FetchException, InterruptedException {
    List<String> command = hadoopCommand(uri, target);
    Path output = Files.createTempFile(target.toAbsolutePath().getParent(), ".hadoop", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    try {
      int status = awaitProgress(process, uri, target);
      if (status != 0) {
        String words = Files.readString(output, StandardCharsets.ISO_8859_1).trim();
        throw new FetchException(
            "'"
                + uri
                + "': "
                + command.get(0)
                + " exited with status "
                + status
                + ": "
                + words.substring(Math.max(0, words.length() - SHOWN_OUTPUT)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  private static List<String> hadoopCommand(String uri, Path target) throws FetchException {
    String home = System.getenv("HADOOP_HOME");
    if (home != null && Files.isExecutable(Path.of(home, "bin", "hadoop"))) {
      return List.of(home + "/bin/hadoop", "fs", "-copyToLocal", uri, target.toString());
    }
    if (Programs.find("hadoop").isPresent()) {
      return List.of("hadoop", "fs", "-copyToLocal", uri, target.toString());
    }
    if (Programs.find("hdfs").isPresent()) {
      return List.of("hdfs", "dfs", "-copyToLocal", uri, target.toString());
    }
    throw new FetchException(
        "'" + uri + "' needs the Hadoop client: neither hadoop nor hdfs is on the agent's PATH");
  }

  private int awaitProgress(Process process, String uri, Path target)
      throws IOException, FetchException, InterruptedException {
    long size = -1;
    long changed = System.nanoTime();
    while (!process.waitFor(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
      long now = Files.exists(target) ? Files.size(target) : 0;
      if (now != size) {
        size = now;
        changed = System.nanoTime();
      } else if (System.nanoTime() - changed > stallLimit.toNanos()) {
        throw new FetchException(
            "'" + uri + "': nothing came for " + stallLimit.toSeconds() + " s");
      }
    }
    return process.exitValue();
  }

  private static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
