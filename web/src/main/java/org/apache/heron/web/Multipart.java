package org.apache.heron.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578, RFC 2046 §5.1) that is in a file.
 * Nothing is copied: a part knows where in the file it is. Immutable; good as long as the file is.
 */
public final class Multipart {
  private static final int MOST_PARTS = 1_000;
  private static final int MOST_HEADER_BYTES = 16_384;
  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

  private final List<FormPart> parts;

  private Multipart(List<FormPart> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Finds the parts.
   *
   * @param contentType the request's, with its boundary
   * @throws HttpError 415 if it is not multipart, 400 if it is malformed or ends too early
   */
  public static Multipart parse(Path file, String contentType) {
    HeaderValue type = HeaderValue.parse(contentType);
    if (!type.value().equalsIgnoreCase("multipart/form-data")) {
      throw new HttpError(
          415,
          "the body is "
              + (contentType.isBlank() ? "of no type" : "'" + contentType + "'")
              + "; send multipart/form-data");
    }
    String boundary = type.parameter("boundary").orElse("");
    // RFC 2046 §5.1.1: 1 to 70 characters.
    if (boundary.isEmpty() || boundary.length() > 70) {
      throw malformed("its boundary has " + boundary.length() + " characters, not 1 to 70");
    }
    try (FileSearch search = FileSearch.open(file)) {
      return new Multipart(parts(file, search, boundary));
    } catch (IOException e) {
      throw new HttpError(500, "cannot read the upload again: " + e.getMessage());
    }
  }

  private static List<FormPart> parts(Path file, FileSearch search, String boundary)
      throws IOException {
    byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    byte[] opening = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    long at =
        search.read(0, opening.length).equals("--" + boundary) ? 0 : search.find(delimiter, 0);
    if (at < 0) {
      throw malformed("its boundary does not occur in it");
    }
    at += at == 0 ? opening.length : delimiter.length;
    List<FormPart> parts = new ArrayList<>();
    while (true) {
      // Blanks may stand between a delimiter and the end of its line.
      while (" \t".contains(search.read(at, 1)) && !search.read(at, 1).isEmpty()) {
        at++;
      }
      String next = search.read(at, 2);
      if (next.equals("--")) {
        return parts;
      }
      if (!next.equals("\r\n")) {
        throw malformed("it is cut off, or a delimiter is followed by something else");
      }
      if (parts.size() == MOST_PARTS) {
        throw new HttpError(413, "the form has more than " + MOST_PARTS + " parts");
      }
      long headersEnd = search.find(BLANK_LINE, at);
      if (headersEnd < 0 || headersEnd - at > MOST_HEADER_BYTES) {
        throw malformed("the headers of part " + (parts.size() + 1) + " do not end");
      }
      long start = headersEnd + BLANK_LINE.length;
      // An empty part: the line end of its headers is that of the delimiter.
      long end = search.find(delimiter, start - 2);
      if (end < 0) {
        throw malformed("it ends in the middle of part " + (parts.size() + 1));
      }
      String headers = search.utf8(at, (int) (headersEnd - at));
      parts.add(FormPart.of(file, headers, start, Math.max(start, end) - start));
      at = end + delimiter.length;
    }
  }

  static HttpError malformed(String why) {
    return new HttpError(400, "the multipart body is malformed: " + why);
  }

  /** All parts, in their order. */
  public List<FormPart> parts() {
    return parts;
  }

  /** The first part of that name that is a file. */
  public Optional<FormPart> file(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name) && part.fileName().isPresent())
        .findFirst();
  }

  /**
   * The texts of the parts that are no files, by name.
   *
   * @throws HttpError 413 if one is larger than 64 KiB
   */
  public Map<String, List<String>> fields() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (FormPart part : parts) {
      if (part.fileName().isEmpty()) {
        fields.computeIfAbsent(part.name(), name -> new ArrayList<>()).add(part.text());
      }
    }
    return fields;
  }
}
