package org.apache.heron.framework.driver;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Scheduler;

/**
 * Mesos' own driver, which needs libmesos: {@code org.apache.mesos.v1.scheduler.V1Mesos} of the
 * Mesos jar, loaded by its name only when it is asked for, so that no other scheduler looks for the
 * library. The driver is the collector's to end; it has no way to be closed.
 */
public final class NativeMesos {
  /** Names the library's file, as for every Java program that uses libmesos. */
  public static final String LIBRARY = "MESOS_NATIVE_JAVA_LIBRARY";

  /** The configuration key by which it is asked for. */
  public static final String DRIVER_KEY = "heron.mesos.driver";

  static final String V1_MESOS = "org.apache.mesos.v1.scheduler.V1Mesos";

  private NativeMesos() {}

  /** The native driver cannot be had; the message says why and what to do. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String why, Throwable cause) {
      super(
          DRIVER_KEY
              + " is native, but "
              + why
              + "; without the library leave "
              + DRIVER_KEY
              + " at http",
          cause);
    }
  }

  /**
   * Starts libmesos' driver; the scheduler is called from now on, on threads of the library.
   *
   * @param environment this process'; must name the library
   */
  public static Mesos start(
      Scheduler scheduler, DriverOptions options, Map<String, String> environment)
      throws Unavailable {
    return start(scheduler, options, environment, V1_MESOS);
  }

  /** Checks what can be, without loading the library. */
  public static void check(DriverOptions options, Map<String, String> environment)
      throws Unavailable {
    String library = environment.getOrDefault(LIBRARY, "");
    if (library.isBlank()) {
      throw new Unavailable(
          LIBRARY + " does not name libmesos, as in /usr/lib/libmesos-1.11.0.so", null);
    }
    if (!Files.isReadable(Path.of(library))) {
      throw new Unavailable("there is no library " + library + " (" + LIBRARY + ")", null);
    }
    master(options);
  }

  /**
   * As {@link #start(Scheduler, DriverOptions, Map)}, with another class of the same constructors.
   */
  static Mesos start(
      Scheduler scheduler, DriverOptions options, Map<String, String> environment, String className)
      throws Unavailable {
    check(options, environment);
    String library = environment.get(LIBRARY);
    String master = master(options);
    try {
      Class<?> driver = Class.forName(className);
      if (options.credential().isEmpty()) {
        return (Mesos)
            driver.getConstructor(Scheduler.class, String.class).newInstance(scheduler, master);
      }
      return (Mesos)
          driver
              .getConstructor(
                  Scheduler.class, String.class, org.apache.mesos.v1.Protos.Credential.class)
              .newInstance(scheduler, master, credential(options.credential().get()));
    } catch (InvocationTargetException e) {
      throw failed(library, e.getCause());
    } catch (LinkageError e) { // also of the class' own initialization, which loads the library
      throw failed(library, e);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new Unavailable("there is no driver " + className + ": " + e, e);
    }
  }

  private static Unavailable failed(String library, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = root.getMessage() == null ? root.toString() : root.getMessage();
    return new Unavailable(
        "the library " + library + " (" + LIBRARY + ") cannot be used: " + why, failure);
  }

  /** The master as libmesos reads it, which knows no list and has TLS by its own settings. */
  private static String master(DriverOptions options) throws Unavailable {
    if (options.caFile().isPresent()) {
      throw new Unavailable(
          DriverOptions.CA_FILE_KEY
              + " is not for it: libmesos reads LIBPROCESS_SSL_ENABLED, LIBPROCESS_SSL_CA_FILE, …",
          null);
    }
    if (options.masters() instanceof MasterUri.ZooKeeper found) {
      String digest = found.digest().map(pair -> pair + "@").orElse("");
      return "zk://" + digest + found.servers() + found.path();
    }
    var endpoints = ((MasterUri.Named) options.masters()).endpoints();
    if (endpoints.size() != 1) {
      throw new Unavailable(
          MasterUri.KEY
              + " names "
              + endpoints.size()
              + " masters, and libmesos takes host:port or zk://…",
          null);
    }
    return endpoints.get(0).toString();
  }

  private static org.apache.mesos.v1.Protos.Credential credential(Credential credential)
      throws Unavailable {
    try {
      return org.apache.mesos.v1.Protos.Credential.newBuilder()
          .setPrincipal(credential.principal())
          .setSecret(credential.secret())
          .build();
    } catch (IOException e) {
      throw new Unavailable(e.getMessage(), e);
    }
  }
}
