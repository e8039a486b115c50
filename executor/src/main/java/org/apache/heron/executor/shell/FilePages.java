package org.apache.heron.executor.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/** The container's files: listings, a viewer, pieces as JSON, downloads. */
final class FilePages {
  private static final int PAGE = 50_000;
  private static final int CHUNK = 64 << 10;

  /** At a time; each holds a thread for as long as its reader likes. */
  static final int MOST_DOWNLOADS = 2;

  private static final String RETRY_SECONDS = "10";

  private final Sandbox sandbox;
  private final Semaphore downloads = new Semaphore(MOST_DOWNLOADS);

  FilePages(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  void addTo(WebServer.Builder server) {
    server
        .route("GET", "/browse/{path*}", this::browse)
        .route("GET", "/browse", this::browseRoot)
        .route("GET", "/file/{path*}", this::view)
        .route("GET", "/filedata/{path*}", this::data)
        .route("GET", "/filestats/{path*}", this::stats)
        .route("GET", "/download/{path*}", this::download);
  }

  private void browseRoot(WebRequest request, WebResponse response) throws IOException {
    list(sandbox.resolve(""), response);
  }

  private void browse(WebRequest request, WebResponse response) throws IOException {
    list(directory(request), response);
  }

  private void list(Path directory, WebResponse response) throws IOException {
    String relative = sandbox.relative(directory);
    StringBuilder rows = new StringBuilder();
    for (FileStat entry : FileStat.list(directory)) {
      String path = relative.isEmpty() ? entry.name() : relative + "/" + entry.name();
      String encoded = Html.path(path);
      rows.append("<tr><td>")
          .append(
              entry.directory()
                  ? Html.link("/browse/" + encoded, entry.name() + "/")
                  : Html.link("/file/" + encoded, entry.name()))
          .append("</td><td class=\"n\">")
          .append(entry.directory() ? "" : String.format(Locale.ROOT, "%,d", entry.size()))
          .append("</td><td>")
          .append(Html.text(entry.modified()))
          .append("</td><td>")
          .append(entry.directory() ? "" : Html.link("/download/" + encoded, "download"))
          .append("</td></tr>");
    }
    response.sendHtml(
        Html.page(
            "/" + relative,
            navigation(relative)
                + "<table><tr><th>Name</th><th class=\"n\">Bytes</th><th>Changed</th><th></th></tr>"
                + rows
                + "</table>"));
  }

  private static String navigation(String relative) {
    StringBuilder links = new StringBuilder("<nav>" + Html.link("/browse/", "container"));
    String path = "";
    for (String part : relative.split("/")) {
      if (!part.isEmpty()) {
        path = path.isEmpty() ? part : path + "/" + part;
        links.append(" / ").append(Html.link("/browse/" + Html.path(path), part));
      }
    }
    return links.append("</nav>").toString();
  }

  private void view(WebRequest request, WebResponse response) throws IOException {
    Path file = file(request);
    String relative = sandbox.relative(file);
    long size = Files.size(file);
    long offset = number(request, "offset", Math.max(0, size - PAGE));
    if (offset < 0) {
      offset = Math.max(0, size - PAGE);
    }
    long length = Math.min(number(request, "length", PAGE), FileSlice.MAX_LENGTH);
    FileSlice slice = FileSlice.read(file, offset, length);
    String self = "/file/" + Html.path(relative);
    long end = slice.offset() + slice.length();
    String links =
        Html.link(self + "?offset=0", "first")
            + " · "
            + Html.link(self + "?offset=" + Math.max(0, offset - PAGE), "older")
            + " · "
            + Html.link(self + "?offset=" + Math.min(end, size), "newer")
            + " · "
            + Html.link(self, "last")
            + " · "
            + Html.link("/download/" + Html.path(relative), "download");
    Path parent = file.getParent();
    response.sendHtml(
        Html.page(
            relative,
            navigation(parent == null ? "" : sandbox.relative(parent))
                + "<p>"
                + links
                + String.format(Locale.ROOT, " · bytes %,d to %,d of %,d", offset, end, size)
                + "</p><pre>"
                + Html.text(slice.data())
                + "</pre>"));
  }

  private void data(WebRequest request, WebResponse response) throws IOException {
    Path file = file(request);
    FileSlice slice =
        FileSlice.read(
            file, number(request, "offset", -1), number(request, "length", FileSlice.MAX_LENGTH));
    response.sendJson(slice);
  }

  private void stats(WebRequest request, WebResponse response) throws IOException {
    Path directory = directory(request);
    String relative = sandbox.relative(directory);
    Map<String, Object> stats = new LinkedHashMap<>();
    for (FileStat entry : FileStat.list(directory)) {
      stats.put(
          entry.name(),
          Map.of(
              "formatted_stat", entry.formatted(),
              "is_dir", entry.directory(),
              "path", relative.isEmpty() ? entry.name() : relative + "/" + entry.name()));
    }
    response.sendJson(stats);
  }

  private void download(WebRequest request, WebResponse response) throws IOException {
    Path file = file(request);
    if (!downloads.tryAcquire()) {
      throw new HttpError(
          503,
          MOST_DOWNLOADS + " downloads from this container are under way; try again when one ends",
          Map.of("Retry-After", RETRY_SECONDS));
    }
    try {
      send(file, response);
    } finally {
      downloads.release();
    }
  }

  private static void send(Path file, WebResponse response) throws IOException {
    Path name = file.getFileName();
    response.header(
        "Content-Disposition",
        "attachment; filename=\"" + String.valueOf(name).replaceAll("[^A-Za-z0-9._ -]", "_") + '"');
    response.header("X-Content-Type-Options", "nosniff");
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = response.output("application/octet-stream")) {
      byte[] chunk = new byte[CHUNK];
      int read = in.read(chunk);
      while (read >= 0) {
        out.write(chunk, 0, read);
        read = in.read(chunk);
      }
    }
  }

  private Path directory(WebRequest request) {
    Path directory = sandbox.resolve(request.pathParameter("path"));
    if (!Files.isDirectory(directory)) {
      throw new HttpError(404, request.pathParameter("path") + " is not a directory");
    }
    return directory;
  }

  /** Only files: a pipe or device would block whoever reads it. */
  private Path file(WebRequest request) {
    Path file = sandbox.resolve(request.pathParameter("path"));
    if (!Files.isRegularFile(file)) {
      throw new HttpError(404, request.pathParameter("path") + " is not a file");
    }
    return file;
  }

  private static long number(WebRequest request, String name, long whenAbsent) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return whenAbsent;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new HttpError(400, name + " is '" + text + "', but must be a whole number");
    }
  }
}
