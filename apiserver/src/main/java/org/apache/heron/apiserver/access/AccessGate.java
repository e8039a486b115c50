package org.apache.heron.apiserver.access;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestGate;
import org.apache.heron.web.WebRequest;

/** Lets everybody ask; whoever changes something must know the token, if there is one. */
public final class AccessGate implements RequestGate {
  private static final Set<String> ASKING = Set.of("GET", "HEAD", "OPTIONS");
  private static final String BEARER = "Bearer ";

  private final Optional<TokenFile> token;

  public AccessGate(Optional<TokenFile> token) {
    this.token = token;
  }

  /**
   * True for what everybody may send, and every page of the web have a browser send: it may neither
   * change anything nor decide what the server uses to answer.
   */
  public static boolean isOpenToAll(WebRequest head) {
    return ASKING.contains(head.method());
  }

  @Override
  public void check(WebRequest head) {
    if (isOpenToAll(head)) {
      return;
    }
    // Browsers say from which page a request comes, and no page has any business here: one from
    // elsewhere could otherwise use that the server trusts its own host.
    if (head.header("Origin").isPresent()) {
      throw new HttpError(403, "requests of web pages may not change anything");
    }
    token.ifPresent(expected -> check(expected, head.header("Authorization").orElse("")));
  }

  private static void check(TokenFile expected, String header) {
    if (header.isEmpty()) {
      throw refused(
          "a token is needed (Authorization: Bearer …); heron reads it from --service-token-file",
          "Bearer realm=\"heron\"");
    }
    boolean bearer = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    if (!bearer || !expected.is(header.substring(BEARER.length()).strip())) {
      throw refused(
          "the token is not the right one", "Bearer realm=\"heron\", error=\"invalid_token\"");
    }
  }

  private static HttpError refused(String message, String challenge) {
    return new HttpError(401, message, Map.of("WWW-Authenticate", challenge));
  }
}
