package org.apache.heron.scheduler.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.heron.scheduler.local.sandbox.Layout;
import org.apache.heron.spi.scheduler.SchedulerException;

/** That no other process schedules these containers; ends with the process at the latest. */
final class Claim implements AutoCloseable {
  private final FileChannel channel;

  private Claim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws SchedulerException if another process has it
   */
  static Claim take(Layout layout) {
    Path file = layout.lock();
    try {
      Files.createDirectories(layout.directory());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new SchedulerException(
            "another scheduler process has the containers in " + layout.directory());
      }
      return new Claim(channel);
    } catch (IOException e) {
      throw new SchedulerException("cannot lock " + file + ": " + e, e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held in this very process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SchedulerException("cannot unlock: " + e, e);
    }
  }
}
