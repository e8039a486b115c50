package org.apache.heron.apiserver.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.heron.client.settings.TopologyTarget;

/** Writes paths. */
final class PathText {
  private PathText() {}

  /** {@code /<root>/<cluster>/<role>/<environment>/<name>}, encoded. */
  static String of(String root, TopologyTarget target, String name) {
    return "/"
        + root
        + "/"
        + segment(target.cluster())
        + "/"
        + segment(target.role())
        + "/"
        + segment(target.environ())
        + "/"
        + segment(name);
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
