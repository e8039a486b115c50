package org.apache.heron.uploader.scp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * Checks the key that a host shows against the known ones, as ssh does with its {@code known_hosts}
 * (names that are hashed, too). Remembers why it refused one. Thread-safe.
 */
final class KnownHosts implements ServerKeyVerifier {
  private final SshTarget target;
  private final List<Path> files;
  private volatile String refusal;

  KnownHosts(SshTarget target) {
    this.target = target;
    List<Path> named = target.options().knownHosts();
    this.files =
        named.isEmpty()
            ? List.of(Path.of(System.getProperty("user.home"), ".ssh", "known_hosts"))
            : named;
  }

  /** Why the host's key was refused, if it was. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /**
   * The types of keys that are known of the host: it is asked for these first.
   *
   * @throws IOException if a file is there and cannot be read
   */
  List<String> types() throws IOException {
    return entries().stream().map(entry -> entry.getKeyEntry().getKeyType()).distinct().toList();
  }

  @Override
  public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey shown) {
    if (target.options().hostCheck() == SshOptions.HostCheck.OFF) {
      return true;
    }
    try {
      refusal = check(session, shown).orElse(null);
    } catch (IOException | GeneralSecurityException e) {
      refusal = "the known hosts in " + files + " cannot be read: " + e.getMessage();
    }
    return refusal == null;
  }

  private Optional<String> check(ClientSession session, PublicKey shown)
      throws IOException, GeneralSecurityException {
    boolean known = false;
    boolean right = false;
    for (KnownHostEntry entry : entries()) {
      PublicKey key =
          entry.getKeyEntry().resolvePublicKey(session, Map.of(), PublicKeyEntryResolver.IGNORING);
      boolean same = key != null && KeyUtils.compareKeys(key, shown);
      if ("revoked".equals(entry.getMarker())) {
        if (same) {
          return Optional.of("the key that it shows is marked as revoked in " + files);
        }
      } else {
        known = true;
        right = right || same;
      }
    }
    if (right) {
      return Optional.empty();
    }
    if (known) {
      return Optional.of(
          "it shows another key than the one in "
              + files
              + ": somebody may be in between; if its key was changed, correct the file");
    }
    if (target.options().hostCheck() == SshOptions.HostCheck.ACCEPT_NEW) {
      add(shown);
      return Optional.empty();
    }
    return Optional.of(
        "its key is not in "
            + files
            + ": add it with ssh-keyscan after you have checked it, or set"
            + " -o StrictHostKeyChecking=accept-new in "
            + target.optionsKey());
  }

  private List<KnownHostEntry> entries() throws IOException {
    List<KnownHostEntry> found = new ArrayList<>();
    for (Path file : files) {
      if (Files.exists(file)) {
        for (KnownHostEntry entry : KnownHostEntry.readKnownHostEntries(file)) {
          if (entry.getKeyEntry() != null
              && !"cert-authority".equals(entry.getMarker())
              && entry.isHostMatch(target.host(), target.options().port())) {
            found.add(entry);
          }
        }
      }
    }
    return found;
  }

  private void add(PublicKey shown) throws IOException {
    int port = target.options().port();
    String name = port == 22 ? target.host() : "[" + target.host() + "]:" + port;
    Path file = files.get(0);
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Files.writeString(
        file,
        name + " " + PublicKeyEntry.toString(shown) + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
