package org.apache.heron.examples.api;

import org.apache.heron.api.Config;
import org.apache.heron.common.basics.ByteAmount;

/** How big the containers of the examples are: small enough for several on one laptop. */
final class ExampleResources {
  private static final ByteAmount INSTANCE_RAM = ByteAmount.fromMegabytes(256);
  private static final ByteAmount CONTAINER_OVERHEAD = ByteAmount.fromMegabytes(256);
  private static final double INSTANCE_CPU = 0.5;

  private ExampleResources() {}

  /**
   * Asks for so many containers, each with room for its share of the instances.
   *
   * @param components name of each component, one after the other
   * @param instances how many instances all components have together
   */
  static void apply(Config config, int containers, int instances, String... components) {
    int share = (instances + containers - 1) / containers;
    config.setNumStmgrs(containers);
    for (String component : components) {
      config.setComponentRam(component, INSTANCE_RAM);
      Config.setComponentCpu(config, component, INSTANCE_CPU);
    }
    Config.setContainerRamPadding(config, CONTAINER_OVERHEAD);
    Config.setContainerRamRequested(config, CONTAINER_OVERHEAD.plus(INSTANCE_RAM.multiply(share)));
    Config.setContainerDiskRequested(config, ByteAmount.fromGigabytes(1));
    // The packing keeps one core of each container for the stream manager.
    Config.setContainerCpuRequested(config, 1 + INSTANCE_CPU * share);
  }

  /** The topology's name from the command line, or the given one. */
  static String name(String[] args, String otherwise) {
    return args.length > 0 ? args[0] : otherwise;
  }

  /** The n-th argument as a positive number, or the given one. */
  static int number(String[] args, int index, int otherwise) {
    if (args.length <= index) {
      return otherwise;
    }
    int value = Integer.parseInt(args[index]);
    if (value < 1) {
      throw new IllegalArgumentException(
          "argument " + (index + 1) + " must be 1 or more: " + value);
    }
    return value;
  }
}
