package org.apache.heron.executor.rpc;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;

/**
 * What ties a response to its request.
 *
 * @param bytes 32 of them; all zero for a message that wants no response
 */
public record RequestId(ByteString bytes) {
  static final int LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of messages that want no response. */
  public static final RequestId ONE_WAY = new RequestId(ByteString.copyFrom(new byte[LENGTH]));

  public RequestId {
    if (bytes.size() != LENGTH) {
      throw new IllegalArgumentException("a request id has 32 bytes, not " + bytes.size());
    }
  }

  /** A new random one. */
  public static RequestId random() {
    byte[] bytes = new byte[LENGTH];
    RANDOM.nextBytes(bytes);
    return new RequestId(ByteString.copyFrom(bytes));
  }
}
