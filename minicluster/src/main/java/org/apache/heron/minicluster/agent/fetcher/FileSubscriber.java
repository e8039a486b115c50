package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Writes a response's body to a file as it comes and knows when something came last. */
final class FileSubscriber implements HttpResponse.BodySubscriber<Void>, AutoCloseable {
  private final FileChannel channel;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile long lastProgress = System.nanoTime();
  private volatile Flow.Subscription subscription;

  FileSubscriber(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** How long nothing has come. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastProgress);
  }

  @Override
  public CompletionStage<Void> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    lastProgress = System.nanoTime();
    newSubscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lastProgress = System.nanoTime();
    try {
      for (ByteBuffer buffer : buffers) {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      subscription.request(1);
    } catch (IOException e) {
      subscription.cancel();
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }

  @Override
  public void close() throws IOException {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    channel.close();
  }
}
