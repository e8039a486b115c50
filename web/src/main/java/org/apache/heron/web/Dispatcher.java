package org.apache.heron.web;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and runs its handler on a worker thread. One a connection. */
final class Dispatcher extends SimpleChannelInboundHandler<Object> {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Routes routes;
  private final ExecutorService workers;
  private final int maxStreamBacklog;
  private final ErrorFormat errors;
  private ChannelResponse current;

  Dispatcher(Routes routes, ExecutorService workers, int maxStreamBacklog, ErrorFormat errors) {
    this.routes = routes;
    this.workers = workers;
    this.maxStreamBacklog = maxStreamBacklog;
    this.errors = errors;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Object message) {
    SlowRequestGuard.satisfied(context);
    if (message instanceof RequestReceiver.Upload upload) {
      boolean taken = false;
      try {
        taken = dispatch(context, upload.head(), new byte[0], Optional.of(upload.body().path()));
      } finally {
        if (!taken) {
          BodyFile.delete(upload.body().path());
        }
      }
    } else if (message instanceof FullHttpRequest request) {
      dispatch(context, request, ByteBufUtil.getBytes(request.content()), Optional.empty());
    }
  }

  /** Returns true if a worker has taken the request over. */
  private boolean dispatch(
      ChannelHandlerContext context, HttpRequest request, byte[] body, Optional<Path> bodyFile) {
    ChannelResponse response =
        new ChannelResponse(
            context,
            HttpUtil.isKeepAlive(request),
            "HEAD".equals(request.method().name()),
            maxStreamBacklog,
            errors);
    current = response;
    if (!request.decoderResult().isSuccess()) {
      response.fail(400, "malformed HTTP request: " + request.decoderResult().cause().getMessage());
      return false;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Routes.Match match;
    try {
      uri.parameters();
      match = routes.match(request.method().name(), uri);
    } catch (IllegalArgumentException e) {
      response.fail(400, "malformed request target: " + e.getMessage());
      return false;
    }
    if (match instanceof Routes.Found found) {
      WebRequest webRequest =
          new WebRequest(
              request,
              uri,
              body,
              bodyFile,
              (InetSocketAddress) context.channel().remoteAddress(),
              found.parameters());
      return handOver(context, found.handler(), webRequest, response);
    }
    if (match instanceof Routes.WrongMethod wrong) {
      String allowed = String.join(", ", wrong.allowed());
      response.header("Allow", allowed);
      response.fail(405, request.method() + " is not allowed here; use " + allowed);
    } else {
      response.fail(404, "no such path: " + uri.path());
    }
    return false;
  }

  private boolean handOver(
      ChannelHandlerContext context,
      RequestHandler handler,
      WebRequest request,
      ChannelResponse response) {
    // While a handler works, silence of the client is not idleness.
    if (context.pipeline().get("read-timeout") instanceof ReadTimeoutHandler) {
      context.pipeline().remove("read-timeout");
    }
    try {
      workers.execute(() -> run(handler, request, response));
      return true;
    } catch (RejectedExecutionException e) {
      response.fail(503, "too many requests are waiting");
      return false;
    }
  }

  private static void run(RequestHandler handler, WebRequest request, ChannelResponse response) {
    try {
      handler.handle(request, response);
      if (!response.isTakenCareOf()) {
        response.fail(500, "no answer was given to " + request.method() + " " + request.path());
      }
    } catch (HttpError e) {
      e.headers().forEach(response::header);
      response.fail(e.status(), e.getMessage());
    } catch (Throwable e) { // the edge of a request: nothing may pass
      LOG.warn("{} {} failed", request.method(), request.path(), e);
      response.fail(500, e.getMessage() == null ? e.toString() : e.getMessage());
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    } finally {
      request.bodyFile().ifPresent(BodyFile::delete);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (current != null) {
      current.connectionClosed();
    }
    super.channelInactive(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (current != null) {
      current.writabilityChanged();
    }
    super.channelWritabilityChanged(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof ReadTimeoutException)) {
      LOG.debug("connection of {} ended", context.channel().remoteAddress(), cause);
    }
    context.close();
  }
}
