package org.apache.heron.service.call;

import java.io.IOException;
import java.net.Proxy;

/** How a topology's processes are reached. */
@FunctionalInterface
public interface Route {
  /** Straight. */
  Route DIRECT = (host, port) -> Proxy.NO_PROXY;

  /**
   * What a connection goes through.
   *
   * @throws IOException if there is no way
   */
  Proxy to(String host, int port) throws IOException;
}
