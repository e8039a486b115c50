package org.apache.heron.executor.launch;

import java.io.IOException;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;

/** Starts a container's data plane. */
@FunctionalInterface
interface PlaneStarter {
  DataPlane start(DataPlaneConfig config) throws IOException;
}
