package org.apache.heron.framework.driver;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.mesos.v1.Protos.Credential;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Scheduler;

/** Has the constructors of libmesos' driver, and remembers what it was made with. */
public final class StandInMesos implements Mesos {
  static final AtomicReference<StandInMesos> LAST = new AtomicReference<>();

  final String master;
  final Credential credential;

  public StandInMesos(Scheduler scheduler, String master) {
    this(scheduler, master, Credential.getDefaultInstance());
  }

  public StandInMesos(Scheduler scheduler, String master, Credential credential) {
    this.master = master;
    this.credential = credential;
    LAST.set(this);
    scheduler.connected(this);
  }

  @Override
  public void send(Call call) {}

  @Override
  public void reconnect() {}

  /** Loads a library that is none, as libmesos' driver does when its class is initialized. */
  public static final class Broken implements Mesos {
    static {
      System.load("/no/such/libmesos.so");
    }

    public Broken(Scheduler scheduler, String master) {}

    @Override
    public void send(Call call) {}

    @Override
    public void reconnect() {}
  }
}
