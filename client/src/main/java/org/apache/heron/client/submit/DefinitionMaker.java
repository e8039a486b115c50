package org.apache.heron.client.submit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.definition.MainRequest;
import org.apache.heron.client.definition.TopologyDownload;
import org.apache.heron.client.definition.TopologyFile;
import org.apache.heron.client.definition.TopologyMain;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.TopologyTarget;

/** Has a topology's main write down its topologies: always where the user is. */
public final class DefinitionMaker {
  private static final Duration MAIN_LIMIT = Duration.ofMinutes(10);

  private final Map<String, String> environment;
  private final Progress progress;

  /**
   * @param environment in which the topology's main runs
   */
  public DefinitionMaker(Map<String, String> environment, Progress progress) {
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /**
   * What a main has written.
   *
   * @param file of the topology, downloaded if it was a URL
   * @param files one {@code .defn} for each topology
   */
  public record Definitions(TopologyFile file, List<Path> files) {
    public Definitions {
      files = List.copyOf(files);
    }
  }

  /**
   * Runs the main.
   *
   * @param home the installation, for the API's jar
   * @param work a temporary directory, which the caller removes
   * @throws ClientException if there is no such file, or the main fails
   * @throws InterruptedException if the calling thread is wanted elsewhere while it downloads
   */
  public Definitions make(MainWords words, Path home, TopologyTarget target, Path work)
      throws InterruptedException {
    TopologyFile file = topologyFile(words.topologyFile(), work);
    MainRequest request =
        new MainRequest(
            file,
            words.className(),
            words.arguments(),
            words.jvmProperties(),
            home,
            target.cluster(),
            target.role(),
            target.environ(),
            target.user(),
            words.deactivated());
    progress.stage("running the topology's main");
    return new Definitions(
        file,
        new TopologyMain(environment, MAIN_LIMIT, progress)
            .run(request, directory(work, "definitions")));
  }

  private static TopologyFile topologyFile(String fileOrUrl, Path work)
      throws InterruptedException {
    Optional<URI> uri = TopologyDownload.uriOf(fileOrUrl);
    if (uri.isEmpty()) {
      return TopologyFile.of(Path.of(fileOrUrl));
    }
    Path target = directory(work, "downloaded");
    return TopologyFile.of(
        Aside.call("topology-download", () -> TopologyDownload.fetch(uri.get(), target)));
  }

  private static Path directory(Path parent, String name) {
    try {
      return Files.createDirectories(parent.resolve(name));
    } catch (IOException e) {
      throw new ClientException("Cannot create directory '" + parent + "': " + e, e);
    }
  }
}
