package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.List;

/**
 * Why a container went where it did; what was compared, in the order in which it was.
 *
 * @param policy that was followed; a first launch that only fits packed is packed
 * @param ours how many of our containers the agent had before
 * @param milliCpusLeft what is left of its offer, in thousandths
 * @param milliMemLeft what is left of its offer, in thousandths of a mebibyte
 * @param former true if it went back to where it was
 * @param lastChoice why the agent is one that is taken last; empty if it is not
 */
public record Fitness(
    Policy policy,
    int ours,
    long milliCpusLeft,
    long milliMemLeft,
    boolean former,
    List<String> lastChoice) {

  public Fitness {
    lastChoice = List.copyOf(lastChoice);
  }

  /** One line for people. */
  public String text() {
    List<String> parts = new ArrayList<>();
    if (former) {
      parts.add("where it was before");
    }
    parts.add(
        switch (policy) {
          case SPREAD -> "spread: " + ours + " of ours there before";
          case PACK -> "packed: " + ours + " of ours there before";
        });
    parts.add(
        Kind.CPUS.text(milliCpusLeft)
            + " and "
            + Kind.MEM.text(milliMemLeft)
            + " left of the offer");
    lastChoice.forEach(reason -> parts.add("only because nothing else fits: " + reason));
    return String.join(", ", parts);
  }
}
