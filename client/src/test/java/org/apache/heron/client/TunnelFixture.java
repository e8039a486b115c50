package org.apache.heron.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A host that commands reach only through {@code ssh -NL}, for which another program stands. */
final class TunnelFixture {
  private TunnelFixture() {}

  /**
   * Puts a program {@code ssh} into a directory.
   *
   * @param port of this host to which it forwards, whatever it is asked for
   */
  static void ssh(Path directory, int port) throws IOException {
    Files.createDirectories(directory);
    Path program =
        Files.createFile(
            directory.resolve("ssh"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s %d "$@"
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                TunnelFixture.class.getName(),
                port));
  }

  /** Settings with shared state in a ZooKeeper behind the tunnel. */
  static Map<String, Object> settings() {
    return Map.of(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager",
        "heron.statemgr.connection.string",
        "zookeeper.invalid:2181",
        "heron.statemgr.root.path",
        "/heron",
        "heron.statemgr.zookeeper.session.timeout.ms",
        30_000,
        "heron.statemgr.is.tunnel.needed",
        true,
        "heron.statemgr.tunnel.host",
        "gate.example",
        "heron.statemgr.tunnel.connection.retry.count",
        1,
        "heron.statemgr.tunnel.retry.interval.ms",
        200,
        "heron.statemgr.tunnel.verify.count",
        300);
  }

  /** What stands for ssh: its words are the port to forward to, and ssh's own. */
  public static void main(String[] words) throws IOException {
    int local = Integer.parseInt(words[1].replaceAll("-NL(\\d+):zookeeper[.]invalid:2181", "$1"));
    try (ServerSocket server = new ServerSocket(local, 50, InetAddress.getLoopbackAddress())) {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[0]));
        new Thread(() -> copy(near, far)).start();
        new Thread(() -> copy(far, near)).start();
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      System.err.println("one side has ended: " + e.getMessage());
    }
  }

  /** Where programs are looked for: there first. */
  static String path(Path directory) {
    List<String> all = new ArrayList<>(List.of(directory.toString()));
    all.add(System.getenv("PATH"));
    return String.join(":", all);
  }
}
