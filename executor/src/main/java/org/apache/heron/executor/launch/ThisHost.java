package org.apache.heron.executor.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The host that this process runs on. */
final class ThisHost implements ContainerAddress.Host {
  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  @Override
  public String name() {
    try {
      return Files.readString(KERNEL_NAME).strip();
    } catch (IOException e) {
      // Not Linux.
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("");
    }
  }

  @Override
  public String fullName() {
    return resolve(name()).map(InetAddress::getCanonicalHostName).orElseGet(this::name);
  }

  @Override
  public boolean isDocker() {
    return Files.exists(Path.of("/.dockerenv"));
  }

  @Override
  public Optional<InetAddress> resolve(String name) {
    try {
      return name.isBlank() ? Optional.empty() : Optional.of(InetAddress.getByName(name));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isLocal(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  @Override
  public InetAddress wildcard() {
    try {
      return InetAddress.getByName("0.0.0.0");
    } catch (UnknownHostException e) {
      throw new IllegalStateException("0.0.0.0 is a literal", e);
    }
  }
}
