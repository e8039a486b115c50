package org.apache.heron.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Collects a request's body up to the limit; a larger one is refused before it is read. */
final class BodyAggregator extends HttpObjectAggregator {
  private final int limit;
  private final RequestReceiver receiver;

  /**
   * @param receiver refuses what is too large
   */
  BodyAggregator(int limit, RequestReceiver receiver) {
    super(limit);
    this.limit = limit;
    this.receiver = receiver;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage message) {
    receiver.refuse(context, new HttpError(413, "request body is larger than " + limit + " bytes"));
  }
}
