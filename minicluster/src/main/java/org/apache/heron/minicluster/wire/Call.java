package org.apache.heron.minicluster.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Int32Value;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.StringValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One call as bytes: its name, then its arguments, each a message with its length before it. So
 * nothing that a message holds is lost, whatever fields it has. Not thread-safe.
 */
final class Call {
  /** The most bytes of a call. */
  static final int MOST_BYTES = 8 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Call() {}

  static Call named(String name) {
    return new Call().text(name);
  }

  Call with(MessageLite argument) {
    try {
      argument.writeDelimitedTo(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return this;
  }

  Call text(String argument) {
    return with(StringValue.of(argument));
  }

  Call number(int argument) {
    return with(Int32Value.of(argument));
  }

  Call list(List<? extends MessageLite> arguments) {
    number(arguments.size());
    arguments.forEach(this::with);
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Reads a call, its arguments in the order in which they were written. Not thread-safe. */
  static final class Reader {
    private final ByteArrayInputStream bytes;
    private final String name;

    /**
     * @throws WireException if it does not begin with a name
     */
    Reader(byte[] call) throws WireException {
      bytes = new ByteArrayInputStream(Arrays.copyOf(call, call.length));
      name = next(StringValue.parser()).getValue();
    }

    String name() {
      return name;
    }

    /**
     * @throws WireException if there is none, or it is no such message
     */
    <M> M next(Parser<M> parser) throws WireException {
      try {
        int first = bytes.read();
        if (first < 0) {
          throw new WireException("a call ends early");
        }
        int length = CodedInputStream.readRawVarint32(first, bytes);
        // Asked here, for protobuf takes a message that is cut between two fields for a whole one.
        if (length < 0 || length > bytes.available()) {
          throw new WireException("an argument of " + length + " bytes did not come whole");
        }
        return parser.parseFrom(bytes.readNBytes(length));
      } catch (WireException e) {
        throw e;
      } catch (IOException e) {
        throw new WireException("an argument of a call is malformed: " + e.getMessage(), e);
      }
    }

    String text() throws WireException {
      return next(StringValue.parser()).getValue();
    }

    int number() throws WireException {
      return next(Int32Value.parser()).getValue();
    }

    <M> List<M> list(Parser<M> parser) throws WireException {
      int count = number();
      // Each takes a byte at least: no count makes room for more than came.
      if (count < 0 || count > bytes.available()) {
        throw new WireException("a list of " + count + " is announced, which did not come");
      }
      List<M> list = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        list.add(next(parser));
      }
      return list;
    }

    /**
     * @throws WireException if more came than was read
     */
    void end() throws WireException {
      if (bytes.available() > 0) {
        throw new WireException("call '" + name + "' has " + bytes.available() + " bytes too many");
      }
    }
  }
}
