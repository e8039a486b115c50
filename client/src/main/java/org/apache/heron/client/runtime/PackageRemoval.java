package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.IUploader;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;

/** Removes the package that was uploaded for a topology which does not run any more. */
public final class PackageRemoval {
  private PackageRemoval() {}

  /**
   * Removes it. A store that is gone for good must not keep a topology from being removed: what
   * cannot be done is said.
   *
   * @param local with the topology's name and role
   * @param execution what is on record of it, if anything is
   */
  public static void run(
      Plugins plugins, Config local, Optional<ExecutionState> execution, Progress progress) {
    Config config =
        execution
            .map(ExecutionState::getPackageUri)
            .filter(uri -> !uri.isEmpty())
            .map(uri -> local.with(Key.TOPOLOGY_PACKAGE_URI, uri))
            .orElse(local);
    try (IUploader uploader = plugins.uploader(config)) {
      uploader.progress(new DeletionNotes(progress));
      uploader.initialize(config);
      uploader.delete();
    } catch (UploaderException | ConfigException e) {
      progress.warn(e.getMessage() + "; it stays there");
    }
  }

  /** What an uploader says while it deletes. */
  private record DeletionNotes(Progress progress) implements UploadProgress {
    @Override
    public void sent(long bytes, long total) {}

    @Override
    public void notice(String line) {
      progress.warn(line);
    }
  }
}
