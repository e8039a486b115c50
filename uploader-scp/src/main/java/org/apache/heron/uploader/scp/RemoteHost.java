package org.apache.heron.uploader.scp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.uploader.store.StoreException;
import org.apache.heron.uploader.store.StoreTimes;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.WindowClosedException;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.scp.client.ScpClientCreator;
import org.apache.sshd.scp.common.ScpException;

/**
 * A host with an ssh server. Connects when it is needed, and again after the connection broke. Not
 * thread-safe.
 */
final class RemoteHost implements AutoCloseable {
  private static final List<String> USUAL_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");
  private static final int SHOWN = 300;

  private final SshTarget target;
  private final Passphrase passphrase;
  private final StoreTimes times;
  private final KnownHosts knownHosts;
  private SshClient client;
  private ClientSession session;

  RemoteHost(SshTarget target, Passphrase passphrase, StoreTimes times) {
    this.target = target;
    this.passphrase = passphrase;
    this.times = times;
    this.knownHosts = new KnownHosts(target);
  }

  /**
   * Runs a command of the host's shell.
   *
   * @return what it prints
   * @throws StoreException passing if the connection breaks; lasting if the command fails
   */
  String run(String command) throws StoreException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (ChannelExec channel = session().createExecChannel(command)) {
      channel.setOut(out);
      channel.setErr(err);
      channel.open().verify(times.silence());
      Set<ClientChannelEvent> events =
          channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), times.silence());
      if (events.contains(ClientChannelEvent.TIMEOUT)) {
        end();
        throw StoreException.passing("'" + command + "': " + times.silenceText(), null);
      }
      if (channel.getExitStatus() == null) {
        throw new IOException("the connection broke while '" + command + "' ran");
      }
      if (channel.getExitStatus() != 0) {
        throw StoreException.lasting(
            "'%s' on %s ended with status %d: %s"
                .formatted(command, target, channel.getExitStatus(), line(err, out)));
      }
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Copies to a file, by scp. */
  void send(InputStream content, long bytes, String remotePath) throws StoreException {
    try {
      ScpClientCreator.instance()
          .createScpClient(session())
          .upload(content, remotePath, bytes, PosixFilePermissions.fromString("rw-r--r--"), null);
    } catch (ScpException e) {
      throw StoreException.lasting(
          "scp on %s does not write '%s': %s".formatted(target, remotePath, oneLine(e)), e);
    } catch (IOException e) {
      if (e instanceof WindowClosedException && session.isOpen()) {
        throw StoreException.lasting(
            "scp on %s ended before it had taken all of '%s'; look whether there is room for it"
                .formatted(target, remotePath),
            e);
      }
      throw broken(e);
    }
  }

  private StoreException broken(IOException cause) {
    keepInterrupt(cause);
    end();
    return StoreException.passing(
        "the connection to %s broke: %s".formatted(target, oneLine(cause)), cause);
  }

  private ClientSession session() throws StoreException {
    if (session != null && session.isOpen()) {
      return session;
    }
    end();
    client = client();
    session = connect();
    authenticate();
    return session;
  }

  private SshClient client() throws StoreException {
    List<KeyPair> keys = keys();
    SshClient fresh = SshClient.setUpDefaultClient();
    fresh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    fresh.setServerKeyVerifier(knownHosts);
    fresh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    fresh.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
    fresh.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(keys));
    CoreModuleProperties.IDLE_TIMEOUT.set(fresh, times.silence());
    CoreModuleProperties.AUTH_TIMEOUT.set(fresh, times.silence());
    try {
      fresh.setSignatureFactories(knownFirst(fresh.getSignatureFactories(), knownHosts.types()));
    } catch (IOException e) {
      throw StoreException.lasting("the known hosts cannot be read: " + e.getMessage(), e);
    }
    fresh.start();
    return fresh;
  }

  /** A host with several keys shows one that is known, if it is asked for that. */
  private static List<NamedFactory<Signature>> knownFirst(
      List<NamedFactory<Signature>> all, List<String> types) {
    List<NamedFactory<Signature>> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparing(
            (NamedFactory<Signature> factory) ->
                !types.contains(factory.getName())
                    && !(factory.getName().startsWith("rsa-") && types.contains("ssh-rsa"))));
    return sorted;
  }

  private List<KeyPair> keys() throws StoreException {
    List<Path> files = keyFiles();
    if (files.isEmpty()) {
      throw StoreException.lasting(
          "there is no key file in ~/.ssh; name one with -i in " + target.optionsKey());
    }
    List<KeyPair> keys = new ArrayList<>();
    for (Path file : files) {
      try {
        SecurityUtils.getKeyPairResourceParser()
            .loadKeyPairs(null, file, passphrase.provider())
            .forEach(keys::add);
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        // The library's parsers throw unchecked exceptions for some broken files.
        throw StoreException.lasting(
            "the key file '%s' cannot be used: %s; name another with -i in %s"
                .formatted(
                    file,
                    Files.isReadable(file)
                        ? passphrase.problem(e).orElse(oneLine(e))
                        : missing(file),
                    target.optionsKey()),
            e);
      }
    }
    if (keys.isEmpty()) {
      throw StoreException.lasting(
          "there is no private key in %s; name another with -i in %s"
              .formatted(files, target.optionsKey()));
    }
    return keys;
  }

  private static String missing(Path file) {
    return Files.exists(file) ? "it may not be read" : "there is none";
  }

  private List<Path> keyFiles() {
    if (!target.options().identities().isEmpty()) {
      return target.options().identities();
    }
    Path home = Path.of(System.getProperty("user.home"), ".ssh");
    return USUAL_KEYS.stream().map(home::resolve).filter(Files::isReadable).toList();
  }

  private ClientSession connect() throws StoreException {
    Duration limit = target.options().connectTimeout().orElse(times.connect());
    try {
      return client
          .connect(target.user(), target.host(), target.options().port())
          .verify(limit)
          .getSession();
    } catch (IOException e) {
      keepInterrupt(e);
      end();
      throw StoreException.passing(
          "no connection to %s within %d ms: %s".formatted(target, limit.toMillis(), oneLine(e)),
          e);
    }
  }

  private void authenticate() throws StoreException {
    try {
      session.auth().verify(times.silence());
    } catch (IOException e) {
      keepInterrupt(e);
      boolean refused = oneLine(e).contains("No more authentication methods available");
      end();
      if (knownHosts.refusal().isPresent()) {
        throw StoreException.lasting(
            "%s is not trusted: %s".formatted(target, knownHosts.refusal().get()), e);
      }
      if (refused) {
        throw StoreException.lasting(
            "%s does not accept the keys of %s; name another with -i in %s"
                .formatted(target, keyFiles(), target.optionsKey()),
            e);
      }
      throw StoreException.passing(
          "%s does not finish the handshake: %s".formatted(target, oneLine(e)), e);
    }
  }

  /** The library makes an exception of an interrupt, and forgets it: the next pause shall end. */
  private static void keepInterrupt(IOException e) {
    if (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException)) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    if (session != null) {
      session.close(true);
      session = null;
    }
    if (client != null) {
      client.stop();
      client = null;
    }
  }

  @Override
  public void close() {
    end();
  }

  private static String line(ByteArrayOutputStream err, ByteArrayOutputStream out) {
    return Stream.of(err, out)
        .flatMap(stream -> stream.toString(StandardCharsets.UTF_8).lines())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(RemoteHost::shortened)
        .orElse("it says nothing");
  }

  private static String oneLine(Exception e) {
    Throwable told = e;
    while (told instanceof SshException && told.getCause() != null) {
      told = told.getCause();
    }
    String text = told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
    return shortened(text.strip().replaceAll("\\s+", " "));
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
