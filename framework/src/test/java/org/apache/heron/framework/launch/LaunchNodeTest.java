package org.apache.heron.framework.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.service.launch.LaunchRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record of a launch, which a newer submission of the name may have replaced. */
class LaunchNodeTest {
  private static final String PATH = "/heron/frameworks/words/launch";

  @TempDir Path directory;
  private EmbeddedZooKeeper zookeeper;
  private CuratorFramework client;
  private LaunchNode node;

  @BeforeEach
  void start() throws Exception {
    zookeeper = EmbeddedZooKeeper.start(directory, 0);
    client = CuratorFrameworkFactory.newClient(zookeeper.connectString(), new RetryOneTime(1_000));
    client.start();
    node = new LaunchNode(client, "/heron", "words");
  }

  @AfterEach
  void stop() {
    node.close();
    zookeeper.close();
  }

  private static LaunchRecord launchOf(String id) {
    return new LaunchRecord(id, "words.jar", "file:///words", "file:///core");
  }

  @Test
  void whoCleansUpAfterAnEarlierSubmissionLeavesTheRecordOfANewerOne() {
    node.write(launchOf("words-2"));
    node.deleteUnlessBegun("words-1");
    assertThat(node.read()).contains(launchOf("words-2"));
    node.deleteUnlessBegun("words-2");
    assertThat(node.read()).isEmpty();
  }

  @Test
  void whoDoesNotKnowWhichSubmissionItWasRemovesWhatNeverBegan() {
    node.write(launchOf("words-1"));
    node.deleteUnlessBegun("");
    assertThat(node.read()).isEmpty();
  }

  @Test
  void aRecordThatCannotBeReadIsNobodys() throws Exception {
    node.write(launchOf("words-1"));
    client.setData().forPath(PATH, "nothing".getBytes(StandardCharsets.UTF_8));
    node.deleteUnlessBegun("words-2");
    assertThat(node.read()).isEmpty();
  }
}
