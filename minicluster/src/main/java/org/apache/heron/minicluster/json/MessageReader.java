package org.apache.heron.minicluster.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Fills a message from a JSON object by the rules and with the error texts of Mesos. */
final class MessageReader {
  private MessageReader() {}

  static void read(ObjectNode object, Message.Builder builder) throws MesosJsonException {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(entry.getKey());
      if (field != null) {
        readField(field, entry.getValue(), builder);
      }
    }
  }

  private static void readField(FieldDescriptor field, JsonNode node, Message.Builder builder)
      throws MesosJsonException {
    if (node.isNull()) {
      return;
    }
    if (field.isMapField()) {
      readMap(field, node, builder);
    } else if (node.isArray()) {
      if (!field.isRepeated()) {
        throw unexpected("array", field);
      }
      for (JsonNode element : node) {
        if (element.isArray()) {
          throw unexpected("array", field);
        }
        Optional<Object> value = value(field, element, newBuilder(field, builder));
        value.ifPresent(v -> builder.addRepeatedField(field, v));
      }
    } else if (field.isRepeated()) {
      throw unexpected(kind(node), field);
    } else {
      Optional<Object> value = value(field, node, newBuilder(field, builder));
      value.ifPresent(v -> builder.setField(field, v));
    }
  }

  private static Message.Builder newBuilder(FieldDescriptor field, Message.Builder parent) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? parent.newBuilderForField(field)
        : null;
  }

  private static void readMap(FieldDescriptor field, JsonNode node, Message.Builder builder)
      throws MesosJsonException {
    if (!node.isObject()) {
      throw unexpected(kind(node), field);
    }
    FieldDescriptor keyField = field.getMessageType().findFieldByName("key");
    FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Message.Builder pair = builder.newBuilderForField(field);
      JsonNode key = com.fasterxml.jackson.databind.node.TextNode.valueOf(entry.getKey());
      Optional<Object> keyValue = value(keyField, key, null);
      Optional<Object> value = value(valueField, entry.getValue(), newBuilder(valueField, pair));
      if (keyValue.isPresent() && value.isPresent()) {
        pair.setField(keyField, keyValue.get());
        pair.setField(valueField, value.get());
        builder.addRepeatedField(field, pair.build());
      }
    }
  }

  /**
   * Empty for null and for a name that an optional enum does not have (Mesos' rule, MESOS-4997).
   */
  private static Optional<Object> value(
      FieldDescriptor field, JsonNode node, Message.Builder nested) throws MesosJsonException {
    if (node.isNull()) {
      return Optional.empty();
    }
    if (node.isObject()) {
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        throw unexpected("object", field);
      }
      read((ObjectNode) node, nested);
      return Optional.of(nested.buildPartial());
    }
    if (node.isTextual()) {
      return fromText(field, node.textValue());
    }
    if (node.isBoolean()) {
      if (field.getJavaType() != FieldDescriptor.JavaType.BOOLEAN) {
        throw unexpected("boolean", field);
      }
      return Optional.of(node.booleanValue());
    }
    return fromNumber(field, node.decimalValue());
  }

  private static Optional<Object> fromText(FieldDescriptor field, String text)
      throws MesosJsonException {
    return switch (field.getJavaType()) {
      case STRING -> Optional.of(text);
      case BYTE_STRING -> Optional.of(fromBase64(field, text));
      case ENUM -> fromName(field, text);
      case INT, LONG, FLOAT, DOUBLE -> fromQuotedNumber(field, text);
      case BOOLEAN, MESSAGE -> throw unexpected("string", field);
    };
  }

  private static ByteString fromBase64(FieldDescriptor field, String text)
      throws MesosJsonException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new MesosJsonException(
          "Failed to base64 decode bytes field '" + field.getName() + "': " + e.getMessage());
    }
  }

  private static Optional<Object> fromName(FieldDescriptor field, String text)
      throws MesosJsonException {
    EnumValueDescriptor value = field.getEnumType().findValueByName(text);
    if (value == null && field.isRequired()) {
      throw new MesosJsonException("Failed to find enum for '" + text + "'");
    }
    return Optional.ofNullable(value);
  }

  /** Mesos takes numbers in quotes, so that 64-bit ones survive a JavaScript client. */
  private static Optional<Object> fromQuotedNumber(FieldDescriptor field, String text)
      throws MesosJsonException {
    try {
      JsonNode number = new JsonReader(text).read();
      if (number.isNumber()) {
        return fromNumber(field, number.decimalValue());
      }
    } catch (MesosJsonException e) {
      throw notANumber(field, text, e.getMessage());
    }
    throw notANumber(field, text, "Unexpected JSON type parsed");
  }

  private static MesosJsonException notANumber(FieldDescriptor field, String text, String why) {
    return new MesosJsonException(
        "Failed to parse '"
            + text
            + "' as a JSON number for field '"
            + field.getName()
            + "': "
            + why);
  }

  private static Optional<Object> fromNumber(FieldDescriptor field, BigDecimal number)
      throws MesosJsonException {
    return switch (field.getJavaType()) {
      case INT -> Optional.of(number.intValue());
      case LONG -> Optional.of(number.longValue());
      case FLOAT -> Optional.of(number.floatValue());
      case DOUBLE -> Optional.of(number.doubleValue());
      case STRING, BYTE_STRING, ENUM, BOOLEAN, MESSAGE -> throw unexpected("number", field);
    };
  }

  private static String kind(JsonNode node) {
    if (node.isObject()) {
      return "object";
    }
    if (node.isTextual()) {
      return "string";
    }
    return node.isBoolean() ? "boolean" : "number";
  }

  private static MesosJsonException unexpected(String kind, FieldDescriptor field) {
    return new MesosJsonException(
        "Not expecting a JSON " + kind + " for field '" + field.getName() + "'");
  }
}
