package org.apache.heron.statemgr.localfs;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.tree.StateTree;

/**
 * Shared state in files of this host, in upstream's tree and bytes. Files have no sessions: the
 * location of a process stays when the process is gone, until it is deleted or replaced.
 */
public final class LocalFileSystemStateManager implements IStateManager {
  private static final String INITIALIZE = "heron.statemgr.localfs.is.initialize.file.tree";

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private StateTree tree;
  private LockDirectory locks;

  /** Something done with a file. */
  private interface Step<T> {
    T run() throws IOException;
  }

  @Override
  public void initialize(Config config) {
    Path root = config.path(Key.STATEMGR_ROOT_PATH).toAbsolutePath().normalize();
    tree = new StateTree(root.toString());
    locks = new LockDirectory(Path.of(tree.lockDirectory()));
    if (config.bool(INITIALIZE, true)) {
      for (String directory : tree.directories()) {
        perform(
            "create the directory of shared state (%s, from %s)"
                .formatted(Key.STATEMGR_ROOT_PATH.text(), config.sourceOf(Key.STATEMGR_ROOT_PATH)),
            () -> Files.createDirectories(Path.of(directory)));
      }
    }
  }

  @Override
  public List<String> missingDirectories() {
    return tree.directories().stream().filter(each -> !Files.isDirectory(Path.of(each))).toList();
  }

  @Override
  public <M extends Message> Optional<M> get(StateKind<M> kind, String topology) {
    StateFile file = file(kind, topology);
    return perform("read " + file.path(), file::read)
        .map(bytes -> StateTree.parse(kind, bytes, file.path().toString()));
  }

  @Override
  public <M extends Message> boolean create(StateKind<M> kind, String topology, M message) {
    StateFile file = file(kind, topology);
    return perform("create " + file.path(), () -> file.create(bytes(file, message)));
  }

  @Override
  public <M extends Message> void put(StateKind<M> kind, String topology, M message) {
    StateFile file = file(kind, topology);
    perform(
        "write " + file.path(),
        () -> {
          file.write(bytes(file, message));
          return file;
        });
  }

  /** An empty file is no message, so neither can a message without any field be stored. */
  private static byte[] bytes(StateFile file, Message message) {
    byte[] bytes = message.toByteArray();
    if (bytes.length == 0) {
      throw new StateException(
          "cannot write " + file.path() + ": a message without any field is an empty file");
    }
    return bytes;
  }

  @Override
  public boolean delete(StateKind<?> kind, String topology) {
    StateFile file = file(kind, topology);
    return perform("delete " + file.path(), file::delete);
  }

  @Override
  public boolean exists(StateKind<?> kind, String topology) {
    StateFile file = file(kind, topology);
    return perform("look for " + file.path(), file::exists);
  }

  @Override
  public List<String> list(StateKind<?> kind) {
    Path directory = Path.of(tree.directory(kind));
    return perform(
        "list " + directory,
        () -> {
          List<String> names = new ArrayList<>();
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
              String name = file.getFileName().toString();
              if (!name.startsWith(".") && new StateFile(file).exists()) {
                names.add(name);
              }
            }
          } catch (NoSuchFileException e) {
            return List.of();
          }
          return names.stream().sorted().toList();
        });
  }

  @Override
  public <M extends Message> Watch watch(
      StateKind<M> kind, String topology, Consumer<Optional<M>> listener) {
    FileWatch<M> watch = FileWatch.start(kind, file(kind, topology), listener);
    watches.add(watch);
    return () -> {
      watches.remove(watch);
      watch.close();
    };
  }

  @Override
  public Optional<Lock> lock(String topology, String name, Duration wait) {
    return locks.acquire(Path.of(tree.lock(topology, name)), wait);
  }

  @Override
  public List<String> lockedTopologies() {
    return perform("list " + tree.lockDirectory(), locks::topologies);
  }

  @Override
  public void deleteLocks(String topology) {
    locks.deleteAll(StateTree.checked(topology), file -> true);
  }

  @Override
  public void deleteLocksBut(String topology, String name) {
    Path kept = Path.of(tree.lock(topology, name)).getFileName();
    locks.deleteAll(StateTree.checked(topology), file -> !file.getFileName().equals(kept));
  }

  private StateFile file(StateKind<?> kind, String topology) {
    return new StateFile(Path.of(tree.node(kind, topology)));
  }

  private static <T> T perform(String purpose, Step<T> step) {
    try {
      return step.run();
    } catch (IOException e) {
      throw new StateException("cannot " + purpose + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    // Without a reason the message is nothing but the file's name, and the class says what is
    // wrong.
    return e instanceof FileSystemException named && named.getReason() == null
        ? e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage()
        : String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    watches.clear();
  }
}
