package org.apache.heron.web;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 server: bound to loopback unless told otherwise, bodies bounded, slow or idle
 * connections cut, a fixed number of worker threads. Thread-safe. {@link #close} ends every
 * connection and thread.
 */
public final class WebServer implements AutoCloseable {
  private final EventLoopGroup loop;
  private final ThreadPoolExecutor workers;
  private final ChannelGroup connections;
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  private WebServer(Builder builder) throws IOException {
    loop = new NioEventLoopGroup(1, new DefaultThreadFactory(builder.name + "-io", true));
    workers =
        new ThreadPoolExecutor(
            builder.threads,
            builder.threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(builder.queue),
            new DefaultThreadFactory(builder.name, true));
    workers.allowCoreThreadTimeOut(true);
    connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 256)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connection(builder));
    try {
      listener = bootstrap.bind(builder.host, builder.port).sync().channel();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release();
      throw new IOException("interrupted while binding " + builder.host + ":" + builder.port, e);
    } catch (Exception e) { // Netty throws the checked BindException without declaring it
      release();
      throw new IOException(
          "cannot listen on " + builder.host + ":" + builder.port + ": " + e.getMessage(), e);
    }
  }

  /** Makes up the handlers of a connection. */
  private final class Connection extends ChannelInitializer<Channel> {
    private final Builder builder;
    private final Routes routes;
    private final AtomicInteger uploads = new AtomicInteger();

    Connection(Builder builder) {
      this.builder = builder;
      this.routes = new Routes(builder.routes, builder.notFound);
    }

    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      if (connections.size() > builder.maxConnections) {
        channel.close();
        return;
      }
      RequestReceiver receiver =
          new RequestReceiver(
              routes,
              builder.gate,
              builder.uploads,
              uploads,
              builder.errors,
              builder.uploads.map(UploadLimits::time).orElse(builder.requestTime));
      channel
          .pipeline()
          .addLast(SlowRequestGuard.NAME, new SlowRequestGuard(builder.requestTime))
          .addLast("codec", new HttpServerCodec(8192, 32768, 65536))
          .addLast(
              "read-timeout",
              new ReadTimeoutHandler(builder.idleTimeout.toMillis(), TimeUnit.MILLISECONDS))
          .addLast("one-at-a-time", new OneAtATime())
          .addLast("receiver", receiver)
          .addLast("aggregator", new BodyAggregator(builder.maxBody, receiver))
          .addLast(
              "dispatcher",
              new Dispatcher(routes, workers, builder.maxStreamBacklog, builder.errors));
    }
  }

  /** Begins a server description. */
  public static Builder builder() {
    return new Builder();
  }

  /** The port that is listened on, also when 0 was asked for. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /**
   * Stops listening, cuts all connections, and waits until the threads are told to end. Once only.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      // the loop that would answer has ended
      return;
    }
    listener.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    release();
  }

  private void release() {
    workers.shutdownNow();
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  /** What a server listens on, its limits, and its routes. Not thread-safe. */
  public static final class Builder {
    private final List<Routes.Route> routes = new ArrayList<>();
    private String name = "http";
    private String host = "127.0.0.1";
    private int port;
    private int maxBody = 1 << 20;
    private int maxStreamBacklog = 64 << 20;
    private int threads = 4;
    private int queue = 256;
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration requestTime = Duration.ofMinutes(2);
    private int maxConnections = 4096;
    private ErrorFormat errors = ErrorFormat.TEXT;
    private Optional<RequestGate> gate = Optional.empty();
    private Optional<UploadLimits> uploads = Optional.empty();
    private Optional<RequestHandler> notFound = Optional.empty();

    private Builder() {}

    /** Prefix of the threads' names. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Address to bind; {@code 127.0.0.1} unless called. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Port to bind; 0 (any free one) unless called. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Largest request body in bytes (1 MiB unless called); a larger one is answered 413. */
    public Builder maxBody(int bytes) {
      this.maxBody = bytes;
      return this;
    }

    /** Most bytes that wait for one slow reader of a stream (64 MiB unless called). */
    public Builder maxStreamBacklog(int bytes) {
      this.maxStreamBacklog = bytes;
      return this;
    }

    /** Worker threads (4 unless called). */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /** A connection from which nothing is read for so long is closed, unless it is answering. */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = timeout;
      return this;
    }

    /** In which a request must have come in whole, uploads aside (2 minutes unless called). */
    public Builder requestTime(Duration time) {
      this.requestTime = time;
      return this;
    }

    /** Most connections at a time (4096 unless called); a further one is closed at once. */
    public Builder maxConnections(int connections) {
      this.maxConnections = connections;
      return this;
    }

    /** How error messages are written; as plain text unless called. */
    public Builder errors(ErrorFormat format) {
      this.errors = format;
      return this;
    }

    /** Asked of every request before its body is read; all are let in unless called. */
    public Builder gate(RequestGate requestGate) {
      this.gate = Optional.of(requestGate);
      return this;
    }

    /** Needed for {@link #upload}. */
    public Builder uploads(UploadLimits limits) {
      this.uploads = Optional.of(limits);
      return this;
    }

    /** Answers requests to paths that no route has; a line with the path unless called. */
    public Builder notFound(RequestHandler handler) {
      this.notFound = Optional.of(handler);
      return this;
    }

    /** As {@link #route}, for requests whose bodies go to files: {@link WebRequest#bodyFile}. */
    public Builder upload(String method, String pattern, RequestHandler handler) {
      routes.add(new Routes.Route(method, RoutePattern.parse(pattern), handler, true));
      return this;
    }

    /**
     * Adds a route; the first that matches answers.
     *
     * @param method the method, or {@code *} for any
     * @param pattern see {@link RoutePattern}
     */
    public Builder route(String method, String pattern, RequestHandler handler) {
      routes.add(new Routes.Route(method, RoutePattern.parse(pattern), handler, false));
      return this;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException if the address cannot be bound; the message names it
     */
    public WebServer start() throws IOException {
      if (uploads.isEmpty() && routes.stream().anyMatch(Routes.Route::upload)) {
        throw new IllegalStateException("a server with routes for uploads needs their limits");
      }
      return new WebServer(this);
    }
  }
}
