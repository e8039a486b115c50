package org.apache.heron.scheduler.local;

import java.util.Optional;
import org.apache.heron.service.launch.LaunchBook;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.service.launch.WorkingDirectory;

/**
 * How the scheduler was started is in its working directory and nowhere else. Where that is not,
 * the containers are not either, but may be elsewhere: {@link Elsewhere}.
 */
final class LaunchFile implements LaunchBook {
  private final WorkingDirectory directory;
  private final String topologyId;

  /**
   * @param topologyId of the submission; empty if that is no longer known
   */
  LaunchFile(WorkingDirectory directory, String topologyId) {
    this.directory = directory;
    this.topologyId = topologyId;
  }

  @Override
  public void write(LaunchRecord record) {
    // Whoever makes the directory has written it.
  }

  @Override
  public Optional<LaunchRecord> read() {
    // Another submission of that name on another host has left nothing to go on with here.
    return directory.isComplete()
        ? Optional.of(directory.launchRecord())
            .filter(record -> topologyId.isEmpty() || record.topologyId().equals(topologyId))
        : Optional.empty();
  }

  @Override
  public boolean hasBegun() {
    return read().isPresent();
  }

  @Override
  public void deleteUnlessBegun(String submission) {
    // It goes with the directory.
  }

  @Override
  public void close() {}
}
