package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.client.doctor.Checkup;
import org.apache.heron.client.doctor.Listener;
import org.apache.heron.spi.diagnosis.Finding;

/** Findings as lines: how it stands, what was looked at, what is so, and below it the remedy. */
final class CheckupText implements Listener {
  private static final String RESET = "\u001b[0m";
  private static final int CHECK_WIDTH = 12;
  private static final String INDENT = " ".repeat(2 + 4 + 2);

  private final Console console;
  private final boolean shown;
  private final boolean colored;

  /**
   * @param shown false if only the end is printed
   * @param colored true for a terminal
   */
  CheckupText(Console console, boolean shown, boolean colored) {
    this.console = console;
    this.shown = shown;
    this.colored = colored;
  }

  @Override
  public void section(String title) {
    if (shown) {
      console.result(colored ? "\u001b[1m" + title + RESET : title);
    }
  }

  @Override
  public void found(Finding finding) {
    if (!shown) {
      return;
    }
    String check = finding.check();
    console.result(
        "  "
            + mark(finding.verdict())
            + "  "
            + check
            + " ".repeat(Math.max(0, CHECK_WIDTH - check.length()))
            + "  "
            + finding.message());
    finding.remedy().ifPresent(remedy -> console.result(INDENT + "-> " + remedy));
  }

  private String mark(Finding.Verdict verdict) {
    String word =
        switch (verdict) {
          case OK -> "ok  ";
          case SKIPPED -> "-   ";
          case WARNING -> "warn";
          case FAILED -> "FAIL";
        };
    String color =
        switch (verdict) {
          case OK -> "\u001b[32m";
          case SKIPPED -> "\u001b[2m";
          case WARNING -> "\u001b[33m";
          case FAILED -> "\u001b[31m";
        };
    return colored ? color + word + RESET : word;
  }

  /** How it stands in all. */
  void summary(Checkup checkup, List<Finding> repairs) {
    long removed =
        repairs.stream().filter(finding -> finding.verdict() != Finding.Verdict.SKIPPED).count()
            - repairs.stream().filter(f -> f.verdict() == Finding.Verdict.FAILED).count();
    console.result("");
    console.result(
        checkup.count(Finding.Verdict.FAILED)
            + " failed, "
            + checkup.count(Finding.Verdict.WARNING)
            + " warnings, "
            + checkup.count(Finding.Verdict.OK)
            + " ok, "
            + checkup.count(Finding.Verdict.SKIPPED)
            + " not looked at"
            + (removed == 0 ? "" : "; of " + removed + " topologies what was left is removed"));
  }

  /** All as one line of JSON. */
  static String json(String target, Checkup checkup, List<Finding> repairs) {
    List<JsonObject> findings = new ArrayList<>();
    checkup.entries().forEach(entry -> findings.add(object(entry.section(), entry.finding())));
    List<JsonObject> dead = new ArrayList<>();
    checkup
        .dead()
        .forEach(
            each ->
                dead.add(
                    new JsonObject()
                        .put("topology", each.name())
                        .put("left", each.left())
                        .put("reason", each.reason())));
    List<JsonObject> done = new ArrayList<>();
    repairs.forEach(finding -> done.add(object("Repair", finding)));
    return new JsonObject()
        .put("cluster", target)
        .put("status", checkup.healthy(repairs) ? "ok" : "error")
        .put("failed", checkup.count(Finding.Verdict.FAILED))
        .put("warnings", checkup.count(Finding.Verdict.WARNING))
        .putObjects("findings", findings)
        .putObjects("dead", dead)
        .putObjects("repairs", done)
        .toString();
  }

  private static JsonObject object(String section, Finding finding) {
    JsonObject object =
        new JsonObject()
            .put("section", section)
            .put("check", finding.check())
            .put("verdict", finding.verdict().name().toLowerCase(java.util.Locale.ROOT))
            .put("message", finding.message());
    finding.remedy().ifPresent(remedy -> object.put("remedy", remedy));
    return object;
  }
}
