package org.apache.heron.framework.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * What masters leave in ZooKeeper: each an ephemeral node {@code json.info_<sequence>} that holds
 * its MasterInfo as JSON; the lowest sequence leads (recording zookeeper-leader). Pure.
 */
final class LeaderNode {
  private static final String PREFIX = "json.info_";
  private static final ObjectMapper JSON = new ObjectMapper();

  private LeaderNode() {}

  /** The leader's among the children of the masters' node. */
  static Optional<String> leading(Collection<String> children) {
    return children.stream()
        .filter(name -> name.startsWith(PREFIX))
        .filter(name -> name.substring(PREFIX.length()).matches("-?\\d{1,18}"))
        .min(Comparator.comparingLong(name -> Long.parseLong(name.substring(PREFIX.length()))));
  }

  /**
   * Reads where that master listens.
   *
   * @param tls by https the name is called, which its certificate is for; else the address
   * @throws IOException if it is no MasterInfo with host and port
   */
  static Endpoint endpoint(byte[] data, boolean tls) throws IOException {
    JsonNode info = JSON.readTree(data);
    JsonNode address = info.path("address");
    String hostname = text(address.path("hostname"), text(info.path("hostname"), ""));
    String ip = text(address.path("ip"), "");
    int port = address.path("port").asInt(info.path("port").asInt(0));
    String first = tls ? hostname : ip;
    String host = first.isEmpty() ? (tls ? ip : hostname) : first;
    try {
      return new Endpoint(tls, host, port);
    } catch (IllegalArgumentException e) {
      throw new IOException("it names no host and port: " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode node, String otherwise) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : otherwise;
  }
}
