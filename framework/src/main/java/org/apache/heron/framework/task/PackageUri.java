package org.apache.heron.framework.task;

import com.google.common.base.CharMatcher;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.CommandInfo;

/**
 * A package that each container's sandbox is filled with by the agent's fetcher.
 *
 * <p>The fetcher's cache knows a package by its URI alone, and would give a container of a later
 * submission the core package of an earlier one. Over HTTP the URI is therefore made different for
 * each submission by a fragment, which is never sent to the server; the containers of a submission
 * share one download an agent. What is copied from a file system, or fetched by Hadoop's client
 * (which knows no fragments), is not cached.
 */
public record PackageUri(String uri, String submission) {
  // Fetcher::basename calls them illegal characters.
  private static final CharMatcher REFUSED = CharMatcher.anyOf("'\\");
  private static final Pattern ARCHIVE = Pattern.compile("[^/?#]+(?=[?#]|$)");

  /**
   * Checks that agents will try to fetch it at all.
   *
   * @throws IllegalArgumentException if Mesos' fetcher refuses such a URI without a look
   */
  public void check() {
    if (REFUSED.matchesAnyOf(uri)) {
      throw new IllegalArgumentException(
          "Mesos' agents fetch nothing from '" + uri + "': it has a ' or a \\ in it");
    }
  }

  /** What the agent is told. */
  public CommandInfo.URI toProto() {
    CommandInfo.URI.Builder proto = CommandInfo.URI.newBuilder().setExtract(true);
    String scheme = uri.toLowerCase(Locale.ROOT);
    if (!scheme.startsWith("http://") && !scheme.startsWith("https://")) {
      return proto.setValue(uri).build();
    }
    java.util.regex.Matcher name = ARCHIVE.matcher(uri.replaceFirst("^[a-zA-Z]+://[^/]*", ""));
    if (!name.find()) {
      return proto.setValue(uri).build();
    }
    // The fetcher names the file for what follows the last slash, and tells an archive by its name.
    return proto
        .setValue(
            uri
                + (uri.contains("#") ? "/" : "#")
                + TaskId.shortHash(submission)
                + "/"
                + name.group())
        .setCache(true)
        .build();
  }
}
