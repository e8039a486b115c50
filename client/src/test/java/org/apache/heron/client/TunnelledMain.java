package org.apache.heron.client;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.doctor.Doctor;
import org.apache.heron.client.doctor.DoctorRequest;
import org.apache.heron.client.doctor.Listener;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyQuestions;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;

/** One command in a process of its own, which reaches ZooKeeper as {@link TunnelFixture} says. */
final class TunnelledMain {
  static final String LAUNCHED = "launched";

  private TunnelledMain() {}

  /** Its words: what to do, and the root of a {@link TestHome}. */
  public static void main(String[] words) throws Exception {
    TestHome home = new TestHome(Path.of(words[1]));
    switch (words[0]) {
      case "submit" -> submit(home);
      case "kill" -> {
        try (RuntimeSession session = onMesos(home, Path.of(words[1]))) {
          new TopologyKill(session).run();
        }
      }
      case "history" -> {
        try (RuntimeSession session = onMesos(home, Path.of(words[1]))) {
          System.out.println(new TopologyQuestions(session).history(Optional.empty()));
        }
      }
      case "doctor" -> doctor(home, Path.of(words[1]));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void submit(TestHome home) throws Exception {
    Map<String, Object> properties = new HashMap<>(TunnelFixture.settings());
    properties.put("heron.class.launcher", Launcher.class.getName());
    try {
      new Submitter(TestHome.environment(), new Told())
          .submit(
              new SubmitRequest(
                  home.settings(properties),
                  home.jar().toString(),
                  CopyingMain.class.getName(),
                  List.of(home.definition("words", 1).toString()),
                  List.of(),
                  "",
                  false,
                  Optional.empty()));
    } catch (InterruptedException e) {
      System.out.println("cancelled");
    }
  }

  private static Map<String, Object> mesos(Path root) {
    Map<String, Object> properties = new HashMap<>(TunnelFixture.settings());
    properties.put("heron.class.launcher", "org.apache.heron.scheduler.mesos.MesosLauncher");
    properties.put("heron.class.scheduler", "org.apache.heron.scheduler.mesos.MesosScheduler");
    properties.put("heron.mesos.master.uri", "127.0.0.1:1");
    properties.put(
        "heron.scheduler.mesos.scheduler.working.directory", root.resolve("working").toString());
    return properties;
  }

  private static RuntimeSession onMesos(TestHome home, Path root) {
    return RuntimeSession.open(home.settings(mesos(root)), "words", new Told());
  }

  private static void doctor(TestHome home, Path root) throws InterruptedException {
    DoctorRequest request =
        new DoctorRequest(
            Installation.of(home.home(), Optional.empty(), Optional.empty()),
            TopologyTarget.parse("test/ada/devel", "ada"),
            new Settings.Switches(mesos(root), false, false),
            TestHome.environment(),
            false);
    try (Doctor doctor = new Doctor(request, Plugins.standard())) {
      doctor.examine(
          new Listener() {
            @Override
            public void section(String title) {}

            @Override
            public void found(Finding finding) {
              System.out.println(finding);
            }
          });
    }
  }

  /** Launches what somebody else publishes. */
  public static final class Launcher implements ILauncher {
    /** For reflection. */
    public Launcher() {}

    @Override
    public void initialize(LaunchContext context) {}

    @Override
    public void launch(PackingPlan plan) {
      System.out.println(LAUNCHED);
    }

    @Override
    public void cleanUp() {}

    @Override
    public void close() {}
  }

  private static final class Told implements Progress {
    @Override
    public void stage(String text) {
      System.out.println(text);
    }

    @Override
    public void info(String line) {
      System.out.println(line);
    }

    @Override
    public void warn(String line) {
      System.out.println(line);
    }

    @Override
    public void programOutput(String line) {
      System.out.println(line);
    }

    @Override
    public void programError(String line) {
      System.out.println(line);
    }
  }
}
