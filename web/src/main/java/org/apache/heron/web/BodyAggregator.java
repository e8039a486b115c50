package org.apache.heron.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Collects a request's body up to the limit; a larger one is refused before it is read. */
final class BodyAggregator extends HttpObjectAggregator {
  private final int limit;

  BodyAggregator(int limit) {
    super(limit);
    this.limit = limit;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
    byte[] text =
        ("request body is larger than " + limit + " bytes").getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            Unpooled.wrappedBuffer(text));
    response.headers().set("Content-Type", "text/plain; charset=utf-8");
    response.headers().set("Content-Length", text.length);
    response.headers().set("Connection", "close");
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
