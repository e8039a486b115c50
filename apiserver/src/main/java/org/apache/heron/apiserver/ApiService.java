package org.apache.heron.apiserver;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.apiserver.access.AccessGate;
import org.apache.heron.apiserver.access.TokenFile;
import org.apache.heron.apiserver.command.Command.Kind;
import org.apache.heron.apiserver.command.CommandDesk;
import org.apache.heron.apiserver.files.FileStore;
import org.apache.heron.apiserver.options.ServerOptions;
import org.apache.heron.apiserver.page.OverviewPage;
import org.apache.heron.apiserver.rest.ApiPaths;
import org.apache.heron.apiserver.rest.ServedCluster;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.runtime.TopologyDirectory;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigProperties;
import org.apache.heron.web.UploadLimits;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running API server. Thread-safe. */
public final class ApiService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiService.class);
  private static final String DIRECTORY_KEY = "heron.apiserver.http.file.system.directory";
  private static final String HOSTNAME_KEY = "heron.apiserver.http.download.hostname";
  private static final String DEFAULT_DIRECTORY = ".herondata/repository/topologies";
  private static final Duration TOKEN_REFRESH = Duration.ofSeconds(10);
  private static final long FREE_BYTES = 64L << 20;
  private static final int UPLOADS_AT_ONCE = 64;
  private static final int CONNECTIONS = 1024;
  private static final int WORKERS = 8;

  private final ServerOptions options;
  private final ServedCluster cluster;
  private final FileStore store;
  private final CommandDesk desk;
  private final WebServer server;
  private final Optional<SchedulerWatch> watch;

  private ApiService(ServerOptions options, ServedCluster cluster, Optional<TokenFile> token)
      throws IOException {
    this.options = options;
    this.cluster = cluster;
    this.store = store(cluster);
    this.desk = new CommandDesk(options.submits(), options.commands());
    token.ifPresent(known -> desk.everySoOften(TOKEN_REFRESH, known::refresh));
    try {
      server = listen(token);
    } catch (IOException e) {
      desk.close();
      store.close();
      throw e;
    }
    watch = options.resume() ? Optional.of(SchedulerWatch.begin(cluster)) : Optional.empty();
  }

  /**
   * Starts.
   *
   * @param home the installation
   * @throws ClientException if the configuration is unusable
   * @throws IOException if the address cannot be bound
   */
  public static ApiService start(Path home, ServerOptions options) throws IOException {
    Installation installation =
        Installation.of(home, Optional.empty(), options.releaseFile())
            .withOnly(options.configDirectory(home));
    ServedCluster cluster =
        new ServedCluster(
            options.cluster(),
            installation,
            ConfigProperties.parse(options.properties()),
            options.verbose());
    cluster.check();
    return new ApiService(options, cluster, options.tokenFile().map(TokenFile::read));
  }

  private static FileStore store(ServedCluster cluster) {
    Config local = cluster.settings(cluster.anyone()).local();
    Path directory =
        local
            .optionalPath(DIRECTORY_KEY)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), DEFAULT_DIRECTORY));
    return FileStore.open(
        directory.toAbsolutePath().normalize(),
        DIRECTORY_KEY + " from " + local.sourceOf(DIRECTORY_KEY));
  }

  private WebServer listen(Optional<TokenFile> token) throws IOException {
    WebServer.Builder builder =
        WebServer.builder()
            .name("api")
            .host(options.host())
            .port(options.port())
            .threads(WORKERS)
            .maxConnections(CONNECTIONS)
            .gate(new AccessGate(token))
            .uploads(
                new UploadLimits(
                    store.work().path(),
                    options.maxUploadBytes(),
                    FREE_BYTES,
                    UPLOADS_AT_ONCE,
                    Duration.ofSeconds(options.uploadSeconds())))
            .route("GET", "/", this::page);
    new ApiPaths(cluster, desk, store, options.corePackage(), this::link).addTo(builder);
    return builder.start();
  }

  private void page(WebRequest request, WebResponse response) {
    desk.handOver(
        Kind.QUESTION,
        request,
        response,
        (again, answer) -> {
          try (TopologyDirectory directory =
              TopologyDirectory.open(cluster.settings(cluster.anyone()))) {
            answer.sendHtml(OverviewPage.of(cluster.name(), directory.of(cluster.name())));
          }
        });
  }

  private String link(String path) {
    return "http://" + bracketed(downloadHost()) + ":" + port() + path;
  }

  /** As an address of IPv6 is written where a port follows. */
  private static String bracketed(String host) {
    boolean bare = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
    return bare ? "[" + host + "]" : host;
  }

  private String downloadHost() {
    return options
        .downloadHostname()
        .or(() -> cluster.settings(cluster.anyone()).local().optionalString(HOSTNAME_KEY))
        .orElseGet(
            () ->
                switch (options.host()) {
                  case "0.0.0.0", "::" -> hostName();
                  default -> options.host();
                });
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (IOException e) {
      throw new ClientException(
          "This host does not know its own name; say it with --download-hostname", e);
    }
  }

  /** Where it listens. */
  public String address() {
    return "http://" + bracketed(options.host()) + ":" + port();
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  /** Waits until the schedulers that had ended here were looked after once. */
  void awaitSchedulers() throws InterruptedException {
    if (watch.isPresent()) {
      watch.get().await();
    }
  }

  /** True if somebody else than this host's users can reach it, and nobody needs a token. */
  boolean isOpenToAll() {
    return options.tokenFile().isEmpty()
        && !java.util.Set.of("127.0.0.1", "localhost", "::1").contains(options.host());
  }

  @Override
  public void close() {
    LOG.info("the API server ends");
    server.close();
    watch.ifPresent(SchedulerWatch::close);
    desk.close();
    store.close();
  }
}
