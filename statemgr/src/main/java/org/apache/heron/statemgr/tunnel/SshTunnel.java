package org.apache.heron.statemgr.tunnel;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.process.AtExit;
import org.apache.heron.spi.process.Background;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes of ssh that carry connections to where this host cannot connect. They end with this
 * object, and with this process: then after all work, which may need them to take back what it has
 * begun. Thread-safe.
 */
public final class SshTunnel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SshTunnel.class);

  /** Until ssh, told to end, has said its last; it says why it failed at once. */
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  /** Starts a process. */
  @FunctionalInterface
  public interface Launcher {
    /**
     * Starts it.
     *
     * @throws IOException if there is no such program
     */
    Process start(List<String> command) throws IOException;
  }

  private final TunnelSettings settings;
  private final Launcher launcher;
  private final List<Process> processes = new ArrayList<>();
  private volatile String reason = "";
  private final Optional<AtExit.Duty> atExit;

  /** By the program ssh; nothing is started yet. */
  public SshTunnel(TunnelSettings settings) {
    this(settings, SshTunnel::ssh);
  }

  /** By something that is started like ssh. */
  public SshTunnel(TunnelSettings settings, Launcher launcher) {
    this.settings = settings;
    this.launcher = launcher;
    this.atExit =
        settings.needed()
            ? Optional.of(AtExit.perform(AtExit.Rank.CONNECTIONS, "end-ssh", this::destroy))
            : Optional.empty();
  }

  private static Process ssh(List<String> command) throws IOException {
    // A terminal sends Ctrl-C to all of its foreground processes, also to those still needed.
    List<String> words = new ArrayList<>(Background.prefix());
    words.addAll(command);
    return new ProcessBuilder(words)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Whether somebody accepts connections there, without ssh; tried as often as configured. */
  public boolean isDirect(String host, int port) throws InterruptedException {
    return answers(host, port, settings.attempts(), null);
  }

  /** True if that is this host, to which no tunnel leads. */
  public static boolean isThisHost(String host) {
    return THIS_HOST.contains(host);
  }

  /**
   * Forwards a port of this host to a host's.
   *
   * @return the port here; empty if ssh does not get there
   */
  public OptionalInt forward(String host, int port) throws InterruptedException {
    int local = freePort();
    return started(
        List.of("ssh", "-NL%d:%s".formatted(local, endpoint(host, port)), settings.host()), local);
  }

  /**
   * Makes a SOCKS proxy on this host whose connections begin at the tunnel's host.
   *
   * @return its port here; empty if ssh does not get there
   */
  public OptionalInt socks() throws InterruptedException {
    int local = freePort();
    return started(List.of("ssh", "-ND", Integer.toString(local), settings.host()), local);
  }

  /** A host and port as one text. */
  public static String endpoint(String host, int port) {
    boolean bare = host.contains(":") && !host.startsWith("[");
    return (bare ? "[" + host + "]" : host) + ":" + port;
  }

  private OptionalInt started(List<String> command, int localPort) throws InterruptedException {
    Process ssh;
    try {
      ssh = launcher.start(command);
    } catch (IOException e) {
      reason = "; ssh cannot be started: " + e.getMessage();
      LOG.warn("'{}' cannot be started: {}", String.join(" ", command), e.getMessage());
      return OptionalInt.empty();
    }
    synchronized (processes) {
      processes.add(ssh);
    }
    LastWords said = new LastWords(ssh);
    if (answers("127.0.0.1", localPort, settings.verifications(), ssh)) {
      return OptionalInt.of(localPort);
    }
    // By its handle, which leaves open what it says.
    ssh.toHandle().destroy();
    String line = said.line(END_LIMIT);
    reason = line.isEmpty() ? "" : "; ssh says: " + line;
    LOG.warn("'{}' does not get through{}", String.join(" ", command), reason);
    return OptionalInt.empty();
  }

  /** What ssh said when it last did not get there, for the end of a message; may be empty. */
  public String reason() {
    return reason;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("this host has no free port for ssh: " + e.getMessage(), e);
    }
  }

  /**
   * @param carrier the process without which waiting is in vain; null if there is none
   */
  private boolean answers(String host, int port, int attempts, Process carrier)
      throws InterruptedException {
    for (int attempt = 1; attempt <= attempts; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), (int) settings.timeout().toMillis());
        return true;
      } catch (IOException e) {
        LOG.debug("{}:{}: {}", host, port, e.getMessage());
      }
      if (attempt == attempts || !mayGoOn(carrier)) {
        return false;
      }
    }
    return false;
  }

  /** Waits before the next attempt; at once false if the carrier has ended. */
  private boolean mayGoOn(Process carrier) throws InterruptedException {
    long millis = settings.pause().toMillis();
    if (carrier != null) {
      return !carrier.waitFor(millis, TimeUnit.MILLISECONDS);
    }
    TimeUnit.MILLISECONDS.sleep(millis);
    return true;
  }

  private void destroy() {
    synchronized (processes) {
      processes.forEach(Process::destroy);
      processes.clear();
    }
  }

  @Override
  public void close() {
    destroy();
    atExit.ifPresent(AtExit.Duty::close);
  }
}
