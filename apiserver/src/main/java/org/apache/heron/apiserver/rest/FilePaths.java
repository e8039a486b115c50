package org.apache.heron.apiserver.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.apiserver.command.Command.Kind;
import org.apache.heron.apiserver.command.CommandDesk;
import org.apache.heron.apiserver.files.FileStore;
import org.apache.heron.web.FormPart;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;

/** Packages: uploaded, downloaded whole or from some byte on, removed. Thread-safe. */
final class FilePaths {
  private static final Duration LONGEST_DOWNLOAD = Duration.ofHours(1);
  private static final Pattern FROM = Pattern.compile("bytes=(\\d{1,18})-");
  private static final int BLOCK = 1 << 16;

  private final FileStore store;
  private final CommandDesk desk;
  private final Optional<Path> corePackage;
  private final Links links;

  /** Makes the address that an agent uses of a path. */
  interface Links {
    String to(String path);
  }

  FilePaths(FileStore store, CommandDesk desk, Optional<Path> corePackage, Links links) {
    this.store = store;
    this.desk = desk;
    this.corePackage = corePackage;
    this.links = links;
  }

  void upload(WebRequest request, WebResponse response) {
    if (request.multipart().parts().isEmpty()) {
      throw new HttpError(400, "input stream is null");
    }
    FormPart part =
        request
            .multipart()
            .file("file")
            .orElseThrow(() -> new HttpError(400, "form data content disposition is null"));
    String name = store.keep(part);
    response.sendText(links.to("/api/v1/file/download/" + PathText.segment(name)));
  }

  void download(WebRequest request, WebResponse response) {
    String name = request.pathParameter("file");
    Path file = store.find(name).orElseThrow(() -> missing(name));
    send(request, response, file, name);
  }

  void delete(WebRequest request, WebResponse response) throws IOException {
    String name = request.pathParameter("file");
    if (!store.delete(name)) {
      throw missing(name);
    }
    response.sendJson(Map.of("message", name + " deleted"));
  }

  void core(WebRequest request, WebResponse response) {
    Path file =
        corePackage.orElseThrow(
            () ->
                new HttpError(
                    500,
                    "no core package is configured; start the API server with"
                        + " --heron-core-package-path"));
    if (!Files.isRegularFile(file)) {
      throw new HttpError(404, "the core package '" + file + "' does not exist");
    }
    send(request, response, file, String.valueOf(file.getFileName()));
  }

  private static HttpError missing(String name) {
    return new HttpError(404, "there is no file '" + name + "'");
  }

  private void send(WebRequest request, WebResponse response, Path file, String name) {
    desk.handOver(
        Kind.DOWNLOAD, request, response, (again, answer) -> send(again, answer, name, file));
  }

  private static void send(WebRequest request, WebResponse response, String name, Path file)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      String tag = "\"" + size + "-" + Files.getLastModifiedTime(file).toMillis() + "\"";
      long from = from(request, tag, size);
      response
          .header("content-disposition", "attachment; filename = " + name)
          .header("Accept-Ranges", "bytes")
          .header("ETag", tag);
      if (from > 0) {
        response
            .status(206)
            .header("Content-Range", "bytes " + from + "-" + (size - 1) + "/" + size);
      }
      copy(channel, from, response.output("application/octet-stream", size - from), size);
    } catch (NoSuchFileException e) {
      throw missing(name);
    }
  }

  /** Where to go on, if the caller has the beginning of this very file. */
  private static long from(WebRequest request, String tag, long size) {
    Matcher wanted = FROM.matcher(request.header("Range").orElse(""));
    boolean same = request.header("If-Range").map(tag::equals).orElse(true);
    if (!wanted.matches() || !same) {
      return 0;
    }
    long from = Long.parseLong(wanted.group(1));
    if (from >= size) {
      throw new HttpError(
          416, "the file has " + size + " bytes", Map.of("Content-Range", "bytes */" + size));
    }
    return from;
  }

  /** Not closed after a failure: the end of the connection must tell that it is not whole. */
  private static void copy(FileChannel channel, long from, OutputStream out, long size)
      throws IOException {
    long deadline = System.nanoTime() + LONGEST_DOWNLOAD.toNanos();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long at = from;
    while (at < size) {
      block.clear().limit((int) Math.min(BLOCK, size - at));
      int read = channel.read(block, at);
      if (read <= 0) {
        throw new IOException("the file has become shorter");
      }
      out.write(block.array(), 0, read);
      at += read;
      if (System.nanoTime() > deadline) {
        throw new IOException("the client reads too slowly");
      }
    }
    out.close();
  }
}
