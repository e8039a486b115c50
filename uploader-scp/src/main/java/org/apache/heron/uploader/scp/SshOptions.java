package org.apache.heron.uploader.scp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/**
 * Options of the programs ssh and scp, as far as they say something to this client. Immutable.
 *
 * @param identities key files, in the order in which they are tried; none: the usual ones
 * @param knownHosts files with hosts' keys; none: the usual one
 * @param connectTimeout empty: the uploader's
 */
record SshOptions(
    int port,
    Optional<String> user,
    List<Path> identities,
    HostCheck hostCheck,
    List<Path> knownHosts,
    Optional<Duration> connectTimeout) {

  /** What happens when a host's key is not among the known ones. */
  enum HostCheck {
    /** The upload fails. */
    STRICT,
    /** The key is added to the known ones, if there is none of that host yet. */
    ACCEPT_NEW,
    /** Nothing: anybody can pretend to be the host. */
    OFF
  }

  /** Whose options they are: some letters mean different things to the two programs. */
  enum Program {
    /** {@code ssh}. */
    SSH,
    /** {@code scp}. */
    SCP
  }

  /** Say nothing that would matter here: nobody is asked, nothing is forwarded or compressed. */
  private static final Set<String> SSH_IDLE =
      Set.of("-q", "-C", "-T", "-x", "-a", "-n", "-v", "-4");

  private static final Set<String> SCP_IDLE =
      Set.of("-q", "-C", "-B", "-p", "-T", "-O", "-v", "-4");

  private static final Set<String> IDLE_SETTINGS =
      Set.of(
          "batchmode",
          "loglevel",
          "compression",
          "identitiesonly",
          "passwordauthentication",
          "kbdinteractiveauthentication",
          "challengeresponseauthentication",
          "preferredauthentications",
          "gssapiauthentication",
          "forwardagent",
          "forwardx11",
          "requesttty",
          "tcpkeepalive",
          "serveraliveinterval",
          "serveralivecountmax",
          "controlmaster",
          "controlpath",
          "controlpersist",
          "addkeystoagent",
          "updatehostkeys",
          "checkhostip",
          "hashknownhosts");

  /**
   * Reads the words of a key.
   *
   * @throws ConfigException if there is one that this client does not know
   */
  static SshOptions of(Config config, String key, Program program) {
    return new Parser(config, key, program).parse(config.optionalString(key).orElse(""));
  }

  /** One pass over the words. */
  private static final class Parser {
    private final Config config;
    private final String key;
    private final Program program;
    private int port = 22;
    private Optional<String> user = Optional.empty();
    private final List<Path> identities = new ArrayList<>();
    private HostCheck hostCheck = HostCheck.STRICT;
    private final List<Path> knownHosts = new ArrayList<>();
    private Optional<Duration> connectTimeout = Optional.empty();

    Parser(Config config, String key, Program program) {
      this.config = config;
      this.key = key;
      this.program = program;
    }

    SshOptions parse(String text) {
      Iterator<String> words =
          text.isBlank()
              ? List.<String>of().iterator()
              : List.of(text.trim().split("\\s+")).iterator();
      while (words.hasNext()) {
        option(words.next(), words);
      }
      return new SshOptions(
          port, user, List.copyOf(identities), hostCheck, List.copyOf(knownHosts), connectTimeout);
    }

    private void option(String word, Iterator<String> rest) {
      if ((program == Program.SSH ? SSH_IDLE : SCP_IDLE).contains(word)) {
        return;
      }
      // The value may stand apart or not: -i file, -ifile.
      String letter = word.length() < 2 ? word : word.substring(0, 2);
      String portLetter = program == Program.SSH ? "-p" : "-P";
      if (letter.equals("-i")) {
        identities.add(path(value(word, rest)));
      } else if (letter.equals(portLetter)) {
        port = port(value(word, rest));
      } else if (letter.equals("-l") && program == Program.SSH) {
        user = Optional.of(value(word, rest));
      } else if (letter.equals("-o")) {
        setting(value(word, rest));
      } else {
        throw unknown(word);
      }
    }

    private String value(String word, Iterator<String> rest) {
      if (word.length() > 2) {
        return word.substring(2);
      }
      if (!rest.hasNext()) {
        throw config.malformed(key, text(), "complete: " + word + " wants a value");
      }
      return rest.next();
    }

    private void setting(String text) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw config.malformed(key, text(), "written as -o Name=value, not '-o " + text + "'");
      }
      String name = text.substring(0, equals).toLowerCase(Locale.ROOT);
      String value = text.substring(equals + 1);
      switch (name) {
        case "port" -> port = port(value);
        case "user" -> user = Optional.of(value);
        case "identityfile" -> identities.add(path(value));
        case "userknownhostsfile", "globalknownhostsfile" -> knownHosts.add(path(value));
        case "connecttimeout" -> connectTimeout = Optional.of(Duration.ofSeconds(seconds(value)));
        case "stricthostkeychecking" -> hostCheck = hostCheck(value);
        default -> {
          if (!IDLE_SETTINGS.contains(name)) {
            throw unknown("-o " + text);
          }
        }
      }
    }

    private HostCheck hostCheck(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        // Nobody can be asked: as BatchMode has it.
        case "yes", "ask" -> HostCheck.STRICT;
        case "accept-new" -> HostCheck.ACCEPT_NEW;
        case "no", "off" -> HostCheck.OFF;
        default ->
            throw config.malformed(
                key, text(), "right: StrictHostKeyChecking is yes, accept-new or no");
      };
    }

    private int port(String value) {
      int number = value.matches("\\d{1,5}") ? Integer.parseInt(value) : 0;
      if (number < 1 || number > 65535) {
        throw config.malformed(key, text(), "right: '" + value + "' is no port");
      }
      return number;
    }

    private int seconds(String value) {
      int number = value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
      if (number < 1) {
        throw config.malformed(key, text(), "right: '" + value + "' is no number of seconds");
      }
      return number;
    }

    private Path path(String value) {
      String plain = value.replaceAll("^\"|\"$", "");
      return plain.startsWith("~/")
          ? Path.of(System.getProperty("user.home")).resolve(plain.substring(2))
          : Path.of(plain);
    }

    private ConfigException unknown(String word) {
      return config.malformed(
          key,
          text(),
          "options that this client knows, and '"
              + word
              + "' is none: -i, "
              + (program == Program.SSH ? "-p, -l" : "-P")
              + ", -o Port, User, IdentityFile, UserKnownHostsFile, StrictHostKeyChecking,"
              + " ConnectTimeout");
    }

    private String text() {
      return config.optionalString(key).orElse("");
    }
  }
}
