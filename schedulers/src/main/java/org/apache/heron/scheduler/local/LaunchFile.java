package org.apache.heron.scheduler.local;

import java.util.Optional;
import org.apache.heron.service.launch.LaunchBook;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.service.launch.WorkingDirectory;

/**
 * How the scheduler was started is in its working directory and nowhere else: where that is not,
 * the containers are not either.
 */
final class LaunchFile implements LaunchBook {
  private final WorkingDirectory directory;

  LaunchFile(WorkingDirectory directory) {
    this.directory = directory;
  }

  @Override
  public void write(LaunchRecord record) {
    // Whoever makes the directory has written it.
  }

  @Override
  public Optional<LaunchRecord> read() {
    return directory.isComplete() ? Optional.of(directory.launchRecord()) : Optional.empty();
  }

  @Override
  public boolean hasBegun() {
    return read().isPresent();
  }

  @Override
  public void deleteUnlessBegun() {
    // It goes with the directory.
  }

  @Override
  public void close() {}
}
