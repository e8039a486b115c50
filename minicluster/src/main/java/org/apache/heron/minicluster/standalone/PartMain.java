package org.apache.heron.minicluster.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.minicluster.agent.Agent;
import org.apache.heron.minicluster.master.Master;
import org.apache.heron.minicluster.master.MasterOptions;
import org.apache.heron.minicluster.master.Registry;
import org.apache.heron.minicluster.wire.RemoteMaster;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;

/**
 * The process of one part of a cluster: {@code zookeeper}, {@code master} or {@code agent}, by its
 * first word. It writes its port to the file {@code --ready} when it serves, and runs until its
 * standard input ends, so it does not outlive whoever started it, or until SIGTERM; an agent's
 * tasks end with it then.
 */
public final class PartMain {
  private PartMain() {}

  /** A part that runs. */
  private record Running(int port, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /** See the class. Ends with status 1 and a line of why if the part cannot be started. */
  public static void main(String[] args) {
    int status = 0;
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try {
      if (args.length == 0) {
        throw new IllegalArgumentException("the first word must be zookeeper, master or agent");
      }
      Options options = Options.parse(Arrays.asList(args).subList(1, args.length));
      try (Running running = start(args[0], options, stop)) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, closed), "stop"));
        ready(options.path("ready"), running.port());
        Thread watch = new Thread(() -> awaitParent(stop), "parent");
        watch.setDaemon(true);
        watch.start();
        stop.await();
      }
    } catch (Exception e) { // the process' edge
      System.err.println("error: " + e.getMessage());
      status = 1;
    } finally {
      closed.countDown();
    }
    System.exit(status);
  }

  private static void stop(CountDownLatch stop, CountDownLatch closed) {
    stop.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitParent(CountDownLatch stop) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said there: only its end matters.
      }
    } catch (IOException e) {
      System.err.println("standard input is broken: " + e.getMessage());
    }
    stop.countDown();
  }

  private static void ready(Path file, int port) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, Integer.toString(port));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Running start(String kind, Options options, CountDownLatch stop)
      throws IOException {
    switch (kind) {
      case "zookeeper" -> {
        EmbeddedZooKeeper server =
            EmbeddedZooKeeper.start(options.path("directory"), options.number("port"));
        return new Running(server.port(), server::close);
      }
      case "master" -> {
        Master master = Master.start(masterOptions(options));
        return new Running(master.port(), master::close);
      }
      case "agent" -> {
        return agent(options, stop);
      }
      default ->
          throw new IllegalArgumentException(
              "'" + kind + "' is no part of a cluster: it must be zookeeper, master or agent");
    }
  }

  private static MasterOptions masterOptions(Options options) throws IOException {
    return MasterOptions.defaults()
        .withPort(options.number("port"))
        .withAllocationInterval(options.millis("allocation-millis"))
        .withAgentPings(options.millis("ping-timeout-millis"), options.number("ping-timeouts"))
        .withRegistry(
            Registry.onDisk(options.path("registry"), options.millis("reregister-millis")))
        .withLeaderElection(
            new MasterOptions.ZooKeeperPath(
                options.text("zookeeper"), options.text("path"), options.millis("session-millis")));
  }

  private static Running agent(Options options, CountDownLatch stop) throws IOException {
    RemoteMaster master = new RemoteMaster(options.text("master"));
    Agent agent =
        Agent.builder()
            .hostname(options.text("hostname"))
            .port(options.number("port"))
            .resources(options.text("resources"))
            .attributes(options.find("attributes").orElse(""))
            .workDirectory(options.path("directory"))
            .start(master);
    agent.sentAway().thenRun(stop::countDown);
    return new Running(
        agent.port(),
        () -> {
          agent.close();
          master.close();
        });
  }
}
