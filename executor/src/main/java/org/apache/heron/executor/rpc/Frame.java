package org.apache.heron.executor.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/**
 * One message on the wire.
 *
 * @param type the message's full protobuf name
 * @param id of the request that it is or answers
 * @param body serialized
 */
public record Frame(String type, RequestId id, ByteString body) {

  /** A frame of a message. */
  public static Frame of(RequestId id, Message message) {
    return new Frame(message.getDescriptorForType().getFullName(), id, message.toByteString());
  }

  /** True if it holds a message of that type. */
  public boolean is(Message prototype) {
    return type.equals(prototype.getDescriptorForType().getFullName());
  }

  /**
   * The message.
   *
   * @throws IllegalArgumentException if the bytes are not that message
   */
  public <M extends Message> M parse(Parser<M> parser) {
    try {
      return parser.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("malformed " + type + ": " + e.getMessage(), e);
    }
  }
}
