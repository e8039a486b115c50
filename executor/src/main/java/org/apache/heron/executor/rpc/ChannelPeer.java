package org.apache.heron.executor.rpc;

import com.google.protobuf.Message;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.ReadTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer over a Netty channel; it is the channel's last handler. */
final class ChannelPeer extends SimpleChannelInboundHandler<Frame> implements Peer {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelPeer.class);

  /** A peer that takes this much later than we send is cut off. */
  private static final long MAX_BACKLOG = 256L << 20;

  private final PeerListener listener;
  private volatile ChannelHandlerContext context;

  ChannelPeer(PeerListener listener) {
    this.listener = listener;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public String remote() {
    return String.valueOf(context.channel().remoteAddress());
  }

  @Override
  public void send(RequestId id, Message message) {
    context
        .executor()
        .execute(
            () -> {
              var waiting = context.channel().unsafe().outboundBuffer();
              if (waiting != null && waiting.totalPendingWriteBytes() > MAX_BACKLOG) {
                LOG.warn("{} reads too slowly: {} bytes wait; cut off", remote(), MAX_BACKLOG);
                context.close();
              } else {
                context.writeAndFlush(Frame.of(id, message));
              }
            });
  }

  @Override
  public void close() {
    context.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, Frame frame) {
    listener.received(this, frame);
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    listener.disconnected(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    if (cause instanceof ReadTimeoutException) {
      LOG.warn("nothing was heard from {} for too long; cut off", remote());
    } else {
      LOG.warn("the connection of {} ends: {}", remote(), cause.getMessage());
    }
    channel.close();
  }
}
