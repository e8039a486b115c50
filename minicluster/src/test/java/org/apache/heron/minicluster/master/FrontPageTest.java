package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontPageTest {
  @TempDir Path directory;

  @Test
  void aPersonWhoFollowsALinkToTheMasterSeesWhatRuns() throws Exception {
    try (MiniCluster cluster =
            MiniCluster.builder()
                .directory(directory.resolve("cluster"))
                .withoutZooKeeper()
                .agents(1)
                .start();
        TestScheduler scheduler =
            new TestScheduler(() -> cluster.leader().port(), TestScheduler.framework("*").build())
                .subscribe()) {
      scheduler.launch(scheduler.expectOffer(), "words<b>", "exec sleep 300");
      scheduler.expectStatus("words<b>", TaskState.TASK_RUNNING);

      HttpResponse<String> page =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + cluster.leader().port() + "/"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      // Where a link to /#/frameworks/<id> leads a browser.
      assertThat(page.body()).contains("id=\"/frameworks/" + scheduler.id().getValue() + "\"");
      assertThat(page.body()).contains("TASK_RUNNING", "words&lt;b&gt;").doesNotContain("<b>");
    }
  }
}
