package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs histories. */
final class Simulation {
  private Simulation() {}

  /**
   * What a history came to.
   *
   * @param violation the first promise that was broken, if any
   * @param steps that were taken
   * @param timeline what happened, if it was asked for
   */
  record Result(Optional<Violation> violation, long steps, List<String> timeline) {}

  /** Runs a history once. */
  static Result run(History history, Surgery surgery) {
    return run(history, surgery, false);
  }

  /** Runs a history once, and tells it. */
  static Result tell(History history, Surgery surgery) {
    return run(history, surgery, true);
  }

  private static Result run(History history, Surgery surgery, boolean told) {
    World world = new World(history, surgery, told);
    Optional<Violation> violation;
    try {
      violation = world.run();
    } catch (RuntimeException e) {
      // The core has thrown: no promise is named for that, but none can hold then.
      violation =
          Optional.of(new Violation("NoException", world.agenda.now(), e + " at " + origin(e)));
    }
    return new Result(violation, world.steps(), world.timeline.lines());
  }

  private static String origin(RuntimeException e) {
    return e.getStackTrace().length > 0 ? e.getStackTrace()[0].toString() : "an unknown place";
  }

  /** All that is worth knowing of a history that broke a promise: shrunk, and told. */
  static String report(History failing, Surgery surgery) {
    Optional<Violation> first = run(failing, surgery).violation();
    if (first.isEmpty()) {
      return "seed " + failing.seed() + " keeps every promise";
    }
    History shrunk = Shrinker.shrink(failing, first.get().promise(), surgery);
    Result told = tell(shrunk, surgery);
    List<String> lines = new ArrayList<>();
    lines.add("seed " + failing.seed() + " breaks " + first.get());
    lines.add("");
    lines.add(
        "shrunk from "
            + failing.plan().size()
            + " faults to "
            + shrunk.plan().size()
            + ": "
            + shrunk.setting());
    shrunk.plan().forEach(planned -> lines.add("  " + planned));
    lines.add("");
    lines.addAll(told.timeline());
    lines.add("");
    lines.add(told.violation().map(Violation::toString).orElse("(the shrunk history is well)"));
    lines.add("again: " + replay(failing.seed()));
    return String.join("\n", lines);
  }

  /** The command that runs a seed again. */
  static String replay(long seed) {
    return "mvn -Dquick -pl framework -am test -Dtest=SimulationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dheron.sim.seed="
        + seed;
  }
}
