package org.apache.heron.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.RetryOneTime;

/** The peer of {@link Failover}: a LeaderLatch alone, with the same time-out of sessions. */
final class LatchFailover {
  private static final String PATH = "/latch";
  private static final int SESSION_MS = 30_000;

  private LatchFailover() {}

  /** The process that is killed: leads, says so, and stays. */
  public static void main(String[] args) throws Exception {
    CuratorFramework client = client(args[0]);
    LeaderLatch latch = new LeaderLatch(client, PATH);
    latch.start();
    latch.await();
    System.out.println("leads");
    new CountDownLatch(1).await();
  }

  static void measure(String zooKeeper, int times) throws Exception {
    double[] leads = new double[times];
    for (int i = 0; i < times; i++) {
      leads[i] = once(zooKeeper);
    }
    Failover.print("peer: LeaderLatch leads", leads);
  }

  private static double once(String zooKeeper) throws Exception {
    Process leader =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LatchFailover.class.getName(),
                zooKeeper)
            .redirectError(new File("/dev/null"))
            .start();
    try (CuratorFramework client = client(zooKeeper);
        BufferedReader said =
            new BufferedReader(
                new InputStreamReader(leader.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      while (line != null && !line.equals("leads")) {
        line = said.readLine();
      }
      CountDownLatch led = new CountDownLatch(1);
      try (LeaderLatch latch = new LeaderLatch(client, PATH)) {
        latch.addListener(
            new LeaderLatchListener() {
              @Override
              public void isLeader() {
                led.countDown();
              }

              @Override
              public void notLeader() {}
            });
        latch.start();
        while (latch.getParticipants().size() < 2) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
        long begin = System.nanoTime();
        leader.destroyForcibly();
        if (!led.await(2, TimeUnit.MINUTES)) {
          throw new IOException("the latch's successor does not lead");
        }
        return (System.nanoTime() - begin) / 1e6;
      }
    } finally {
      leader.destroyForcibly();
    }
  }

  private static CuratorFramework client(String zooKeeper) {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(zooKeeper, SESSION_MS, 10_000, new RetryOneTime(100));
    client.start();
    return client;
  }
}
