package org.apache.heron.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A response that is written to a Netty channel. */
final class ChannelResponse extends WebResponse {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(30);

  private final ChannelHandlerContext context;
  private final boolean keepAlive;
  private final boolean headOnly;
  private final int maxBacklog;
  private final HttpHeaders headers = new DefaultHttpHeaders();
  private final AtomicBoolean started = new AtomicBoolean();
  private final Object writability = new Object();
  private final ErrorFormat errors;
  private final List<Runnable> disconnected = new ArrayList<>();
  private int status = 200;
  private boolean sent;
  private volatile boolean later;
  private volatile Sink sink;

  ChannelResponse(
      ChannelHandlerContext context,
      boolean keepAlive,
      boolean headOnly,
      int backlog,
      ErrorFormat errors) {
    this.context = context;
    this.keepAlive = keepAlive;
    this.headOnly = headOnly;
    this.maxBacklog = backlog;
    this.errors = errors;
  }

  /** True if the handler has answered, or somebody else will. */
  boolean isTakenCareOf() {
    return started.get() || later;
  }

  @Override
  public void answeredLater() {
    later = true;
  }

  @Override
  public WebResponse status(int newStatus) {
    this.status = newStatus;
    return this;
  }

  @Override
  public WebResponse header(String name, String value) {
    headers.add(name, value);
    return this;
  }

  @Override
  public void fail(int errorStatus, String message) {
    if (started.get()) {
      context.close();
      return;
    }
    status(errorStatus);
    ErrorFormat.Body body = errors.body(errorStatus, message == null ? "" : message);
    send(body.contentType(), body.bytes());
  }

  @Override
  public void send(String contentType, byte[] body) {
    start();
    done();
    ByteBuf content = headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    fillHeaders(response, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    ChannelFuture written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    } else {
      written.addListener(done -> rearmReadTimeout());
    }
  }

  @Override
  public StreamSink stream(String contentType) {
    start();
    context.writeAndFlush(chunkedHead(contentType));
    Sink opened = new Sink();
    sink = opened;
    if (!context.channel().isActive()) {
      opened.ended();
    }
    return opened;
  }

  @Override
  public OutputStream output(String contentType) {
    start();
    context.writeAndFlush(chunkedHead(contentType));
    return new BlockingOutput();
  }

  @Override
  public OutputStream output(String contentType, long length) {
    start();
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    fillHeaders(response, contentType);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    context.writeAndFlush(response);
    return new BlockingOutput();
  }

  private HttpResponse chunkedHead(String contentType) {
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    fillHeaders(response, contentType);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
    return response;
  }

  private void fillHeaders(HttpResponse response, String contentType) {
    response.headers().set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    response.headers().add(headers);
    if (contentType != null) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
  }

  private void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the request is answered already");
    }
  }

  private void rearmReadTimeout() {
    if (context.channel().isActive() && context.pipeline().get("read-timeout") == null) {
      context
          .pipeline()
          .addAfter("codec", "read-timeout", new ReadTimeoutHandler(60, TimeUnit.SECONDS));
    }
  }

  @Override
  public void onDisconnect(Runnable action) {
    synchronized (disconnected) {
      if (sent) {
        return;
      }
      if (context.channel().isActive()) {
        disconnected.add(action);
        return;
      }
    }
    action.run();
  }

  /** All of the answer is on its way: from here on the client may go. */
  private void done() {
    synchronized (disconnected) {
      sent = true;
      disconnected.clear();
    }
  }

  void connectionClosed() {
    Sink open = sink;
    if (open != null) {
      open.ended();
    }
    List<Runnable> due;
    synchronized (disconnected) {
      due = List.copyOf(disconnected);
      disconnected.clear();
    }
    due.forEach(Runnable::run);
    writabilityChanged();
  }

  void writabilityChanged() {
    synchronized (writability) {
      writability.notifyAll();
    }
  }

  /** See {@link StreamSink}. */
  private final class Sink implements StreamSink {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean open = true;

    @Override
    public boolean write(byte[] bytes) {
      if (!isOpen()) {
        return false;
      }
      Channel channel = context.channel();
      if (channel.unsafe().outboundBuffer() != null
          && channel.unsafe().outboundBuffer().totalPendingWriteBytes() > maxBacklog) {
        close();
        return false;
      }
      context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
      return true;
    }

    @Override
    public void close() {
      if (isOpen()) {
        done();
        context
            .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
            .addListener(ChannelFutureListener.CLOSE);
        ended();
      }
    }

    @Override
    public synchronized boolean isOpen() {
      return open;
    }

    @Override
    public void onClose(Runnable action) {
      synchronized (this) {
        if (open) {
          actions.add(action);
          return;
        }
      }
      action.run();
    }

    private void ended() {
      List<Runnable> due;
      synchronized (this) {
        if (!open) {
          return;
        }
        open = false;
        due = List.copyOf(actions);
        actions.clear();
      }
      due.forEach(Runnable::run);
    }
  }

  /** Waits while the channel is full, so that a big download does not fill the memory. */
  private final class BlockingOutput extends OutputStream {
    private boolean closed;

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      awaitWritable();
      if (!headOnly) {
        context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, offset, length)));
      }
    }

    private void awaitWritable() throws IOException {
      long deadline = System.nanoTime() + WRITE_LIMIT.toNanos();
      synchronized (writability) {
        while (!context.channel().isWritable() && context.channel().isActive()) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (left <= 0) {
            context.close();
            throw new IOException("the client reads too slowly");
          }
          try {
            writability.wait(left);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while sending");
          }
        }
      }
      if (!context.channel().isActive()) {
        throw new IOException("the client has gone");
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        done();
        ChannelFuture written = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        if (!keepAlive) {
          written.addListener(ChannelFutureListener.CLOSE);
        } else {
          written.addListener(done -> rearmReadTimeout());
        }
      }
    }
  }
}
