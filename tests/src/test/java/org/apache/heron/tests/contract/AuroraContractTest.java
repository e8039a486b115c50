package org.apache.heron.tests.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Containers as instances of an Aurora job, with shared state in files. */
class AuroraContractTest extends SchedulerContract {
  @Override
  Backend start(Path temporary) throws Exception {
    assumeTrue(AuroraHost.isPossible(), "python3 is not installed");
    return new AuroraHost(temporary);
  }
}
