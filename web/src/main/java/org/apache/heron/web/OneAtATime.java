package org.apache.heron.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Holds what a client sends ahead of an answer until that is written, so that the answers leave in
 * the order of their requests (RFC 9112, 9.3.2). When much is held, no more is read; until then a
 * client that goes is noticed at once, and from then on when it is next written to. One a
 * connection; on its event loop only.
 */
final class OneAtATime extends ChannelDuplexHandler {
  private static final int MOST_MESSAGES = 256;
  private static final long MOST_BYTES = 64 << 10;

  private final Queue<Object> held = new ArrayDeque<>();
  private long heldBytes;
  private boolean answered;
  private boolean answering;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (answering || !held.isEmpty()) {
      held.add(message);
      heldBytes += bytes(message);
      if (heldBytes > MOST_BYTES || held.size() > MOST_MESSAGES) {
        context.channel().config().setAutoRead(false);
      }
      // What is held is whole or not for no fault of the client's.
      SlowRequestGuard.suspend(context);
    } else {
      pass(context, message);
    }
  }

  private static long bytes(Object message) {
    return message instanceof HttpContent content ? content.content().readableBytes() : 0;
  }

  private void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      answered = false;
    }
    if (message instanceof LastHttpContent) {
      // A refused request has its answer before it has come in.
      answering = !answered;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!(message instanceof LastHttpContent) || isInterim(message)) {
      context.write(message, promise);
      return;
    }
    answered = true;
    ChannelPromise end = promise.unvoid();
    if (answering) {
      end.addListener(written -> ended(context));
    }
    context.write(message, end);
  }

  private void ended(ChannelHandlerContext context) {
    if (held.isEmpty()) {
      answering = false;
    } else {
      // Behind all others who wait for the end of this answer.
      context.executor().execute(() -> goOn(context));
    }
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private void goOn(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return;
    }
    answering = false;
    SlowRequestGuard.satisfied(context);
    while (!answering && !held.isEmpty()) {
      Object next = held.remove();
      heldBytes -= bytes(next);
      pass(context, next);
    }
    context.fireChannelReadComplete();
    if (held.isEmpty()) {
      context.channel().config().setAutoRead(true);
    } else {
      SlowRequestGuard.suspend(context);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}
