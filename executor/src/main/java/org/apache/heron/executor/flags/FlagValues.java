package org.apache.heron.executor.flags;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.executor.EncodedOptions;
import org.apache.heron.spi.packing.ByteAmount;

/** The words of a command line by flag, and their values read as what they must be. */
final class FlagValues {
  private final Map<Flag, String> values;

  private FlagValues(Map<Flag, String> values) {
    this.values = values;
  }

  /** Reads {@code --flag=value} and {@code --flag value}; of two, the last counts. */
  static FlagValues parse(List<String> arguments) {
    Map<Flag, String> values = new EnumMap<>(Flag.class);
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Flag flag = Flag.of(name).orElseThrow(() -> unknown(word, name));
      if (flag.need() == Flag.Need.SWITCH) {
        if (equals >= 0) {
          throw new UsageException("Option '" + name + "' does not take a value.");
        }
        values.put(flag, "");
      } else if (equals >= 0) {
        values.put(flag, word.substring(equals + 1));
      } else if (++i < arguments.size()) {
        values.put(flag, arguments.get(i));
      } else {
        throw new UsageException("Option '" + name + "' requires an argument.");
      }
    }
    for (Flag flag : Flag.values()) {
      if (flag.need() == Flag.Need.REQUIRED && !values.containsKey(flag)) {
        throw new UsageException("Missing option '" + flag.text() + "'.");
      }
    }
    return new FlagValues(values);
  }

  private static UsageException unknown(String word, String name) {
    return new UsageException(
        word.startsWith("-")
            ? "No such option: " + name
            : "Got unexpected extra argument (" + word + ")");
  }

  boolean has(Flag flag) {
    return values.containsKey(flag);
  }

  Optional<String> optional(Flag flag) {
    return Optional.ofNullable(values.get(flag));
  }

  /** A value that may be empty. */
  String text(Flag flag) {
    return values.get(flag);
  }

  /** A value that must not be empty. */
  String name(Flag flag) {
    String value = text(flag);
    if (value.isBlank()) {
      throw invalid(flag, "must not be empty");
    }
    return value;
  }

  int number(Flag flag) {
    String value = text(flag).strip();
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(flag, "is not a whole number");
    }
    throw invalid(flag, "is negative");
  }

  /** A TCP port; 0 (any free one) is allowed for a port that nobody is told beforehand. */
  int port(Flag flag) {
    int port = number(flag);
    if (port > 65535) {
      throw invalid(flag, "is not a port (0 to 65535)");
    }
    return port;
  }

  ByteAmount bytes(Flag flag) {
    return bytes(flag, text(flag).strip());
  }

  private ByteAmount bytes(Flag flag, String value) {
    try {
      long bytes = Long.parseLong(value);
      if (bytes >= 0) {
        return ByteAmount.ofBytes(bytes);
      }
    } catch (NumberFormatException e) {
      throw invalid(flag, "holds '" + value + "', which is not a whole number of bytes");
    }
    throw invalid(flag, "holds a negative number of bytes");
  }

  boolean bool(Flag flag) {
    return switch (text(flag).strip().toLowerCase(java.util.Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(flag, "is not true or false");
    };
  }

  /** {@code component:bytes,component:bytes}; the last of two of one name counts, as upstream's. */
  Map<String, ByteAmount> ramMap(Flag flag) {
    Map<String, ByteAmount> ram = new LinkedHashMap<>();
    for (String entry : text(flag).split(",")) {
      if (entry.isBlank()) {
        continue;
      }
      int colon = entry.lastIndexOf(':');
      if (colon <= 0) {
        throw invalid(flag, "holds '" + entry + "', which is not component:bytes");
      }
      ram.put(entry.substring(0, colon), bytes(flag, entry.substring(colon + 1)));
    }
    return ram;
  }

  String options(Flag flag) {
    try {
      return EncodedOptions.decode(text(flag));
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for '" + flag.text() + "': " + e.getMessage(), e);
    }
  }

  List<Integer> ports(Flag flag) {
    List<Integer> ports = new ArrayList<>();
    for (String port : optional(flag).orElse("").split(",")) {
      if (!port.isBlank()) {
        try {
          ports.add(Integer.valueOf(port.strip()));
        } catch (NumberFormatException e) {
          throw invalid(flag, "holds '" + port + "', which is not a port");
        }
      }
    }
    return ports;
  }

  UsageException invalid(Flag flag, String what) {
    return new UsageException(
        "Invalid value for '" + flag.text() + "': '" + text(flag) + "' " + what + ".");
  }
}
