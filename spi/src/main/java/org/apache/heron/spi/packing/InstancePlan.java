package org.apache.heron.spi.packing;

/**
 * One instance of a component in a container.
 *
 * @param taskId unique in the topology, from 1
 * @param componentIndex unique in the component, from 0
 */
public record InstancePlan(
    String componentName, int taskId, int componentIndex, Resource resource) {

  /** Upstream's form, used by raw dry runs. */
  @Override
  public String toString() {
    return String.format(
        "{component-name: %s, task-id: %d, component-index: %d, instance-resource: %s}",
        componentName, taskId, componentIndex, resource);
  }
}
