package org.apache.heron.executor.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.executor.flags.ExecutorFlags;
import org.apache.heron.executor.flags.UsageException;
import org.apache.heron.executor.stmgr.StreamManager;
import org.slf4j.LoggerFactory;

/**
 * Runs a container until it is told to end. Exit codes: 2 for a command line that cannot be used, 1
 * if the container cannot start or go on, 15 if it was killed through its shell.
 */
public final class ContainerMain {
  private static final int USAGE = 2;

  private ContainerMain() {}

  /** The process' entry, called by {@link ExecutorMain}. */
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream stderr =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    ExecutorFlags flags;
    try {
      flags = ExecutorFlags.parse(List.of(arguments));
    } catch (UsageException e) {
      stderr.println("Usage: heron-executor --flag=value ...");
      stderr.println("Error: " + e.getMessage());
      System.exit(USAGE);
      return;
    }
    System.exit(run(flags, stderr));
  }

  private static int run(ExecutorFlags flags, PrintStream stderr) throws InterruptedException {
    Path directory = Path.of("").toAbsolutePath();
    Container container = new Container(flags, directory, StreamManager::start);
    // SIGTERM ends in this hook, as does an exit.
    Runtime.getRuntime().addShutdownHook(new Thread(container::close, "shutdown"));
    try {
      container.start(Settings.read(flags, directory), System.getenv());
      return container.exit().join();
    } catch (RuntimeException e) { // the edge of the process
      LoggerFactory.getLogger(ContainerMain.class).error("container {}", flags.shard(), e);
      stderr.println("heron-executor-" + flags.shard() + ": " + e.getMessage());
      return 1;
    }
  }
}
