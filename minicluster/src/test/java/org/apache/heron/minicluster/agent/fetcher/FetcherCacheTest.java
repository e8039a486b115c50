package org.apache.heron.minicluster.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FetcherCacheTest {
  private static final Optional<String> ALICE = Optional.of("alice");

  @TempDir Path directory;
  private final AtomicInteger fetches = new AtomicInteger();
  private FetcherCache cache;

  @BeforeEach
  void create() throws IOException {
    cache = new FetcherCache(directory, 100);
  }

  private FetcherCache.Filler bytes(int count) {
    return file -> {
      fetches.incrementAndGet();
      try {
        Files.write(file, new byte[count]);
      } catch (IOException e) {
        throw new FetchException("no", e);
      }
    };
  }

  private Path use(Optional<String> user, String uri, int size) throws Exception {
    try (FetcherCache.Lease lease = cache.lease(user, uri, "core.tar.gz", bytes(size))) {
      assertThat(lease.file()).hasSize(size);
      return lease.file();
    }
  }

  private int files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return (int) files.count();
    }
  }

  @Test
  void whatWasFetchedIsNotFetchedAgainForTheSameUser() throws Exception {
    Path first = use(ALICE, "http://h/a", 10);
    assertThat(use(ALICE, "http://h/a", 10)).isEqualTo(first);
    assertThat(fetches).hasValue(1);
    assertThat(use(Optional.of("bob"), "http://h/a", 10)).isNotEqualTo(first);
    assertThat(use(ALICE, "http://h/b", 10)).isNotEqualTo(first);
    assertThat(fetches).hasValue(3);
    assertThat(cache.usedBytes()).isEqualTo(30);
  }

  @Test
  void theLeastRecentlyUsedMakesRoom() throws Exception {
    Path a = use(ALICE, "a", 40);
    Path b = use(ALICE, "b", 40);
    use(ALICE, "a", 40);
    use(ALICE, "c", 40);
    assertThat(a).exists();
    assertThat(b).doesNotExist();
    assertThat(cache.usedBytes()).isEqualTo(80);
  }

  @Test
  void whatIsInUseStaysAndWhatDoesNotFitIsUsedOnceOnly() throws Exception {
    try (FetcherCache.Lease a = cache.lease(ALICE, "a", "x", bytes(80))) {
      try (FetcherCache.Lease b = cache.lease(ALICE, "b", "x", bytes(80))) {
        assertThat(a.file()).exists();
        assertThat(b.file()).exists();
      }
      assertThat(files()).isEqualTo(1);
    }
    use(ALICE, "b", 500);
    assertThat(cache.usedBytes()).isLessThanOrEqualTo(100);
  }

  @Test
  void manyWhoAskAtOnceShareOneFetch() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            threads.submit(
                () -> {
                  go.await();
                  try (FetcherCache.Lease lease = cache.lease(ALICE, "a", "x", bytes(10))) {
                    return lease.isHit();
                  }
                }));
      }
      go.countDown();
      int hits = 0;
      for (Future<Boolean> result : results) {
        hits += result.get() ? 1 : 0;
      }
      assertThat(hits).isEqualTo(7);
      assertThat(fetches).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFetchThatFailedIsTriedAgainByTheNext() throws Exception {
    assertThatThrownBy(
            () ->
                cache.lease(
                    ALICE,
                    "a",
                    "x",
                    file -> {
                      throw new FetchException("the server answered 500");
                    }))
        .isInstanceOf(FetchException.class);
    use(ALICE, "a", 10);
    assertThat(fetches).hasValue(1);
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void anEarlierCachesFilesAreDeletedAndOthersLeft() throws Exception {
    use(ALICE, "a", 10);
    Files.writeString(directory.resolve("mine"), "x");
    new FetcherCache(directory, 100).close();
    assertThat(files()).isEqualTo(1);
  }
}
