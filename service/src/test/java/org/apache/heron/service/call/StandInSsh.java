package org.apache.heron.service.call;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Is started as {@code ssh -ND port host} is, and does what that does: a SOCKS proxy (RFC 1928)
 * whose connections lead into a network where every name is this host's.
 */
final class StandInSsh implements Closeable {
  private final List<List<String>> commands = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  Process start(List<String> command) throws IOException {
    commands.add(command);
    ServerSocket listener =
        new ServerSocket(Integer.parseInt(command.get(2)), 20, InetAddress.getByName("127.0.0.1"));
    open.add(listener);
    run(
        () -> {
          while (!listener.isClosed()) {
            Socket client = listener.accept();
            open.add(client);
            run(() -> serve(client));
          }
        });
    Process process = new ProcessBuilder("sleep", "600").start();
    processes.add(process);
    return process;
  }

  List<List<String>> commands() {
    return commands;
  }

  /** Names that it was asked to connect to. */
  List<String> asked() {
    return asked;
  }

  List<Process> processes() {
    return processes;
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void run(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One of both ends has closed.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    in.readByte();
    in.readNBytes(in.readByte());
    out.write(new byte[] {5, 0});
    in.readNBytes(3);
    int kind = in.readByte();
    byte[] name = in.readNBytes(kind == 3 ? in.readByte() : 4);
    int port = in.readUnsignedShort();
    asked.add(kind == 3 ? new String(name, StandardCharsets.UTF_8) : "an address");
    Socket inside = new Socket("127.0.0.1", port);
    open.add(inside);
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    run(() -> copy(inside.getInputStream(), out));
    copy(in, inside.getOutputStream());
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    from.transferTo(to);
    to.close();
  }

  @Override
  public void close() throws IOException {
    for (Closeable one : open) {
      one.close();
    }
    processes.forEach(Process::destroyForcibly);
  }
}
