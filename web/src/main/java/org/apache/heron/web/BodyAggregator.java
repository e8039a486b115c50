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

/** Collects a request's body up to the limit; a larger one is refused before it is read. */
final class BodyAggregator extends HttpObjectAggregator {
  private final int limit;
  private final ErrorFormat errors;

  BodyAggregator(int limit, ErrorFormat errors) {
    super(limit);
    this.limit = limit;
    this.errors = errors;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
    ErrorFormat.Body body = errors.body(413, "request body is larger than " + limit + " bytes");
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            Unpooled.wrappedBuffer(body.bytes()));
    response.headers().set("Content-Type", body.contentType());
    response.headers().set("Content-Length", body.bytes().length);
    response.headers().set("Connection", "close");
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }
}
