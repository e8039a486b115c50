package org.apache.heron.uploader.hdfs;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.heron.uploader.hdfs.HadoopClient.Result;
import org.apache.heron.uploader.store.Meter;
import org.apache.heron.uploader.store.PackageFile;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreException;

/**
 * A file in a directory of HDFS. It is written beside its place and moved there; HDFS moves nothing
 * onto a file, so that what is there is moved aside first.
 */
final class HdfsStore implements PackageStore {
  /** Words of Hadoop's exceptions that say that another attempt may do better. */
  private static final Pattern PASSING =
      Pattern.compile(
          "SafeMode|safe mode|StandbyException|RetriableException|ConnectException|"
              + "Connection refused|ConnectTimeout|SocketTimeout|timed out|EOFException|"
              + "NoRouteToHost|could only be (written|replicated)|Connection reset");

  private final HadoopClient client;
  private final String directory;
  private final String target;
  private final String fresh;
  private final String previous;

  /** What stands at the place, or that nothing does, is as wanted. */
  private boolean settled;

  /**
   * @param directory a URI without a slash at its end
   */
  HdfsStore(HadoopClient client, String directory, String name) {
    this.client = client;
    this.directory = directory;
    this.target = directory + "/" + name;
    this.fresh = target + ".new";
    this.previous = target + ".previous";
  }

  @Override
  public String place() {
    return target;
  }

  @Override
  public void prepare() throws StoreException, InterruptedException {
    succeed(List.of("-mkdir", "-p", directory + "/"));
  }

  @Override
  public void stage(PackageFile file, Meter meter) throws StoreException, InterruptedException {
    meter.at(0);
    settled = false;
    // By standard input, so that its progress can be seen.
    List<String> command = List.of("-put", "-f", "-", fresh);
    check(command, client.run(command, () -> file.open(meter)));
  }

  @Override
  public boolean backUp() throws StoreException, InterruptedException {
    if (!exists(target)) {
      // It was moved already if an earlier attempt has lost the answer only.
      return exists(previous);
    }
    remove(previous);
    succeed(List.of("-mv", target, previous));
    return true;
  }

  @Override
  public URI publish() throws StoreException, InterruptedException {
    List<String> move = List.of("-mv", fresh, target);
    Result result = client.run(move);
    if (result.exit() != 0 && !(exists(target) && !exists(fresh))) {
      check(move, result);
    }
    settled = true;
    return URI.create(target);
  }

  @Override
  public void restore() throws StoreException, InterruptedException {
    settled = false;
    if (exists(previous)) {
      remove(target);
      succeed(List.of("-mv", previous, target));
    }
    settled = true;
  }

  @Override
  public void withdraw() throws StoreException, InterruptedException {
    remove(target);
    settled = true;
  }

  /** A back-up that was cut short may have moved what was there, and nobody knows of it. */
  @Override
  public void discard() throws StoreException, InterruptedException {
    if (!settled && !exists(target) && exists(previous)) {
      succeed(List.of("-mv", previous, target));
    }
    succeed(List.of("-rm", "-f", "-skipTrash", fresh, previous));
  }

  @Override
  public void close() {}

  private void remove(String file) throws StoreException, InterruptedException {
    succeed(List.of("-rm", "-f", "-skipTrash", file));
  }

  private void succeed(List<String> command) throws StoreException, InterruptedException {
    check(command, client.run(command));
  }

  /** Status 1 is "no", and also "cannot be told"; only with the latter a reason is printed. */
  private boolean exists(String file) throws StoreException, InterruptedException {
    List<String> command = List.of("-test", "-e", file);
    Result result = client.run(command);
    if (result.exit() == 1 && !result.output().contains("test: ")) {
      return false;
    }
    check(command, result);
    return true;
  }

  private void check(List<String> command, Result result) throws StoreException {
    if (result.exit() == 0) {
      return;
    }
    String message =
        "'%s' ended with status %d: %s"
            .formatted(client.text(command), result.exit(), result.reason());
    if (PASSING.matcher(result.output()).find()) {
      throw StoreException.passing(message, null);
    }
    throw StoreException.lasting(
        message + "; check " + HdfsUploader.DIRECTORY_KEY + " and " + HdfsUploader.CONFIG_KEY);
  }
}
