package org.apache.heron.service.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of starting a scheduler process, for the first time or again, and of cleaning up. */
public final class SchedulerLaunch {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerLaunch.class);
  private static final Duration DEPARTURE = Duration.ofSeconds(15);

  private final LaunchRequest request;
  private final IStateManager state;
  private final WorkingDirectory directory;
  private final LaunchBook book;
  private final Runnable endRemains;
  private Optional<Process> foreground = Optional.empty();

  /**
   * @param endRemains ends what the process has started on this host and left behind; run before
   *     the directory is removed
   */
  public SchedulerLaunch(
      LaunchRequest request,
      IStateManager state,
      WorkingDirectory directory,
      LaunchBook book,
      Runnable endRemains) {
    this.request = request;
    this.state = state;
    this.directory = directory;
    this.book = book;
    this.endRemains = endRemains;
  }

  /**
   * Makes the working directory from a package on this host, and starts.
   *
   * @throws SchedulerException if that fails; nothing is left then
   */
  public void first(Path topologyPackage, LaunchRecord record) {
    directory.refuseIfAlive();
    // Of an earlier topology whose state was removed by other means than a kill.
    endRemains.run();
    try (InputStream stream = Files.newInputStream(topologyPackage)) {
      directory.create(stream, record);
    } catch (IOException e) {
      throw new SchedulerException(
          "the topology package " + topologyPackage + " cannot be read: " + e.getMessage(), e);
    }
    try {
      book.write(record);
      if (!start(record)) {
        throw new SchedulerException("the scheduler process has ended before it launched");
      }
    } catch (SchedulerException e) {
      undo(e);
      throw e;
    }
  }

  private void undo(SchedulerException cause) {
    try {
      cleanUp();
    } catch (SchedulerException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Starts the process again; false if it never got so far as to run containers, or if the process
   * has found a kill to finish and has finished it.
   *
   * @throws SchedulerException if it cannot be started here
   */
  public boolean again() {
    if (!book.hasBegun()) {
      return false;
    }
    directory.refuseIfAlive();
    LaunchRecord record =
        book.read()
            .orElseGet(
                () -> {
                  LOG.info(
                      "no launch record is in shared state; using that of {}", directory.path());
                  return directory.launchRecord();
                });
    prepare(directory, record);
    return start(record);
  }

  /**
   * Starts one more process, which waits for the end of the one that leads; in a directory of its
   * own if the usual one is in use on this host.
   *
   * @throws SchedulerException if there is nothing to stand by for, or it cannot be started here
   */
  public Standby standBy() {
    LaunchRecord record =
        book.read()
            .orElseThrow(
                () ->
                    new SchedulerException(
                        "no scheduler of topology '"
                            + request.topology()
                            + "' is on record, so there is none to stand by for"));
    WorkingDirectory free = directory.unused();
    prepare(free, record);
    Process process =
        new SchedulerStart(free, request.topology(), state)
            .standBy(SchedulerCommand.of(request, record, true), request.background());
    keep(process);
    return new Standby(process, free.log());
  }

  /**
   * A process that stands by.
   *
   * @param log where it logs
   */
  public record Standby(Process process, Path log) {}

  private static void prepare(WorkingDirectory directory, LaunchRecord record) {
    boolean ours =
        directory.isComplete() && directory.launchRecord().topologyId().equals(record.topologyId());
    if (!ours) {
      LOG.info("making {} anew from {}", directory.path(), record.topologyPackage());
      try (InputStream stream =
          PackageSource.open(
              record.topologyPackage(),
              "the topology package",
              "resume on the host that submitted, where the scheduler's directory is")) {
        directory.create(stream, record);
      } catch (IOException e) {
        throw new SchedulerException(
            "the topology package "
                + record.topologyPackage()
                + " cannot be read to make "
                + directory.path()
                + " anew: "
                + e,
            e);
      }
    }
  }

  private boolean start(LaunchRecord record) {
    Optional<Process> process =
        new SchedulerStart(directory, request.topology(), state)
            .start(
                SchedulerCommand.of(request, record, false),
                request.background(),
                record.topologyId());
    process.ifPresent(this::keep);
    return process.isPresent();
  }

  private void keep(Process process) {
    if (!request.background()) {
      foreground = Optional.of(process);
    }
  }

  /**
   * Waits for the end of the process that was started, if it is not to run in the background.
   *
   * @throws SchedulerException if it failed
   */
  public void await() {
    try {
      if (foreground.isPresent() && foreground.get().waitFor() != 0) {
        throw new SchedulerException(
            "the scheduler ended with exit code " + foreground.get().exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for a process that is ending, ends one that hangs, and removes the directory; but not
   * those of another submission, which is what a launch that was refused would find. Living
   * standbys remove their own directories when they find the topology gone; those of dead ones go
   * here.
   */
  public void cleanUp() {
    if (directory.belongsTo(request.topologyId())) {
      cleanUpHere();
    } else {
      LOG.info("{} is of another submission and is left alone", directory.path());
    }
    directory.abandonedStandbys().stream()
        .filter(standby -> standby.belongsTo(request.topologyId()))
        .forEach(WorkingDirectory::delete);
    book.deleteUnlessBegun(request.topologyId());
  }

  private void cleanUpHere() {
    directory
        .process()
        .ifPresent(
            handle -> {
              if (!SchedulerStart.waitForEnd(handle, DEPARTURE)) {
                LOG.warn("scheduler process {} has not ended; ending it", handle.pid());
                SchedulerStart.end(handle);
              }
            });
    // Only now, so that the scheduler starts none of them anew.
    endRemains.run();
    directory.delete();
  }
}
