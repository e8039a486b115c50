package org.apache.heron.framework.placement;

import java.util.List;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.Protos.Resource;

/**
 * A container that has found its place.
 *
 * @param resources exactly what it takes, each with reservation and allocation as offered
 * @param ports in the order in which they are allotted
 */
public record Placed(
    ContainerId container, Size size, List<Resource> resources, List<Integer> ports) {
  public Placed {
    resources = List.copyOf(resources);
    ports = List.copyOf(ports);
  }
}
