package org.apache.heron.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose request was refused. It is answered at once and closed once the
 * client has been silent for a while: most clients read no answer before they have sent all, and a
 * connection that is closed over unread bytes takes the answer with it (RFC 9112, 9.6). On the
 * connection's event loop only.
 */
final class Farewell {
  static final Duration SILENCE = Duration.ofSeconds(3);

  private final ChannelHandlerContext context;
  private final long end;
  private long heard;

  /**
   * Writes the answer.
   *
   * @param limit after which the connection is closed whatever still comes
   */
  Farewell(ChannelHandlerContext context, HttpError error, ErrorFormat errors, Duration limit) {
    this.context = context;
    this.heard = System.nanoTime();
    this.end = heard + limit.toNanos();
    SlowRequestGuard.suspend(context);
    context
        .writeAndFlush(response(error, errors))
        .addListener(
            written -> {
              if (context.channel() instanceof SocketChannel socket) {
                socket.shutdownOutput();
              }
              closeWhenSilent();
            });
  }

  private static FullHttpResponse response(HttpError error, ErrorFormat errors) {
    ErrorFormat.Body text = errors.body(error.status(), error.getMessage());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(error.status()),
            Unpooled.wrappedBuffer(text.bytes()));
    error.headers().forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, text.contentType());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.bytes().length);
    response.headers().set(HttpHeaderNames.CONNECTION, "close");
    return response;
  }

  /** Something came, which nobody wants. */
  void heard() {
    heard = System.nanoTime();
  }

  private void closeWhenSilent() {
    long now = System.nanoTime();
    long left = Math.min(heard + SILENCE.toNanos() - now, end - now);
    if (left <= 0 || !context.channel().isActive()) {
      context.close();
    } else {
      context.executor().schedule(this::closeWhenSilent, left, TimeUnit.NANOSECONDS);
    }
  }
}
