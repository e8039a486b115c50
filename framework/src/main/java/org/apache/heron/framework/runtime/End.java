package org.apache.heron.framework.runtime;

/** Why a runtime has stopped by itself. */
public sealed interface End {
  /** The topology was killed; nothing of it is left. */
  record Killed() implements End {}

  /**
   * Another process decides now. This one has written nothing since, and may stand by.
   *
   * @param why for people, one line
   */
  record Deposed(String why) implements End {}

  /**
   * The records are gone, although nobody has taken over and no kill was carried out.
   *
   * @param why for people, one line
   */
  record Vanished(String why) implements End {}

  /**
   * This process must not go on; containers run on.
   *
   * @param why for people, one line
   */
  record Failed(String why) implements End {}
}
