package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** An HTTP server on loopback that does to each request exactly what the test says. */
final class ScriptedMaster implements AutoCloseable {
  static final int WAIT_SECONDS = 60;

  private final ServerSocket server;
  private final BlockingQueue<Exchange> arrived = new LinkedBlockingQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private ScriptedMaster(ServerSocket server) {
    this.server = server;
    Thread acceptor = new Thread(this::accept, "scripted-master");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  static ScriptedMaster start() throws IOException {
    return start(0);
  }

  static ScriptedMaster start(int port) throws IOException {
    return new ScriptedMaster(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
  }

  static ScriptedMaster on(ServerSocket server) {
    return new ScriptedMaster(server);
  }

  int port() {
    return server.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** The next request that arrives. */
  Exchange next() throws InterruptedException {
    Exchange exchange = arrived.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (exchange == null) {
      throw new AssertionError("no request within " + WAIT_SECONDS + " s");
    }
    return exchange;
  }

  /** True if a request waits to be looked at. */
  boolean hasNext() {
    return !arrived.isEmpty();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread thread = new Thread(() -> serve(socket), "scripted-master-connection");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String requestLine = line(in);
        if (requestLine.isEmpty()) {
          return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          int colon = header.indexOf(':');
          headers.put(
              header.substring(0, colon).toLowerCase(Locale.ROOT),
              header.substring(colon + 1).trim());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        Exchange exchange = new Exchange(requestLine, headers, body, socket);
        arrived.add(exchange);
        exchange.over.await();
      }
    } catch (IOException | InterruptedException e) {
      // The other side, or the test, has gone.
    } finally {
      sockets.remove(socket);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One request, and the ways to answer it. */
  static final class Exchange {
    final String requestLine;
    final Map<String, String> headers;
    final byte[] body;
    private final Socket socket;
    private final CountDownLatch over = new CountDownLatch(1);

    Exchange(String requestLine, Map<String, String> headers, byte[] body, Socket socket) {
      this.requestLine = requestLine;
      this.headers = headers;
      this.body = body;
      this.socket = socket;
    }

    Call call() throws IOException {
      return Call.parseFrom(body);
    }

    void accept() throws IOException {
      answer("202 Accepted", Map.of(), "");
    }

    void answer(String status, Map<String, String> extra, String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      StringBuilder head = head(status, extra);
      head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
      write(head.toString().getBytes(ISO_8859_1));
      write(bytes);
      over.countDown();
    }

    void redirect(String location) throws IOException {
      answer("307 Temporary Redirect", Map.of("Location", location), "");
    }

    /** Answers with the head of a subscription. */
    void stream(String streamId) throws IOException {
      stream(Map.of("Mesos-Stream-Id", streamId, "Content-Type", "application/x-protobuf"));
    }

    void stream(Map<String, String> extra) throws IOException {
      StringBuilder head = head("200 OK", extra);
      head.append("Transfer-Encoding: chunked\r\n\r\n");
      write(head.toString().getBytes(ISO_8859_1));
    }

    void emit(Event... events) throws IOException {
      for (Event event : List.of(events)) {
        emitRecord(event.toByteArray());
      }
    }

    void emitRecord(byte[] record) throws IOException {
      byte[] header = (record.length + "\n").getBytes(ISO_8859_1);
      byte[] whole = new byte[header.length + record.length];
      System.arraycopy(header, 0, whole, 0, header.length);
      System.arraycopy(record, 0, whole, header.length, record.length);
      chunk(whole);
    }

    /** Sends a chunk of whatever bytes. */
    void chunk(byte[] bytes) throws IOException {
      write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
      write(bytes);
      write("\r\n".getBytes(ISO_8859_1));
    }

    void endStream() throws IOException {
      try {
        write("0\r\n\r\n".getBytes(ISO_8859_1));
      } catch (SocketException e) {
        // After an event ERROR the driver may have left first.
      }
      over.countDown();
    }

    /** Closes the connection without a word. */
    void cut() throws IOException {
      socket.close();
      over.countDown();
    }

    private static StringBuilder head(String status, Map<String, String> extra) {
      StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
      extra.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      return head;
    }

    private void write(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }
  }
}
