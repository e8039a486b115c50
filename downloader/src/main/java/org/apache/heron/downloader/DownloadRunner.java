package org.apache.heron.downloader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;

/**
 * The command {@code heron-downloader}. Exit codes: 0 the package is there, 1 it is not, 2 the
 * command line is wrong. (Upstream's says 0 whatever happens to the command line.)
 */
public final class DownloadRunner {
  private DownloadRunner() {}

  /** Entry point. */
  public static void main(String[] words) {
    System.exit(run(List.of(words)));
  }

  static int run(List<String> words) {
    try {
      Optional<Arguments> arguments = Arguments.parse(words);
      if (arguments.isEmpty()) {
        System.out.print(Arguments.USAGE);
        return 0;
      }
      new Download(config(arguments.get()))
          .run(arguments.get().uri(), arguments.get().destination());
      return 0;
    } catch (Arguments.UsageException e) {
      System.err.println("heron-downloader: " + e.getMessage());
      System.err.print(Arguments.USAGE);
      return 2;
    } catch (IOException | ConfigException e) {
      System.err.println("heron-downloader: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.err.println("heron-downloader: interrupted");
      return 1;
    }
  }

  /** In a container the configuration may come with the package: then there is none yet. */
  private static Config config(Arguments arguments) {
    return arguments
        .configDirectory()
        .map(
            directory ->
                ConfigLoader.local(
                    ConfigLoader.load(
                        arguments.home().orElseThrow(),
                        directory,
                        Optional.empty(),
                        Optional.empty())))
        .orElseGet(() -> ConfigLoader.cluster(ConfigLoader.loadCluster(Path.of(""))));
  }
}
