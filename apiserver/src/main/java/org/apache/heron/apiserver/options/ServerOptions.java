package org.apache.heron.apiserver.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code heron-apiserver}: upstream's flags, and those of our own. */
@Command(
    name = "heron-apiserver",
    description = "Carries out heron's commands for one cluster over HTTP, and keeps packages",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  heron-apiserver --cluster mesos",
      "  heron-apiserver --cluster nomad --base-template nomad --host 0.0.0.0 \\",
      "      --token-file /etc/heron/token --download-hostname api.example.org \\",
      "      --heron-core-package-path /opt/heron/dist/heron-core.tar.gz"
    })
public final class ServerOptions {
  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      required = true,
      description = "the cluster that is served; requests for others are refused")
  private String cluster;

  @Option(
      names = "--base-template",
      paramLabel = "NAME",
      description = "configuration directory in <home>/conf (default: the cluster's name)")
  private String baseTemplate;

  @Option(
      names = "--config-path",
      paramLabel = "DIR",
      description = "the configuration directory itself")
  private Path configPath;

  @Option(names = "--port", paramLabel = "N", description = "port (default: 9000; 0: any)")
  private int port = 9000;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "address to listen on (default: 127.0.0.1; 0.0.0.0: all)")
  private String host = "127.0.0.1";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "holds the token that requests must bring that change something")
  private Path tokenFile;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "configuration value for every request; may be repeated")
  private List<String> properties = new ArrayList<>();

  @Option(
      names = "--release-file",
      paramLabel = "FILE",
      description = "what is installed (default: <home>/release.yaml)")
  private Path releaseFile;

  @Option(
      names = "--download-hostname",
      paramLabel = "HOST",
      description = "host in the links to uploaded packages")
  private String downloadHostname;

  @Option(
      names = "--heron-core-package-path",
      paramLabel = "FILE",
      description = "served as /api/v1/file/download/core")
  private Path corePackage;

  @Option(
      names = "--max-upload-mb",
      paramLabel = "N",
      description = "largest upload, in MiB (default: 1024)")
  private int maxUploadMegabytes = 1024;

  @Option(
      names = "--upload-seconds",
      paramLabel = "N",
      description = "in which an upload must have come in whole (default: 600)")
  private int uploadSeconds = 600;

  @Option(
      names = "--submits",
      paramLabel = "N",
      description = "topologies that are submitted at a time; others wait (default: 8)")
  private int submits = 8;

  @Option(
      names = "--commands",
      paramLabel = "N",
      description = "other commands that are carried out at a time (default: 16)")
  private int commands = 16;

  @Option(
      names = "--no-resume",
      description = "leave schedulers alone that have ended on this host")
  private boolean noResume;

  @Option(names = "--verbose", description = "log everything")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  /** The cluster that is served. */
  public String cluster() {
    return cluster;
  }

  /** The cluster's configuration files. */
  public Path configDirectory(Path home) {
    return configPath != null
        ? configPath
        : home.resolve("conf").resolve(baseTemplate == null ? cluster : baseTemplate);
  }

  /** 0 for any. */
  public int port() {
    return port;
  }

  /** Where to listen. */
  public String host() {
    return host;
  }

  /** What holds the token; without it everybody may do everything. */
  public Optional<Path> tokenFile() {
    return Optional.ofNullable(tokenFile);
  }

  /** As {@code key=value}. */
  public List<String> properties() {
    return List.copyOf(properties);
  }

  /** What is installed. */
  public Optional<Path> releaseFile() {
    return Optional.ofNullable(releaseFile);
  }

  /** How agents call this host. */
  public Optional<String> downloadHostname() {
    return Optional.ofNullable(downloadHostname);
  }

  /** The core package. */
  public Optional<Path> corePackage() {
    return Optional.ofNullable(corePackage);
  }

  /** Largest upload in bytes. */
  public long maxUploadBytes() {
    return (long) maxUploadMegabytes << 20;
  }

  /** In seconds. */
  public int uploadSeconds() {
    return uploadSeconds;
  }

  /** Submits at a time. */
  public int submits() {
    return submits;
  }

  /** Other commands at a time. */
  public int commands() {
    return commands;
  }

  /** True if schedulers that have ended here are to be started again. */
  public boolean resume() {
    return !noResume;
  }

  /** True if everything is to be logged. */
  public boolean verbose() {
    return verbose;
  }

  /** What is wrong with the numbers; empty if nothing is. */
  public Optional<String> problem() {
    if (port < 0 || port > 65_535) {
      return Optional.of("--port is " + port + "; 0 to 65535");
    }
    if (maxUploadMegabytes < 1 || uploadSeconds < 1 || submits < 1 || commands < 1) {
      return Optional.of("--max-upload-mb, --upload-seconds, --submits, --commands: at least 1");
    }
    if (cluster.isBlank() || cluster.contains("/")) {
      return Optional.of("--cluster '" + cluster + "' is no cluster's name");
    }
    return Optional.empty();
  }
}
