package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.heron.framework.driver.RecordDecoder.MalformedStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RecordIO, in whatever pieces it comes. */
class RecordDecoderTest {
  private static final int LIMIT = 1_000;

  @Property(tries = 300)
  void recordsAreTheSameHoweverTheStreamIsCut(
      @ForAll @Size(max = 12) List<@Size(max = 300) byte[]> records, @ForAll long seed)
      throws MalformedStream {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (byte[] record : records) {
      stream.writeBytes((record.length + "\n").getBytes(UTF_8));
      stream.writeBytes(record);
    }
    byte[] bytes = stream.toByteArray();
    Random random = new Random(seed);
    RecordDecoder decoder = new RecordDecoder(LIMIT);
    List<ByteString> decoded = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
      decoded.addAll(decoder.feed(bytes, at, length));
      at += length;
    }
    decoder.finish();
    assertThat(decoded).isEqualTo(records.stream().map(ByteString::copyFrom).toList());
  }

  @Property(tries = 500)
  void garbageIsRecordsOrAnErrorAndNeverAnythingElse(@ForAll @Size(max = 200) byte[] garbage) {
    RecordDecoder decoder = new RecordDecoder(LIMIT);
    try {
      for (ByteString record : decoder.feed(garbage, 0, garbage.length)) {
        assertThat(record.size()).isLessThanOrEqualTo(LIMIT);
      }
      decoder.finish();
    } catch (MalformedStream e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'12a', byte 97 where a digit of a record's length was expected after '12'",
    "'-1', byte 45 where a digit of a record's length was expected after ''",
    "'12345678901', a record's length begins with '12345678901'",
    "'1001N', a record of 1001 bytes is announced; at most 1000 are taken",
    "'9999999999N', a record of 9999999999 bytes is announced; at most 1000 are taken",
    "'N', a record without a length",
  })
  void aMalformedLengthIsNamed(String stream, String message) {
    byte[] bytes = stream.replace('N', '\n').getBytes(UTF_8);
    assertThatThrownBy(() -> new RecordDecoder(LIMIT).feed(bytes, 0, bytes.length))
        .isInstanceOf(MalformedStream.class)
        .message()
        .isEqualTo(message.replace("expected after", "expected, after"));
  }

  @Test
  void aStreamThatEndsWithinARecordIsAnError() throws MalformedStream {
    RecordDecoder inBody = new RecordDecoder(LIMIT);
    inBody.feed("5\nabc".getBytes(UTF_8), 0, 5);
    assertThatThrownBy(inBody::finish).hasMessageContaining("2 bytes before the end of a record");
    RecordDecoder inLength = new RecordDecoder(LIMIT);
    inLength.feed("5".getBytes(UTF_8), 0, 1);
    assertThatThrownBy(inLength::finish).hasMessageContaining("within the length '5'");
  }
}
