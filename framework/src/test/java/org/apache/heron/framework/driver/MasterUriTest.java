package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of heron.mesos.master.uri, and what leads out of ZooKeeper's nodes. */
class MasterUriTest {
  private static MasterUri.Named named(Endpoint... endpoints) {
    return new MasterUri.Named(List.of(endpoints));
  }

  @Test
  void mastersMayBeNamedInEveryUsualForm() {
    assertThat(MasterUri.parse("127.0.0.1:5050", false))
        .isEqualTo(named(new Endpoint(false, "127.0.0.1", 5050)));
    assertThat(MasterUri.parse(" m1, m2:6060 ,[::1]:7070", true))
        .isEqualTo(
            named(
                new Endpoint(true, "m1", 5050),
                new Endpoint(true, "m2", 6060),
                new Endpoint(true, "::1", 7070)));
    assertThat(MasterUri.parse("http://m1:80,https://m2:443/", true))
        .isEqualTo(named(new Endpoint(false, "m1", 80), new Endpoint(true, "m2", 443)));
  }

  @Test
  void zooKeeperMayBeNamedWithAndWithoutPassword() {
    assertThat(MasterUri.parse("zk://z1:2181,z2:2181/mesos/", false))
        .isEqualTo(new MasterUri.ZooKeeper("z1:2181,z2:2181", "/mesos", Optional.empty()));
    MasterUri guarded = MasterUri.parse("zk://user:p@ss@z1/a/b", false);
    assertThat(guarded)
        .isEqualTo(new MasterUri.ZooKeeper("z1", "/a/b", Optional.of("user:p@ss")))
        .hasToString("zk://z1/a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        ",",
        "m1:port",
        "m1:0",
        "m1:70000",
        "::1:5050",
        "ftp://m1:5050",
        "m1:5050/path",
        "m 1:5050",
        "zk://",
        "zk://z1:2181",
        "zk://z1:2181/",
        "zk:///mesos",
        "zk://z1:x/mesos",
        "zk://nopassword@z1/mesos",
        "mesos_master:5050",
        "m..1:5050",
        "http://"
      })
  void whatIsNoMastersUriIsNamedWithItsKey(String text) {
    assertThatThrownBy(() -> MasterUri.parse(text, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("heron.mesos.master.uri: ")
        .hasMessageContaining("give host:port");
  }

  @ParameterizedTest
  @CsvSource({
    "//127.0.0.1:6050/master/api/v1/scheduler, 127.0.0.1:6050",
    "//127.0.0.1:6050, 127.0.0.1:6050",
    "http://m2/api, m2:5050",
    "//[::1]:6050/x, [::1]:6050",
  })
  void aRedirectNamesTheLeader(String location, String leader) {
    Endpoint asked = new Endpoint(false, "m1", 5050);
    assertThat(asked.redirectedTo(location)).map(Endpoint::toString).contains(leader);
    assertThat(new Endpoint(true, "m1", 5050).redirectedTo("//m2:1/").orElseThrow().tls()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/path",
        "//",
        "//:5050",
        "//m2:x",
        "http://[",
        "//a:b@m2:5050/",
        "//m_2:5050"
      })
  void aRedirectThatNamesNobodyIsNone(String location) {
    assertThat(new Endpoint(false, "m1", 5050).redirectedTo(location)).isEmpty();
  }

  @Test
  void theLowestSequenceLeadsAsRecorded() throws IOException {
    assertThat(
            LeaderNode.leading(
                List.of(
                    "json.info_0000000010",
                    "json.info_0000000002",
                    "log_replicas",
                    "json.info_",
                    "json.info_x",
                    "info_0000000001")))
        .contains("json.info_0000000002");
    assertThat(LeaderNode.leading(List.of("log_replicas"))).isEmpty();
    int nodes = 0;
    for (JsonNode line : Recording.lines("zookeeper-leader")) {
      if (line.path("node").asText().contains("json.info_")) {
        byte[] data = line.path("data").get(0).asText().getBytes(UTF_8);
        assertThat(LeaderNode.endpoint(data, false).toString()).matches("127\\.0\\.0\\.1:605[05]");
        nodes++;
      }
    }
    assertThat(nodes).isEqualTo(3);
  }

  @Test
  void byHttpsTheNameIsCalledAndElseTheAddress() throws IOException {
    byte[] data =
        "{\"address\":{\"hostname\":\"m1.example\",\"ip\":\"10.0.0.1\",\"port\":5050}}"
            .getBytes(UTF_8);
    assertThat(LeaderNode.endpoint(data, true)).isEqualTo(new Endpoint(true, "m1.example", 5050));
    assertThat(LeaderNode.endpoint(data, false)).isEqualTo(new Endpoint(false, "10.0.0.1", 5050));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "null",
        "{\"address\":{\"ip\":\"a\",\"port\":0}}",
        "{\"hostname\":\"m_1\",\"port\":5050}"
      })
  void aNodeThatIsNoMasterInfoIsAnError(String data) {
    assertThatThrownBy(() -> LeaderNode.endpoint(data.getBytes(UTF_8), false))
        .isInstanceOf(IOException.class);
  }
}
