package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.client.dryrun.DryRunFormat;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --dry-run} and its format. */
final class DryRunOptions {
  @Option(names = "--dry-run", description = "only show the packing plan; touch nothing")
  private boolean dryRun;

  @Option(
      names = "--dry-run-format",
      paramLabel = "FORMAT",
      description =
          "raw, table, colored_table or json (default: colored_table on a terminal, else table)")
  private String format;

  boolean requested() {
    return dryRun;
  }

  /**
   * The format, if a dry run is wanted.
   *
   * @throws ParameterException if the format is not known
   */
  Optional<DryRunFormat> format(CommandLine command) {
    DryRunFormat standard =
        Terminal.on(Terminal.OUT) ? DryRunFormat.COLORED_TABLE : DryRunFormat.TABLE;
    DryRunFormat chosen =
        format == null
            ? standard
            : DryRunFormat.of(format)
                .orElseThrow(
                    () ->
                        new ParameterException(
                            command,
                            "Invalid dry-run response format: "
                                + format
                                + ". Available formats: "
                                + DryRunFormat.names()));
    return dryRun ? Optional.of(chosen) : Optional.empty();
  }
}
