package org.apache.heron.tests.integration;

import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/** Looks at ZooKeeper as an operator would. */
public final class ZooKeeperTree implements AutoCloseable {
  private final CuratorFramework client;

  public ZooKeeperTree(String connectString) {
    client = CuratorFrameworkFactory.newClient(connectString, new RetryOneTime(500));
    client.start();
  }

  /** Paths below the root that have no children, and hold the name in their path; sorted. */
  public List<String> leaves(String root, String name) throws Exception {
    List<String> found = new ArrayList<>();
    collect(root, found);
    return found.stream().filter(path -> path.contains("/" + name)).sorted().toList();
  }

  byte[] data(String path) throws Exception {
    return client.getData().forPath(path);
  }

  void create(String path, byte[] data) throws Exception {
    client.create().creatingParentContainersIfNeeded().forPath(path, data);
  }

  boolean exists(String path) throws Exception {
    return client.checkExists().forPath(path) != null;
  }

  private void collect(String path, List<String> found) throws Exception {
    if (!exists(path)) {
      return;
    }
    List<String> children = client.getChildren().forPath(path);
    if (children.isEmpty()) {
      found.add(path);
    }
    for (String child : children) {
      collect(path + "/" + child, found);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
