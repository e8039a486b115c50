package org.apache.heron.minicluster.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Writes and reads Mesos' JSON.
 *
 * <p>Trees are Jackson's, so that pages which are no messages can be built by hand and written by
 * the same {@link #write}; fractions in such trees must come from {@link #number}. Stateless,
 * thread-safe.
 */
public final class MesosJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private MesosJson() {}

  /** An empty object. */
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /** An empty array. */
  public static ArrayNode array() {
    return NODES.arrayNode();
  }

  /** A double as Mesos prints it: {@code 4.0}, {@code 604800.0}, never with an exponent. */
  public static DecimalNode number(double value) {
    BigDecimal plain = new BigDecimal(Double.toString(value));
    if (plain.scale() < 1) {
      plain = plain.setScale(1);
    }
    return DecimalNode.valueOf(plain);
  }

  /**
   * A message as a tree. Written are the fields that are set, repeated ones that are not empty, and
   * unset ones that declare a default and are not deprecated (as the recordings show of {@code
   * checkpoint} of a framework).
   */
  public static ObjectNode tree(MessageOrBuilder message) {
    ObjectNode object = object();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        if (message.getRepeatedFieldCount(field) > 0) {
          object.set(field.getName(), mapTree(field, message));
        }
      } else if (field.isRepeated()) {
        int count = message.getRepeatedFieldCount(field);
        if (count > 0) {
          ArrayNode array = object.putArray(field.getName());
          for (int i = 0; i < count; i++) {
            array.add(value(field, message.getRepeatedField(field, i)));
          }
        }
      } else if (message.hasField(field)
          || (field.hasDefaultValue() && !field.getOptions().getDeprecated())) {
        object.set(field.getName(), value(field, message.getField(field)));
      }
    }
    return object;
  }

  private static ObjectNode mapTree(FieldDescriptor field, MessageOrBuilder message) {
    ObjectNode object = object();
    FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
    for (Object each : (List<?>) message.getField(field)) {
      MapEntry<?, ?> entry = (MapEntry<?, ?>) each;
      object.set(String.valueOf(entry.getKey()), value(valueField, entry.getValue()));
    }
    return object;
  }

  private static JsonNode value(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case INT -> NODES.numberNode(unsigned(field, (Integer) value));
      case LONG -> longNode(field, (Long) value);
      case FLOAT -> number((Float) value);
      case DOUBLE -> number((Double) value);
      case BOOLEAN -> NODES.booleanNode((Boolean) value);
      case STRING -> NODES.textNode((String) value);
      case BYTE_STRING ->
          NODES.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case ENUM -> NODES.textNode(((EnumValueDescriptor) value).getName());
      case MESSAGE -> tree((Message) value);
    };
  }

  private static long unsigned(FieldDescriptor field, int value) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedLong(value);
      default -> value;
    };
  }

  private static JsonNode longNode(FieldDescriptor field, long value) {
    return switch (field.getType()) {
      case UINT64, FIXED64 ->
          NODES.numberNode(new java.math.BigInteger(Long.toUnsignedString(value)));
      default -> NODES.numberNode(value);
    };
  }

  /** The message as one line of JSON. */
  public static String print(MessageOrBuilder message) {
    return new String(write(tree(message)), StandardCharsets.UTF_8);
  }

  /** The tree's bytes in UTF-8. */
  public static byte[] write(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  /**
   * Reads JSON as Mesos' own parser does.
   *
   * @throws MesosJsonException with Mesos' text, for example {@code syntax error at line 1 near:
   *     nope}
   */
  public static JsonNode parse(String text) throws MesosJsonException {
    return new JsonReader(text).read();
  }

  /**
   * Reads a message from JSON. Unknown fields and unknown values of optional enums are left out, as
   * Mesos does.
   *
   * @param builder of the message; filled and returned
   * @throws MesosJsonException if a field has another kind, or a required field is absent
   */
  public static <B extends Message.Builder> B merge(JsonNode tree, B builder)
      throws MesosJsonException {
    if (!tree.isObject()) {
      throw new MesosJsonException("Expecting a JSON object");
    }
    MessageReader.read((ObjectNode) tree, builder);
    if (!builder.isInitialized()) {
      throw new MesosJsonException(
          "Missing required fields: " + String.join(", ", builder.findInitializationErrors()));
    }
    return builder;
  }
}
