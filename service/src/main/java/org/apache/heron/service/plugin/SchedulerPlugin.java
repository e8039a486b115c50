package org.apache.heron.service.plugin;

import java.lang.reflect.InvocationTargetException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerException;

/** The scheduler that {@code heron.class.scheduler} names. */
public final class SchedulerPlugin {
  private SchedulerPlugin() {}

  /**
   * A new one, not yet initialized.
   *
   * @throws SchedulerException if there is no such class, or it is no scheduler
   */
  public static IScheduler create(Config config, ClassLoader loader) {
    String name = config.string(Key.SCHEDULER_CLASS);
    String where =
        name
            + " ("
            + Key.SCHEDULER_CLASS.text()
            + ", from "
            + config.sourceOf(Key.SCHEDULER_CLASS.text())
            + ")";
    try {
      return Class.forName(name, true, loader)
          .asSubclass(IScheduler.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      throw new SchedulerException("there is no scheduler class " + where, e);
    } catch (ClassCastException e) {
      throw new SchedulerException(where + " is no scheduler", e);
    } catch (InvocationTargetException e) {
      throw new SchedulerException(where + " cannot be created: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new SchedulerException(where + " has no public constructor without parameters", e);
    }
  }
}
