package org.apache.heron.apiserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Takes the place of a scheduler or a topology manager, and does not do its duty. */
final class BadServer implements AutoCloseable {
  /** How it fails. */
  enum Manner {
    /** Nobody listens: the process has ended. */
    ENDED,
    /** It answers that something is wrong with it. */
    FAILS,
    /** It answers what no such server would. */
    TALKS_NONSENSE,
    /** It ends the connection in the middle of its answer. */
    BREAKS_OFF
  }

  private final Manner manner;
  private final ServerSocket listener;
  // Keeps the port for itself where nobody is to listen.
  private final Socket reserved = new Socket();

  BadServer(Manner manner) throws IOException {
    this.manner = manner;
    reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener = new ServerSocket();
    if (manner != Manner.ENDED) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread thread = new Thread(this::serve, "bad-server");
      thread.setDaemon(true);
      thread.start();
    }
  }

  int port() {
    return manner == Manner.ENDED ? reserved.getLocalPort() : listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket connection = listener.accept()) {
        connection.setSoTimeout(10_000);
        read(connection.getInputStream());
        connection.getOutputStream().write(answer().getBytes(StandardCharsets.US_ASCII));
        connection.shutdownOutput();
        connection.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The test is over, or the caller has gone.
      }
    }
  }

  private static void read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.write(next);
    }
  }

  private String answer() {
    return switch (manner) {
      case ENDED -> "";
      case FAILS ->
          "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 9\r\nConnection: close\r\n\r\nno memory";
      case TALKS_NONSENSE ->
          "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<html>hi!";
      case BREAKS_OFF -> "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nthe beg";
    };
  }

  @Override
  public void close() throws IOException {
    listener.close();
    reserved.close();
  }
}
