package org.apache.heron.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.cli.legacy.OldCommandLine;
import org.apache.heron.client.ErrorText;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code heron} command. Exit code 0 when it was carried out, 1 when it failed, 2 when it was
 * not understood.
 */
@Command(
    name = "heron",
    description = "Run Heron topologies on a cluster",
    synopsisSubcommandLabel = "COMMAND")
public final class Heron {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** First word of what bin/heron-cli hands over: the command line of 2016. */
  private static final String FORMER = "heron-cli";

  private Heron() {}

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int code = run(out, err, arguments);
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  /** As {@link #main}, returning the exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    if (arguments.length > 0 && arguments[0].equals(FORMER)) {
      return OldCommandLine.run(
          out,
          err,
          Arrays.asList(arguments).subList(1, arguments.length),
          words -> run(out, err, words.toArray(new String[0])));
    }
    if (arguments.length == 0 || isHelp(arguments[0])) {
      return arguments.length > 1
          ? help(out, err, Arrays.asList(arguments).subList(1, arguments.length))
          : overview(out);
    }
    Optional<CommandTable.Entry> entry = CommandTable.find(arguments[0]);
    if (entry.isEmpty() || !CommandTable.present(entry.get())) {
      err.println("heron: unknown command '" + arguments[0] + "'; heron help lists them");
      return USAGE;
    }
    for (int i = 1; i < arguments.length && !arguments[i].equals("--"); i++) {
      if (arguments[i].equals("-h") || arguments[i].equals("--help")) {
        return help(out, err, Arrays.asList(arguments).subList(0, i));
      }
    }
    return commandLine(out, err, entry.get()).execute(arguments);
  }

  private static boolean isHelp(String argument) {
    return argument.equals("help") || argument.equals("-h") || argument.equals("--help");
  }

  private static CommandLine commandLine(
      PrintWriter out, PrintWriter err, CommandTable.Entry entry) {
    CommandLine root = new CommandLine(new Heron());
    add(root, entry);
    entry.needs().forEach(name -> CommandTable.find(name).ifPresent(needed -> add(root, needed)));
    root.setOut(out);
    root.setErr(err);
    root.setUsageHelpWidth(100);
    root.setExpandAtFiles(false);
    root.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          Console console = new Console(out, err, Terminal.on(Terminal.ERR), false);
          console.error(ErrorText.of(thrown));
          return FAILED;
        });
    root.setParameterExceptionHandler(
        (thrown, words) -> {
          CommandLine command = thrown.getCommandLine();
          command.getErr().println("heron: error: " + thrown.getMessage());
          command.getErr().println("Usage: " + command.getHelp().synopsis(7).strip());
          return USAGE;
        });
    return root;
  }

  private static void add(CommandLine root, CommandTable.Entry entry) {
    try {
      CommandLine command = new CommandLine(Class.forName(entry.className()));
      if (entry.name().equals("submit") || entry.name().equals("plan")) {
        // As upstream: what is not known here is for the topology's main.
        command.setUnmatchedOptionsArePositionalParams(true);
      }
      root.addSubcommand(entry.name(), command);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("The installation lacks " + entry.className(), e);
    }
  }

  /**
   * Describes a command.
   *
   * @param words the command, its sub-command if it has any, and whatever follows
   */
  private static int help(PrintWriter out, PrintWriter err, List<String> words) {
    String name = words.get(0);
    if (name.equals("help")) {
      out.println("Usage: heron help [COMMAND]");
      return OK;
    }
    Optional<CommandTable.Entry> entry = CommandTable.find(name);
    if (entry.isEmpty() || !CommandTable.present(entry.get())) {
      err.println("Unknown subcommand '" + name + "'");
      return FAILED;
    }
    CommandLine command = commandLine(out, err, entry.get());
    for (String word : words) {
      CommandLine deeper = command.getSubcommands().get(word);
      if (deeper == null) {
        break;
      }
      command = deeper;
    }
    command.usage(out);
    out.flush();
    return OK;
  }

  private static int overview(PrintWriter out) {
    out.println("Usage: heron COMMAND [ARGUMENTS]");
    out.println();
    out.println("Commands:");
    for (CommandTable.Entry entry : CommandTable.ENTRIES) {
      if (CommandTable.present(entry)) {
        out.println("  " + entry.name() + " ".repeat(12 - entry.name().length()) + entry.summary());
      }
    }
    out.println("  help        This overview, or one command's options and examples");
    out.println();
    out.println("Getting started:");
    out.println("  heron demo                  see a topology run, without any set-up");
    out.println("  heron help submit           options and examples of a command");
    out.flush();
    return OK;
  }
}
