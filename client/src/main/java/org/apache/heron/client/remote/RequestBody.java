package org.apache.heron.client.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What is sent with a request; its length is known beforehand, so that nothing is sent twice. */
sealed interface RequestBody {
  /** The media type. */
  String contentType();

  /** In bytes. */
  long length() throws IOException;

  void writeTo(OutputStream out) throws IOException;

  /**
   * A form without files.
   *
   * @param fields name and value, in their order
   */
  record Form(List<Map.Entry<String, String>> fields) implements RequestBody {
    @Override
    public String contentType() {
      return "application/x-www-form-urlencoded";
    }

    @Override
    public long length() {
      return bytes().length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes());
    }

    private byte[] bytes() {
      return encoded(fields).getBytes(StandardCharsets.US_ASCII);
    }

    /** Also for a query. */
    static String encoded(List<Map.Entry<String, String>> fields) {
      return fields.stream()
          .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
          .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  /**
   * A form with files, which are read as they are sent.
   *
   * @param files name of the part and the file
   */
  record Multipart(
      String boundary, List<Map.Entry<String, String>> fields, List<Map.Entry<String, Path>> files)
      implements RequestBody {
    static Multipart of(
        List<Map.Entry<String, String>> fields, List<Map.Entry<String, Path>> files) {
      return new Multipart("heron-" + UUID.randomUUID(), fields, files);
    }

    @Override
    public String contentType() {
      return "multipart/form-data; boundary=" + boundary;
    }

    @Override
    public long length() throws IOException {
      long length = tail().length;
      for (byte[] head : heads()) {
        length += head.length + 2;
      }
      for (Map.Entry<String, String> field : fields) {
        length += field.getValue().getBytes(StandardCharsets.UTF_8).length;
      }
      for (Map.Entry<String, Path> file : files) {
        length += Files.size(file.getValue());
      }
      return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      List<byte[]> heads = heads();
      int next = 0;
      for (Map.Entry<String, String> field : fields) {
        out.write(heads.get(next++));
        out.write(field.getValue().getBytes(StandardCharsets.UTF_8));
        line(out);
      }
      for (Map.Entry<String, Path> file : files) {
        out.write(heads.get(next++));
        Files.copy(file.getValue(), out);
        line(out);
      }
      out.write(tail());
    }

    private static void line(OutputStream out) throws IOException {
      out.write('\r');
      out.write('\n');
    }

    private List<byte[]> heads() {
      List<byte[]> heads = new ArrayList<>();
      fields.forEach(field -> heads.add(head(quoted("name", field.getKey()), "")));
      for (Map.Entry<String, Path> file : files) {
        String name = String.valueOf(file.getValue().getFileName());
        heads.add(
            head(
                quoted("name", file.getKey()) + "; " + quoted("filename", name),
                "Content-Type: application/octet-stream\r\n"));
      }
      return heads;
    }

    private byte[] head(String disposition, String more) {
      return ("--"
              + boundary
              + "\r\nContent-Disposition: form-data; "
              + disposition
              + "\r\n"
              + more
              + "\r\n")
          .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] tail() {
      return ("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** As the HTML standard has it: these three are the only characters that are escaped. */
    private static String quoted(String name, String value) {
      return name
          + "=\""
          + value.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A")
          + "\"";
    }
  }
}
