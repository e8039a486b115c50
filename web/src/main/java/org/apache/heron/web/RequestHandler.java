package org.apache.heron.web;

/** Answers one kind of request. Called on a worker thread; may block. */
@FunctionalInterface
public interface RequestHandler {
  /**
   * Answers the request by exactly one call of {@code response.send…} or {@code response.stream…}.
   *
   * @throws HttpError to answer with that status and text
   * @throws Exception anything else becomes a 500 whose text is the exception's message
   */
  void handle(WebRequest request, WebResponse response) throws Exception;
}
