package org.apache.heron.client.doctor;

import org.apache.heron.spi.diagnosis.Finding;

/** Is told what is found as soon as it is. */
public interface Listener {
  /** What follows is about this. */
  void section(String title);

  /** One check is done. */
  void found(Finding finding);
}
