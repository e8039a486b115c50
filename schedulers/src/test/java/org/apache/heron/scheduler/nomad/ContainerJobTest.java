package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.JobSettings;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.job.Packages;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The job of a container, in upstream's form and with what upstream lacks. */
class ContainerJobTest extends NomadStory {
  private String packageUri = "file:///packages/words.tar.gz";

  private ObjectNode job(int container) {
    PackingPlan plan = plan(2);
    JobSettings settings = JobSettings.of(local());
    Optional<ContainerPlan> wanted = plan.container(container);
    ObjectNode job =
        ContainerJob.of(
                settings,
                local(),
                cluster(),
                TOPOLOGY,
                Packages.submitted(local(), packageUri),
                plan.componentRam())
            .job(container, settings.need(wanted));
    ObjectNode request = new ObjectMapper().createObjectNode();
    request.set("Job", job);
    // Whatever is described here, Nomad must take it.
    assertThat(JobRules.malformed(request)).isEmpty();
    assertThat(JobRules.invalid(job)).isEmpty();
    return job;
  }

  private JsonNode task(int container) {
    return job(container).at("/TaskGroups/0/Tasks/0");
  }

  @Test
  void aContainerWithoutDockerRunsTheScript() throws Exception {
    JsonNode job = job(1);
    assertThat(job.path("ID").asText()).isEqualTo("words-0001-1");
    assertThat(job.path("Name").asText()).isEqualTo("words-1");
    assertThat(job.at("/Datacenters/0").asText()).isEqualTo("dc1");
    assertThat(job.at("/TaskGroups/0/Name").asText()).isEqualTo("words-1");
    assertThat(job.at("/TaskGroups/0").has("RestartPolicy")).isFalse();
    JsonNode task = task(1);
    assertThat(task.path("Driver").asText()).isEqualTo("raw_exec");
    assertThat(task.at("/Config/command").asText()).isEqualTo("/bin/sh");
    assertThat(task.at("/Config/args/0").asText()).isEqualTo("run_heron_executor.sh");
    assertThat(task.at("/Templates/0/DestPath").asText()).isEqualTo("run_heron_executor.sh");
    assertThat(task.at("/Templates/0/EmbeddedTmpl").asText())
        .isEqualTo(Files.readString(CONF.resolve("heron_nomad.sh")));
    assertThat(labels(task))
        .containsExactly(
            "server",
            "tmanager_ctl",
            "tmanager_stats",
            "shell_port",
            "metrics_mgr",
            "scheduler",
            "metrics_cache_m",
            "metrics_cache_s",
            "ckptmgr",
            "metrics_port");
  }

  private static List<String> labels(JsonNode task) {
    return StreamSupport.stream(task.at("/Resources/Networks/0/DynamicPorts").spliterator(), false)
        .map(port -> port.path("Label").asText())
        .toList();
  }

  @Test
  void theScriptIsToldWhatToFetchAndRun() {
    values.put("heron.scheduler.local.working.directory", "/var/heron/${ROLE}/${TOPOLOGY_ID}");
    JsonNode env = task(2).path("Env");
    assertThat(env.path("HERON_NOMAD_WORKING_DIR").asText())
        .isEqualTo("/var/heron/ada/words-0001/container-2");
    assertThat(env.path("HERON_USE_CORE_PACKAGE_URI").asText()).isEqualTo("true");
    assertThat(env.path("HERON_CORE_PACKAGE_URI").asText())
        .isEqualTo("file:///dist/heron-core.tar.gz");
    assertThat(env.path("METRICS_PORT_FILE").asText()).isEqualTo("port_file");
    assertThat(env.path("HERON_TOPOLOGY_DOWNLOAD_CMD").asText())
        .isEqualTo(
            "./heron-core/bin/heron-downloader -u file:///packages/words.tar.gz -f . -m local -p "
                + CONF
                + " -d ./heron-core");
    // Upstream's form, for scripts that users have; and one that a shell reads back unchanged.
    assertThat(env.path("HERON_EXECUTOR_CMD").asText())
        .startsWith("./heron-core/bin/heron-executor --topology-name=words ")
        .contains(" --shard=2 --server-port=${NOMAD_PORT_server} ")
        .contains(" --instance-classpath=./heron-core/lib/instance/* ")
        .endsWith(" --checkpoint-manager-port=${NOMAD_PORT_ckptmgr}");
    assertThat(env.path("HERON_EXECUTOR_LINE").asText())
        .contains(" '--instance-classpath=./heron-core/lib/instance/*' ")
        .contains(" \"--server-port=${NOMAD_PORT_server}\" ");
    values.put("heron.package.use_core_uri", false);
    values.put("heron.package.core.directory", "/opt/heron/heron-core");
    env = task(2).path("Env");
    assertThat(env.path("HERON_USE_CORE_PACKAGE_URI").asText()).isEqualTo("false");
    assertThat(env.path("HERON_CORE_PACKAGE_DIR").asText()).isEqualTo("/opt/heron/heron-core");
    assertThat(env.has("HERON_CORE_PACKAGE_URI")).isFalse();
  }

