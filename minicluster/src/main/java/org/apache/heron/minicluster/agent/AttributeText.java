package org.apache.heron.minicluster.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;

/** Reads attributes as they are written on a Mesos agent's command line. */
public final class AttributeText {
  private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,18})\\s*-\\s*(\\d{1,18})\\s*");

  private AttributeText() {}

  private static Value.Ranges ranges(String part, String value) {
    if (!value.endsWith("]")) {
      throw new IllegalArgumentException("'" + part + "' opens a range that it does not close");
    }
    Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
    for (String piece : value.substring(1, value.length() - 1).split(",")) {
      Matcher range = RANGE.matcher(piece);
      if (!range.matches()) {
        throw new IllegalArgumentException("'" + part + "': '" + piece + "' is no range begin-end");
      }
      long begin = Long.parseLong(range.group(1));
      long end = Long.parseLong(range.group(2));
      if (begin > end) {
        throw new IllegalArgumentException("'" + part + "': range '" + piece + "' is empty");
      }
      ranges.addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end));
    }
    return ranges.build();
  }

  /**
   * Reads for example {@code rack:r1;gen:3;ports:[1-2]}: a number is a scalar, all else text.
   *
   * @throws IllegalArgumentException if it is not of that form; the message names the part
   */
  public static List<Attribute> attributes(String text) {
    List<Attribute> attributes = new ArrayList<>();
    for (String part : parts(text)) {
      int colon = part.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("attribute '" + part + "' is not name:value");
      }
      String value = part.substring(colon + 1).trim();
      Attribute.Builder attribute = Attribute.newBuilder().setName(part.substring(0, colon).trim());
      if (value.startsWith("[")) {
        attribute.setType(Value.Type.RANGES).setRanges(ranges(part, value));
      } else if (value.matches("[+-]?\\d+(\\.\\d+)?")) {
        attribute
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(Double.parseDouble(value)));
      } else {
        attribute.setType(Value.Type.TEXT).setText(Value.Text.newBuilder().setValue(value));
      }
      attributes.add(attribute.build());
    }
    return attributes;
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split("[;\n]")) {
      if (!part.isBlank()) {
        parts.add(part.trim());
      }
    }
    return parts;
  }
}
