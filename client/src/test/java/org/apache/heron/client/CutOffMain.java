package org.apache.heron.client;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.doctor.Doctor;
import org.apache.heron.client.doctor.DoctorRequest;
import org.apache.heron.client.doctor.Listener;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.remote.Patience;
import org.apache.heron.client.remote.RemoteSubmitter;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.MainWords;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.spi.diagnosis.Finding;

/** One command in a process of its own, which is told to end while it waits for something. */
final class CutOffMain {
  private static final String CLASS = CopyingMain.class.getName();

  private CutOffMain() {}

  /**
   * Its words: what to do, the root of a {@link TestHome}, a server's address, the topology's file,
   * arguments of its main.
   */
  public static void main(String[] words) throws Exception {
    try {
      run(words);
    } catch (InterruptedException e) {
      System.out.println("cancelled");
    }
  }

  private static void run(String[] words) throws Exception {
    TestHome home = new TestHome(Path.of(words[1]));
    List<String> arguments = Arrays.asList(words).subList(4, words.length);
    switch (words[0]) {
      case "submit" -> direct().submit(request(home, words[3], arguments));
      case "plan" -> direct().plan(request(home, words[3], arguments));
      case "remote-submit" ->
          remote(words[2]).submit(remoteRequest(home, words[3], arguments), Optional.empty());
      case "remote-plan" -> remote(words[2]).plan(remoteRequest(home, words[3], arguments));
      case "doctor" -> doctor(home, words[2]);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static Submitter direct() {
    return new Submitter(TestHome.environment(), new Told());
  }

  private static SubmitRequest request(TestHome home, String file, List<String> arguments) {
    return new SubmitRequest(
        home.settings(Map.of()), file, CLASS, arguments, List.of(), "", false, Optional.empty());
  }

  private static RemoteSubmitter remote(String url) {
    return ApiServer.at(url, Optional.empty(), Patience.USUAL)
        .submitter(TestHome.environment(), new Told());
  }

  private static RemoteSubmitter.Request remoteRequest(
      TestHome home, String file, List<String> arguments) {
    return new RemoteSubmitter.Request(
        home.home(),
        TopologyTarget.parse("test/ada/devel", "ada"),
        new MainWords(file, CLASS, arguments, List.of(), false),
        Map.of(),
        false,
        false);
  }

  private static void doctor(TestHome home, String url) throws InterruptedException {
    DoctorRequest request =
        new DoctorRequest(
            Installation.of(home.home(), Optional.empty(), Optional.empty()),
            TopologyTarget.parse("test/ada/devel", "ada"),
            new Settings.Switches(
                Map.of(
                    "heron.class.scheduler",
                    FakeCluster.Scheduler.class.getName(),
                    "heron.class.uploader",
                    "org.apache.heron.uploader.http.HttpUploader",
                    "heron.uploader.http.uri",
                    url),
                false,
                false),
            TestHome.environment(),
            false);
    try (Doctor doctor = new Doctor(request, Plugins.standard())) {
      doctor.examine(
          new Listener() {
            @Override
            public void section(String title) {}

            @Override
            public void found(Finding finding) {}
          });
    }
  }

  /** Says what the topology's main says. */
  private static final class Told implements Progress {
    @Override
    public void stage(String text) {}

    @Override
    public void info(String line) {}

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
