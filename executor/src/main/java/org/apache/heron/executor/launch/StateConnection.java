package org.apache.heron.executor.launch;

import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;

/** Opens the state manager that the configuration names. */
final class StateConnection {
  private StateConnection() {}

  /**
   * @throws LaunchException if there is no such class
   * @throws org.apache.heron.spi.statemgr.StateException if the store cannot be reached
   */
  static IStateManager open(Config config) {
    String name = config.string(Key.STATE_MANAGER_CLASS);
    IStateManager manager;
    try {
      manager =
          Class.forName(name, true, StateConnection.class.getClassLoader())
              .asSubclass(IStateManager.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new LaunchException(
          Key.STATE_MANAGER_CLASS.text()
              + " is '"
              + name
              + "' (from "
              + config.sourceOf(Key.STATE_MANAGER_CLASS.text())
              + "), but that is no state manager of this core package: "
              + e,
          e);
    }
    manager.initialize(config);
    return manager;
  }
}
