package org.apache.heron.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose request takes too long to come in, however steadily its bytes drip. One a
 * connection; on its event loop only.
 */
final class SlowRequestGuard extends ChannelInboundHandlerAdapter {
  static final String NAME = "slow-request-guard";
  private static final byte[] TIMED_OUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Duration limit;
  private Future<?> deadline;
  private boolean suspended;

  SlowRequestGuard(Duration limit) {
    this.limit = limit;
  }

  /** The request has come in whole; the next one is timed again. */
  static void satisfied(ChannelHandlerContext context) {
    if (context.pipeline().get(NAME) instanceof SlowRequestGuard guard) {
      guard.disarm();
      guard.suspended = false;
    }
  }

  /** What still comes of this request is timed by someone else, until it is {@link #satisfied}. */
  static void suspend(ChannelHandlerContext context) {
    if (context.pipeline().get(NAME) instanceof SlowRequestGuard guard) {
      guard.disarm();
      guard.suspended = true;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (deadline == null && !suspended) {
      deadline =
          context.executor().schedule(() -> end(context), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    super.channelRead(context, message);
  }

  /** The connection stands before the codec: what it writes is bytes. */
  private static void end(ChannelHandlerContext context) {
    context
        .writeAndFlush(Unpooled.wrappedBuffer(TIMED_OUT))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void disarm() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    disarm();
    super.channelInactive(context);
  }
}
