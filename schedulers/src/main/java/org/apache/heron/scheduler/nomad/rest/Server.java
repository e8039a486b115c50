package org.apache.heron.scheduler.nomad.rest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/** Where Nomad is called: {@code heron.nomad.scheduler.uri}. */
final class Server {
  static final String KEY = "heron.nomad.scheduler.uri";
  private static final String DEFAULT = "http://127.0.0.1:4646";

  private Server() {}

  /**
   * All of them, in the order in which they are tried: a list in YAML, or addresses separated by
   * commas.
   *
   * @throws ConfigException if there is none, or one is no address
   */
  static List<URI> all(Config config) {
    Object value = config.get(KEY).orElse(DEFAULT);
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    } else {
      texts.addAll(List.of(String.valueOf(value).split(",")));
    }
    List<URI> servers = new ArrayList<>();
    for (String text : texts) {
      servers.add(parse(config, text.strip()));
    }
    if (servers.isEmpty()) {
      throw config.malformed(KEY, value, "at least one address, such as " + DEFAULT);
    }
    return servers;
  }

  private static URI parse(Config config, String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean http = scheme.equals("http") || scheme.equals("https");
      if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
        throw config.malformed(KEY, text, "an address such as " + DEFAULT);
      }
      if (uri.getUserInfo() != null) {
        // Not repeated: what stands there may be a secret.
        throw new ConfigException(
            KEY
                + " (from "
                + config.sourceOf(KEY)
                + ") holds a user or password; Nomad takes a token: "
                + Token.FILE_KEY
                + " or "
                + Token.VARIABLE);
      }
      return URI.create(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw config.malformed(KEY, text, "an address such as " + DEFAULT);
    }
  }
}
