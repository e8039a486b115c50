package org.apache.heron.executor.launch;

import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.heron.executor.flags.ExecutorFlags;
import org.apache.heron.executor.loader.ClasspathElements;
import org.apache.heron.executor.loader.CoreLoader;
import org.apache.heron.executor.loader.TopologyLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topology's class loader from what the flags say and what lies in the sandbox. */
final class TopologyClasses {
  private static final Logger LOG = LoggerFactory.getLogger(TopologyClasses.class);
  private static final int EXTRACT_MINUTES = 10;

  private TopologyClasses() {}

  /**
   * Extracts the topology's archive if it is one, and opens the loader of what it brings.
   *
   * @throws LaunchException if there is no code of the topology, or it is of another language
   */
  static ClassLoader open(ExecutorFlags flags, Path directory) throws InterruptedException {
    ExecutorFlags.TopologyFlags topology = flags.topology();
    switch (topology.packageType()) {
      case "jar" -> {}
      case "tar" -> extract(directory, topology.binaryFile());
      default ->
          throw new LaunchException(
              topology.binaryFile()
                  + " is a topology of type "
                  + topology.packageType()
                  + "; this core package runs JVM topologies only (jar, tar, tar.gz)");
    }
    List<Path> own = ClasspathElements.expand(topology.classpath(), directory);
    if (own.isEmpty()) {
      throw new LaunchException(
          "none of the topology's class path " + topology.classpath() + " is in " + directory);
    }
    LOG.info("the topology's class path: {}", own);
    return open(own, ClasspathElements.expand(flags.classpaths().instance(), directory));
  }

  private static ClassLoader open(List<Path> own, List<Path> api) {
    if (TopologyClasses.class.getClassLoader() instanceof CoreLoader core) {
      if (api.isEmpty()) {
        throw new LaunchException("heron-core's lib/instance is empty; heron-api should be there");
      }
      TopologyLoader loader = new TopologyLoader(own, api);
      core.attach(loader);
      return loader;
    }
    // All on one class path, as in tests: heron-api is above the topology's classes.
    return new URLClassLoader(
        own.stream().map(TopologyClasses::url).toArray(java.net.URL[]::new),
        TopologyClasses.class.getClassLoader());
  }

  private static java.net.URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalArgumentException("no URL can be made of " + path, e);
    }
  }

  /** As upstream does it: {@code tar} knows whether the file is compressed. */
  private static void extract(Path directory, String archive) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("tar", "-xf", archive));
    try {
      Process tar =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!tar.waitFor(EXTRACT_MINUTES, TimeUnit.MINUTES)) {
        tar.destroyForcibly();
        throw new LaunchException(archive + " was not extracted in " + EXTRACT_MINUTES + " min");
      }
      if (tar.exitValue() != 0) {
        throw new LaunchException(
            "tar -xf " + archive + " failed with exit code " + tar.exitValue());
      }
    } catch (java.io.IOException e) {
      throw new LaunchException("tar cannot be run: " + e.getMessage(), e);
    }
  }
}
