package org.apache.heron.executor.mesh;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;

/** Pings when there is nothing to send, and closes a connection on which nothing comes. */
final class Heartbeat extends ChannelDuplexHandler {

  /** Pause after which a ping is sent. */
  static final int PING_SECONDS = 3;

  /** Silence after which the other side is taken for dead; longer than a bad garbage collection. */
  static final int DEAD_SECONDS = 20;

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof IdleStateEvent idle) {
      if (idle.state() == IdleState.READER_IDLE) {
        context.close();
      } else {
        context.writeAndFlush(Frames.ping());
      }
      return;
    }
    super.userEventTriggered(context, event);
  }
}
