package org.apache.heron.statemgr;

import java.lang.reflect.InvocationTargetException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;

/** Opens the state manager that {@code heron.class.state.manager} names. */
public final class StateManagers {
  private StateManagers() {}

  /**
   * Creates and initializes it.
   *
   * @param config with tokens replaced
   * @throws StateException if there is no such class, or its store cannot be reached
   * @throws org.apache.heron.spi.config.ConfigException if a setting is missing or malformed
   */
  public static IStateManager open(Config config) {
    IStateManager manager = instance(config);
    try {
      manager.initialize(config);
      return manager;
    } catch (RuntimeException e) {
      try {
        manager.close();
      } catch (RuntimeException whileClosing) {
        e.addSuppressed(whileClosing);
      }
      throw e;
    }
  }

  private static IStateManager instance(Config config) {
    String name = config.string(Key.STATE_MANAGER_CLASS);
    try {
      return Class.forName(name)
          .asSubclass(IStateManager.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw failure(config, name, "there is no such class on the class path", e);
    } catch (ClassCastException e) {
      throw failure(config, name, "it is not a state manager", e);
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw failure(config, name, "it has no public constructor without parameters", e);
    } catch (InvocationTargetException | LinkageError e) {
      throw failure(config, name, "its constructor failed: " + e.getCause(), e);
    }
  }

  private static StateException failure(
      Config config, String name, String reason, Throwable cause) {
    return new StateException(
        "Failed to instantiate state manager class '%s' (%s, from %s): %s"
            .formatted(
                name,
                Key.STATE_MANAGER_CLASS.text(),
                config.sourceOf(Key.STATE_MANAGER_CLASS),
                reason),
        cause);
  }
}
