package org.apache.heron.cli.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.heron.cli.legacy.OldConfig.Value;
import org.apache.heron.spi.config.KeyCatalogue;

/** Carries the values of an old configuration over to today's keys. Not thread-safe. */
final class OldValues {
  private static final Pattern ARCHIVE =
      Pattern.compile(".*\\.(?:tar|tar\\.gz|tgz|zip)(?:[?#].*)?");
  private static final String ZOOKEEPER_PORT = "2181";
  private static final String CONNECTION = "heron.statemgr.connection.string";

  private final OldConfig config;
  private final OldPlace place;
  private final Map<String, String> today = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  private OldValues(OldConfig config, OldPlace place) {
    this.config = config;
    this.place = place;
  }

  /**
   * What came of it.
   *
   * @param properties today's keys and values
   * @param notes one line for each old key: what to write instead
   */
  record Carried(Map<String, String> properties, List<String> notes) {}

  /** Carries all over; old keys never take the place of one that is given by its name of today. */
  static Carried carry(OldConfig config, OldPlace place) {
    OldValues values = new OldValues(config, place);
    config.values().forEach(values::carry);
    config
        .values()
        .forEach(
            (key, value) -> {
              if (OldKey.find(key).isEmpty() || KeyCatalogue.find(key).isPresent()) {
                values.today.put(key, value.text());
              }
            });
    values.requireProperties();
    return new Carried(values.today, values.notes);
  }

  /** Today's command takes exactly one sign in a property. */
  private void requireProperties() {
    today.forEach(
        (key, value) -> {
          if (value.contains("=")) {
            throw new OldUsageException(
                key
                    + " is to be '"
                    + value
                    + "', but --config-property takes no value with '=' in it; write it into"
                    + " conf/"
                    + place.cluster()
                    + ", and leave it out here");
          }
        });
  }

  private void carry(String name, Value value) {
    OldKey.find(name).ifPresent(key -> carry(name, key, value));
  }

  private void carry(String name, OldKey key, Value value) {
    String text = value.text();
    switch (key.how()) {
      case SAME -> put(name, key, value, text);
      case CLASS ->
          OldClasses.today(text)
              .ifPresentOrElse(
                  today -> put(name, key, value, today),
                  () ->
                      notes.add(
                          name
                              + " in "
                              + value.source()
                              + " names "
                              + text
                              + ", which is gone, and has no effect; instead: "
                              + key.note()));
      case CORE -> put(name, key, value, core(text));
      case FILE ->
          put(
              name,
              key,
              value,
              text.contains("://")
                  ? text
                  : OldConfig.path(name, text).toAbsolutePath().toUri().toString());
      case ZOOKEEPER -> zooKeeper(name, key, value);
      case TUNNEL -> tunnel(name, key, value);
      case MASTER -> master(name, key, value);
      case PLACE, SWITCH, NOT -> ignored(name, key, value);
    }
  }

  private void put(String name, OldKey key, Value value, String text) {
    if (text.isBlank()) {
      return;
    }
    today.put(key.now(), text);
    if (!name.equals(key.now())) {
      notes.add(
          name
              + " in "
              + value.source()
              + " is read as "
              + key.now()
              + "="
              + text
              + "; instead: "
              + key.note());
    }
  }

  private void ignored(String name, OldKey key, Value value) {
    String effect = key.how() == OldKey.How.NOT ? " has no effect; instead: " : "; instead: ";
    notes.add(name + " in " + value.source() + effect + key.note());
  }

  /** The archive; of a directory, the one in it. */
  static String core(String uri) {
    return uri.isBlank() || ARCHIVE.matcher(uri).matches()
        ? uri
        : uri.replaceFirst("/+$", "") + "/heron-core.tar.gz";
  }

  private void zooKeeper(String name, OldKey key, Value value) {
    if (config.get("zk.connection.string").isEmpty()) {
      config
          .get("zkhost")
          .ifPresent(
              host ->
                  today.put(CONNECTION, host + ":" + config.get("zkport").orElse(ZOOKEEPER_PORT)));
    }
    ignored(name, key, value);
  }

  private void tunnel(String name, OldKey key, Value value) {
    boolean needed = !value.text().isBlank() && !value.text().equalsIgnoreCase("false");
    today.put("heron.statemgr.is.tunnel.needed", Boolean.toString(needed));
    if (needed) {
      today.put(key.now(), value.text());
    }
    ignored(name, key, value);
  }

  private void master(String name, OldKey key, Value value) {
    String environ =
        place.role().isEmpty() && place.environ().isEmpty() ? "default" : place.environ();
    if (name.equals("mesos.master.uri." + place.cluster() + "." + environ)) {
      put(name, key, value, value.text());
    } else {
      notes.add(
          name
              + " in "
              + value.source()
              + " is for another cluster than "
              + place.cluster()
              + " and environment than '"
              + environ
              + "', and has no effect");
    }
  }
}
