package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.TransactionOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/** {@link Nodes} in ZooKeeper, through a Curator client that someone else starts and closes. */
final class ZooKeeperNodes implements Nodes {
  /** Reads that are under way at once; a server throttles above 1,000 (globalOutstandingLimit). */
  private static final int WINDOW = 500;

  private static final long READ_LIMIT_SECONDS = 60;

  private final CuratorFramework client;

  ZooKeeperNodes(CuratorFramework client) {
    this.client = client;
  }

  @Override
  public void ensure(String path) throws Unavailable {
    try {
      client.create().creatingParentsIfNeeded().forPath(path, new byte[0]);
    } catch (KeeperException.NodeExistsException e) {
      return;
    } catch (Exception e) {
      throw explain("create " + path, e);
    }
  }

  @Override
  public Optional<Node> read(String path) throws Unavailable {
    try {
      Stat stat = new Stat();
      byte[] data = client.getData().storingStatIn(stat).forPath(path);
      return Optional.of(new Node(bytes(data), stat.getVersion()));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    } catch (Exception e) {
      throw explain("read " + path, e);
    }
  }

  @Override
  public Optional<List<String>> children(String path) throws Unavailable {
    try {
      return Optional.of(client.getChildren().forPath(path));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    } catch (Exception e) {
      throw explain("list " + path, e);
    }
  }

  @Override
  public Map<String, ByteString> readAll(List<String> paths) throws Unavailable {
    Map<String, ByteString> found = new HashMap<>();
    for (int from = 0; from < paths.size(); from += WINDOW) {
      readWindow(paths.subList(from, Math.min(paths.size(), from + WINDOW)), found);
    }
    return found;
  }

  private void readWindow(List<String> paths, Map<String, ByteString> found) throws Unavailable {
    Map<String, CompletableFuture<Optional<ByteString>>> pending = new HashMap<>();
    String current = "";
    try {
      for (String path : paths) {
        current = path;
        CompletableFuture<Optional<ByteString>> answer = new CompletableFuture<>();
        pending.put(path, answer);
        client
            .getData()
            .inBackground(
                (ignored, event) -> {
                  KeeperException.Code code = KeeperException.Code.get(event.getResultCode());
                  if (code == KeeperException.Code.OK) {
                    answer.complete(Optional.of(bytes(event.getData())));
                  } else if (code == KeeperException.Code.NONODE) {
                    answer.complete(Optional.empty());
                  } else {
                    answer.completeExceptionally(KeeperException.create(code, path));
                  }
                })
            .forPath(path);
      }
      for (String path : paths) {
        current = path;
        pending
            .get(path)
            .get(READ_LIMIT_SECONDS, TimeUnit.SECONDS)
            .ifPresent(data -> found.put(path, data));
      }
    } catch (ExecutionException e) {
      throw explain("read " + current, e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable(
          "ZooKeeper "
              + address()
              + " did not answer within "
              + READ_LIMIT_SECONDS
              + " s when asked to read "
              + current,
          e);
    } catch (Exception e) {
      throw explain("read " + current, e);
    }
  }

  @Override
  public Outcome commit(List<Change> changes) {
    try {
      List<CuratorOp> operations = new ArrayList<>(changes.size());
      for (Change change : changes) {
        operations.add(operation(change));
      }
      client.transaction().forOperations(operations);
      return Outcome.APPLIED;
    } catch (KeeperException.BadVersionException
        | KeeperException.NoNodeException
        | KeeperException.NodeExistsException
        | KeeperException.NotEmptyException e) {
      return Outcome.CONFLICT;
    } catch (Exception e) {
      explain("write " + changes.get(changes.size() - 1).path(), e);
      return Outcome.UNKNOWN;
    }
  }

  private CuratorOp operation(Change change) throws Exception {
    TransactionOp transaction = client.transactionOp();
    if (change instanceof Create create) {
      return transaction.create().forPath(create.path(), create.data().toByteArray());
    } else if (change instanceof Update update) {
      return transaction
          .setData()
          .withVersion(update.version().orElse(-1))
          .forPath(update.path(), update.data().toByteArray());
    } else {
      Delete delete = (Delete) change;
      return transaction.delete().withVersion(delete.version().orElse(-1)).forPath(delete.path());
    }
  }

  /** Sorts failures: what may pass is returned, what cannot is thrown as refused. */
  private Unavailable explain(String what, Throwable cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new Unavailable("interrupted when asked to " + what, cause);
    }
    String text = "ZooKeeper " + address() + " cannot " + what + ": " + cause.getMessage();
    if (cause instanceof KeeperException keeper) {
      switch (keeper.code()) {
        case NOAUTH, AUTHFAILED, INVALIDACL, BADARGUMENTS, QUOTAEXCEEDED, UNIMPLEMENTED ->
            throw new StorageException.Refused(text, cause);
        default -> {
          return new Unavailable(text, cause);
        }
      }
    }
    return new Unavailable(text, cause);
  }

  private static ByteString bytes(byte[] data) {
    return data == null ? ByteString.EMPTY : ByteString.copyFrom(data);
  }

  @Override
  public String address() {
    return client.getZookeeperClient().getCurrentConnectionString();
  }
}
