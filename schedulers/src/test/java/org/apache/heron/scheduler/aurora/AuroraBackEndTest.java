package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuroraBackEndTest {
  @TempDir Path directory;
  private RecordingClient aurora;
  private Job job;

  @BeforeEach
  void prepare() {
    aurora = new RecordingClient(directory.resolve("bin"));
    job = new Job(directory);
  }

  @AfterEach
  void close() {
    job.close();
  }

  private List<Finding> findings(String searchPath) throws Exception {
    List<Finding> findings = new ArrayList<>();
    try (AuroraBackEnd backEnd = new AuroraBackEnd(job.local(), searchPath)) {
      backEnd.check(findings::add);
    }
    return findings;
  }

  private Life life() throws Exception {
    try (AuroraBackEnd backEnd = new AuroraBackEnd(job.local(), aurora.searchPath())) {
      return backEnd.life("words");
    }
  }

  @Test
  void aSchedulerThatAnswersIsWell() throws Exception {
    aurora.on("list").prints("west/ada/devel/words\nwest/ada/test/words\n").ends(0);
    assertThat(findings(aurora.searchPath()))
        .extracting(Finding::verdict, Finding::message)
        .containsExactly(
            tuple(Verdict.OK, Job.CONF.resolve("aurora/heron.aurora").toString()),
            tuple(Verdict.OK, aurora.program().toString()),
            tuple(Verdict.OK, "that of west answers; role ada: 2 jobs"));
    assertThat(aurora.calls()).containsExactly(List.of("job", "list", "west/ada"));
  }

  @Test
  void whatIsMissingIsToldWithItsRemedy() throws Exception {
    job.with("heron.scheduler.job.template", "/nowhere/heron.aurora");
    assertThat(findings("/nowhere"))
        .extracting(Finding::verdict)
        .containsExactly(Verdict.FAILED, Verdict.FAILED);
    aurora.on("list").complains("Error executing command: Unknown cluster: west\n").ends(3);
    List<Finding> findings = findings(aurora.searchPath());
    assertThat(findings.get(2).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(findings.get(2).message()).contains("it knows no cluster 'west'");
    assertThat(findings.get(2).remedy()).contains("try it by hand: aurora job list west/ada");
  }

  @Test
  void aSettingThatIsNoneIsToldBesideWhatCanBeLookedAt() throws Exception {
    job.with("heron.scheduler.job.max.kill.attempts", "many");
    List<Finding> findings = findings(aurora.searchPath());
    assertThat(findings)
        .extracting(Finding::verdict)
        .containsExactly(Verdict.FAILED, Verdict.OK, Verdict.OK, Verdict.SKIPPED);
    assertThat(findings.get(0).message())
        .contains("heron.scheduler.job.max.kill.attempts", "'many'");
    job.with("heron.aurora.status.timeout.seconds", "0");
    assertThat(life().state()).isEqualTo(Life.State.UNKNOWN);
    assertThat(aurora.calls()).isEmpty();
  }

  @Test
  void aTopologyLivesAsLongAsAuroraHasAnInstanceOfIt() throws Exception {
    assertThat(life().state()).isEqualTo(Life.State.GONE);
    assertThat(aurora.calls())
        .containsExactly(List.of("job", "status", "--write-json", "west/*/*/words"));
    aurora.has(0, 1);
    assertThat(life()).isEqualTo(Life.running("Aurora has 2 instances of west/*/*/words"));
    aurora.on("status").complains("Error: no scheduler\n").ends(20);
    assertThat(life().state()).isEqualTo(Life.State.UNKNOWN);
    aurora.on("status").prints("what?\n").ends(0);
    assertThat(life().state()).isEqualTo(Life.State.UNKNOWN);
  }
}
