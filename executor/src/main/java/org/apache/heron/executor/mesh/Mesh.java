package org.apache.heron.executor.mesh;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Outlet;

/** The connections of one container, and the one thread that serves them. Thread-safe. */
public final class Mesh implements AutoCloseable {

  private static final long CLOSE_SECONDS = 5;

  private final MeshSettings settings;
  private final MeshReceiver receiver;
  private final EventLoopGroup loop;
  private final PooledByteBufAllocator allocator;
  private final ChannelGroup accepted;
  private final Channel server;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicLong bytesReceived = new AtomicLong();
  private volatile long lastTurn = System.nanoTime();

  /**
   * Listens.
   *
   * @throws IOException if the address cannot be bound
   */
  public Mesh(MeshSettings settings, MeshReceiver receiver) throws IOException {
    this.settings = settings;
    this.receiver = receiver;
    loop = new NioEventLoopGroup(1, new DefaultThreadFactory("mesh", true));
    // one thread does all I/O: one small arena is enough
    allocator = new PooledByteBufAllocator(true, 1, 1, 8192, 6, 64, 16, false);
    accepted = new DefaultChannelGroup(loop.next());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted.add(channel);
                    InboundLink.install(channel, settings, receiver, bytesReceived);
                  }
                });
    ChannelFuture bound = bootstrap.bind(settings.bind()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on " + settings.bind() + ": " + bound.cause().getMessage(), bound.cause());
    }
    server = bound.channel();
    loop.scheduleAtFixedRate(() -> lastTurn = System.nanoTime(), 1, 1, TimeUnit.SECONDS);
  }

  /** For how long its thread has not moved; about a second is normal. */
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastTurn);
  }

  /** The port we listen on. */
  public int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /**
   * Connects to exactly these peers, by stmgr id. Links to others stay for the farewell time or
   * until they break, for what is still under way on them.
   */
  public synchronized void connect(Map<String, InetSocketAddress> addresses) {
    addresses.forEach(
        (id, address) ->
            peers
                .computeIfAbsent(
                    id, name -> new Peer(name, settings, receiver, loop, allocator, bytesSent))
                .moveTo(address));
    List<String> leaving =
        peers.keySet().stream().filter(id -> !addresses.containsKey(id)).toList();
    leaving.forEach(id -> peers.get(id).leave());
    if (!leaving.isEmpty()) {
      later(settings.farewellTime(), () -> part(leaving));
    }
  }

  /** Ends what is left of peers that have not come back since. */
  private synchronized void part(List<String> leaving) {
    for (String id : leaving) {
      Peer peer = peers.get(id);
      if (peer != null && peer.hasLeft(settings.farewellTime())) {
        peers.remove(id);
        peer.close();
      }
    }
  }

  /** Does something on the mesh's thread after a while, unless the mesh is closed before. */
  public void later(Duration pause, Runnable action) {
    if (!loop.isShuttingDown()) {
      loop.schedule(action, pause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The way to a task of a peer.
   *
   * @param tag of the instance that the task is by the sender's plan
   */
  public Outlet outlet(String stmgrId, int task, int tag) {
    Peer peer = peers.get(stmgrId);
    return peer == null ? Outlet.NOWHERE : peer.outlet(task, tag);
  }

  /** Sends acks to a peer; they are lost if it is not connected. */
  public void sendAcks(String stmgrId, int spoutTask, AckUpdates updates) {
    Peer peer = peers.get(stmgrId);
    if (peer != null) {
      peer.sendAcks(spoutTask, updates);
    }
  }

  /** Tells all peers whether to hold spouts back. */
  public void sendPressure(boolean raised) {
    peers.values().forEach(peer -> peer.sendPressure(raised));
  }

  /** Whether a peer is still being reached for the first time: spouts had better wait. */
  public boolean meeting() {
    for (Peer peer : peers.values()) {
      if (peer.meeting()) {
        return true;
      }
    }
    return false;
  }

  /** State of each peer. */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    peers.forEach(
        (id, peer) -> {
          if (!peer.leaving()) {
            states.put(id, peer.state());
          }
        });
    return states;
  }

  /** Bytes sent so far. */
  public long bytesSent() {
    return bytesSent.get();
  }

  /** Bytes received so far. */
  public long bytesReceived() {
    return bytesReceived.get();
  }

  @Override
  public void close() {
    peers.values().forEach(Peer::close);
    server.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    accepted.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
