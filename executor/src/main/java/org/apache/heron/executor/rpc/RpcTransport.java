package org.apache.heron.executor.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One I/O thread with the connections it serves. Packets are bounded; a connection on which nothing
 * is read for the given time is cut. Thread-safe.
 */
public final class RpcTransport implements AutoCloseable {
  private final EventLoopGroup loop;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final int maxPacket;
  private final Duration silence;

  /**
   * @param name of the thread
   * @param maxPacket bytes of the largest frame that is read
   * @param silence after which a connection is cut
   */
  public RpcTransport(String name, int maxPacket, Duration silence) {
    this.loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
    this.maxPacket = maxPacket;
    this.silence = silence;
  }

  /**
   * Listens.
   *
   * @return the port, also when 0 was asked for
   * @throws IOException if the address cannot be bound; the message names it
   */
  public int listen(InetSocketAddress address, PeerListener listener) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer(listener));
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    channels.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /**
   * Connects; blocks at most for the time limit, so not to be called on the I/O thread.
   *
   * @throws IOException if that fails; the message names the address
   */
  public Peer connect(InetSocketAddress address, Duration limit, PeerListener listener)
      throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
            .handler(initializer(listener));
    ChannelFuture connected = bootstrap.connect(address).awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new IOException(
          "cannot connect to " + address + ": " + connected.cause().getMessage(),
          connected.cause());
    }
    Peer peer = connected.channel().pipeline().get(ChannelPeer.class);
    if (peer == null) {
      throw new IOException(address + " closed the connection at once");
    }
    return peer;
  }

  private ChannelInitializer<Channel> initializer(PeerListener listener) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channels.add(channel);
        channel
            .pipeline()
            .addLast(new ReadTimeoutHandler(silence.toMillis(), TimeUnit.MILLISECONDS))
            .addLast(new FrameCodec(maxPacket))
            .addLast(new ChannelPeer(listener));
      }
    };
  }

  /** Cuts every connection and ends the thread. */
  @Override
  public void close() {
    channels.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
