package org.apache.heron.uploader.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.RecordingUploadProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreUploaderTest {
  @TempDir Path directory;
  private final RecordingUploadProgress progress = new RecordingUploadProgress();
  private final Ledger ledger = new Ledger();

  /** A store that only keeps what it is asked to do, and fails as often as it is told to. */
  private static final class Ledger implements PackageStore {
    private final List<String> steps = new ArrayList<>();
    private final Map<String, Integer> passing = new HashMap<>();
    private final Map<String, Integer> lasting = new HashMap<>();
    private final Set<String> defects = new HashSet<>();
    private boolean occupied;
    private boolean interrupted;

    private void step(String name) throws StoreException, InterruptedException {
      steps.add(name);
      if (interrupted && name.equals("stage")) {
        throw new InterruptedException();
      }
      if (defects.contains(name)) {
        throw new IllegalArgumentException(name + " is broken");
      }
      if (passing.merge(name, -1, Integer::sum) >= 0) {
        throw StoreException.passing(name + " is busy", null);
      }
      if (lasting.merge(name, -1, Integer::sum) >= 0) {
        throw StoreException.lasting(name + " is refused");
      }
    }

    @Override
    public String place() {
      return "ledger";
    }

    @Override
    public void prepare() throws StoreException, InterruptedException {
      step("prepare");
    }

    @Override
    public void stage(PackageFile file, Meter meter) throws StoreException, InterruptedException {
      step("stage");
      try (InputStream in = file.open(meter)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw StoreException.lasting(e.toString(), e);
      }
    }

    @Override
    public boolean backUp() throws StoreException, InterruptedException {
      step("backUp");
      return occupied;
    }

    @Override
    public URI publish() throws StoreException, InterruptedException {
      step("publish");
      return URI.create("ledger:/package");
    }

    @Override
    public void restore() throws StoreException, InterruptedException {
      step("restore");
    }

    @Override
    public void withdraw() throws StoreException, InterruptedException {
      step("withdraw");
    }

    @Override
    public void discard() throws StoreException, InterruptedException {
      step("discard");
    }

    @Override
    public void close() {
      steps.add("close");
    }
  }

  private StoreUploader uploader() throws IOException {
    Path file = directory.resolve("topology.tar.gz");
    if (!Files.exists(file)) {
      Files.writeString(file, "package");
    }
    StoreUploader uploader =
        new StoreUploader() {
          @Override
          protected PackageStore store(Config config, UploadProgress listener) {
            return ledger;
          }
        };
    uploader.progress(progress);
    uploader.initialize(
        Config.of(
            Map.of(
                "heron.topology.package.file", file.toString(),
                "heron.uploader.retry.count", 3,
                "heron.uploader.retry.interval.ms", 1)));
    return uploader;
  }

  @Test
  void whatPassesIsTriedAgainAndSaid() throws IOException {
    ledger.passing.put("stage", 2);
    try (StoreUploader uploader = uploader()) {
      assertThat(uploader.uploadPackage()).hasToString("ledger:/package");
    }
    assertThat(ledger.steps)
        .containsExactly("prepare", "stage", "stage", "stage", "backUp", "publish", "close");
    assertThat(progress.notices())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("Uploading: stage is busy; attempt 2 of 3 follows in ");
  }

  @Test
  void whatLastsIsTriedOnceAndTakenBack() throws IOException {
    ledger.lasting.put("stage", 1);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessage(
              "Cannot upload the topology package '"
                  + directory.resolve("topology.tar.gz")
                  + "' to ledger: stage is refused");
    }
    assertThat(ledger.steps).containsExactly("prepare", "stage", "discard", "close");
  }

  @Test
  void whatNeverPassesIsGivenUpWithTheNumberOfAttempts() throws IOException {
    ledger.passing.put("prepare", 9);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage)
          .hasMessageEndingWith("prepare is busy (tried 3 times)");
    }
    assertThat(ledger.steps)
        .as("nothing to take back where nothing could be put")
        .containsExactly("prepare", "prepare", "prepare", "close");
  }

  @Test
  void aPublicationThatMayHaveHappenedIsTakenBack() throws IOException {
    ledger.lasting.put("publish", 1);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage).hasMessageContaining("publish is refused");
    }
    assertThat(ledger.steps).endsWith("publish", "withdraw", "discard", "close");
  }

  @Test
  void anUploadThatEndsInADefectIsTakenBackToo() throws IOException {
    ledger.defects.add("publish");
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("publish is broken");
    }
    assertThat(ledger.steps).endsWith("publish", "withdraw", "discard", "close");
  }

  @Test
  void undoRestoresOrWithdrawsOnce() throws IOException {
    ledger.occupied = true;
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(ledger.steps).endsWith("publish", "restore", "discard", "close");
    ledger.steps.clear();
    ledger.occupied = false;
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(ledger.steps).endsWith("publish", "withdraw", "discard", "close");
  }

  @Test
  void whatCannotBeTakenBackIsSaidAndMayBeTriedAgain() throws IOException {
    ledger.lasting.put("withdraw", 1);
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isFalse();
      assertThat(progress.notices())
          .containsExactly("The upload to ledger could not be taken back: withdraw is refused");
      assertThat(uploader.undo()).isTrue();
    }
  }

  @Test
  void whatCouldNotBePutBackIsStillKept() throws IOException {
    ledger.occupied = true;
    ledger.lasting.put("restore", 1);
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isFalse();
    }
    assertThat(ledger.steps).endsWith("publish", "restore", "close");
  }

  @Test
  void whatWasKeptIsForgottenWhenTheUploadStands() throws IOException {
    ledger.occupied = true;
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
    }
    assertThat(ledger.steps).endsWith("publish", "discard", "close");
  }

  @Test
  void anInterruptedUploadIsTakenBackAndStaysInterrupted() throws IOException {
    ledger.interrupted = true;
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage).hasMessageEndingWith("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(ledger.steps).containsExactly("prepare", "stage", "discard", "close");
  }

  @Test
  void deleteRemovesEverythingAndNamesWhatItCannot() throws IOException {
    ledger.passing.put("withdraw", 1);
    try (StoreUploader uploader = uploader()) {
      uploader.delete();
    }
    assertThat(ledger.steps).containsExactly("withdraw", "withdraw", "discard", "close");
    ledger.lasting.put("withdraw", 1);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::delete)
          .isInstanceOf(UploaderException.class)
          .hasMessage("Cannot delete the topology package at ledger: withdraw is refused");
    }
  }

  @Test
  void onlyLargePackagesTellHowFarTheyAre() throws IOException {
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
    }
    assertThat(progress.sent()).isEmpty();
    long size = Meter.WORTH_TELLING + 1;
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("topology.tar.gz").toFile(), "rw")) {
      file.setLength(size);
    }
    try (StoreUploader uploader = uploader()) {
      uploader.uploadPackage();
    }
    assertThat(progress.sent()).hasSizeBetween(10, 20).isSorted().last().isEqualTo(size);
  }

  @Test
  void packagesThatAreNoneAreRefusedBeforeAnythingIsDone() throws IOException {
    Path file = directory.resolve("topology.tar.gz");
    Files.createFile(file);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage).hasMessageEndingWith("is empty");
    }
    Files.delete(file);
    Files.createDirectory(file);
    try (StoreUploader uploader = uploader()) {
      assertThatThrownBy(uploader::uploadPackage).hasMessageEndingWith("no file that can be read");
    }
    assertThat(ledger.steps).containsExactly("close", "close");
  }
}
