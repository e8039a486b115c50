package org.apache.heron.cli.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.cli.console.Console;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.remote.RemoteSubmitter;
import org.apache.heron.client.settings.HeronHome;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.MainWords;
import org.apache.heron.client.submit.SubmitRequest;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is said of a topology that is not submitted yet. */
final class SubmitArguments {
  @Parameters(
      index = "0",
      paramLabel = "cluster/[role]/[env]",
      description = "where to run it, and as whom")
  private String target;

  @Parameters(
      index = "1",
      paramLabel = "topology-file-name",
      description = "a .jar, .tar or .tar.gz, or a URL of one")
  private String file;

  @Parameters(
      index = "2",
      paramLabel = "topology-class-name",
      description = "the class whose main submits the topology")
  private String className;

  @Parameters(index = "3..*", paramLabel = "topology-args", description = "arguments of that main")
  private List<String> arguments = new ArrayList<>();

  @Option(names = "--deploy-deactivated", description = "start with paused spouts")
  private boolean deactivated;

  @Option(
      names = "--extra-launch-classpath",
      paramLabel = "CP",
      defaultValue = "",
      description = "jars and directories with launcher, uploader and other plug-in classes")
  private String extraLaunchClassPath;

  @Option(
      names = "--release-yaml-file",
      paramLabel = "FILE",
      description = "what is installed (default: <home>/release.yaml)")
  private Path releaseFile;

  @Option(
      names = "--topology-main-jvm-property",
      paramLabel = "P=V",
      description = "system property of the main's JVM; may be repeated")
  private List<String> jvmProperties = new ArrayList<>();

  @Option(names = "--verbose_gc", description = "let the containers log garbage collections")
  private boolean verboseGc;

  TopologyTarget target(CommonOptions common) {
    return common.target(target);
  }

  /** For submitting here. */
  SubmitRequest request(CommonOptions common, Optional<DryRunFormat> dryRun, Console console) {
    return new SubmitRequest(
        common.settings(
            common.target(target), Optional.ofNullable(releaseFile), verboseGc, console),
        file,
        className,
        arguments,
        jvmProperties,
        extraLaunchClassPath,
        deactivated,
        dryRun);
  }

  /** For submitting there, where other files count. */
  RemoteSubmitter.Request remoteRequest(CommonOptions common, Console console) {
    if (!extraLaunchClassPath.isEmpty()) {
      console.warn(
          "--extra-launch-classpath is not used: the API server has a class path of its own");
    }
    if (releaseFile != null) {
      console.warn("--release-yaml-file is not used: the API server knows what is installed there");
    }
    return new RemoteSubmitter.Request(
        HeronHome.find(),
        common.target(target),
        new MainWords(file, className, arguments, jvmProperties, deactivated),
        common.properties(),
        common.verbose(),
        verboseGc);
  }
}
