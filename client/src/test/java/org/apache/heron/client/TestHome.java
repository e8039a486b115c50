package org.apache.heron.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;

/** An installation with one cluster, {@code test}, whose state and packages are local files. */
public final class TestHome {
  private final Path root;

  public TestHome(Path root) throws IOException {
    this.root = root;
    Path conf = Files.createDirectories(root.resolve("home/conf/test"));
    Files.writeString(root.resolve("home/release.yaml"), "heron.build.version : '1.2.3'\n");
    Files.writeString(
        conf.resolve("statemgr.yaml"),
        """
        heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
        heron.statemgr.connection.string: LOCALMODE
        heron.statemgr.root.path: %s
        """
            .formatted(state()));
    Files.writeString(
        conf.resolve("uploader.yaml"),
        """
        heron.class.uploader: org.apache.heron.uploader.localfs.LocalFileSystemUploader
        heron.uploader.localfs.file.system.directory: %s
        """
            .formatted(packages()));
    Files.writeString(
        conf.resolve("packing.yaml"),
        """
        heron.class.packing.algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
        heron.class.repacking.algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
        """);
    Files.writeString(
        conf.resolve("scheduler.yaml"),
        "heron.class.launcher: " + FakeLauncher.class.getName() + "\n");
  }

  public Path home() {
    return root.resolve("home");
  }

  public Path state() {
    return root.resolve("state");
  }

  public Path packages() {
    return root.resolve("packages");
  }

  /** Files of shared state that hold something, by their path below the root. */
  public List<String> stateFiles() throws IOException {
    if (!Files.exists(state())) {
      return List.of();
    }
    try (var tree = Files.walk(state())) {
      return tree.filter(Files::isRegularFile)
          .map(file -> state().relativize(file).toString())
          .filter(name -> !name.contains("/."))
          .sorted()
          .toList();
    }
  }

  public Settings settings(Map<String, Object> properties) {
    return settings(properties, Progress.NONE);
  }

  public Settings settings(Map<String, Object> properties, Progress progress) {
    return Settings.load(
        Installation.of(home(), Optional.empty(), Optional.empty()),
        TopologyTarget.parse("test/ada/devel", "ada"),
        new Settings.Switches(properties, false, false),
        progress);
  }

  /** A jar with {@link CopyingMain}. */
  public Path jar() throws IOException {
    Path jar = root.resolve("topology.jar");
    String name = CopyingMain.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        InputStream in = CopyingMain.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new ZipEntry(name));
      in.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }

  /** A definition file, to be given to {@link CopyingMain}. */
  public Path definition(String name, int containers) throws IOException {
    return Files.write(
        root.resolve(name + ".defn"), TestTopologies.words(name, containers).toByteArray());
  }

  /** The tests' environment, with the JVM that runs them. */
  public static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.remove("JAVA_BIN");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return environment;
  }
}
