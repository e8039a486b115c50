package org.apache.heron.executor.mesh;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Delivery;
import org.apache.heron.executor.delivery.Outlet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another container: keeps a connection to it, for ever, and counts the credit of its tasks.
 * Thread-safe.
 */
final class Peer {

  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final int CONNECT_MILLIS = 5000;

  /** More than the windows of very many tasks: a peer that does not read is taken for dead. */
  private static final int STUCK_BYTES = 128 * 1024 * 1024;

  /** Acks that wait for a connection; more fail by time-out. */
  private static final int MAX_HELD_BYTES = 16 * 1024 * 1024;

  private final String stmgrId;
  private final MeshSettings settings;
  private final MeshReceiver receiver;
  private final EventLoopGroup loop;
  private final PooledByteBufAllocator allocator;
  private final AtomicLong bytesSent;
  private final Map<Address, RemoteOutlet> outlets = new ConcurrentHashMap<>();

  // guarded by this
  private InetSocketAddress address;
  private Channel connecting;
  private boolean closed;
  private boolean reported;
  private int attempt;
  private long leftNanos;
  private final List<ByteBuf> held = new ArrayList<>();
  private int heldBytes;

  private volatile Link link;
  private volatile boolean met;
  private volatile boolean leaving;
  private volatile long meetingUntil;

  /**
   * A connection on which we are welcome, with what is under way to each instance. What a task was
   * before must not hold back what it is now: the former may never give its credit back.
   *
   * @param tagged whether credit comes with tags; else all that a task was share one window
   */
  record Link(Channel channel, boolean tagged, Map<Address, AtomicInteger> underWay) {

    Link(Channel channel, boolean tagged) {
      this(channel, tagged, new ConcurrentHashMap<>());
    }

    AtomicInteger window(Address to) {
      return underWay.computeIfAbsent(tagged ? to : to.untagged(), missing -> new AtomicInteger());
    }
  }

  Peer(
      String stmgrId,
      MeshSettings settings,
      MeshReceiver receiver,
      EventLoopGroup loop,
      PooledByteBufAllocator allocator,
      AtomicLong bytesSent) {
    this.stmgrId = stmgrId;
    this.settings = settings;
    this.receiver = receiver;
    this.loop = loop;
    this.allocator = allocator;
    this.bytesSent = bytesSent;
  }

  /** Connects there, unless it is there already. */
  synchronized void moveTo(InetSocketAddress newAddress) {
    leaving = false;
    if (newAddress.equals(address) || closed) {
      return;
    }
    address = newAddress;
    attempt++;
    met = false;
    reported = false;
    meetingUntil = System.nanoTime() + settings.meetingTime().toNanos();
    dropConnection();
    connect(attempt, FIRST_PAUSE_MILLIS);
  }

  /** No plan names it any more: what is connected stays so, but is not connected anew. */
  synchronized void leave() {
    if (!leaving) {
      leaving = true;
      leftNanos = System.nanoTime();
    }
  }

  /** Whether it has been leaving for so long. */
  synchronized boolean hasLeft(Duration time) {
    return leaving && System.nanoTime() - leftNanos >= time.toNanos();
  }

  boolean leaving() {
    return leaving;
  }

  private void giveUp() {
    address = null;
    meetingUntil = System.nanoTime();
    forgetAcks();
  }

  private void dropConnection() {
    link = null;
    forgetAcks();
    if (connecting != null) {
      connecting.close();
      connecting = null;
    }
  }

