package org.apache.heron.client.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.uploader.IUploader;

/** Makes the instances whose classes the configuration names. */
public final class Plugins {
  private final ClassLoader loader;

  private Plugins(ClassLoader loader) {
    this.loader = loader;
  }

  /** From the command's own class path. */
  public static Plugins standard() {
    return new Plugins(Plugins.class.getClassLoader());
  }

  /**
   * Also from what {@code --extra-launch-classpath} adds: jars, directories, and {@code
   * directory/*} for the jars in a directory.
   *
   * @throws ClientException if an element does not exist
   */
  public static Plugins withClassPath(String classPath) {
    if (classPath.isBlank()) {
      return standard();
    }
    List<URL> urls = new ArrayList<>();
    for (String element : classPath.split(":")) {
      boolean jars = element.endsWith("*");
      Path path = Path.of(jars ? element.substring(0, element.length() - 1) : element);
      if (!Files.exists(path) || (jars && !Files.isDirectory(path))) {
        throw new ClientException(
            "One of jar or directory in extra launch classpath does not exist: "
                + classPath
                + " ("
                + path
                + ")");
      }
      add(urls, path, jars);
    }
    // Lives as long as the command: plug-ins load classes until the end.
    return new Plugins(
        new URLClassLoader(urls.toArray(new URL[0]), Plugins.class.getClassLoader()));
  }

  static void add(List<URL> urls, Path path, boolean jars) {
    try {
      if (!jars) {
        urls.add(path.toUri().toURL());
        return;
      }
      try (Stream<Path> files = Files.list(path)) {
        for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
          urls.add(jar.toUri().toURL());
        }
      }
    } catch (MalformedURLException e) {
      throw new IllegalStateException("A path is always a URL: " + path, e);
    } catch (IOException e) {
      throw new ClientException("Cannot read directory '" + path + "': " + e, e);
    }
  }

  /** Not yet initialized, as are all the others. */
  public IStateManager stateManager(Config config) {
    return create(config, Key.STATE_MANAGER_CLASS, "state manager", IStateManager.class);
  }

  public ILauncher launcher(Config config) {
    return create(config, Key.LAUNCHER_CLASS, "launcher", ILauncher.class);
  }

  public IScheduler scheduler(Config config) {
    return create(config, Key.SCHEDULER_CLASS, "scheduler", IScheduler.class);
  }

  /**
   * Uploaders whose libraries are large, or that the user has added, have class paths of their own:
   * see {@link UploaderClassPath}.
   */
  public IUploader uploader(Config config) {
    Optional<ClassLoader> own = UploaderClassPath.of(config, loader);
    if (own.isEmpty()) {
      return create(config, Key.UPLOADER_CLASS, "uploader", IUploader.class);
    }
    return new LoadedUploader(
        new Plugins(own.get()).create(config, Key.UPLOADER_CLASS, "uploader", IUploader.class),
        own.get());
  }

  public IPacking packing(Config config) {
    return create(config, Key.PACKING_CLASS, "packing", IPacking.class);
  }

  public IRepacking repacking(Config config) {
    return create(config, Key.REPACKING_CLASS, "repacking", IRepacking.class);
  }

  private <T> T create(Config config, Key key, String what, Class<T> type) {
    String className = config.string(key);
    String failed =
        "Failed to instantiate "
            + what
            + " class '"
            + className
            + "' ("
            + key.text()
            + " from "
            + config.sourceOf(key)
            + "): ";
    try {
      return type.cast(
          Class.forName(className, true, loader).getDeclaredConstructor().newInstance());
    } catch (ClassNotFoundException e) {
      throw new ClientException(failed + "there is no such class", e);
    } catch (ClassCastException e) {
      throw new ClientException(failed + "it is no " + type.getSimpleName(), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ClientException(failed + reason, e);
    }
  }
}
