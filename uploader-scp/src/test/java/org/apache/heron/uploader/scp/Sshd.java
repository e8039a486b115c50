package org.apache.heron.uploader.scp;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.scp.common.helpers.DefaultScpFileOpener;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/** An ssh server in this process, whose commands are real ones of this host. */
final class Sshd implements AutoCloseable {
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final SshServer server;
  private final KeyPair userKey;
  private final List<KeyPair> hostKeys;
  private volatile UnaryOperator<String> change = command -> command;
  private volatile long room = Long.MAX_VALUE;

  /** Listens on any port; its keys and the user's are written to the directory. */
  Sshd(Path directory) throws Exception {
    this.directory = directory;
    hostKeys = List.of(ecdsa(), KeyUtils.generateKeyPair("ssh-rsa", 2048));
    userKey = SecurityUtils.getKeyPairGenerator("EdDSA").generateKeyPair();
    write(userKey, "id_ed25519");
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
    server.setPublickeyAuthenticator(
        (user, key, session) ->
            user.equals("ada") && KeyUtils.compareKeys(key, userKey.getPublic()));
    ScpCommandFactory scp =
        new ScpCommandFactory.Builder()
            .withDelegate(
                (channel, command) ->
                    ProcessShellCommandFactory.INSTANCE.createCommand(
                        channel,
                        "sh -c '" + change.apply(kept(command)).replace("'", "'\\''") + "'"))
            .withFileOpener(new SmallDisk())
            .build();
    server.setCommandFactory(
        (channel, command) -> {
          if (command.startsWith("scp ")) {
            kept(command);
          }
          return scp.createCommand(channel, command);
        });
    server.start();
  }

  static KeyPair ecdsa() throws Exception {
    return KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
  }

  private String kept(String command) {
    commands.add(command);
    return command;
  }

  Path write(KeyPair key, String name) throws Exception {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, out);
    }
    return file;
  }

  /** The user's key again, encrypted as ssh-keygen does it. */
  Path writeLocked(String name, String passphrase) throws Exception {
    OpenSSHKeyEncryptionContext how = new OpenSSHKeyEncryptionContext();
    how.setCipherType("256");
    how.setPassword(passphrase);
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(userKey, "test", how, out);
    }
    return file;
  }

  int port() {
    return server.getPort();
  }

  List<String> commands() {
    return commands;
  }

  /** As it was at first. */
  void reset() {
    commands.clear();
    change = UnaryOperator.identity();
    room = Long.MAX_VALUE;
  }

  /** What is run instead of a command. */
  void changing(UnaryOperator<String> change) {
    this.change = change;
  }

  /** So many bytes of each file can be written. */
  void room(long bytes) {
    this.room = bytes;
  }

  /** The line of known_hosts for one of its keys: 0 is ECDSA, 1 is RSA. */
  String knownHost(int key) {
    return line(hostKeys.get(key));
  }

  String line(KeyPair key) {
    return "[127.0.0.1]:" + port() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n";
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /** Writes as much as there is room for. */
  private final class SmallDisk extends DefaultScpFileOpener {
    @Override
    public OutputStream openWrite(
        Session session,
        Path file,
        long size,
        Set<PosixFilePermission> permissions,
        OpenOption... options)
        throws IOException {
      OutputStream out = super.openWrite(session, file, size, permissions, options);
      return new FilterOutputStream(out) {
        private long left = room;

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
          left -= length;
          if (left < 0) {
            throw new IOException("No space left on device");
          }
          out.write(buffer, offset, length);
        }
      };
    }
  }
}