  /** The start script makes the heap a part of it; without it, a part of the host's memory. */
  @ParameterizedTest
  @ValueSource(strings = {"raw_exec", "docker"})
  void aContainerIsToldItsMemoryAlsoWhenThatHasGrown(String driver) {
    values.put("heron.nomad.driver", driver);
    values.put("heron.executor.docker.image", "example/heron:7");
    ObjectNode first = job(2);
    String ram = "/TaskGroups/0/Tasks/0/Env/HERON_CONTAINER_RAM";
    long megabytes = first.at("/TaskGroups/0/Tasks/0/Resources/MemoryMB").asLong();
    assertThat(first.at(ram).asText()).isEqualTo(Long.toString(megabytes << 20));
    assertThat(ContainerJob.restarted(first, new Need(100, 5_000, 200)).at(ram).asText())
        .isEqualTo(Long.toString(5_000L << 20));
  }

  @Test
  void aContainerInDockerRunsOneLine() {
    values.put("heron.nomad.driver", "docker");
    values.put("heron.executor.docker.image", "example/heron:7");
    values.put("heron.nomad.network.mode", "host");
    JsonNode task = task(0);
    assertThat(task.path("Driver").asText()).isEqualTo("docker");
    assertThat(task.at("/Config/image").asText()).isEqualTo("example/heron:7");
    assertThat(task.at("/Config/network_mode").asText()).isEqualTo("host");
    assertThat(task.at("/Config/args/0").asText()).isEqualTo("-c");
    assertThat(task.at("/Config/args/1").asText())
        .startsWith(
            "./heron-core/bin/heron-downloader -u file:///packages/words.tar.gz -f . -m local -p"
                + " ./heron-conf -d ./heron-core && echo ${NOMAD_PORT_metrics_port} >"
                // The shell would be process 1 else, and Docker's SIGTERM would end nothing.
                + " ${METRICS_PORT_FILE} && exec ./heron-core/bin/heron-executor ")
        .contains(" --shard=0 ");
    assertThat(task.at("/Env/HOST").asText()).isEqualTo("${attr.unique.network.ip-address}");
    assertThat(task.has("Templates")).isFalse();
  }

  @Test
  void aSinkWithoutAPortFileNeedsNoPort() throws Exception {
    Path sinks = directory.resolve("metrics_sinks.yaml");
    Files.writeString(sinks, "sinks: [file-sink]\nfile-sink: {class: a.b.FileSink}\n");
    values.put("heron.config.file.metrics.yaml", sinks.toString());
    values.put("heron.nomad.metrics.service.register", true);
    values.put("heron.nomad.driver", "docker");
    JsonNode task = task(1);
    assertThat(labels(task)).hasSize(9);
    assertThat(task.at("/Config/args/1").asText()).doesNotContain("METRICS_PORT_FILE");
    assertThat(task.path("Env").has("METRICS_PORT_FILE")).isFalse();
    assertThat(task.has("Services")).isFalse();
  }

  @Test
  void theMetricsServiceIsRegisteredUnderANameThatNomadTakes() {
    values.put("heron.nomad.metrics.service.register", "True");
    values.put("heron.nomad.metrics.service.additional.tags", "prometheus, heron,");
    values.put("heron.nomad.metrics.service.check.interval.sec", 30);
    JsonNode service = task(1).at("/Services/0");
    assertThat(service.path("Name").asText()).isEqualTo("metrics-heron-words-1");
    assertThat(service.path("PortLabel").asText()).isEqualTo("metrics_port");
    assertThat(service.path("Tags").toString()).isEqualTo("[\"words-1\",\"prometheus\",\"heron\"]");
    assertThat(service.at("/Checks/0/Type").asText()).isEqualTo("tcp");
    assertThat(service.at("/Checks/0/Interval").asLong()).isEqualTo(30_000_000_000L);
    assertThat(service.at("/Checks/0/Timeout").asLong()).isEqualTo(2_000_000_000L);
    PackingPlan plan = plan(1);
    JobSettings settings = JobSettings.of(local());
    ObjectNode job =
        ContainerJob.of(
                settings,
                local(),
                cluster(),
                topology("Word_Count." + "x".repeat(80), "id"),
                Packages.submitted(local(), "file:///p"),
                plan.componentRam())
            .job(1, settings.need(plan.container(1)));
    assertThat(JobRules.invalid(job)).isEmpty();
  }

