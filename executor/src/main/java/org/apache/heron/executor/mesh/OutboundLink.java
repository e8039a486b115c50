package org.apache.heron.executor.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.heron.executor.tuple.WireException;

/** The sending end of a connection that we made. Lives on the mesh's thread. */
final class OutboundLink extends SimpleChannelInboundHandler<ByteBuf> {

  private static final int GREETING_SECONDS = 10;

  private final Peer peer;
  private final Frames.Hello hello;
  private final int attempt;
  private final long pauseMillis;
  private boolean welcome;
  private String reason = "the connection was closed";

  OutboundLink(Peer peer, Frames.Hello hello, int attempt, long pauseMillis) {
    this.peer = peer;
    this.hello = hello;
    this.attempt = attempt;
    this.pauseMillis = pauseMillis;
  }

  void install(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new IdleStateHandler(
                Heartbeat.DEAD_SECONDS, Heartbeat.PING_SECONDS, 0, TimeUnit.SECONDS))
        .addLast(new Heartbeat())
        .addLast(new LengthFieldBasedFrameDecoder(Frames.MAX_GREETING_BYTES, 0, 4, 0, 4))
        .addLast(this);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(Frames.hello(hello));
    context
        .executor()
        .schedule(
            () -> {
              if (!welcome) {
                reason = "no answer to the greeting";
                context.close();
              }
            },
            GREETING_SECONDS,
            TimeUnit.SECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
    int kind = in.isReadable() ? in.readByte() : 0;
    switch (kind) {
      case Frames.WELCOME -> {
        welcome = true;
        boolean tagged = Frames.readWelcome(in);
        peer.welcomed(attempt, new Peer.Link(context.channel(), tagged), hello.pressure());
      }
      case Frames.REJECT -> {
        reason = "refused: " + in.toString(StandardCharsets.UTF_8);
        context.close();
      }
      case Frames.CREDIT -> {
        int task = in.readInt();
        int bytes = in.readInt();
        int tag = in.isReadable() ? in.readInt() : 0;
        peer.credit(context.channel(), new Address(task, tag), bytes);
      }
      case Frames.PING -> {}
      default -> throw new WireException("frame of unknown kind " + kind);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    peer.lost(attempt, welcome ? Peer.firstPauseMillis() : pauseMillis, reason);
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    reason = cause.toString();
    context.close();
  }
}
