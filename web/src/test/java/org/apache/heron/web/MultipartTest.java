package org.apache.heron.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipartTest {
  private static final String TYPE = "multipart/form-data; boundary=xYz";

  @TempDir Path directory;

  @Test
  void fieldsAndFilesAreFoundInTheirOrder() throws Exception {
    Multipart form =
        parse(
            """
            --xYz
            Content-Disposition: form-data; name="name"

            words
            --xYz
            content-disposition: form-data; name=topology; filename="words.jar"
            Content-Type: application/octet-stream

            PK
            ..
            --xYz
            Content-Disposition: form-data; name="name"

            grüße
            --xYz--
            """);

    assertThat(form.fields())
        .containsOnlyKeys("name")
        .containsEntry("name", List.of("words", "grüße"));
    FormPart file = form.file("topology").orElseThrow();
    assertThat(file.fileName()).contains("words.jar");
    Path copy = directory.resolve("copy");
    file.copyTo(copy);
    assertThat(copy).hasContent("PK\r\n..");
    assertThat(form.file("name")).isEmpty();
  }

  @Test
  void aPreambleBlanksAndAnEmptyPartAreAllowed() throws Exception {
    Multipart form =
        parse(
            """
            This is for readers of old mail programs.
            --xYz \t
            Content-Disposition: form-data; name="empty"

            --xYz
            Content-Disposition: form-data; name="none"


            --xYz--
            and this comes after it""");
    assertThat(form.fields())
        .containsEntry("empty", List.of(""))
        .containsEntry("none", List.of(""));
  }

  @Test
  void anyContentComesOutAsItWentIn() throws Exception {
    Random random = new Random(20);
    for (int size : new int[] {0, 1, 65_530, 65_536, 65_537, 131_072, 300_001}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      // What looks like the delimiter, and is not, on the border of a block.
      byte[] nearly = "\r\n--xY".getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(nearly, 0, content, Math.max(0, size - 100), Math.min(size, nearly.length));
      Path body = directory.resolve("body" + size);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(
          crlf("--xYz\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\n\n"));
      bytes.writeBytes(content);
      bytes.writeBytes(crlf("\n--xYz--\n"));
      Files.write(body, bytes.toByteArray());
      Path copy = directory.resolve("copy" + size);
      Multipart.parse(body, TYPE).file("f").orElseThrow().copyTo(copy);
      assertThat(Files.readAllBytes(copy)).as("%d bytes", size).isEqualTo(content);
    }
  }

  @Test
  void everyCutIsNoticed() throws Exception {
    byte[] whole =
        crlf(
            "--xYz\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\n\nsome bytes\n--xYz--");
    for (int length = 0; length < whole.length; length++) {
      Path body = Files.write(directory.resolve("cut"), java.util.Arrays.copyOf(whole, length));
      HttpError error = catchThrowableOfType(HttpError.class, () -> Multipart.parse(body, TYPE));
      assertThat(error).as("cut behind %d bytes", length).isNotNull();
      assertThat(error.status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                 | 415 | of no type",
        "application/json                                   | 415 | application/json",
        "multipart/form-data                                | 400 | boundary has 0",
        "multipart/form-data; boundary=other                | 400 | does not occur",
      })
  void aBodyOfAnotherKindIsRefused(String type, int status, String words) throws Exception {
    Path body = Files.write(directory.resolve("body"), crlf("--xYz\n\n\n--xYz--"));
    HttpError error = catchThrowableOfType(HttpError.class, () -> Multipart.parse(body, type));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error).hasMessageContaining(words);
  }

  @Test
  void aPartWithoutANameIsRefused() {
    assertThatThrownBy(() -> parse("--xYz\nContent-Type: text/plain\n\na\n--xYz--"))
        .hasMessageContaining("no Content-Disposition");
    assertThatThrownBy(() -> parse("--xYz\nContent-Disposition: form-data\n\na\n--xYz--"))
        .hasMessageContaining("no name");
    assertThatThrownBy(
            () -> parse("--xYz\nContent-Disposition: " + "a".repeat(20_000) + "\n\na\n--xYz--"))
        .hasMessageContaining("headers of part 1 do not end");
  }

  @Test
  void aTextThatIsTooLargeIsRefusedAndACopyReplacesNothing() throws Exception {
    Multipart form =
        parse(
            "--xYz\nContent-Disposition: form-data; name=a\n\n" + "a".repeat(70_000) + "\n--xYz--");
    assertThatThrownBy(form::fields).hasMessageContaining("'a' is larger than 65536");
    Path target = Files.writeString(directory.resolve("there"), "mine");
    assertThatThrownBy(() -> form.parts().get(0).copyTo(target))
        .hasMessageContaining("cannot store");
    assertThat(target).hasContent("mine");
  }

  @Test
  void namesAreReadAsClientsWriteThem() {
    assertThat(
            HeaderValue.parse("form-data; name=\"a;b\"; filename=\"say \\\"hi\\\".jar\"")
                .parameters())
        .containsEntry("name", "a;b")
        .containsEntry("filename", "say \"hi\".jar");
    assertThat(HeaderValue.parse("form-data; filename=\"C:\\dir\\x.jar\"").parameter("filename"))
        .contains("C:\\dir\\x.jar");
    assertThat(
            HeaderValue.parse("form-data; filename*=UTF-8''na%C3%AFve+1.jar").parameter("filename"))
        .contains("naïve+1.jar");
    assertThat(HeaderValue.parse("form-data; name=\"open").parameter("name")).contains("open");
  }

  private Multipart parse(String text) throws IOException {
    return Multipart.parse(Files.write(directory.resolve("body"), crlf(text)), TYPE);
  }

  private static byte[] crlf(String text) {
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
