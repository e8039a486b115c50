package org.apache.heron.web;

/**
 * Lets a request in, or refuses it, before its body is read. Called on the thread that serves all
 * connections: it must not block.
 */
@FunctionalInterface
public interface RequestGate {
  /**
   * Returns if the request may go on.
   *
   * @param head the request without its body
   * @throws HttpError to refuse it; the connection is closed then
   */
  void check(WebRequest head);
}