  @Test
  void policiesAndConstraintsAreNomads() {
    values.put("heron.nomad.restart.attempts", 3);
    values.put("heron.nomad.restart.mode", "delay");
    values.put("heron.nomad.reschedule.delay.sec", 10);
    values.put("heron.nomad.kill.timeout.sec", 20);
    values.put("heron.nomad.priority", 70);
    values.put("heron.nomad.datacenters", List.of("north", "south"));
    values.put(
        "heron.nomad.constraints",
        List.of(
            "node.class = batch", List.of("${attr.kernel.version}", ">=", "5"), "meta.ssd is_set"));
    JsonNode job = job(1);
    JsonNode group = job.at("/TaskGroups/0");
    assertThat(group.path("RestartPolicy").toString())
        .isEqualTo(
            "{\"Attempts\":3,\"Interval\":1800000000000,\"Delay\":15000000000,\"Mode\":\"delay\"}");
    assertThat(group.at("/ReschedulePolicy/Unlimited").asBoolean()).isTrue();
    assertThat(group.at("/ReschedulePolicy/Delay").asLong()).isEqualTo(10_000_000_000L);
    assertThat(group.at("/Tasks/0/KillTimeout").asLong()).isEqualTo(20_000_000_000L);
    assertThat(job.path("Priority").asInt()).isEqualTo(70);
    assertThat(job.path("Datacenters").toString()).isEqualTo("[\"north\",\"south\"]");
    assertThat(job.at("/Constraints/0").toString())
        .isEqualTo("{\"LTarget\":\"${node.class}\",\"RTarget\":\"batch\",\"Operand\":\"=\"}");
    assertThat(job.at("/Constraints/1/LTarget").asText()).isEqualTo("${attr.kernel.version}");
    assertThat(job.at("/Constraints/2/Operand").asText()).isEqualTo("is_set");
  }

  /** What fetches the package has no configuration before: that is in the package. */
  @ParameterizedTest
  @ValueSource(strings = {"raw_exec", "docker"})
  void aPackageInS3IsFetchedWhereItWasPut(String driver) {
    values.put("heron.nomad.driver", driver);
    values.put("heron.uploader.s3.region", "eu-central-1");
    values.put("heron.uploader.s3.uri", "http://store:9000");
    assertThat(task(1).path("Env").has("AWS_REGION")).as("not in S3").isFalse();
    packageUri = "s3://packages/words/topology.tar.gz";
    JsonNode env = task(1).path("Env");
    assertThat(env.path("AWS_REGION").asText()).isEqualTo("eu-central-1");
    assertThat(env.path("AWS_ENDPOINT_URL_S3").asText()).isEqualTo("http://store:9000");
    values.remove("heron.uploader.s3.region");
    values.put("heron.uploader.s3.uri", " ");
    env = task(1).path("Env");
    assertThat(env.has("AWS_REGION")).isFalse();
    assertThat(env.has("AWS_ENDPOINT_URL_S3")).isFalse();
  }

  /**
   * Nomad gives a container that is part of a failed deployment to no other node, ever: 0 stands
   * for forced updates instead of deployments (the job specification's update block).
   */
  @Test
  void noContainerIsPartOfADeployment() {
    assertThat(job(1).path("Update").toString()).isEqualTo("{\"MaxParallel\":0}");
    ObjectNode before = job(1);
    before.remove("Update");
    before.putObject("Update").put("Stagger", 30_000_000_000L).put("MaxParallel", 1);
    ((ObjectNode) before.at("/TaskGroups/0")).putObject("Update").put("MaxParallel", 1);
    ObjectNode next = ContainerJob.restarted(before, ContainerJob.needOf(before));
    assertThat(next.path("Update").toString()).isEqualTo("{\"MaxParallel\":0}");
    // The group's would win.
    assertThat(next.at("/TaskGroups/0").has("Update")).isFalse();
  }

  @Test
  void policiesThatNomadWouldRefuseAreSaid() {
    values.put("heron.nomad.restart.attempts", 0);
    assertThat(job(1).at("/TaskGroups/0/RestartPolicy/Mode").asText()).isEqualTo("fail");
    values.put("heron.nomad.restart.mode", "delay");
    refused("heron.nomad.restart.attempts is '0'", "must be at least 1 where the mode is delay");
    values.remove("heron.nomad.restart.mode");
    // 30 s, 60, 120, 240 … 1920 are waited at the most: seven fit into an hour.
    values.put("heron.nomad.reschedule.attempts", 7);
    values.put("heron.nomad.reschedule.interval.sec", 3600);
    assertThat(job(1).at("/TaskGroups/0/ReschedulePolicy/Attempts").asInt()).isEqualTo(7);
    values.put("heron.nomad.reschedule.attempts", 8);
    refused(
        "heron.nomad.reschedule.attempts is '8'",
        "can make them in 3600 s (heron.nomad.reschedule.interval.sec), where 7 fit");
    values.put("heron.nomad.reschedule.attempts", 1);
    values.put("heron.nomad.reschedule.interval.sec", 14);
    refused("heron.nomad.reschedule.interval.sec is '14'", "must be at least 15 seconds");
    values.put("heron.nomad.reschedule.interval.sec", 15);
    refused("heron.nomad.reschedule.attempts is '1'", "where 0 fit, or 0 for no limit");
    // Without a limit the interval counts for nothing.
    values.put("heron.nomad.reschedule.attempts", 0);
    assertThat(job(1).at("/TaskGroups/0/ReschedulePolicy/Unlimited").asBoolean()).isTrue();
  }

