package org.apache.heron.scheduler.nomad;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of a job in Nomad's web interface, which is also the record of where the job was
 * registered.
 *
 * @param job empty for the list of all, which upstream puts on record
 * @param namespace Nomad's {@code default} if none was configured
 * @param region empty if none was configured
 */
record JobPage(URI server, String job, String namespace, Optional<String> region) {
  static final String DEFAULT_NAMESPACE = "default";
  private static final String PATH = "/ui/jobs";
  private static final Pattern TEXT =
      Pattern.compile("(.+)" + PATH + "(?:/|/([^/?#@]+)(?:@([^/?#]+))?)?(?:\\?region=([^&#]+))?");

  /** The page's address, as Nomad's own links have it. */
  String link() {
    return server
        + PATH
        + "/"
        + job
        + (namespace.equals(DEFAULT_NAMESPACE) ? "" : "@" + namespace)
        + region
            .map(name -> "?region=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
            .orElse("");
  }

  /** Empty if it is no page of Nomad's. */
  static Optional<JobPage> of(String link) {
    Matcher text = TEXT.matcher(link);
    if (!text.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new JobPage(
              new URI(text.group(1)),
              Optional.ofNullable(text.group(2)).orElse(""),
              Optional.ofNullable(text.group(3)).orElse(DEFAULT_NAMESPACE),
              Optional.ofNullable(text.group(4))
                  .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))));
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Somebody else's text: nothing is known of where that is.
      return Optional.empty();
    }
  }

  /** True if these are the same server, however they are written. */
  boolean isAt(URI other) {
    return normal(server).equals(normal(other));
  }

  private static String normal(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String path = String.valueOf(uri.getPath()).replaceAll("/+$", "");
    return scheme + "://" + host + ":" + (uri.getPort() < 0 ? usual : uri.getPort()) + path;
  }
}
