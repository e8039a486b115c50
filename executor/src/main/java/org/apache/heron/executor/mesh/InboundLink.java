package org.apache.heron.executor.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.tuple.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving end of a connection that another container made. Lives on the mesh's thread. */
final class InboundLink extends SimpleChannelInboundHandler<ByteBuf> {

  private static final Logger LOG = LoggerFactory.getLogger(InboundLink.class);
  private static final String FRAMES = "frames";

  private final MeshSettings settings;
  private final MeshReceiver receiver;
  private final AtomicLong bytesReceived;
  private final AckUpdates updates = new AckUpdates();
  private final Map<Address, Batch.Credit> credits = new HashMap<>();
  private Frames.Hello hello;

  private InboundLink(MeshSettings settings, MeshReceiver receiver, AtomicLong bytesReceived) {
    this.settings = settings;
    this.receiver = receiver;
    this.bytesReceived = bytesReceived;
  }

  static void install(
      Channel channel, MeshSettings settings, MeshReceiver receiver, AtomicLong bytesReceived) {
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(
                Heartbeat.DEAD_SECONDS, Heartbeat.PING_SECONDS, 0, TimeUnit.SECONDS))
        .addLast(new Heartbeat())
        .addLast(FRAMES, decoder(Frames.MAX_GREETING_BYTES))
        .addLast(new InboundLink(settings, receiver, bytesReceived));
  }

  private static LengthFieldBasedFrameDecoder decoder(int maxBytes) {
    return new LengthFieldBasedFrameDecoder(maxBytes, 0, 4, 0, 4);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
    bytesReceived.addAndGet(in.readableBytes());
    int kind = in.isReadable() ? in.readByte() : 0;
    if (hello == null) {
      greet(context, kind, in);
      return;
    }
    switch (kind) {
      case Frames.TUPLES -> {
        int task = in.readInt();
        int tag = in.readInt();
        receiver.tuples(
            task, tag, Frames.readTuples(in, credit(context.channel(), new Address(task, tag))));
      }
      case Frames.ACKS -> {
        int task = in.readInt();
        Frames.readAcks(in, updates);
        receiver.acks(task, updates);
        updates.clear();
      }
      case Frames.PRESSURE -> receiver.pressure(context.channel(), hello.from(), in.readBoolean());
      case Frames.PING -> {}
      default -> throw new WireException("frame of unknown kind " + kind);
    }
  }

  private void greet(ChannelHandlerContext context, int kind, ByteBuf in) {
    if (kind == Frames.PING) {
      return;
    }
    if (kind != Frames.HELLO) {
      throw new WireException("first frame of kind " + kind + " is no greeting");
    }
    Frames.Hello offered = Frames.readHello(in);
    String refusal = refusal(offered);
    if (refusal != null) {
      LOG.warn("refused {}: {}", context.channel().remoteAddress(), refusal);
      context.writeAndFlush(Frames.reject(refusal)).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    hello = offered;
    // the peer sends nothing between its greeting and our welcome, so no bytes are lost here
    int maxFrame = settings.maxFrameBytes() + Frames.OVERHEAD_BYTES;
    context.pipeline().replace(FRAMES, FRAMES, decoder(maxFrame));
    context.writeAndFlush(Frames.welcome());
    receiver.greeted(context.channel(), offered.from());
    if (offered.pressure()) {
      receiver.pressure(context.channel(), offered.from(), true);
    }
  }

  private String refusal(Frames.Hello offered) {
    if (!offered.topologyId().equals(settings.topologyId())) {
      return String.format(
          "%s is of topology %s; this is %s",
          offered.from(), offered.topologyId(), settings.topologyId());
    }
    if (!offered.to().equals(settings.stmgrId())) {
      return String.format(
          "%s looks for %s; this is %s", offered.from(), offered.to(), settings.stmgrId());
    }
    return offered.from().equals(settings.stmgrId()) ? "that is my own name" : null;
  }

  private Batch.Credit credit(Channel channel, Address to) {
    return credits.computeIfAbsent(
        to, missing -> new CreditReturn(channel, to, hello.windowBytes() / 4));
  }

  /** Gives credit back in quarters of the window: less would be a frame for every batch. */
  private static final class CreditReturn implements Batch.Credit {

    private final Channel channel;
    private final Address to;
    private final int portion;
    private final AtomicInteger owed = new AtomicInteger();

    CreditReturn(Channel channel, Address to, int portion) {
      this.channel = channel;
      this.to = to;
      this.portion = portion;
    }

    @Override
    public void giveBack(int bytes) {
      if (owed.addAndGet(bytes) >= portion) {
        int all = owed.getAndSet(0);
        if (all > 0 && channel.isActive()) {
          channel.writeAndFlush(Frames.credit(to, all), channel.voidPromise());
        }
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (hello != null) {
      receiver.pressure(context.channel(), hello.from(), false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.warn(
        "connection from {} ({}) closed: {}",
        context.channel().remoteAddress(),
        hello == null ? "a stranger" : hello.from(),
        cause.toString());
    context.close();
  }
}
