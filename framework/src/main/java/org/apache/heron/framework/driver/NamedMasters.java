package org.apache.heron.framework.driver;

import java.util.List;

/** Masters from the configuration; the one that leads is found by trying and by redirects. */
record NamedMasters(MasterUri.Named uri) implements MasterDetector {
  @Override
  public List<Endpoint> candidates() {
    return uri.endpoints();
  }

  @Override
  public boolean knowsLeader() {
    return false;
  }

  @Override
  public String problem() {
    return "no Mesos master is named (" + MasterUri.KEY + ")";
  }

  @Override
  public void close() {}
}
