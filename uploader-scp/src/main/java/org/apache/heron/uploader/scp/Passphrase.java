package org.apache.heron.uploader.scp;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.login.FailedLoginException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.store.SecretFile;
import org.apache.sshd.common.config.keys.FilePasswordProvider;

/**
 * What opens key files. Nobody can be asked for it. Not a record, so that it is never printed.
 * Immutable.
 */
final class Passphrase {
  static final String KEY = "heron.uploader.ssh.passphrase.file";

  private final Optional<String> text;

  private Passphrase(Optional<String> text) {
    this.text = text;
  }

  /** The one in the file that the configuration names, if it names one. */
  static Passphrase of(Config config, UploadProgress progress) {
    return new Passphrase(SecretFile.readLine(config, KEY, progress));
  }

  FilePasswordProvider provider() {
    return text.map(FilePasswordProvider::of).orElse(FilePasswordProvider.EMPTY);
  }

  /** What to say if a key file was not opened for want of the right one; empty if it was not so. */
  Optional<String> problem(Exception cause) {
    boolean asked =
        Stream.iterate((Throwable) cause, each -> each != null, Throwable::getCause)
            .anyMatch(Passphrase::isAboutIt);
    if (!asked) {
      return Optional.empty();
    }
    return Optional.of(
        text.isPresent()
            ? "the passphrase in the file of " + KEY + " does not open it"
            : "it has a passphrase; put that into a file and name it in " + KEY);
  }

  /** The library has no exception of its own for this. */
  private static boolean isAboutIt(Throwable cause) {
    String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return cause instanceof FailedLoginException
        || cause instanceof javax.crypto.BadPaddingException
        || said.contains("password")
        || said.contains("check value");
  }
}
