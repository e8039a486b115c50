package org.apache.heron.uploader.scp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.PackageName;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreTimes;
import org.apache.heron.uploader.store.StoreUploader;

/**
 * Copies the package to a directory of another host by ssh, with the options of upstream's command
 * lines, but without the programs.
 *
 * <p>Containers fetch it from {@code file://<path>}, where upstream gives the bare path: both mean
 * that they see that directory under the same path. {@code heron.uploader.scp.download.uri} names a
 * web server of that host instead.
 */
public final class ScpUploader extends StoreUploader {
  private static final String SCP_OPTIONS = "heron.uploader.scp.command.options";
  private static final String SCP_CONNECTION = "heron.uploader.scp.command.connection";
  private static final String SSH_OPTIONS = "heron.uploader.ssh.command.options";
  private static final String SSH_CONNECTION = "heron.uploader.ssh.command.connection";
  private static final String DIRECTORY = "heron.uploader.scp.dir.path";
  private static final String DOWNLOAD = "heron.uploader.scp.download.uri";

  /** Nothing that a shell, an scp server or a URI would read as something else. */
  private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9/._@:+,=-]*");

  /** Created by the name in {@code heron.class.uploader}. */
  public ScpUploader() {}

  @Override
  protected PackageStore store(Config config, UploadProgress progress) {
    SshTarget scp = SshTarget.of(config, SCP_CONNECTION, SCP_OPTIONS, SshOptions.Program.SCP);
    SshTarget ssh = SshTarget.of(config, SSH_CONNECTION, SSH_OPTIONS, SshOptions.Program.SSH);
    warn(scp, progress);
    if (!scp.isSameAs(ssh)) {
      warn(ssh, progress);
    }
    String path = directory(config) + "/" + PackageName.of(config);
    if (!PLAIN.matcher(path).matches()) {
      throw config.malformed(
          DIRECTORY,
          path,
          "a path of letters, digits, and / . _ @ : + , = -, with the package's name");
    }
    StoreTimes times = StoreTimes.of(config);
    Passphrase passphrase = Passphrase.of(config, progress);
    RemoteHost copying = new RemoteHost(scp, passphrase, times);
    RemoteHost commanding = scp.isSameAs(ssh) ? copying : new RemoteHost(ssh, passphrase, times);
    return new ScpStore(copying, commanding, scp.host(), path, uri(config, path));
  }

  private static void warn(SshTarget target, UploadProgress progress) {
    if (target.options().hostCheck() == SshOptions.HostCheck.OFF) {
      progress.notice(
          "StrictHostKeyChecking=no in "
              + target.optionsKey()
              + ": anybody between here and "
              + target.host()
              + " can replace the package");
    }
  }

  private static String directory(Config config) {
    String directory =
        config
            .optionalString(DIRECTORY)
            .orElseGet(
                () ->
                    String.join(
                        "/",
                        System.getProperty("user.home"),
                        "heron/repository",
                        config.string(Key.CLUSTER),
                        config.string(Key.ROLE),
                        config.string(Key.TOPOLOGY_NAME)))
            .trim();
    if (!directory.startsWith("/")) {
      throw config.malformed(DIRECTORY, directory, "an absolute path on the other host");
    }
    return directory.replaceAll("/+$", "");
  }

  private static URI uri(Config config, String path) {
    String prefix = config.optionalString(DOWNLOAD).orElse("file://").trim();
    try {
      URI uri = new URI(prefix + path);
      boolean here = path.equals(uri.getRawPath());
      if (uri.isAbsolute() && !uri.isOpaque() && (here || uri.getHost() != null)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the parser's words would not help more.
    }
    throw config.malformed(DOWNLOAD, prefix, "file://, or like http://host:port/prefix");
  }
}
