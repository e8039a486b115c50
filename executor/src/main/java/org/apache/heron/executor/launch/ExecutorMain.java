package org.apache.heron.executor.launch;

import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.executor.loader.ClasspathElements;
import org.apache.heron.executor.loader.CoreLoader;

/**
 * The JVM's main class. It only builds the loader of our libraries, from the jars that lie beside
 * its own and from {@code ../statemgr}, and goes on in {@link ContainerMain} there; so the JVM's
 * own class path holds this one jar and nothing that user code could trip over.
 */
public final class ExecutorMain {
  private ExecutorMain() {}

  public static void main(String[] arguments) throws Throwable {
    CoreLoader core = new CoreLoader(jars(ownDirectory()));
    Thread.currentThread().setContextClassLoader(core);
    try {
      core.loadClass("org.apache.heron.executor.launch.ContainerMain")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static List<Path> jars(Path directory) {
    List<Path> jars = new ArrayList<>(ClasspathElements.jarsIn(directory));
    // State managers of the user's own, where upstream's scheduler class path has them too.
    jars.addAll(ClasspathElements.jarsIn(directory.resolveSibling("statemgr")));
    return jars;
  }

  private static Path ownDirectory() throws URISyntaxException {
    return Path.of(ExecutorMain.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .getParent();
  }
}