  private void refused(String value, String wanted) {
    assertThatThrownBy(() -> JobSettings.of(local()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(value)
        .hasMessageContaining(wanted)
        .hasMessageContaining("scheduler.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heron.nomad.driver | exec | must be docker or raw_exec",
        "heron.nomad.core.freq.mapping | 0 | must be from 1 to 1000000",
        "heron.nomad.core.freq.mapping | fast | must be a whole number",
        "heron.nomad.priority | 101 | must be from 1 to 100",
        "heron.nomad.datacenters | , | must be at least one datacenter",
        "heron.nomad.tmanager.cpu | 0 | must be more than 0 cores",
        "heron.nomad.restart.mode | never | must be fail or delay",
        "heron.nomad.restart.attempts | 1000 | must be so few that they fit in 1800 s",
        "heron.nomad.restart.interval.sec | 1 | must be at least 5 seconds",
        "heron.nomad.reschedule.delay.sec | 2 | must be at least 5 seconds",
        "heron.nomad.reschedule.max.delay.sec | 6 | must be at least the first delay, 30",
        "heron.nomad.kill.timeout.sec | -1 | must be 0 or more",
        "heron.nomad.constraints | distinct_hosts | is not 'attribute operator value'",
        "heron.nomad.constraints | a distinct_hosts true | each has a job of its own",
        "heron.nomad.constraints | a like b | has no operator of Nomad's",
        "heron.nomad.constraints | a = | has no value",
        "heron.nomad.constraints | a is_set b | has a value, but takes none",
        "heron.nomad.keep.working.directory | maybe | must be true or false",
      })
  void aWrongValueIsSaidWithItsKeyAndFile(String key, String value, String wanted) {
    values.put(key, value);
    assertThatThrownBy(() -> JobSettings.of(local()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(wanted)
        .hasMessageContaining("scheduler.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heron.nomad.metrics.service.provider | etcd | must be consul or nomad",
        "heron.nomad.metrics.service.check.interval.sec | 0 | must be at least 1 second",
      })
  void aWrongValueOfTheServiceIsSaid(String key, String value, String wanted) {
    values.put("heron.nomad.metrics.service.register", true);
    aWrongValueIsSaidWithItsKeyAndFile(key, value, wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host:4646",
    "127.0.0.1:4646",
    "http:",
    "http://host:4646/?token=x",
    "'http://ho st:4646'",
    "''"
  })
  void whatIsNoAddressIsSaid(String uri) {
    values.put("heron.nomad.scheduler.uri", uri);
    assertThatThrownBy(this::scheduler)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.nomad.scheduler.uri is '" + uri + "'");
  }

  @Test
  void aPasswordInAnAddressIsRefusedAndNotShown() {
    values.put("heron.nomad.scheduler.uri", "http://ada:s3cret@host:4646");
    assertThatThrownBy(this::scheduler)
        .hasMessageContaining("heron.nomad.acl.token.file")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aScriptThatCannotBeUsedIsSaid() throws Exception {
    values.put("heron.scheduler.job.template", directory.resolve("none.sh").toString());
    assertThatThrownBy(() -> job(1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.sh (heron.scheduler.job.template, from scheduler.yaml)")
        .hasMessageContaining("no such file");
    Path script = Files.writeString(directory.resolve("own.sh"), "echo {{ key \"x\" }}");
    values.put("heron.scheduler.job.template", script.toString());
    assertThatThrownBy(() -> job(1)).hasMessageContaining("which Nomad takes for a template");
    Files.writeString(script, "exec my-executor");
    assertThat(task(1).at("/Templates/0/EmbeddedTmpl").asText()).isEqualTo("exec my-executor");
  }

  @Test
  void moreThanNomadCanCountIsSaid() {
    JobSettings settings = JobSettings.of(local());
    ContainerPlan huge =
        new ContainerPlan(
            1, List.of(), new Resource(1e9, ByteAmount.ofGigabytes(1), ByteAmount.ZERO));
    assertThatThrownBy(() -> settings.need(Optional.of(huge)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("MHz, more than Nomad can count");
  }
}
