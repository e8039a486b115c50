package org.apache.heron.executor.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology and we have other versions of the same libraries; each sees its own. */
class LoadersTest {
  private static final List<String> LIBRARIES =
      List.of(
          "com.google.common.collect.ImmutableList",
          "com.google.protobuf.Message",
          "org.slf4j.Logger",
          "org.apache.commons.lang3.StringUtils");

  @TempDir private Path directory;
  private Path topologyJar;
  private TopologyLoader topology;
  private CoreLoader core;

  @BeforeEach
  void compileATopologyThatBringsItsOwnLibraries() throws Exception {
    Path sources = directory.resolve("sources");
    for (String library : LIBRARIES) {
      write(sources, library, "public class %s { public String version() { return \"own\"; } }");
    }
    write(
        sources,
        "user.Words",
        "public class %s extends org.apache.heron.api.spout.BaseRichSpout {"
            + " public Object[] seen() throws Exception { return new Object[] {"
            + " new com.google.common.collect.ImmutableList().version(),"
            + " new com.google.protobuf.Message().version(),"
            + " new org.slf4j.Logger().version(),"
            + " new org.apache.commons.lang3.StringUtils().version() }; }"
            + " public void open(java.util.Map<String, Object> c,"
            + " org.apache.heron.api.topology.TopologyContext t,"
            + " org.apache.heron.api.spout.SpoutOutputCollector o) {}"
            + " public void nextTuple() {}"
            + " public void declareOutputFields("
            + "org.apache.heron.api.topology.OutputFieldsDeclarer d) {} }");
    write(
        sources,
        "user.WordSerializer",
        "public class %s extends com.esotericsoftware.kryo.serializers.JavaSerializer {}");
    // A topology that bundles heron-api must not get another one than ours.
    write(sources, "org.apache.heron.api.Constants", "public class %s {}");
    topologyJar = compile(sources);
    topology = new TopologyLoader(List.of(topologyJar), api());
    core = new CoreLoader(List.of(jarOf(org.slf4j.Logger.class), executorClasses()));
    core.attach(topology);
  }

  @Test
  void aTopologySeesItsOwnVersions() throws Exception {
    Object words = topology.loadClass("user.Words").getConstructor().newInstance();

    assertThat((Object[]) words.getClass().getMethod("seen").invoke(words))
        .containsOnly("own")
        .hasSize(LIBRARIES.size());
    assertThat(core.loadClass("org.slf4j.Logger"))
        .isNotSameAs(topology.loadClass("org.slf4j.Logger"));
    assertThat(core.loadClass("org.slf4j.Logger").isInterface()).isTrue();
  }

  @Test
  void aTopologyAndWeShareHeronApiAndKryo() throws Exception {
    Class<?> spout = core.loadClass("org.apache.heron.api.spout.ISpout");
    assertThat(spout.isAssignableFrom(topology.loadClass("user.Words"))).isTrue();
    Class<?> serializer = core.loadClass("com.esotericsoftware.kryo.Serializer");
    assertThat(serializer.isAssignableFrom(topology.loadClass("user.WordSerializer"))).isTrue();
    assertThat(core.loadClass("org.apache.heron.api.Constants").getDeclaredFields())
        .as("heron-api's own, not the bundled one")
        .isNotEmpty();
  }

  @Test
  void heronApiFindsTheTopologysClassesByName() throws Exception {
    Object made =
        topology
            .loadClass("org.apache.heron.api.utils.Utils")
            .getMethod("newInstance", String.class)
            .invoke(null, "user.Words");
    assertThat(made.getClass().getClassLoader()).isSameAs(topology);

    Class<?> serializer = topology.loadClass("org.apache.heron.api.serializer.KryoSerializer");
    Object kryo = serializer.getConstructor().newInstance();
    serializer
        .getMethod("initialize", Map.class)
        .invoke(
            kryo,
            Map.of(
                "topology.kryo.register",
                List.of(Map.of("user.Words", "user.WordSerializer")),
                "topology.skip.missing.kryo.registrations",
                false));
    byte[] bytes = (byte[]) serializer.getMethod("serialize", Object.class).invoke(kryo, made);
    assertThat(serializer.getMethod("deserialize", byte[].class).invoke(kryo, (Object) bytes))
        .isInstanceOf(topology.loadClass("user.Words"));
  }

  @Test
  void aTopologySeesNothingOfOurs() {
    for (String ours :
        List.of(
            "org.apache.heron.executor.launch.ExecutorMain",
            "org.apache.heron.spi.config.Config",
            "io.netty.channel.Channel",
            "ch.qos.logback.classic.Logger")) {
      assertThatThrownBy(() -> topology.loadClass(ours)).isInstanceOf(ClassNotFoundException.class);
    }
    assertThat(topology.getResource("org/apache/heron/executor/launch/ExecutorMain.class"))
        .isNull();
  }

  @Test
  void theCoreSharesOnlyTheLoadersWithTheJvmsClassPath() throws Exception {
    assertThat(core.loadClass(CoreLoader.class.getName())).isSameAs(CoreLoader.class);
    assertThat(core.loadClass("org.apache.heron.executor.launch.ExecutorMain").getClassLoader())
        .isSameAs(core);
  }

  @Test
  void apiIsNotLoadedBeforeTheTopologyIsThere() {
    CoreLoader early = new CoreLoader(List.of());
    assertThatThrownBy(() -> early.loadClass("org.apache.heron.api.spout.ISpout"))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining("before the topology's loader");
    early.attach(topology);
    assertThatThrownBy(() -> early.attach(topology)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClassPathIsExpandedAsJavaDoes() throws IOException {
    Path libs = Files.createDirectories(directory.resolve("libs"));
    Path b = Files.createFile(libs.resolve("b.jar"));
    Path a = Files.createFile(libs.resolve("a.JAR"));
    Files.createFile(libs.resolve("notes.txt"));
    Path own = Files.createFile(directory.resolve("own.jar"));

    assertThat(ClasspathElements.expand("libs/*:own.jar::missing.jar:libs", directory))
        .containsExactly(a, b, own, libs);
    assertThat(ClasspathElements.expand("nowhere/*:", directory)).isEmpty();
    assertThat(ClasspathElements.expand("*", directory)).containsExactly(own, topologyJar);
  }

  private Path compile(Path sources) throws IOException {
    Path classes = Files.createDirectories(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        new java.util.ArrayList<>(
            List.of(
                "-d",
                classes.toString(),
                "-proc:none",
                "-cp",
                String.join(":", api().stream().map(Path::toString).toList())));
    try (var files = Files.walk(sources)) {
      files.filter(Files::isRegularFile).map(Path::toString).forEach(options::add);
    }
    assertThat(compiler.run(null, null, null, options.toArray(String[]::new))).isZero();
    Path jar = directory.resolve("topology.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        var files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }

  private static void write(Path sources, String name, String body) throws IOException {
    int dot = name.lastIndexOf('.');
    Path file = sources.resolve(name.replace('.', '/') + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "package " + name.substring(0, dot) + "; " + body.formatted(name.substring(dot + 1)));
  }

  private static List<Path> api() {
    return List.of(
        jarOf(org.apache.heron.api.spout.ISpout.class),
        jarOf(com.esotericsoftware.kryo.Kryo.class),
        jarOf(com.esotericsoftware.reflectasm.ConstructorAccess.class),
        jarOf(com.esotericsoftware.minlog.Log.class),
        jarOf(org.objenesis.Objenesis.class));
  }

  private static Path executorClasses() {
    return jarOf(CoreLoader.class);
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
