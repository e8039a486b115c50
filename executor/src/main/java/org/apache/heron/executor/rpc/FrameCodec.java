package org.apache.heron.executor.rpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns frames into bytes and back; a frame above the limit or malformed ends the connection. */
final class FrameCodec extends ByteToMessageCodec<Frame> {
  private static final int MAX_TYPE_LENGTH = 256;
  private static final int FIXED = 4 + RequestId.LENGTH + 4;

  private final int maxPacket;

  FrameCodec(int maxPacket) {
    super(Frame.class);
    this.maxPacket = maxPacket;
  }

  @Override
  protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) {
    byte[] type = frame.type().getBytes(StandardCharsets.UTF_8);
    int length = FIXED + type.length + frame.body().size();
    out.ensureWritable(4 + length);
    out.writeInt(length);
    out.writeInt(type.length);
    out.writeBytes(type);
    out.writeBytes(frame.id().bytes().asReadOnlyByteBuffer());
    out.writeInt(frame.body().size());
    out.writeBytes(frame.body().asReadOnlyByteBuffer());
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 4) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length < FIXED) {
      throw new CorruptedFrameException("a frame of " + length + " bytes cannot be");
    }
    if (length > maxPacket) {
      throw new TooLongFrameException(
          "a frame of " + length + " bytes is above the limit of " + maxPacket);
    }
    if (in.readableBytes() < 4 + length) {
      return;
    }
    in.skipBytes(4);
    ByteBuf frame = in.readSlice(length);
    int typeLength = frame.readInt();
    if (typeLength <= 0 || typeLength > MAX_TYPE_LENGTH || typeLength > length - FIXED) {
      throw new CorruptedFrameException("a message name of " + typeLength + " bytes cannot be");
    }
    String type = frame.readCharSequence(typeLength, StandardCharsets.UTF_8).toString();
    RequestId id = new RequestId(bytes(frame, RequestId.LENGTH));
    int bodyLength = frame.readInt();
    if (bodyLength != frame.readableBytes()) {
      throw new CorruptedFrameException(
          "a message of "
              + bodyLength
              + " bytes cannot be in a frame with "
              + frame.readableBytes()
              + " left");
    }
    out.add(new Frame(type, id, bytes(frame, bodyLength)));
  }

  private static ByteString bytes(ByteBuf from, int length) {
    ByteString bytes = ByteString.copyFrom(from.nioBuffer(from.readerIndex(), length));
    from.skipBytes(length);
    return bytes;
  }
}
