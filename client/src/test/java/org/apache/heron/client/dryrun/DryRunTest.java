package org.apache.heron.client.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.junit.jupiter.api.Test;

class DryRunTest {
  private static final String ALGORITHM = "org.example.Packing";

  @Test
  void aTableForEachContainer() {
    assertThat(submit(DryRunFormat.TABLE))
        .isEqualTo(
            """
            Total number of containers: 2
            Using packing class: org.example.Packing
            Container 1
            CPU: 2.5, RAM: 2048 MB, Disk: 1024 MB
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |      word |       1 | 1.5 |     1024 |      1024 |
            ====================================================

            Container 2
            CPU: 2.5, RAM: 2048 MB, Disk: 1024 MB
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |     count |       2 | 1.5 |     1024 |      1024 |
            ====================================================""");
  }

  @Test
  void coloursAreOnlyInTheColoredTable() {
    assertThat(submit(DryRunFormat.COLORED_TABLE)).contains("\u001b[1mContainer 1\u001b[0m\n");
    assertThat(submit(DryRunFormat.TABLE)).doesNotContain("\u001b");
  }

  @Test
  void rawIsThePlansOwnText() {
    assertThat(submit(DryRunFormat.RAW))
        .startsWith(
            "Packing class: org.example.Packing\nTopology: words\nPacking plan:\n"
                + "{plan-id: id, containers-list: [{container-id: 1, instances-list:"
                + " [{component-name: word, task-id: 1, component-index: 0, instance-resource:"
                + " {cpu: 1.500000, ram: ByteAmount{1.0 GB (1073741824 bytes)},"
                + " disk: ByteAmount{1.0 GB (1073741824 bytes)}}}], required-resource: {cpu: 2.5");
  }

  @Test
  void jsonIsOneLine() {
    assertThat(submit(DryRunFormat.JSON))
        .startsWith(
            "{\"packingClass\":\"org.example.Packing\",\"topology\":\"words\",\"containers\":"
                + "[{\"id\":1,\"resources\":{\"cpu\":2.5,\"ram\":2147483648,\"disk\":1073741824},"
                + "\"components\":[{\"component\":\"word\",\"id\":1,\"index\":0,\"resources\":"
                + "{\"cpu\":1.5,\"ram\":1073741824,\"disk\":1073741824}}]},")
        .doesNotContain("\n");
  }

  @Test
  void anUpdateShowsWhatChanges() {
    PackingPlan after =
        plan(
            container(1, 2.5, instance("word", 1)),
            container(2, 3.0, instance("count", 3)),
            container(3, 2.5, instance("count", 4)));
    String text = new UpdateDryRun(ALGORITHM, "words", before(), after).render(DryRunFormat.TABLE);
    assertThat(text)
        .startsWith("Total number of containers: 3\nUsing repacking class: org.example.Packing\n")
        .contains("Container 1 UNAFFECTED\nCPU: 2.5, RAM: 2048 MB")
        .contains("Container 2 MODIFIED\nCPU: 3.0 (+20.00%), RAM: 2048 MB, Disk: 1024 MB\n")
        .contains("|     count |       3 |")
        .contains("c\u0336o\u0336u\u0336n\u0336t\u0336")
        .contains("Container 3 NEW\n");
    String colored =
        new UpdateDryRun(ALGORITHM, "words", after, before()).render(DryRunFormat.COLORED_TABLE);
    assertThat(colored).contains("\u001b[1mContainer 3\u001b[0m \u001b[31mREMOVED\u001b[0m\n");
    assertThat(new UpdateDryRun(ALGORITHM, "words", before(), after).render(DryRunFormat.JSON))
        .startsWith("New packing plan:\n{\"packingClass\"")
        .contains("\nOld packing plan:\n{");
  }

  private static String submit(DryRunFormat format) {
    return new SubmitDryRun(ALGORITHM, "words", before()).render(format);
  }

  private static PackingPlan before() {
    return plan(container(1, 2.5, instance("word", 1)), container(2, 2.5, instance("count", 2)));
  }

  private static PackingPlan plan(ContainerPlan... containers) {
    return new PackingPlan("id", List.of(containers));
  }

  private static ContainerPlan container(int id, double cpu, InstancePlan instance) {
    return new ContainerPlan(
        id,
        List.of(instance),
        new Resource(cpu, ByteAmount.ofGigabytes(2), ByteAmount.ofGigabytes(1)));
  }

  private static InstancePlan instance(String component, int task) {
    return new InstancePlan(
        component,
        task,
        0,
        new Resource(1.5, ByteAmount.ofGigabytes(1), ByteAmount.ofGigabytes(1)));
  }
}
