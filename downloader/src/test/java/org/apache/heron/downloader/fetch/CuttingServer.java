package org.apache.heron.downloader.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers each connection with the bytes that were prepared for it, and closes it. */
final class CuttingServer implements AutoCloseable {
  private final ServerSocket socket;
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();

  CuttingServer() throws IOException {
    socket = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "cutting-server");
    thread.setDaemon(true);
    thread.start();
  }

  String uri() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/p.tar.gz";
  }

  /** The next answer: a head, and as much of the body as is to be sent. */
  CuttingServer answer(String head, byte[] body) {
    byte[] start = (head.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    answers.add(all);
    return this;
  }

  /** What was asked, header by header with names in lower case. */
  List<Map<String, String>> requests() {
    return requests;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        Map<String, String> headers = new TreeMap<>();
        headers.put("", String.valueOf(in.readLine()));
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          int colon = line.indexOf(':');
          headers.put(
              line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
              line.substring(colon + 1).strip());
        }
        requests.add(headers);
        OutputStream out = connection.getOutputStream();
        out.write(answers.take());
        out.flush();
      } catch (IOException e) {
        // The client has gone, or the test is over.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
