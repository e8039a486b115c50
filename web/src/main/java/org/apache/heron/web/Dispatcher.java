package org.apache.heron.web;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and runs its handler on a worker thread. One a connection. */
final class Dispatcher extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final List<WebServer.Route> routes;
  private final ExecutorService workers;
  private final int maxStreamBacklog;
  private ChannelResponse current;

  Dispatcher(List<WebServer.Route> routes, ExecutorService workers, int maxStreamBacklog) {
    this.routes = routes;
    this.workers = workers;
    this.maxStreamBacklog = maxStreamBacklog;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    ChannelResponse response =
        new ChannelResponse(
            context, keepAlive, "HEAD".equals(request.method().name()), maxStreamBacklog);
    current = response;
    if (!request.decoderResult().isSuccess()) {
      response.fail(400, "malformed HTTP request: " + request.decoderResult().cause().getMessage());
      return;
    }
    QueryStringDecoder uri;
    List<String> segments;
    try {
      uri = new QueryStringDecoder(request.uri());
      String path = uri.path();
      uri.parameters();
      segments = List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    } catch (IllegalArgumentException e) {
      response.fail(400, "malformed request target: " + e.getMessage());
      return;
    }
    TreeSet<String> allowed = new TreeSet<>();
    for (WebServer.Route route : routes) {
      Optional<Map<String, String>> parameters = route.pattern().match(segments);
      if (parameters.isEmpty()) {
        continue;
      }
      if (!route.method().equals("*")
          && !route.method().equals(request.method().name())
          && !(route.method().equals("GET") && request.method().name().equals("HEAD"))) {
        allowed.add(route.method());
        continue;
      }
      byte[] body = ByteBufUtil.getBytes(request.content());
      WebRequest webRequest =
          new WebRequest(
              request,
              uri,
              body,
              (InetSocketAddress) context.channel().remoteAddress(),
              parameters.get());
      // While a handler works, silence of the client is not idleness.
      if (context.pipeline().get("read-timeout") instanceof ReadTimeoutHandler) {
        context.pipeline().remove("read-timeout");
      }
      try {
        workers.execute(() -> run(route.handler(), webRequest, response));
      } catch (RejectedExecutionException e) {
        response.fail(503, "too many requests are waiting");
      }
      return;
    }
    if (!allowed.isEmpty()) {
      response.header("Allow", String.join(", ", allowed));
      response.fail(
          405, request.method() + " is not allowed here; use " + String.join(", ", allowed));
    } else {
      response.fail(404, "no such path: " + uri.path());
    }
  }

  private static void run(RequestHandler handler, WebRequest request, ChannelResponse response) {
    try {
      handler.handle(request, response);
      if (!response.isStarted()) {
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
