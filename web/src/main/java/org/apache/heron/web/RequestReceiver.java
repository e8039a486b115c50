package org.apache.heron.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests in by their heads, and writes the bodies of uploads to files as they come: neither
 * a slow nor a big upload costs a worker or memory. A refused request is answered at once; what it
 * still sends is thrown away ({@link Farewell}). One a connection; on its event loop only.
 */
final class RequestReceiver extends ChannelInboundHandlerAdapter {
  /** An upload that is in its file; the dispatcher owns the file from here. */
  record Upload(HttpRequest head, BodyFile body) {}

  private final Routes routes;
  private final Optional<RequestGate> gate;
  private final Optional<UploadLimits> limits;
  private final AtomicInteger uploads;
  private final ErrorFormat errors;
  private final Duration farewellLimit;

  private HttpRequest head;
  private BodyFile body;
  private Future<?> deadline;
  private Farewell farewell;

  /**
   * @param uploads how many are being received now, on all connections
   * @param farewellLimit how long a refused client may go on sending
   */
  RequestReceiver(
      Routes routes,
      Optional<RequestGate> gate,
      Optional<UploadLimits> limits,
      AtomicInteger uploads,
      ErrorFormat errors,
      Duration farewellLimit) {
    this.routes = routes;
    this.gate = gate;
    this.limits = limits;
    this.uploads = uploads;
    this.errors = errors;
    this.farewellLimit = farewellLimit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (farewell != null) {
      farewell.heard();
      ReferenceCountUtil.release(message);
      return;
    }
    boolean ours = body != null;
    if (!ours && message instanceof HttpRequest request) {
      ours = !enter(context, request);
      if (ours && body == null) {
        ReferenceCountUtil.release(message);
        return;
      }
    }
    if (!ours) {
      context.fireChannelRead(message);
      return;
    }
    try {
      if (body != null && message instanceof HttpContent content) {
        receive(context, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Returns true if the request goes on as it is; else it was refused, or is an upload. */
  private boolean enter(ChannelHandlerContext context, HttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return true;
    }
    try {
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      Routes.Match match = routes.match(request.method().name(), uri);
      if (gate.isPresent()) {
        gate.get()
            .check(
                new WebRequest(
                    request,
                    uri,
                    new byte[0],
                    Optional.empty(),
                    (InetSocketAddress) context.channel().remoteAddress(),
                    Map.of()));
      }
      if (match instanceof Routes.Found found && found.upload()) {
        begin(context, request, limits.orElseThrow());
        return false;
      }
      return true;
    } catch (HttpError e) {
      refuse(context, e);
      return false;
    } catch (IllegalArgumentException e) {
      // The dispatcher says what is wrong with the target.
      return true;
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request, UploadLimits allowed) {
    long announced = announced(request);
    if (announced > allowed.maxBytes()) {
      throw tooLarge(allowed);
    }
    if (uploads.incrementAndGet() > allowed.atOnce()) {
      uploads.decrementAndGet();
      throw new HttpError(
          503,
          "too many uploads at once (" + allowed.atOnce() + "); try again",
          Map.of("Retry-After", "5"));
    }
    try {
      requireSpace(allowed, Math.max(0, announced));
      body = BodyFile.create(allowed.directory());
    } catch (IOException e) {
      uploads.decrementAndGet();
      throw cannotStore(e);
    } catch (HttpError e) {
      uploads.decrementAndGet();
      throw e;
    }
    head = request;
    SlowRequestGuard.suspend(context);
    deadline =
        context
            .executor()
            .schedule(
                () -> late(context, allowed), allowed.time().toMillis(), TimeUnit.MILLISECONDS);
    if (HttpUtil.is100ContinueExpected(request)) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  private static long announced(HttpRequest request) {
    try {
      return HttpUtil.getContentLength(request, -1L);
    } catch (NumberFormatException e) {
      throw new HttpError(400, "Content-Length is no number");
    }
  }

  private static void requireSpace(UploadLimits allowed, long bytes) throws IOException {
    long usable = Files.getFileStore(allowed.directory()).getUsableSpace();
    if (usable - bytes < allowed.reserveBytes()) {
      throw new HttpError(
          507,
          "cannot store an upload of "
              + bytes
              + " bytes in "
              + allowed.directory()
              + ": only "
              + usable
              + " bytes are free there");
    }
  }

  private void late(ChannelHandlerContext context, UploadLimits allowed) {
    forget();
    refuse(
        context,
        new HttpError(
            408, "the upload has not come in within " + allowed.time().toSeconds() + " seconds"));
  }

  private void receive(ChannelHandlerContext context, HttpContent content) {
    try {
      if (!content.decoderResult().isSuccess()) {
        throw new HttpError(400, "malformed body: " + content.decoderResult().cause().getMessage());
      }
      UploadLimits allowed = limits.orElseThrow();
      if (body.size() + content.content().readableBytes() > allowed.maxBytes()) {
        throw tooLarge(allowed);
      }
      body.append(content.content());
      if (content instanceof LastHttpContent) {
        body.finish();
        Upload whole = new Upload(head, body);
        body = null;
        forget();
        uploads.decrementAndGet();
        context.fireChannelRead(whole);
      }
    } catch (IOException e) {
      forget();
      refuse(context, cannotStore(e));
    } catch (HttpError e) {
      forget();
      refuse(context, e);
    }
  }

  private static HttpError tooLarge(UploadLimits allowed) {
    return new HttpError(413, "the upload is larger than " + allowed.maxBytes() + " bytes");
  }

  private static HttpError cannotStore(IOException e) {
    return new HttpError(507, "cannot store the upload: " + e.getMessage());
  }

  /** Lets go of the upload that is under way, if there is one. */
  private void forget() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
    head = null;
    if (body != null) {
      body.discard();
      body = null;
      uploads.decrementAndGet();
    }
  }

  /** Answers at once, and takes nothing more from this connection. */
  void refuse(ChannelHandlerContext context, HttpError error) {
    farewell = new Farewell(context, error, errors, farewellLimit);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    forget();
    super.channelInactive(context);
  }
}
