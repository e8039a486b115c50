package org.apache.heron.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;

/** Asks whoever sits at the terminal, and fails as nobody expects, with a caller's words. */
public final class AskingLauncher implements ILauncher {
  static final String WORDS = "test.words.of.the.caller";

  private LaunchContext context;

  /** For reflection. */
  public AskingLauncher() {}

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
  }

  @Override
  public void launch(PackingPlan plan) {
    int answer;
    try {
      answer = System.in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(
        (answer < 0 ? "nobody answers" : "somebody answers " + (char) answer)
            + " "
            + context.local().string(WORDS));
  }

  @Override
  public void cleanUp() {}

  @Override
  public void close() {}
}
