package org.apache.heron.cli.legacy;

import java.util.Map;
import java.util.Optional;

/** What the classes that configurations of 2016 name are called today. */
final class OldClasses {
  private static final Map<String, String> TODAY =
      Map.ofEntries(
          Map.entry("MesosScheduler", "org.apache.heron.scheduler.mesos.MesosScheduler"),
          Map.entry("MesosTopologyScheduler", "org.apache.heron.scheduler.mesos.MesosScheduler"),
          Map.entry("MesosLauncher", "org.apache.heron.scheduler.mesos.MesosLauncher"),
          Map.entry("AuroraScheduler", "org.apache.heron.scheduler.aurora.AuroraScheduler"),
          Map.entry("AuroraTopologyScheduler", "org.apache.heron.scheduler.aurora.AuroraScheduler"),
          Map.entry("AuroraLauncher", "org.apache.heron.scheduler.aurora.AuroraLauncher"),
          Map.entry("LocalScheduler", "org.apache.heron.scheduler.local.LocalScheduler"),
          Map.entry("LocalLauncher", "org.apache.heron.scheduler.local.LocalLauncher"),
          Map.entry("RoundRobinPacking", "org.apache.heron.packing.roundrobin.RoundRobinPacking"),
          Map.entry(
              "CuratorStateManager",
              "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager"),
          Map.entry(
              "LocalFileStateManager",
              "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager"),
          Map.entry(
              "LocalFileSystemStateManager",
              "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager"),
          Map.entry("LocalUploader", "org.apache.heron.uploader.localfs.LocalFileSystemUploader"),
          Map.entry(
              "LocalFileSystemUploader",
              "org.apache.heron.uploader.localfs.LocalFileSystemUploader"),
          Map.entry(
              "SharedFileSystemUploader",
              "org.apache.heron.uploader.localfs.LocalFileSystemUploader"),
          Map.entry("NullUploader", "org.apache.heron.uploader.NullUploader"),
          Map.entry("S3Uploader", "org.apache.heron.uploader.s3.S3Uploader"),
          Map.entry("ScpUploader", "org.apache.heron.uploader.scp.ScpUploader"));

  private OldClasses() {}

  /** Today's name; one that is not Heron's own stays; empty if it was Heron's and is gone. */
  static Optional<String> today(String old) {
    String name = old.strip();
    if (!name.startsWith("com.twitter.heron.")) {
      return Optional.of(name);
    }
    return Optional.ofNullable(TODAY.get(name.substring(name.lastIndexOf('.') + 1)));
  }
}
