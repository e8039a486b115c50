package org.apache.heron.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docker-compose.yml: what it takes of a host is there, and is the user's own afterwards. */
class DockerComposeTest {
  private static final Path FILE =
      Path.of("").toAbsolutePath().getParent().resolve("docker-compose.yml");

  private String text;
  private Map<?, ?> services;
  private Map<?, ?> volumes;

  @BeforeEach
  void read() throws IOException {
    text = Files.readString(FILE);
    Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    services = (Map<?, ?>) file.get("services");
    volumes = (Map<?, ?>) file.get("volumes");
  }

  private Map<?, ?> service(String name) {
    return (Map<?, ?>) services.get(name);
  }

  private static List<?> mounts(Map<?, ?> service) {
    return (List<?>) (service.containsKey("volumes") ? service.get("volumes") : List.of());
  }

  /** Each mount of each service, in Compose's long syntax. */
  private List<Map<?, ?>> mounts() {
    List<Map<?, ?>> all = new ArrayList<>();
    services.forEach(
        (name, service) ->
            mounts((Map<?, ?>) service)
                .forEach(
                    mount -> {
                      // The short syntax would have Docker make a missing directory, for root.
                      assertThat(mount).as("a mount of %s", name).isInstanceOf(Map.class);
                      all.add((Map<?, ?>) mount);
                    }));
    return all;
  }

  @Test
  void dockerMakesNoDirectoryOfTheHost() {
    assertThat(mounts())
        .filteredOn(mount -> mount.get("type").equals("bind"))
        .hasSize(4)
        .allSatisfy(
            mount ->
                assertThat(((Map<?, ?>) mount.get("bind")).get("create_host_path"))
                    .as("of %s", mount)
                    .isEqualTo(false));
    // Some releases of Compose make it nevertheless (docker/compose issue 13602).
    assertThat(text.indexOf("#   mkdir -p ~/.herondata\n"))
        .isPositive()
        .isLessThan(text.indexOf("#   docker compose up"));
  }

  /** The agents' libc is older than what a host's JDK may be linked to. */
  @Test
  void javaOfTheContainersIsNotTheHosts() {
    assertThat(mounts())
        .extracting(mount -> String.valueOf(mount.get("source")))
        .noneMatch(source -> source.contains("JAVA_HOME") || source.contains("/usr/lib/jvm"));
    String home = (String) ((Map<?, ?>) mounts(service("jdk")).get(0)).get("target");
    assertThat(service("jdk").get("image").toString()).contains("eclipse-temurin:17-jdk-centos7");
    for (String agent : List.of("mesos-agent-1", "mesos-agent-2")) {
      assertThat(mounts(service(agent)))
          .filteredOn(mount -> "jdk".equals(((Map<?, ?>) mount).get("source")))
          .singleElement()
          .satisfies(mount -> assertThat(((Map<?, ?>) mount).get("target")).isEqualTo(home));
      Map<?, ?> first = (Map<?, ?>) service(agent).get("depends_on");
      assertThat(first.get("jdk")).isEqualTo(Map.of("condition", "service_completed_successfully"));
    }
    assertThat(volumes.containsKey("jdk")).isTrue();
    assertThat(text).contains("--config-property heron.directory.sandbox.java.home=" + home + "\n");
  }

  @Test
  void eachAgentHasPortsOfItsOwn() {
    List<String> own = List.of("--port=", "--work_dir=", "--resources=");
    List<?> first = (List<?>) service("mesos-agent-1").get("command");
    List<?> second = (List<?>) service("mesos-agent-2").get("command");
    for (String option : own) {
      assertThat(first)
          .filteredOn(word -> word.toString().startsWith(option))
          .hasSize(1)
          .noneMatch(second::contains);
    }
  }
}