  private synchronized void connect(int ofAttempt, long pauseMillis) {
    if (closed || ofAttempt != attempt) {
      return;
    }
    if (leaving) {
      giveUp();
      return;
    }
    Frames.Hello hello =
        new Frames.Hello(
            settings.topologyId(),
            settings.stmgrId(),
            stmgrId,
            settings.windowBytes(),
            receiver.underPressure());
    OutboundLink handler = new OutboundLink(this, hello, ofAttempt, pauseMillis);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, allocator)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(STUCK_BYTES / 2, STUCK_BYTES))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    handler.install(channel);
                  }
                });
    connecting =
        bootstrap
            .connect(address)
            .addListener(
                future -> {
                  if (!future.isSuccess()) {
                    lost(ofAttempt, pauseMillis, future.cause().toString());
                  }
                })
            .channel();
  }

  /** The other side welcomed us. */
  void welcomed(int ofAttempt, Link welcome, boolean pressureTold) {
    Channel channel = welcome.channel();
    synchronized (this) {
      if (closed || ofAttempt != attempt) {
        channel.close();
        return;
      }
      link = welcome;
      releaseAcks(channel);
      met = true;
      reported = false;
    }
    receiver.tellPressure(
        raised -> {
          if (raised != pressureTold) {
            sendPressure(raised);
          }
        });
    LOG.info("connected to {} at {}", stmgrId, channel.remoteAddress());
    receiver.peerConnected(stmgrId);
  }

  /** The connection broke, or could not be made: try again after a pause. */
  void lost(int ofAttempt, long pauseMillis, String reason) {
    boolean report;
    synchronized (this) {
      if (closed || ofAttempt != attempt) {
        return;
      }
      link = null;
      if (leaving) {
        giveUp();
        return;
      }
      report = !reported;
      reported = true;
    }
    if (report) {
      LOG.warn("cannot reach {} at {}: {}", stmgrId, address, reason);
      receiver.peerUnreachable(stmgrId, reason);
    }
    long next = Math.min(pauseMillis * 2, settings.reconnectPause().toMillis());
    if (!loop.isShuttingDown()) {
      loop.schedule(() -> connect(ofAttempt, next), pauseMillis, TimeUnit.MILLISECONDS);
    }
  }

  /** The first pause, for a connection that had worked. */
  static long firstPauseMillis() {
    return FIRST_PAUSE_MILLIS;
  }

  synchronized void close() {
    closed = true;
    dropConnection();
  }

  /** Whether spouts had better wait until it is reached for the first time. */
  boolean meeting() {
    return !leaving && reaching();
  }

  /** It may leave before it was reached: a plan may hold for a moment only. */
  private boolean reaching() {
    return !met && System.nanoTime() - meetingUntil < 0;
  }

  String state() {
    if (link != null) {
      return "CONNECTED";
    }
    return meeting() ? "CONNECTING" : "DOWN";
  }

  Outlet outlet(int task, int tag) {
    return outlets.computeIfAbsent(new Address(task, tag), RemoteOutlet::new);
  }

  void credit(Channel channel, Address from, int bytes) {
    Link now = link;
    if (now != null && now.channel() == channel) {
      now.window(from).addAndGet(-bytes);
    }
  }

  void sendAcks(int spoutTask, AckUpdates updates) {
    Link now = link;
    if (now == null) {
      holdAcks(spoutTask, updates);
      return;
    }
    if (!now.channel().isWritable()) {
      LOG.warn("{} does not read; closing the connection", stmgrId);
      now.channel().close();
      return;
    }
    write(now.channel(), Frames.acks(spoutTask, updates));
  }

  /** The peer may have reached us, and sent us tuples, before we have reached it. */
  private synchronized void holdAcks(int spoutTask, AckUpdates updates) {
    ByteBuf frame = Frames.acks(spoutTask, updates);
    if (link != null) {
      write(link.channel(), frame);
    } else if (reaching() && heldBytes + frame.readableBytes() <= MAX_HELD_BYTES) {
      held.add(frame);
      heldBytes += frame.readableBytes();
    }
  }

  private void releaseAcks(Channel channel) {
    held.forEach(frame -> write(channel, frame));
    forgetAcks();
  }

  private void forgetAcks() {
    held.clear();
    heldBytes = 0;
  }

  void sendPressure(boolean raised) {
    Link now = link;
    if (now != null) {
      write(now.channel(), Frames.pressure(raised));
    }
  }

  private void write(Channel channel, ByteBuf frame) {
    bytesSent.addAndGet(frame.readableBytes());
    channel.writeAndFlush(frame, channel.voidPromise());
  }

  /** The way to one of the peer's tasks. */
  private final class RemoteOutlet implements Outlet {

    private final Address to;

    RemoteOutlet(Address to) {
      this.to = to;
    }

    @Override
    public boolean remote() {
      return true;
    }

    @Override
    public Delivery offer(Batch batch) {
      Link now = link;
      if (now == null) {
        return reaching() ? Delivery.FULL : Delivery.GONE;
      }
      if (!(batch instanceof Batch.Encoded encoded)) {
        throw new IllegalArgumentException("tuples must be encoded for " + stmgrId);
      }
      AtomicInteger underWay = now.window(to);
      if (underWay.get() >= settings.windowBytes()) {
        return Delivery.FULL;
      }
      underWay.addAndGet(encoded.length());
      write(now.channel(), Frames.tuples(to.task(), to.tag(), encoded));
      return Delivery.ACCEPTED;
    }
  }
}
