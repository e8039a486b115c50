package org.apache.heron.minicluster.agent.fetcher;

import java.util.Optional;

/** What the fetcher can extract, told by the file's name alone, as Mesos does. */
enum ArchiveKind {
  /** A tar file as it is. */
  TAR,
  /** A tar file in gzip. */
  TAR_GZIP,
  /** A tar file in bzip2. */
  TAR_BZIP2,
  /** A tar file in xz. */
  TAR_XZ,
  /** One file in gzip. */
  GZIP,
  /** A zip file. */
  ZIP;

  static Optional<ArchiveKind> of(String name) {
    if (name.endsWith(".tar")) {
      return Optional.of(TAR);
    } else if (name.endsWith(".tgz") || name.endsWith(".tar.gz")) {
      return Optional.of(TAR_GZIP);
    } else if (name.endsWith(".tbz2") || name.endsWith(".tar.bz2")) {
      return Optional.of(TAR_BZIP2);
    } else if (name.endsWith(".txz") || name.endsWith(".tar.xz")) {
      return Optional.of(TAR_XZ);
    } else if (name.endsWith(".gz")) {
      return Optional.of(GZIP);
    } else if (name.endsWith(".zip")) {
      return Optional.of(ZIP);
    }
    return Optional.empty();
  }
}
