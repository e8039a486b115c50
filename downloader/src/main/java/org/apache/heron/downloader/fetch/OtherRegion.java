package org.apache.heron.downloader.fetch;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A store's answer that the bucket is in another region than the request was signed for. */
public final class OtherRegion extends IOException {
  /** S3's header; some of its answers say it in the body alone. */
  static final String HEADER = "x-amz-bucket-region";

  private static final long serialVersionUID = 1L;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern IN_BODY = Pattern.compile("<Region>([a-z0-9-]{1,40})</Region>");

  private final String region;

  private OtherRegion(String region, String message) {
    super(message);
    this.region = region;
  }

  /**
   * Empty if the answer does not say that.
   *
   * @param header value of {@link #HEADER}; null if there is none
   * @param said the begin of the body
   */
  static Optional<OtherRegion> in(int status, String header, String said) {
    if (status != 301 && status != 400) {
      return Optional.empty();
    }
    Matcher body = IN_BODY.matcher(said);
    Optional<String> region =
        Optional.ofNullable(header)
            .map(String::strip)
            .filter(name -> NAME.matcher(name).matches())
            .or(() -> body.find() ? Optional.of(body.group(1)) : Optional.empty());
    return region.map(
        name ->
            new OtherRegion(
                name, "the server answers " + status + ": the bucket is in region " + name));
  }

  /** Where the bucket is. */
  public String region() {
    return region;
  }
}
