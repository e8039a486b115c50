package org.apache.heron.client.definition;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.heron.client.ClientException;

/**
 * The file that a user submits.
 *
 * @param path of an existing file
 * @param type by its extension
 */
public record TopologyFile(Path path, Type type) {

  /** Kinds of topology files. */
  public enum Type {
    /** A Java topology with everything it needs, or nearly: the API is added. */
    JAR("jar"),
    /** A Java topology beside its libraries, packed or not. */
    TAR("tar"),
    /** A Python topology. */
    PEX("pex"),
    /** A C++ topology. */
    SO("so"),
    /** A C++ topology. */
    DYLIB("dylib");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As in {@code heron.topology.package.type}. */
    public String text() {
      return text;
    }
  }

  /**
   * A file that is there.
   *
   * @throws ClientException if it is not, or has an extension that is not known
   */
  public static TopologyFile of(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ClientException("Topology file '" + path + "' does not exist");
    }
    return new TopologyFile(path, typeOf(fileName(path)));
  }

  private static Type typeOf(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".tar.gz") || lower.endsWith(".tgz")) {
      return Type.TAR;
    }
    String extension = lower.substring(lower.lastIndexOf('.') + 1);
    for (Type type : Type.values()) {
      if (type.text().equals(extension)) {
        return type;
      }
    }
    int dot = name.lastIndexOf('.');
    throw new ClientException(
        "Unknown file type '"
            + (dot < 0 ? "" : name.substring(dot))
            + "'. Please use .tar or .tar.gz or .jar or .pex or .dylib or .so file");
  }

  /** The name without directories. */
  public String name() {
    return fileName(path);
  }

  /** The name without the extension of an archive. */
  String baseName() {
    String name = name();
    for (String extension : new String[] {".tar.gz", ".tgz", ".tar"}) {
      if (name.toLowerCase(Locale.ROOT).endsWith(extension)) {
        return name.substring(0, name.length() - extension.length());
      }
    }
    return name;
  }

  /** True if the archive is compressed. */
  boolean compressed() {
    String lower = name().toLowerCase(Locale.ROOT);
    return lower.endsWith(".gz") || lower.endsWith(".tgz");
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
