package org.apache.heron.executor.launch;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;

/** Starts the data plane by name, so that container 0 never loads what it does not run. */
final class DataPlanes {
  private static final String STREAM_MANAGER = "org.apache.heron.executor.stmgr.StreamManager";

  private DataPlanes() {}

  static DataPlane start(DataPlaneConfig config) throws IOException {
    try {
      return (DataPlane)
          Class.forName(STREAM_MANAGER, true, DataPlanes.class.getClassLoader())
              .getMethod("start", DataPlaneConfig.class)
              .invoke(null, config);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new LaunchException("the data plane cannot start: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LaunchException("this core package has no data plane: " + e, e);
    }
  }
}
